"""What programs do with a driver, real or stood in for, call by call."""

from __future__ import annotations

DRIVERS = ("mysql.connector", "pymysql")
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
    "several statements": [
        "v := d.connect(client_flag=d.constants.CLIENT.MULTI_STATEMENTS, "
        "**reach).cursor()", "v.execute('SELECT 1 AS a; SELECT 2 AS b')",
        "v.fetchall()", "v.nextset()", "v.fetchall()", "v.nextset()",
        "v.execute('SELECT 1 AS a; SELECT nope')", "v.fetchall()",
        "v.nextset()"],
}
SCRIPTS = [(name, title, steps) for name in DRIVERS
           for table in (CALLS, CONNECTOR if name == "mysql.connector"
                         else PYMYSQL)
           for title, steps in table.items()]
