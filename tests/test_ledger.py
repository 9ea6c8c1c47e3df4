"""results.jsonl: what a crash, a second run or a twin name does to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from grader.cohort.ledger import RESULTS, Ledger, index, read_at
from grader.errors import UserError
from tests.reports import report, task


def record(name: str, key: str = "k", status: str = "pass",
           points: float = 10.0) -> dict[str, Any]:
    return report(task(0, status, points), name=name) | {"key": key}


def write(folder: Path, *records: dict[str, Any]) -> Path:
    with Ledger(folder) as ledger:
        for each in records:
            ledger.append(each)
    return folder / RESULTS


def test_what_is_written_is_known_when_opened_again(tmp_path: Path) -> None:
    write(tmp_path, record("ada"), record("bob", "other"))

    with Ledger(tmp_path) as ledger:
        assert ledger.has("ada", "k")
        assert not ledger.has("ada", "other")
        assert not ledger.has("eve", "k")
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
        ledger.tidy()
    assert path.read_bytes() == b"".join(lines)


def test_the_last_line_of_a_submission_counts(tmp_path: Path) -> None:
    path = write(tmp_path, record("ada", "old", points=1.0),
                 record("ada", "new", points=2.0))

    with Ledger(tmp_path) as ledger:
        assert [each["score"]["points"] for each in ledger.records()] == [2]
        assert not ledger.has("ada", "old")
        ledger.tidy()
    assert len(path.read_text().splitlines()) == 1
    assert read_at(path, index(path)["ada"].offset)["key"] == "new"


def test_a_result_is_found_by_its_content(tmp_path: Path) -> None:
    write(tmp_path, record("ada", "same"))

    with Ledger(tmp_path) as ledger:
        like = ledger.like("same")
        assert like and like["submission"] == "ada"
        assert ledger.like("another") is None


def test_an_error_is_neither_final_nor_lent(tmp_path: Path) -> None:
    write(tmp_path, record("ada", "k", "error"))

    with Ledger(tmp_path) as ledger:
        assert not ledger.has("ada", "k")
        assert ledger.like("k") is None
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
