"""The models around users.db are what a reviewer wants to find."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import aiosqlite
import pytest

from grader.library.library import Task, find_root, load_library
from tests.helpers.loading import load as load_file

FOLDERS = "python-decorators-0x01", "python-context-async-perations-0x02"
TASKS = [task for task in load_library().tasks if task.folder in FOLDERS]
each_task = pytest.mark.parametrize("task", TASKS,
                                    ids=[task.id for task in TASKS])

Load = Callable[[int, str], ModuleType]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Load]:
    """Load a folder's models where a fresh users.db lies."""
    monkeypatch.chdir(tmp_path)

    def load_one(folder: int, name: str) -> ModuleType:
        return load_file(find_root() / FOLDERS[folder] / f"{name}.py")
    load_one(0, "make_users").main()
    yield load_one


def emails() -> list[str]:
    conn = sqlite3.connect("users.db")
    found = [row[0] for row in conn.execute("SELECT email FROM users")]
    conn.close()
    return found


# Bad input

Started = subprocess.Popen[str]
# Runs a script whose pauses take no time.
WITHOUT_PAUSE = ("import runpy, sys, time; time.sleep = lambda seconds: None;"
                 " runpy.run_path(sys.argv[1], run_name='__main__')")


def start(folder: Path, name: str, *options: str) -> Started:
    """Start a script of the library in some folder."""
    return subprocess.Popen([sys.executable, *options, find_root() / name],
                            cwd=folder, text=True, stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE)


def complaint(script: Started) -> list[str]:
    """Return the lines that a script complains in, which has to fail."""
    _, said = script.communicate(timeout=60)
    assert script.returncode == 1
    assert "Traceback" not in said
    return said.splitlines()


@each_task
def test_a_model_says_in_a_line_that_there_is_no_database(
        task: Task, tmp_path: Path) -> None:
    said = complaint(start(tmp_path, task.path, "-c", WITHOUT_PAUSE))

    assert said[-1].startswith("users.db: ")
    assert not (tmp_path / "users.db").exists()


@each_task
def test_a_model_says_in_a_line_that_a_file_is_no_database(
        task: Task, tmp_path: Path) -> None:
    (tmp_path / "users.db").write_bytes(b"something else" * 99)

    said = complaint(start(tmp_path, task.path, "-c", WITHOUT_PAUSE))

    assert said[-1] == "users.db: file is not a database"


def test_a_main_says_in_a_line_that_the_database_is_locked(
        tmp_path: Path) -> None:
    conn = sqlite3.connect(tmp_path / "users.db", isolation_level=None)
    conn.execute("BEGIN EXCLUSIVE")
    # At the same time, since each waits for the lock.
    started = [start(tmp_path, f"{folder}/0-main.py") for folder in FOLDERS]

    for script in started:
        assert complaint(script) == [
            "users.db cannot be made: database is locked"]
    conn.close()


# Decorators

def test_a_call_is_undone_whatever_ends_it(load: Load) -> None:
    task = load(0, "2-transactional")

    @task.with_db_connection  # type: ignore[untyped-decorator]
    @task.transactional  # type: ignore[untyped-decorator]
    def interrupted(conn: sqlite3.Connection) -> None:
        conn.execute("UPDATE users SET email = NULL")
        raise KeyboardInterrupt
    before = emails()

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert emails() == before


def test_a_commit_that_fails_is_rolled_back(load: Load) -> None:
    done: list[str] = []

    class Connection:
        def commit(self) -> None:
            raise sqlite3.OperationalError("disk I/O error")

        def rollback(self) -> None:
            done.append("rollback")

    update = load(0, "2-transactional").transactional(lambda conn: None)

    with pytest.raises(sqlite3.OperationalError, match="disk"):
        update(Connection())
    assert done == ["rollback"]


def test_a_retry_sleeps_between_attempts_only(
        load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    task = load(0, "3-retry_on_failure")
    happened: list[object] = []
    monkeypatch.setattr("time.sleep", happened.append)

    def fail() -> None:
        happened.append("attempt")
        raise OSError(str(len(happened)))

    with pytest.raises(OSError, match="5"):
        task.retry_on_failure(retries=3, delay=7)(fail)()
    assert happened == ["attempt", 7, "attempt", 7, "attempt"]
    with pytest.raises(ValueError, match="at least 1"):
        task.retry_on_failure(retries=0)


def test_a_cache_goes_by_the_query_and_its_parameters(load: Load) -> None:
    task = load(0, "4-cache_query")
    ran: list[object] = []

    def fetch(conn: object, query: str, parameters: Any = (),
              **options: object) -> int:
        ran.append(parameters)
        return len(ran)
    cached = task.cache_query(fetch)

    assert cached("A", "SELECT 1") == cached("B", query="SELECT 1") == 1
    assert cached("A", "SELECT 1", ()) == 1
    assert cached("A", "SELECT 1", [1, {"age": [2]}]) == 2
    assert cached("B", "SELECT 1", parameters=[1, {"age": [2]}]) == 2
    assert cached("A", "SELECT 1", [True, {"age": [2]}]) == 3
    assert cached("A", "SELECT 1", limit=5) == 4


def test_a_cache_forgets_what_was_not_used_for_longest(load: Load) -> None:
    task = load(0, "4-cache_query")
    ran: list[int] = []
    cached = task.cache_query(lambda conn, query: ran.append(query))

    for number in range(task.MAX_CACHED):
        cached(None, number)
        cached(None, 0)
    cached(None, -1)
    ran.clear()

    assert len(task.query_cache) == task.MAX_CACHED
    cached(None, 0)
    cached(None, 1)
    assert ran == [1]


# Context managers and coroutines

@pytest.mark.parametrize("query", ["SELECT 1", "SELECT nowhere"])
def test_a_query_leaves_no_connection_open(
        load: Load, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def noted(*args: Any, **options: Any) -> sqlite3.Connection:
        opened.append(connect(*args, **options))
        return opened[-1]
    monkeypatch.setattr("sqlite3.connect", noted)

    try:
        with load(1, "1-execute").ExecuteQuery(query) as rows:
            assert rows == [(1,)]
    except sqlite3.OperationalError as error:
        assert "no such column" in str(error)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[-1].execute("SELECT 1")


def test_both_queries_are_under_way_at_once(
        load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    happened: list[str] = []
    begin, end = aiosqlite.connect, aiosqlite.Connection.close

    def connect(*args: Any, **options: Any) -> Any:
        happened.append("open")
        return begin(*args, **options)

    async def close(self: aiosqlite.Connection) -> None:
        happened.append("close")
        await end(self)
    monkeypatch.setattr("aiosqlite.connect", connect)
    monkeypatch.setattr(aiosqlite.Connection, "close", close)

    users, older = asyncio.run(load(1, "3-concurrent").fetch_concurrently())

    # One after the other would be: open, close, open, close.
    assert happened == ["open", "open", "close", "close"]
    assert len(users) == 6 and [row[3] for row in older] == [44, 58]


def test_an_error_of_one_query_waits_for_the_other(
        load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    task = load(1, "3-concurrent")
    ended: list[str] = []

    async def fail() -> None:
        raise OSError("at once")

    async def take_time() -> list[Any]:
        await asyncio.sleep(0.01)
        ended.append("the other")
        return []

    for names in ("async_fetch_users", "async_fetch_older_users"), (
            "async_fetch_older_users", "async_fetch_users"):
        monkeypatch.setattr(task, names[0], fail)
        monkeypatch.setattr(task, names[1], take_time)
        with pytest.raises(OSError, match="at once"):
            asyncio.run(task.fetch_concurrently())
    assert ended == ["the other"] * 2
