"""The stand-in does what a real MariaDB does, statement by statement.

Skipped where the server program or the real drivers are not installed.
"""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest

from grader.kit import mysql as standin
from grader.learner.mysql import Running
from tests import mariadb

DRIVERS = ("mysql.connector", "pymysql")
TABLE = ("CREATE TABLE user_data (user_id CHAR(36) PRIMARY KEY, "
         "name VARCHAR(20) NOT NULL, email VARCHAR(40) NOT NULL UNIQUE, "
         "age DECIMAL(5,0) NOT NULL, INDEX (user_id))")
ROWS = [("c", "Ann", "ann@x", 30), ("a", "O'Hara", "oh@x", 41),
        ("b", "bob", "bob@x", 25)]
FILL: list[Any] = [TABLE] + [
    ("INSERT INTO user_data VALUES (%s, %s, %s, %s)", row) for row in ROWS]
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
    "text": [
        "SELECT 'it''s', \"two\", 'a\\nb', 'x' AS `odd name`",
        "SELECT 1 -- a remark", "SELECT 1 # a remark", "SELECT /* a */ 2",
        TABLE + ";", "INSERT INTO user_data (user_id, name, email, age) "
        "VALUES ('1', \"O'Neil\", 'a', 3), ('2', 'x\\'y', 'b', 4);",
        "SELECT name FROM user_data",
        ("INSERT INTO user_data VALUES (%s, %s, %s, %s)",
         ("3", "ünï", "100%", 5)), "SELECT * FROM user_data"],
}


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with mariadb.running() as server:
        yield server


def _driver(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ImportError:
        pytest.skip(f"the driver {name} is not installed")


_numbers = itertools.count(1)


def _both(name: str, server: Running, folder: Path,
          play: Callable[[Any, str, dict[str, Any]], Any]) -> list[Any]:
    """Play the same against the real server and against the stand-in."""
    schema = f"agreement_{next(_numbers)}"
    reach = {"host": server.host, "port": server.port, "user": "anyone",
             "password": "anything"}
    _driver(name)
    real = play(importlib.import_module(name), schema, reach)
    standin.install(folder)
    try:
        return [real, play(importlib.import_module(name), schema, reach)]
    finally:
        standin.uninstall()


def _outcome(cursor: Any, driver: Any, sql: str, params: Any) -> Any:
    try:
        cursor.execute(sql, params)
        if cursor.description is None:
            return "count", cursor.rowcount, cursor.lastrowid
        names = [column[0] for column in cursor.description]
        return "rows", names, [
            [(type(cell).__name__, cell) for cell in row]
            for row in cursor.fetchall()]
    except driver.Error as error:
        errno = error.errno if hasattr(error, "errno") else error.args[0]
        state = getattr(error, "sqlstate", None)
        return "error", type(error).__name__, errno, state


def _play(case: list[Any]) -> Callable[[Any, str, dict[str, Any]], Any]:
    def play(driver: Any, schema: str, reach: dict[str, Any]) -> Any:
        connection = driver.connect(**reach)
        cursor = connection.cursor()
        cursor.execute(f"CREATE DATABASE {schema}")
        cursor.execute(f"USE {schema}")
        found = []
        for step in case:
            sql, params = step if isinstance(step, tuple) else (step, None)
            if params is not None and "{0}" in params:
                params = tuple(schema if p == "{0}" else p for p in params)
            sql = sql.replace("{0}", schema)
            found.append((sql, _outcome(cursor, driver, sql, params)))
        connection.close()
        return found
    return play


def _tried(driver: Any, action: Callable[[], Any]) -> Any:
    """Return what a call gives, or what it raises, fit to be compared."""
    try:
        found = action()
    except (driver.Error, AttributeError, TypeError, KeyError) as error:
        number = getattr(error, "errno", None) or error.args[:1]
        return type(error).__name__, number if isinstance(
            error, driver.Error) else None
    return found if isinstance(found, PLAIN) else type(found).__name__


PLAIN = (int, str, list, tuple, dict, type(None))
SELECT = "SELECT name, age FROM user_data"
NEW = "INSERT INTO user_data VALUES (%s, %s, %s, %s)"

# What a program does with `c` (a connection to a filled table), `d` (the
# driver), `u` (a cursor of `c`) and `again` (a second connection).
CALLS: dict[str, list[str]] = {
    "reading one by one": [
        "u.fetchone()", f"u.execute('{SELECT}')", "u.rowcount > 5",
        "u.fetchone()", "u.fetchmany(1)", "u.fetchmany()", "u.fetchone()",
        "u.fetchone()", "u.fetchall() or []", "u.rowcount", "u.close()",
        "u.execute('SELECT 1')"],
    "reading all": [
        f"u.execute('{SELECT}')", "list(u.fetchall())", "u.rowcount",
        "list(u.fetchall())", f"u.execute('{SELECT}')", "list(u)",
        "[x[0] for x in u.description]", f"u.execute('{SELECT} LIMIT 0')",
        "list(u)", "u.fetchone()"],
    "writing": [
        f"u.execute('{NEW}', ('d', 'D', 'd@x', 4))", "u.rowcount",
        "u.lastrowid", "u.description",
        f"u.executemany('{NEW}', [('e', 'E', 'e', 1), ('f', 'F', 'f', 2)])",
        "u.rowcount", f"u.executemany('{NEW}', [])", "u.rowcount",
        f"u.executemany('{NEW}', [('g', 'G', 'g', 1), ('a', 'A', 'a', 2)])",
        "u.execute('SELECT COUNT(*) FROM user_data')", "u.fetchone()[0]"],
    "wrong parameters": [
        f"u.execute('{NEW}', ('d', 'D'))",
        f"u.execute('{NEW}', ('d', 'D', 'd', 4, 5))",
        "u.execute('SELECT %(a)s AS a', {'b': 1})",
        "u.execute('SELECT %s AS a', ({'a': 1},))",
        "u.execute('SELECT 1', ())", "u.fetchall()[0][0]"],
    "transactions": [
        "COUNT(again)", f"u.execute('{NEW}', ('d', 'D', 'd', 4))",
        "COUNT(c)", "COUNT(again)", "c.commit()", "COUNT(again)",
        "u.execute('DELETE FROM user_data')", "c.rollback()", "COUNT(c)",
        "u.execute('DELETE FROM user_data')",
        "u.execute('CREATE TABLE other (id INT)')", "COUNT(again)",
        f"u.execute('{NEW}', ('h', 'H', 'h', 4))", "u.close()", "c.close()",
        "COUNT(again)"],
    "closing": ["c.close()", "c.cursor()", "c.commit()", "c.rollback()",
                "u.execute('SELECT 1')"],
}
CONNECTOR: dict[str, list[str]] = {
    "unread rows": [
        f"u.execute('{SELECT}')", "u.fetchone()", "c.cursor()", "c.commit()",
        "c.is_connected()", "u.execute('SELECT 1')", "u.close()",
        "c.rollback()", "c.is_connected()", "u.close()", "c.is_connected()",
        "c.close()", "c.is_connected()", "c.close()", "c.cursor()"],
    "kinds of cursor": [
        "v := c.cursor(dictionary=True)", f"v.execute('{SELECT}')",
        "v.fetchone()", "v.fetchall()", "v.column_names", "v.with_rows",
        "v := c.cursor(buffered=True)", f"v.execute('{SELECT}')",
        "v.rowcount", "v.fetchone()", "w := c.cursor()",
        "w.execute('SELECT 1')", "w.fetchall()", "v.fetchall()",
        "v := c.cursor(prepared=True)",
        "v.execute('SELECT name FROM user_data WHERE age > ?', (29,))",
        "v.fetchall()", "v := c.cursor(buffered=True, dictionary=True)",
        f"v.execute('{SELECT}')", "v.fetchmany(2)", "v.rowcount",
        "c.cursor(raw=True, dictionary=True) if 0 else 1"],
    "options": ["d.connect(nonsense=1, **reach)",
                "d.connect(database='nowhere', **reach)", "d.connect()",
                "d.connect().cursor()", "u.execute('SELECT 1', 5)",
                "u.execute('SELECT %s AS a', (uuid4(),))", "c.autocommit",
                "c.in_transaction", "c.database == schema"],
    "autocommit": [
        "again.close()", "again := d.connect(autocommit=True, **reach)",
        "again.cmd_query('USE ' + schema) and None", "w := again.cursor()",
        f"w.execute('{NEW}', ('d', 'D', 'd', 4))", "COUNT(c)",
        "c.start_transaction()", "c.rollback()"],
}
PYMYSQL: dict[str, list[str]] = {
    "kinds of cursor": [
        "v := c.cursor(d.cursors.DictCursor)", f"v.execute('{SELECT}')",
        "v.fetchone()", "v.fetchall()", "v := c.cursor(d.cursors.SSCursor)",
        f"v.execute('{SELECT}') > 5", "v.fetchone()", "v.fetchmany(5)",
        "v.fetchmany(5)", "v.fetchone()", "v.fetchall()",
        "v := c.cursor(d.cursors.SSDictCursor)", f"v.execute('{SELECT}')"
        " > 5", "v.fetchone()", "v.close()", "v.fetchone() is None",
        "c.close()", "c.close()", "c.open"],
    "options": ["d.connect(nonsense=1, **reach)",
                "d.connect(database='nowhere', **reach)",
                "u.execute('SELECT %s AS a', (uuid4(),)) ",
                "u.execute('SELECT 1 AS a; SELECT 2 AS b')",
                "u.execute('SELECT name FROM user_data WHERE age IN %s', "
                "([30, 41],))", "list(u)",
                "u.mogrify('SELECT %s', (\"it's\",))",
                "c.get_autocommit()"],
}
SCRIPTS = [(name, title, steps) for name in DRIVERS
           for table in (CALLS, CONNECTOR if name == "mysql.connector"
                         else PYMYSQL)
           for title, steps in table.items()]


def _perform(steps: list[str]
             ) -> Callable[[Any, str, dict[str, Any]], Any]:
    def count(connection: Any) -> int:
        # Ends the snapshot that a real server would go on reading from.
        connection.commit() if connection is names["again"] else None
        cursor = connection.cursor()
        cursor.execute("SELECT COUNT(*) FROM user_data")
        found: int = cursor.fetchall()[0][0]
        return found

    names: dict[str, Any] = {}

    def perform(driver: Any, schema: str, reach: dict[str, Any]) -> Any:
        one, two = driver.connect(**reach), driver.connect(**reach)
        cursor = one.cursor()
        cursor.execute(f"CREATE DATABASE {schema}")
        for connection in (one, two):
            connection.cursor().execute(f"USE {schema}")
        for step in FILL:
            cursor.execute(*step if isinstance(step, tuple) else (step,))
        one.commit()
        names.update(c=one, again=two, d=driver, u=one.cursor(),
                     reach=reach, schema=schema, COUNT=count, uuid4=uuid4)
        return [(step, _tried(driver, lambda: _step(step, names)))
                for step in steps]
    return perform


def _step(step: str, names: dict[str, Any]) -> Any:
    target, walrus, expression = step.partition(" := ")
    found = eval(expression if walrus else step, names)
    if walrus:
        names[target] = found
    return found


@pytest.mark.parametrize("name, title, steps", SCRIPTS,
                         ids=[f"{n}-{t}" for n, t, _ in SCRIPTS])
def test_driver_behaves_as_the_real_one(
        name: str, title: str, steps: list[str], server: Running,
        tmp_path: Path) -> None:
    real, ours = _both(name, server, tmp_path, _perform(steps))
    differences = [(a, b[1]) for a, b in zip(real, ours) if a != b]
    assert differences == []


@pytest.mark.parametrize("name", DRIVERS)
@pytest.mark.parametrize("case", CASES)
def test_statement_does_what_the_real_server_does(
        case: str, name: str, server: Running, tmp_path: Path) -> None:
    real, ours = _both(name, server, tmp_path, _play(CASES[case]))
    differences = [(a, b[1]) for a, b in zip(real, ours) if a != b]
    assert differences == []
