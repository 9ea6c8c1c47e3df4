"""results.jsonl: what a crash, a second run or a twin name does to it."""

from __future__ import annotations

import json
import math
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.cohort.ledger import RESULTS, SPOILED, Ledger, index, read_at
from grader.errors import GraderError, UserError
from tests.helpers.reports import failure, report, task


def record(name: str, key: str = "k", status: str = "pass",
           points: float = 10.0) -> dict[str, Any]:
    return report(task(0, status, points), name=name) | {"key": key}


def has(ledger: Ledger, name: str, key: str, task: str = "0x00/0") -> bool:
    entry = ledger.entry(name)
    return entry is not None and entry.has(key, task)


def write(folder: Path, *records: dict[str, Any]) -> Path:
    with Ledger(folder) as ledger:
        for each in records:
            ledger.append(each)
    return folder / RESULTS


def test_what_is_written_is_known_when_opened_again(tmp_path: Path) -> None:
    write(tmp_path, record("ada"), record("bob", "other"))

    with Ledger(tmp_path) as ledger:
        assert has(ledger, "ada", "k")
        assert not has(ledger, "ada", "other")
        assert not has(ledger, "eve", "k")
        assert len(ledger) == 2


@pytest.mark.parametrize("torn", [b"{", b'{"submission": "eve", "ta',
                                  b"\x00" * 70_000])
def test_a_torn_last_line_is_cut_off_and_no_other(tmp_path: Path,
                                                  torn: bytes) -> None:
    path = write(tmp_path, record("ada"), record("bob"))
    whole = path.read_bytes()
    path.write_bytes(whole + torn)

    with Ledger(tmp_path) as ledger:
        assert path.read_bytes() == whole
        assert path.with_name(SPOILED).read_bytes() == torn + b"\n"
        ledger.append(record("eve"))
        assert [each["submission"] for each in ledger.records()] == [
            "ada", "bob", "eve"]


def test_a_first_line_torn_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / RESULTS).write_bytes(b'{"version": 1, "subm')

    with Ledger(tmp_path) as ledger:
        assert len(ledger) == 0
        ledger.append(record("ada"))
    assert json.loads((tmp_path / RESULTS).read_text())


def test_a_spoiled_line_costs_only_itself(tmp_path: Path) -> None:
    path = write(tmp_path, record("ada"), record("bob"))
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"\x00\x00\n[]\n3\n".join(lines))

    with Ledger(tmp_path) as ledger:
        assert [each["submission"] for each in ledger.records()] == [
            "ada", "bob"]
        assert ledger.spoiled == 3
        for _ in range(2):
            ledger.tidy()
    assert path.read_bytes() == b"".join(lines)
    spoiled = path.with_name(SPOILED).read_bytes()
    assert spoiled == b"\x00\x00\n[]\n3\n"
    with Ledger(tmp_path) as ledger:
        assert ledger.spoiled == 0


def test_a_last_line_without_its_end_is_no_torn_one(tmp_path: Path) -> None:
    path = write(tmp_path, record("ada"), record("bob"))
    whole = path.read_bytes()
    path.write_bytes(whole.removesuffix(b"\n"))

    with Ledger(tmp_path) as ledger:
        assert (len(ledger), ledger.spoiled) == (2, 0)
    assert path.read_bytes() == whole


@pytest.mark.skipif(sys.platform == "win32", reason="open files stay there")
def test_results_that_are_taken_away_are_not_written_to(
        tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.append(record("ada"))
        (tmp_path / RESULTS).unlink()
        for _ in range(2):
            with pytest.raises(GraderError, match="taken away meanwhile"):
                ledger.append(record("bob"))
            (tmp_path / RESULTS).write_text("another's")


@pytest.mark.skipif(sys.platform == "win32", reason="it has no FIFOs")
def test_results_that_are_no_file_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / RESULTS)

    with pytest.raises(UserError, match="not a regular file"):
        Ledger(tmp_path)


@pytest.mark.parametrize("change", [
    {"seconds": math.inf}, {"seconds": "1"}, {"submission": 3},
    {"tasks": [{}]}, {"tasks": [task(0) | {"points": 10 ** 400}]},
    {"tasks": [task(0, "fail", failures=[failure(line=10 ** 4000)])]},
    {"tasks": [task(0, "fail", failures=[failure(line=10 ** 4300)])]},
    {"tasks": [task(0) | {"likeness": {"marks": "A"}}]},
    {"score": {"points": math.nan, "max": 1}}, {"older": []}, {"key": 3}])
def test_a_line_that_holds_nonsense_does_not_count(
        tmp_path: Path, change: dict[str, Any]) -> None:
    path = write(tmp_path, record("ada"))
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        line = json.dumps(record("bob") | change)
    finally:
        sys.set_int_max_str_digits(limit)
    path.write_text(f"{path.read_text()}{line}\n")

    assert list(index(path)) == ["ada"]


def test_the_last_line_of_a_submission_counts(tmp_path: Path) -> None:
    path = write(tmp_path, record("ada", "old", points=1.0),
                 record("ada", "new", points=2.0))

    with Ledger(tmp_path) as ledger:
        assert [each["score"]["points"] for each in ledger.records()] == [2]
        assert not has(ledger, "ada", "old")
        ledger.tidy()
    assert len(path.read_text().splitlines()) == 1
    assert read_at(path, index(path)["ada"].offset)["key"] == "new"


def test_a_result_is_found_by_its_content(tmp_path: Path) -> None:
    write(tmp_path, record("ada", "same"))

    with Ledger(tmp_path) as ledger:
        like = ledger.like("same", ["0x00/0"])
        assert like and like["submission"] == "ada"
        assert ledger.like("another", ["0x00/0"]) is None
        assert ledger.like("same", ["0x00/1"]) is None


def test_verdicts_are_found_by_content_task_by_task(tmp_path: Path) -> None:
    write(tmp_path,
          report(task(0), task(1), name="ada") | {
              "key": "new", "older": {"0x00/1": "k"}},
          report(task(0, "fail", 1.0), task(2), name="bob") | {"key": "k"})

    with Ledger(tmp_path) as ledger:
        like = ledger.like("k", ["0x00/0", "0x00/1", "0x00/2", "0x00/3"])
        assert like and sorted((each["number"], each["points"])
                               for each in like["tasks"]) == [
            (0, 1.0), (1, 10.0), (2, 10.0)]
        assert has(ledger, "ada", "k", "0x00/1")
        assert not has(ledger, "ada", "k", "0x00/0")


def test_an_error_is_neither_final_nor_lent(tmp_path: Path) -> None:
    write(tmp_path, record("ada", "k", "error"))

    with Ledger(tmp_path) as ledger:
        assert not has(ledger, "ada", "k")
        assert ledger.like("k", ["0x00/0"]) is None
        assert len(list(ledger.records())) == 1


def test_two_processes_cannot_write_at_once(tmp_path: Path) -> None:
    with Ledger(tmp_path):
        with pytest.raises(UserError, match="another grade cohort"):
            Ledger(tmp_path)
    Ledger(tmp_path).__exit__()


def test_a_folder_that_cannot_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(UserError, match="cannot be used"):
        Ledger(tmp_path / "file" / "out")
