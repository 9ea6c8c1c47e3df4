"""The model generators of python-generators-0x00 beside a bare cursor.

They run on the stand-in for MySQL, and on a real MariaDB where there is
one and its driver, mysql-connector-python.
"""

from __future__ import annotations

import importlib
import os
import resource
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from tests.tools.stopwatch import ROOT, Clock, Row, Work, compare

FOLDER = "python-generators-0x00"
SIZE = 4_000
SIZES = (1_000, 10_000, 100_000, 1_000_000)
CHUNK = 1_000
PAGE = 200
MOST_PAGES = 100
PAIRS = 15
ALL = "SELECT user_id, name, email, age FROM user_data"
PAGED = f"{ALL} ORDER BY user_id LIMIT %s OFFSET %s"
Reader = Callable[[], Iterator[object]]


class Pair(NamedTuple):
    """A model generator, and a loop over a cursor with the same query."""

    name: str
    model: Reader
    bare: Work


def fill(size: int) -> None:
    """Make the table with so many users, a chunk at a time."""
    seed: Any = importlib.import_module("seed")
    with closing(seed.connect_db()) as server:
        server.cursor().execute("DROP DATABASE IF EXISTS ALX_prodev")
        seed.create_database(server)
    with closing(seed.connect_to_prodev()) as connection:
        cursor = connection.cursor()
        cursor.execute(seed.TABLE)
        for start in range(0, size, CHUNK):
            cursor.executemany(seed.INSERT, [
                (str(uuid.UUID(int=n)), f"User {n}", f"u{n}@example.com",
                 n % 100) for n in range(start, min(size, start + CHUNK))])
            connection.commit()


def pairs(page: int = PAGE) -> list[Pair]:
    """Return what is compared, with so many rows in a batch or page."""
    seed: Any = importlib.import_module("seed")
    users: Any = importlib.import_module("0-stream_users")
    batches: Any = importlib.import_module("1-batch_processing")
    pages: Any = importlib.import_module("2-lazy_paginate")
    ages: Any = importlib.import_module("4-stream_ages")

    def rows_one_by_one() -> None:
        with closing(seed.connect_to_prodev()) as connection:
            bare = connection.cursor(dictionary=True)
            bare.execute(ALL)
            for _ in bare:
                pass

    # The ages are numbers of MySQL, and whole ones are asked for.
    def whole_numbers() -> None:
        with closing(seed.connect_to_prodev()) as connection:
            bare = connection.cursor()
            bare.execute("SELECT age FROM user_data")
            for age, in bare:
                int(age)

    def chunks() -> None:
        with closing(seed.connect_to_prodev()) as connection:
            bare = connection.cursor(dictionary=True)
            bare.execute(ALL)
            while bare.fetchmany(page):
                pass

    # A connection a page, since that is how paginate_users is declared.
    def one_page(offset: int) -> int:
        with closing(seed.connect_to_prodev()) as connection:
            bare = connection.cursor(dictionary=True)
            bare.execute(PAGED, (page, offset))
            return len(bare.fetchall())

    def all_pages() -> None:
        offset = 0
        while one_page(offset):
            offset += page
    return [
        Pair("stream_users", users.stream_users, rows_one_by_one),
        Pair("stream_users_in_batches",
             lambda: batches.stream_users_in_batches(page), chunks),
        Pair("lazy_paginate", lambda: pages.lazy_paginate(page), all_pages),
        Pair("stream_user_ages", ages.stream_user_ages, whole_numbers)]


def drain(read: Reader) -> None:
    """Read to the end and keep nothing."""
    for _ in read():
        pass


def measure(clock: Clock) -> Iterator[Row]:
    """Compare every pair on the server that `seed` connects to."""
    fill(SIZE)
    for pair in pairs():
        yield compare(f"{pair.name}, a row", lambda: drain(pair.model),
                      pair.bare, PAIRS, 1.2, clock=clock,
                      ours_count=1 / SIZE, peer_count=1 / SIZE)


def grow(clock: Clock) -> None:
    """Print time and memory of the generators for growing tables.

    Each OFFSET is counted from the first row, so pages grow with the table:
    with pages of one size the time would grow with its square.
    """
    print(f"{'rows':>8} {'generator':<24}{'page':>6}{'us a row':>10}"
          f"{'bare':>8}{'ratio':>7}{'memory':>10}")
    for size in SIZES:
        fill(size)
        page = max(PAGE, size // MOST_PAGES)
        for pair in pairs(page):
            before = memory()
            drain(pair.model)
            grown = memory() - before
            row = compare(pair.name, lambda: drain(pair.model), pair.bare,
                          5 if size < SIZES[-1] else 1, clock=clock,
                          ours_count=1e6 / size, peer_count=1e6 / size)
            print(f"{size:8} {pair.name:<24}{page:6}{row.ours:10.2f}"
                  f"{row.peer:8.2f}{row.ratio:7.2f}{grown / 1e6:+7.1f} MB",
                  flush=True)


def memory() -> int:
    """Return the most memory this process ever held, in bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


# Servers

def rows(folder: Path) -> Iterator[Row]:
    """Compare on the stand-in, then on MariaDB."""
    _stand_in(folder / "stand-in")
    # It is all in this process, whose own time others do not disturb.
    yield from measure(time.process_time)
    done = _on_mariadb(folder / "mariadb", "rows")
    print(done or "MariaDB: no server or no driver here")


def scale(folder: Path) -> None:
    """Print how the generators grow, on the stand-in, then on MariaDB."""
    print("\nModel generators, stand-in for MySQL")
    _stand_in(folder / "stand-in")
    grow(time.process_time)
    print("\nModel generators, MariaDB")
    print(_on_mariadb(folder / "mariadb", "scale") or "no server or driver")


def _stand_in(folder: Path) -> None:
    from grader.kit.mysql import install

    folder.mkdir(exist_ok=True)
    install(folder)
    _find_models()


def _find_models() -> None:
    if str(ROOT / FOLDER) not in sys.path:
        sys.path.insert(0, str(ROOT / FOLDER))


def _on_mariadb(folder: Path, what: str) -> str:
    """Measure in a process of its own, which has the real driver."""
    from grader.errors import UserError
    from grader.learner import mysqld

    script = [sys.executable, "-m", "tests.tools.bench_rows", what]
    probe = [sys.executable, "-c", "import mysql.connector"]
    if subprocess.run(probe, capture_output=True, cwd=ROOT).returncode:
        return ""
    # The server may run as another user, who must get there.
    folder.parent.chmod(0o755)
    try:
        server = mysqld.start(folder)
    except UserError:
        return ""
    with server:
        return subprocess.run(
            script, cwd=ROOT, text=True, stdout=subprocess.PIPE,
            env=os.environ | {"MYSQL_HOST": server.host,
                              "MYSQL_PORT": str(server.port)}).stdout


def main(what: str) -> None:
    """Measure on the real server that the environment names."""
    _find_models()
    if what == "scale":
        grow(time.perf_counter)
        return
    for row in measure(time.perf_counter):
        print(f"{row} (MariaDB)")


if __name__ == "__main__":
    main(sys.argv[1])
