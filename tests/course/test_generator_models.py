"""The models around user_data: bad input, a million rows, no leaks."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest

from alx import prodev_database
from alx.prodev_table_case import some_users
from grader.kit.mysql import Server, install, uninstall
from grader.library.library import find_root
from tests.helpers.loading import load

HERE = find_root() / "python-generators-0x00"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    yield install(tmp_path / "mysql")
    uninstall()


@pytest.fixture
def seed(server: Server, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.delitem(__import__("sys").modules, "seed", raising=False)
    module = load(HERE / "seed.py")
    monkeypatch.setitem(__import__("sys").modules, "seed", module)
    with closing(module.connect_db()) as connection:
        module.create_database(connection)
    with closing(module.connect_to_prodev()) as connection:
        module.create_table(connection)
    return module


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


@pytest.mark.parametrize(("file", "function", "arguments"), [
    ("0-stream_users.py", "stream_users", ()),
    ("1-batch_processing.py", "stream_users_in_batches", (100,)),
    ("2-lazy_paginate.py", "lazy_paginate", (100,)),
    ("4-stream_ages.py", "stream_user_ages", ()),
])
def test_models_stream_in_flat_memory_and_close(
        seed: ModuleType, server: Server, file: str, function: str,
        arguments: tuple[int, ...]) -> None:
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
    # All of the rows would take a megabyte; what grows is the record.
    assert peaks[1] - peaks[0] < 200_000, peaks
