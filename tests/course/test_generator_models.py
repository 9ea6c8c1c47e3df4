"""The models around user_data: bad input, a million rows, no leaks."""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import closing, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Unpack

import pytest

from alx import prodev_database
from alx.prodev_table_case import some_users
from grader.kit.mysql import Server, install, uninstall
from grader.library.library import find_root
from tests.helpers.loading import load
from tests.helpers.processes import apart

HERE = find_root() / "python-generators-0x00"


@contextmanager
def installed(folder: Path) -> Iterator[Server]:
    """Install the drivers' stand-in, with its data in a folder."""
    try:
        yield install(folder / "mysql")
    finally:
        uninstall()


def load_seed(patch: pytest.MonkeyPatch) -> ModuleType:
    """Import seed.py, and make its database with an empty table."""
    patch.delitem(sys.modules, "seed", raising=False)
    module = load(HERE / "seed.py")
    patch.setitem(sys.modules, "seed", module)
    with closing(module.connect_db()) as connection:
        module.create_database(connection)
    with closing(module.connect_to_prodev()) as connection:
        module.create_table(connection)
    return module


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with installed(tmp_path) as server:
        yield server


@pytest.fixture
def seed(server: Server, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    return load_seed(monkeypatch)


HEADER = b'"name","email","age"\n'
GOOD = b'"Ann","ann@example.com","30"\n'


@pytest.mark.parametrize(("content", "problem"), [
    (b"", "line 1: there is no column 'name'"),
    (b'"name","age"\n"Ann","30"\n', "there is no column 'email'"),
    (HEADER, "no users"),
    (HEADER + GOOD + b'"Bob","bob@example.com"\n', "line 3: the row is not"),
    (HEADER + GOOD + b'"Bob","b@x","1","2"\n', "line 3: the row is not"),
    (HEADER + GOOD + b'"Bob","b@x","old"\n', "line 3: 'old' is not an age"),
    (HEADER + GOOD + b'"","b@x","30"\n', "line 3: a name and an email"),
    (HEADER + GOOD + b'"Bob","b@x","30\n', "line 2: unexpected"),
    (HEADER + GOOD + b'"B\xff","b@x","30"\n', "utf-8"),
])
def test_a_bad_csv_is_refused_as_a_whole(seed: ModuleType, tmp_path: Path,
                                         content: bytes,
                                         problem: str) -> None:
    path = tmp_path / "users.csv"
    path.write_bytes(content)
    with closing(seed.connect_to_prodev()) as connection:
        with pytest.raises(ValueError) as raised:
            seed.insert_data(connection, str(path))
        assert problem in str(raised.value)
        assert "\n" not in str(raised.value)
        # Not even this connection has a row that it could still commit.
        connection.commit()
    assert prodev_database.rows("SELECT * FROM user_data") == []


def test_a_missing_csv_is_an_os_error(seed: ModuleType) -> None:
    with closing(seed.connect_to_prodev()) as connection:
        with pytest.raises(FileNotFoundError, match="nowhere.csv"):
            seed.insert_data(connection, "nowhere.csv")


def test_a_mark_at_the_start_is_no_part_of_the_header(
        seed: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "users.csv"
    path.write_bytes(b"\xef\xbb\xbf" + HEADER + GOOD)
    with closing(seed.connect_to_prodev()) as connection:
        seed.insert_data(connection, str(path))
    assert prodev_database.rows("SELECT name FROM user_data") == [("Ann",)]


def peaks_of_streaming(folder: Path, file: str, function: str,
                       *arguments: int) -> list[int]:
    """Return the peaks of memory for a few rows and for many, in bytes."""
    with installed(folder) as server, pytest.MonkeyPatch.context() as patch:
        load_seed(patch)
        server.reset()
        prodev_database.fill(some_users(4000))
        stream = getattr(load(HERE / file), function)
        peaks = []
        for rows in (400, 4000):
            tracemalloc.start()
            made = stream(*arguments)
            seen = 0
            for one in made:
                seen += len(one) if isinstance(one, list) else 1
                if seen >= rows:
                    break
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
            made.close()
            # By a call of close, not because nobody holds it any more.
            assert server.opened == server.closed
        return peaks


@pytest.fixture(scope="module")
def process() -> Iterator[Executor]:
    with apart() as executor:
        yield executor


@pytest.mark.parametrize("call", [
    ("0-stream_users.py", "stream_users"),
    ("1-batch_processing.py", "stream_users_in_batches", 100),
    ("2-lazy_paginate.py", "lazy_paginate", 100),
    ("4-stream_ages.py", "stream_user_ages"),
], ids=lambda call: call[0])
def test_models_stream_in_flat_memory_and_close(
        process: Executor, tmp_path: Path,
        call: tuple[str, str, Unpack[tuple[int, ...]]]) -> None:
    few, many = process.submit(peaks_of_streaming, tmp_path, *call).result()
    # All of the rows would take a megabyte; what grows is the record.
    assert many - few < 200_000, (few, many)
