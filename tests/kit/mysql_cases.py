"""Statements that the stand-in and a real server answer alike."""

from __future__ import annotations

from typing import Any

TABLE = ("CREATE TABLE user_data (user_id CHAR(36) PRIMARY KEY, "
         "name VARCHAR(20) NOT NULL, email VARCHAR(40) NOT NULL UNIQUE, "
         "age DECIMAL(5,0) NOT NULL, INDEX (user_id))")
ROWS = [("c", "Ann", "ann@x", 30), ("a", "O'Hara", "oh@x", 41),
        ("b", "bob", "bob@x", 25)]
FILL: list[Any] = [TABLE, *(
    ("INSERT INTO user_data VALUES (%s, %s, %s, %s)", row) for row in ROWS)]
MIXED = ("CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, "
         "n INT DEFAULT 5, s VARCHAR(5), d DECIMAL(6,2), f DOUBLE, "
         "day DATE, at DATETIME, ok BOOLEAN, note TEXT, "
         "kind ENUM('x','y'), KEY (n))")

# Each case runs on an empty schema; a step is SQL, or SQL and parameters.
CASES: dict[str, list[Any]] = {
    "primary key order": [*FILL, "SELECT * FROM user_data",
                          "SELECT * FROM user_data LIMIT 2",
                          "SELECT * FROM user_data LIMIT 1, 2",
                          "SELECT * FROM user_data LIMIT 2 OFFSET 1",
                          "SELECT age FROM user_data;"],
    "parameters": [
        *FILL,
        ("SELECT name FROM user_data WHERE email = %s", ("oh@x",)),
        ("SELECT name FROM user_data WHERE email = %(e)s", {"e": "oh@x"}),
        ("SELECT name FROM user_data LIMIT %s OFFSET %s", (1, 1)),
        ("SELECT name FROM user_data LIMIT %s", ("1",)),
        ("SELECT name FROM user_data WHERE age > %s", ("25",)),
        ("SELECT %s AS a, %s AS b, %s AS c, %s AS d",
         (1, "x'y\\z", None, True)),
        ("SELECT name FROM user_data WHERE name LIKE %s", ("%o%",)),
        ("SELECT * FROM %s", ("user_data",)),
        ("SELECT '%s'", (5,)), "SELECT %s"],
    "limits": [*FILL, "SELECT name FROM user_data LIMIT 0",
               "SELECT name FROM user_data LIMIT -1",
               "SELECT name FROM user_data LIMIT 5 OFFSET -1",
               "SELECT name FROM user_data LIMIT 2 OFFSET 10"],
    "errors": [*FILL, "SELECT * FROM users", "SELEC 1", "SELECT foo FROM "
               "user_data", "SELECT * FROM user_data WHERE foo = 1",
               "SELECT * FROM user_data ORDER BY foo",
               "SELECT * FROM USER_DATA", "", " ; ", "SELECT 'x",
               "INSERT INTO user_data VALUES ('x')",
               "INSERT INTO user_data (user_id, name) VALUES ('x')",
               "INSERT INTO user_data (user_id, nope) VALUES ('x', 'y')",
               "INSERT INTO user_data (user_id) VALUES ('x')",
               "INSERT INTO nowhere VALUES (1)", "DROP TABLE nowhere",
               "DROP TABLE IF EXISTS nowhere", "USE nowhere",
               "DROP DATABASE nowhere", "TRUNCATE nowhere",
               "DESCRIBE nowhere", "CREATE DATABASE information_schema",
               "SELECT * FROM nowhere.user_data",
               "SELECT COUNT(*) FROM user_data GROUP BY"],
    "not sqlite": [
        *FILL, "INSERT OR IGNORE INTO user_data VALUES ('a','b','c',1)",
        "PRAGMA table_info(user_data)", "SELECT * FROM sqlite_master",
        "CREATE TABLE x (id INTEGER PRIMARY KEY AUTOINCREMENT)",
        "SELECT * FROM user_data WHERE age = ?",
        "INSERT INTO user_data VALUES ('d','b','c',1) ON CONFLICT DO "
        "NOTHING"],
    "keys": [
        *FILL,
        ("INSERT INTO user_data VALUES (%s, %s, %s, %s)", ROWS[0]),
        ("INSERT INTO user_data VALUES (%s, %s, %s, %s)",
         ("d", "Ann", "ann@x", 3)),
        "INSERT INTO user_data VALUES ('d', 'Ann', 'ANN@x', 3)",
        "INSERT INTO user_data VALUES (NULL, 'Ann', 'n@x', 3)",
        "INSERT INTO user_data VALUES ('d', NULL, 'n@x', 3)",
        "INSERT IGNORE INTO user_data VALUES ('a', 'Ann', 'new@x', 3)",
        "INSERT IGNORE INTO user_data VALUES ('e', 'Eve', 'eve@x', 3)",
        "REPLACE INTO user_data VALUES ('e', 'Eva', 'eve@x', 4)",
        "SELECT * FROM user_data",
        "UPDATE user_data SET age = age + 1 WHERE age > 30",
        "UPDATE user_data SET user_id = 'a' WHERE user_id = 'b'",
        "DELETE FROM user_data WHERE name = 'nobody'",
        "DELETE FROM user_data WHERE user_id = 'a'",
        "SELECT COUNT(*) FROM user_data"],
    "values that do not fit": [
        *FILL,
        "INSERT INTO user_data VALUES ('d', 'D', 'd@x', 'abc')",
        "INSERT INTO user_data VALUES ('d', 'D', 'd@x', '')",
        "INSERT INTO user_data VALUES ('d', 'D', 'd@x', 1000000)",
        "INSERT INTO user_data VALUES ('d', 'D', 'd@x', '33')",
        "INSERT INTO user_data VALUES ('e', 'D', 'e@x', 33.5)",
        "INSERT INTO user_data VALUES ('f', 'twenty-one letters ok?', "
        "'f@x', 1)", "SELECT user_id, age FROM user_data"],
    "on duplicate key": [
        *FILL,
        ("INSERT INTO user_data VALUES (%s, %s, %s, %s) ON DUPLICATE KEY "
         "UPDATE name = VALUES(name), age = VALUES(age)",
         ("z", "Anna", "ann@x", 31)),
        ("INSERT INTO user_data VALUES (%s, %s, %s, %s) ON DUPLICATE KEY "
         "UPDATE name = VALUES(name), age = VALUES(age)",
         ("z", "Anna", "ann@x", 31)),
        ("INSERT INTO user_data VALUES (%s, %s, %s, %s) ON DUPLICATE KEY "
         "UPDATE user_id = user_id", ("y", "New", "new@x", 1)),
        "INSERT INTO user_data VALUES ('q', 'Q', 'oh@x', 1) "
        "ON DUPLICATE KEY UPDATE age = age + 1",
        "SELECT * FROM user_data"],
    "rows from nowhere": [
        *FILL, "SELECT 1 AS a FROM DUAL", "SELECT 1 AS a FROM dual WHERE 0",
        ("INSERT INTO user_data (user_id, name, email, age) SELECT %s, %s, "
         "%s, %s FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM user_data WHERE "
         "email = %s)", ("d", "Dan", "dan@x", 5, "dan@x")),
        ("INSERT INTO user_data (user_id, name, email, age) SELECT * FROM "
         "(SELECT %s AS a, %s AS b, %s AS c, %s AS d) AS new WHERE NOT "
         "EXISTS (SELECT email FROM user_data WHERE email = %s) LIMIT 1",
         ("e", "Dan", "dan@x", 5, "dan@x")),
        ("INSERT INTO user_data (user_id, name, email, age) SELECT * FROM "
         "(SELECT %s AS a, %s AS b, %s AS c, %s AS d) AS new WHERE NOT "
         "EXISTS (SELECT email FROM user_data WHERE email = %s) LIMIT 1",
         ("e", "Eve", "eve@x", 6, "eve@x")),
        "SELECT * FROM user_data"],
    "arithmetic": [
        *FILL, "SELECT COUNT(*) FROM user_data", "SELECT COUNT(*) AS n "
        "FROM user_data", "SELECT AVG(age) FROM user_data",
        "SELECT SUM(age), MIN(age), MAX(age) FROM user_data",
        "SELECT SUM(age)/COUNT(*) FROM user_data", "SELECT 1 + 1, 7 DIV 2",
        "SELECT AVG(age) FROM user_data WHERE age > 1000",
        "SELECT name, age FROM user_data WHERE age > 25 ORDER BY age DESC",
        "SELECT UPPER(name), CONCAT(name, '-', age) FROM user_data",
        "SELECT IF(age > 30, 'old', 'young') FROM user_data",
        "SELECT name FROM user_data WHERE NAME = 'ANN'",
        "SELECT LENGTH('abc'), CHAR_LENGTH('abc'), IFNULL(NULL, 3)",
        "SELECT EXISTS(SELECT 1 FROM user_data WHERE age = 25)",
        "SELECT LENGTH(UUID())", "SELECT DATABASE() IS NULL",
        "SELECT FLOOR(2.5), CEIL(2.1), age * 2, MAX(age) AS oldest "
        "FROM user_data GROUP BY age ORDER BY age"],
    "types": [
        MIXED,
        "INSERT INTO t (n, s, d, f, day, at, ok, note, kind) VALUES "
        "(1, 'abc', 1.5, 2.5, '2024-02-29', '2024-02-29 10:11:12', TRUE, "
        "'long', 'x')",
        "INSERT INTO t (s) VALUES ('b'), ('c')", "SELECT * FROM t",
        "INSERT INTO t (id, s) VALUES (10, 'x')",
        "INSERT INTO t (s) VALUES ('y')", "SELECT id FROM t",
        "INSERT INTO t (d) VALUES ('12345.678')", "INSERT INTO t (d) "
        "VALUES (1.005)", "SELECT d FROM t WHERE d IS NOT NULL",
        "INSERT INTO t (n) VALUES (3.7)", "INSERT INTO t (n) VALUES "
        "(99999999999)", "INSERT INTO t (kind) VALUES ('z')",
        "SELECT id, n, s FROM t", "SELECT SUM(f), AVG(f), AVG(id), SUM(d) "
        "FROM t", "SELECT n FROM t",
        "TRUNCATE TABLE t", "INSERT INTO t () VALUES ()",
        "SELECT id, n FROM t", "INSERT INTO t SET s = 'set', n = 9",
        "SELECT id, n, s FROM t", "SELECT LAST_INSERT_ID()"],
    "definitions": [
        TABLE, TABLE, TABLE.replace("TABLE", "TABLE IF NOT EXISTS"),
        "CREATE TABLE a (id INT PRIMARY KEY, id INT)",
        "CREATE TABLE a (id TEXT PRIMARY KEY)",
        "CREATE TABLE a (id VARCHAR PRIMARY KEY)",
        "CREATE TABLE a (id VARCHAR(5) AUTO_INCREMENT PRIMARY KEY)",
        "CREATE TABLE a (id INT AUTO_INCREMENT)",
        "CREATE TABLE a (id INT,)",
        "CREATE TABLE a (id INT PRIMARY KEY, n INT PRIMARY KEY)",
        "CREATE TABLE a (id INT, INDEX (nope))",
        "CREATE TABLE a (id INT, INDEX k (id), INDEX k (id))",
        "CREATE TABLE `a` (`id` int unsigned NOT NULL AUTO_INCREMENT, "
        "`key` varchar(3) COLLATE utf8mb4_bin DEFAULT 'x' COMMENT 'it''s', "
        "at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, PRIMARY KEY (`id`), "
        "UNIQUE KEY `u` (`key`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4",
        "INSERT INTO a (`key`) VALUES ('q'), ('Q')",
        "SELECT id, `key` FROM a", "SHOW TABLES",
        "SHOW TABLES LIKE 'user%'", "DESCRIBE a", "SHOW COLUMNS FROM a",
        "ALTER TABLE a ADD COLUMN extra INT DEFAULT 7",
        "SELECT id, `key`, extra FROM a", "ALTER TABLE a DROP COLUMN extra",
        "ALTER TABLE a ADD UNIQUE (id)", "ALTER TABLE a DROP COLUMN extra",
        "CREATE INDEX i ON a (`key`)", "CREATE INDEX i ON a (`key`)",
        "DROP INDEX i ON a", "DROP TABLE a, user_data", "SHOW TABLES",
        "CREATE TABLE p (id INT PRIMARY KEY)",
        "CREATE TABLE c (id INT PRIMARY KEY, p INT, "
        "FOREIGN KEY (p) REFERENCES p(id))",
        "INSERT INTO c VALUES (1, 1)", "INSERT INTO p VALUES (1)",
        "INSERT INTO c VALUES (1, 1)", "DELETE FROM p"],
    "schemas": [
        "CREATE DATABASE IF NOT EXISTS {0}", "CREATE DATABASE {0}",
        "SHOW DATABASES LIKE '{0}'",
        "SELECT SCHEMA_NAME FROM INFORMATION_SCHEMA.SCHEMATA "
        "WHERE SCHEMA_NAME = '{0}'",
        ("SELECT COUNT(*) FROM information_schema.tables "
         "WHERE table_schema = %s", ("{0}",)), TABLE,
        "SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES "
        "WHERE TABLE_SCHEMA = '{0}'",
        "SELECT COLUMN_NAME, DATA_TYPE FROM INFORMATION_SCHEMA.COLUMNS "
        "WHERE TABLE_SCHEMA = '{0}' AND TABLE_NAME = 'user_data' "
        "ORDER BY ORDINAL_POSITION",
        "SELECT * FROM {0}.user_data", "USE {0}", "SELECT DATABASE() = "
        "'{0}'", "INSERT INTO {0}.user_data VALUES ('a','b','c',1)",
        "SELECT {0}.user_data.name FROM {0}.user_data",
        "DROP DATABASE {0}", "SELECT 1", "SHOW TABLES",
        "SELECT * FROM user_data"],
    "variables": [
        "SELECT @@autocommit", "SELECT @@session.autocommit",
        "SELECT LENGTH(@@SESSION.sql_mode) > 5", "SELECT @@no_such",
        "SELECT @@global.no_such"],
    "text": [
        "SELECT 'it''s', \"two\", 'a\\nb', 'x' AS `odd name`",
        "SELECT 1 -- a remark", "SELECT 1 # a remark", "SELECT /* a */ 2",
        TABLE + ";", "INSERT INTO user_data (user_id, name, email, age) "
        "VALUES ('1', \"O'Neil\", 'a', 3), ('2', 'x\\'y', 'b', 4);",
        "SELECT name FROM user_data",
        ("INSERT INTO user_data VALUES (%s, %s, %s, %s)",
         ("3", "ünï", "100%", 5)), "SELECT * FROM user_data"],
}
