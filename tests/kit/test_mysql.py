"""The MySQL stand-in keeps its promises to suites and to learners."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from grader.kit.mysql import Fetch, Server, install, uninstall
from tests.helpers.processes import apart

TABLE = ("CREATE TABLE user_data (user_id CHAR(36) PRIMARY KEY, "
         "name VARCHAR(255) NOT NULL, age DECIMAL NOT NULL)")
INSERT = "INSERT INTO user_data VALUES (%s, %s, %s)"
SELECT = "SELECT * FROM user_data"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    yield install(tmp_path / "databases")
    uninstall()


def driver(name: str = "mysql.connector") -> Any:
    return importlib.import_module(name)


def connect(name: str = "mysql.connector", **options: Any) -> Any:
    return driver(name).connect(host="db.example", user="any",
                                password="thing", **options)


@pytest.fixture
def filled(server: Server) -> Server:
    """Return a server with ten users, and no record of how they came."""
    fill(server)
    return server


def fill(server: Server) -> None:
    conn = connect()
    cursor = conn.cursor()
    cursor.execute("CREATE DATABASE ALX_prodev")
    cursor.execute("USE ALX_prodev")
    cursor.execute(TABLE)
    cursor.executemany(INSERT, [(f"{n}", f"user {n}", 20 + n)
                                for n in range(10)])
    conn.commit()
    cursor.close()
    conn.close()
    server.clear_records()


def fetched(server: Server) -> int:
    return sum(fetch.rows for fetch in server.fetches)


def users() -> int:
    conn = connect(database="ALX_prodev")
    cursor = conn.cursor()
    cursor.execute("SELECT COUNT(*) FROM user_data")
    count: int = cursor.fetchone()[0]
    conn.close()
    return count


def test_rows_not_committed_are_not_there_for_the_next_connection(
        filled: Server) -> None:
    conn = connect(database="ALX_prodev")
    conn.cursor().execute(INSERT, ("x", "late", 3))
    conn.close()
    assert users() == 10
    conn = connect(database="ALX_prodev")
    conn.cursor().execute(INSERT, ("x", "late", 3))
    conn.commit()
    assert users() == 11


def test_default_cursor_streams_as_its_consumer_asks(
        filled: Server) -> None:
    conn = connect(database="ALX_prodev")
    cursor = conn.cursor(dictionary=True)
    cursor.execute(SELECT)
    assert fetched(filled) == 0
    assert cursor.fetchone() == {"user_id": "0", "name": "user 0",
                                 "age": Decimal(20)}
    assert fetched(filled) == 1
    list(cursor)
    assert fetched(filled) == 10
    assert filled.fetches == [Fetch("fetchone", 10)]


def test_fetchall_of_a_table_is_told_apart(filled: Server) -> None:
    conn = connect(database="ALX_prodev")
    cursor = conn.cursor()
    cursor.execute(SELECT)
    cursor.fetchmany(3)
    cursor.fetchall()
    assert filled.fetches == [Fetch("fetchmany", 3), Fetch("fetchall", 7)]
    assert [query.sql for query in filled.queries] == [SELECT]


def test_buffered_cursor_counts_all_rows_when_it_executes(
        filled: Server) -> None:
    conn = connect(database="ALX_prodev")
    cursor = conn.cursor(buffered=True)
    cursor.execute(SELECT)
    assert filled.fetches == [Fetch("execute", 10)]
    cursor.fetchone()
    cursor.fetchall()
    assert filled.fetches == [
        Fetch("execute", 10), Fetch("fetchone", 1), Fetch("fetchall", 9)]


@pytest.mark.parametrize("name", ["pymysql", "MySQLdb"])
def test_classic_default_cursor_stores_all_rows_and_ss_cursor_streams(
        name: str, filled: Server) -> None:
    conn = connect(name, database="ALX_prodev")
    conn.cursor().execute(SELECT)
    assert filled.fetches == [Fetch("execute", 10)]
    cursors = importlib.import_module(f"{name}.cursors")
    stream = conn.cursor(cursors.SSDictCursor)
    stream.execute(SELECT)
    assert stream.fetchone()["name"] == "user 0"
    assert filled.fetches[1:] == [Fetch("fetchone", 1)]


def test_unread_rows_stop_the_connection(filled: Server) -> None:
    conn = connect(database="ALX_prodev")
    cursor = conn.cursor()
    cursor.execute(SELECT)
    with pytest.raises(driver().InternalError, match="Unread result found"):
        conn.cursor()


@pytest.mark.parametrize("name, kind", [
    ("mysql.connector", None), ("pymysql", "SSCursor")])
def test_rows_left_unread_are_lost_when_the_connection_closes(
        name: str, kind: str | None, filled: Server) -> None:
    conn = connect(name, database="ALX_prodev")
    cursor = (conn.cursor(getattr(driver("pymysql.cursors"), kind)) if kind
              else conn.cursor())
    cursor.execute(SELECT)
    cursor.fetchone()
    conn.close()
    # It gets what the other has read with.
    later = connect(name, database="ALX_prodev")
    other = later.cursor()
    other.execute(SELECT)

    assert len(other.fetchall()) == 10
    with pytest.raises(driver(name).Error) as caught:
        for _ in range(3):
            cursor.fetchone()
    assert 2013 in caught.value.args


def test_a_connection_to_a_dropped_schema_can_be_closed(
        filled: Server) -> None:
    conn = connect(database="ALX_prodev")
    cursor = conn.cursor()
    cursor.execute(SELECT)
    cursor.fetchone()
    other = connect()
    other.cursor().execute("DROP DATABASE ALX_prodev")
    other.close()

    conn.close()
    assert filled.open_connections == 0


def test_a_transaction_ends_with_its_connection(filled: Server) -> None:
    conn = connect(database="ALX_prodev")
    conn.start_transaction()
    conn.cursor().execute("DELETE FROM user_data")
    conn.close()
    conn = connect(database="ALX_prodev")

    assert not conn.in_transaction
    assert users() == 10


def test_cursor_does_not_keep_its_connection_open(filled: Server) -> None:
    cursor = connect(database="ALX_prodev").cursor()
    with pytest.raises(driver().ProgrammingError, match="not connected"):
        cursor.execute(SELECT)


def test_queries_are_recorded_as_they_were_sent(filled: Server) -> None:
    conn = connect(database="ALX_prodev")
    cursor = conn.cursor()
    cursor.execute("SELECT name FROM user_data LIMIT %s OFFSET %s", (2, 4))
    assert filled.queries[-1] == (
        "SELECT name FROM user_data LIMIT %s OFFSET %s", "select")


def test_open_connections_are_counted(filled: Server) -> None:
    conn = connect(database="ALX_prodev")
    assert filled.open_connections == 1
    conn.close()
    assert (filled.open_connections, filled.opened, filled.closed) == (
        0, 1, 1)


def test_connection_that_nobody_holds_is_gone_with_its_rows(
        filled: Server) -> None:
    conn = connect(database="ALX_prodev")
    conn.cursor().execute("DELETE FROM user_data")
    del conn
    assert (filled.open_connections, filled.closed) == (0, 0)
    assert users() == 10


def test_reading_leaves_all_as_a_snapshot_has_it(filled: Server) -> None:
    snapshot = filled.snapshot()
    conn = connect(database="ALX_prodev")
    cursor = conn.cursor()
    cursor.execute(SELECT)

    assert len(cursor.fetchall()) == 10
    assert filled.is_as(snapshot)


@pytest.mark.parametrize("statement", [
    "CREATE DATABASE other", "DROP DATABASE ALX_prodev",
    "DELETE FROM user_data", "CREATE TABLE more (id INT)",
    "UPDATE user_data SET age = 3"])
@pytest.mark.parametrize("closes", [True, False])
def test_a_change_is_seen_against_a_snapshot(
        filled: Server, statement: str, closes: bool) -> None:
    snapshot = filled.snapshot()
    conn = connect(database="ALX_prodev")
    conn.cursor().execute(statement)
    conn.commit()
    if closes:
        conn.close()

    assert not filled.is_as(snapshot)


def test_snapshot_brings_back_what_was_committed(filled: Server) -> None:
    snapshot = filled.snapshot()
    for _ in range(2):
        conn = connect(database="ALX_prodev")
        conn.cursor().execute("DELETE FROM user_data")
        conn.commit()
        assert users() == 0
        filled.restore(snapshot)
        assert users() == 10


def test_a_snapshot_that_is_still_as_it_was_is_restored_at_once(
        filled: Server) -> None:
    snapshot = filled.snapshot()
    conn = connect(database="ALX_prodev")
    conn.cursor().execute("DELETE FROM user_data")
    filled.restore(snapshot)

    assert not filled.queries
    assert filled.is_as(snapshot)
    assert users() == 10


def test_one_of_two_snapshots_is_restored(filled: Server) -> None:
    first = filled.snapshot()
    conn = connect(database="ALX_prodev")
    conn.cursor().execute("DELETE FROM user_data WHERE age > 25")
    conn.commit()
    second = filled.snapshot()
    for snapshot, count in ((first, 10), (second, 6), (first, 10)):
        filled.restore(snapshot)
        assert users() == count


def test_restore_cuts_the_connections_that_were_open(
        filled: Server) -> None:
    snapshot = filled.snapshot()
    conn = connect(database="ALX_prodev")
    filled.restore(snapshot)
    with pytest.raises(driver().Error):
        conn.cursor()


def test_reset_does_without_removing_files_that_are_open(
        filled: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, "it is open, on Windows", str(path))

    snapshot = filled.snapshot()
    monkeypatch.setattr(Path, "unlink", refuse)
    for _ in range(2):
        filled.reset()
        assert filled.databases() == []
        filled.restore(snapshot)
        assert filled.databases() == ["ALX_prodev"]


def test_reset_leaves_no_schema_and_no_record(filled: Server) -> None:
    filled.reset()
    assert (filled.databases(), filled.queries, filled.fetches) == (
        [], [], [])
    with pytest.raises(driver().Error) as caught:
        connect(database="ALX_prodev")
    assert (caught.value.errno, caught.value.sqlstate) == (1049, "42000")


def test_the_same_error_has_each_drivers_class(filled: Server) -> None:
    for name, kind in (("mysql.connector", "ProgrammingError"),
                       ("pymysql", "OperationalError"),
                       ("MySQLdb", "OperationalError")):
        with pytest.raises(getattr(driver(name), kind)) as caught:
            connect(name, database="nowhere")
        assert 1049 in caught.value.args


def peak_of_streaming(folder: Path) -> int:
    """Return the peak of memory while many rows are fetched, in bytes."""
    server = install(folder)
    fill(server)
    conn = connect(database="ALX_prodev")
    cursor = conn.cursor()
    cursor.executemany(INSERT, [(f"n{n:05}", "x" * 100, 1)
                                for n in range(20_000)])
    server.clear_records()
    stream = conn.cursor(dictionary=True)
    stream.execute(SELECT)
    tracemalloc.start()
    for _ in stream:
        pass
    peak = tracemalloc.get_traced_memory()[1]
    assert server.fetches == [Fetch("fetchone", 20_010)]
    return peak


def test_memory_stays_flat_while_rows_stream(tmp_path: Path) -> None:
    with apart() as process:
        assert process.submit(peak_of_streaming, tmp_path).result() < 200_000


@pytest.mark.parametrize("statement", [
    "import mysql.connector as m; m.errorcode.ER_DUP_ENTRY",
    "from mysql.connector import Error, errorcode, pooling, connect",
    "from mysql.connector.connection import MySQLConnection",
    "from mysql.connector.connection_cext import CMySQLConnection",
    "from mysql.connector.cursor import MySQLCursorDict",
    "import pymysql.cursors; pymysql.install_as_MySQLdb(); import MySQLdb",
    "from MySQLdb.cursors import SSCursor",
    "from pymysql.err import IntegrityError",
    "from dotenv import load_dotenv; load_dotenv()",
])
def test_learners_imports_work(statement: str, server: Server) -> None:
    exec(statement, {})


def test_uninstall_takes_the_drivers_away(tmp_path: Path) -> None:
    before = {name: module for name, module in sys.modules.items()
              if name.split(".")[0] in ("mysql", "pymysql", "MySQLdb")}
    install(tmp_path)
    assert "MySQLdb" in sys.modules
    uninstall()
    after = {name: module for name, module in sys.modules.items()
             if name.split(".")[0] in ("mysql", "pymysql", "MySQLdb")}
    assert after == before


def test_it_works_in_little_memory(tmp_path: Path) -> None:
    program = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, "
        "(512 << 20,) * 2)\n"
        "from pathlib import Path\n"
        "from grader.kit.mysql import install\n"
        f"install(Path({str(tmp_path)!r}))\n"
        "import mysql.connector as m\n"
        "c = m.connect(user='a'); u = c.cursor()\n"
        "u.execute('CREATE DATABASE d'); u.execute('SHOW DATABASES')\n"
        "print(('d',) in u.fetchall())\n")
    done = subprocess.run([sys.executable, "-c", program], text=True,
                          capture_output=True, check=False,
                          env={**os.environ, "PYTHONPATH": os.getcwd()})
    assert (done.stdout, done.stderr) == ("True\n", "")


def test_load_data_is_refused_unless_the_connection_allows_it(
        filled: Server) -> None:
    conn = connect(database="ALX_prodev")
    with pytest.raises(driver().DatabaseError, match="2068"):
        conn.cursor().execute(
            "LOAD DATA LOCAL INFILE 'x' INTO TABLE user_data")


def test_load_data_reads_a_csv_into_the_table(filled: Server,
                                              tmp_path: Path) -> None:
    path = tmp_path / "more.csv"
    path.write_text('user_id,name,age\n"x","X, Y",30\n"y","O\'Z",31\n')
    conn = connect(database="ALX_prodev", allow_local_infile=True)
    conn.cursor().execute(
        f"LOAD DATA LOCAL INFILE '{path}' INTO TABLE user_data "
        "FIELDS TERMINATED BY ',' ENCLOSED BY '\"' "
        "LINES TERMINATED BY '\\n' IGNORE 1 LINES (user_id, name, age)")
    conn.commit()
    assert users() == 12
