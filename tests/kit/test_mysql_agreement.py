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
from grader.learner.mysqld import Running
from tests.helpers import mariadb
from tests.kit.mysql_cases import CASES, FILL
from tests.kit.mysql_scripts import DRIVERS, SCRIPTS


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
