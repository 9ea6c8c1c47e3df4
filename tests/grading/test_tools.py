"""One allowance of time for all files: who uses it up is who fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from grader.findings.untrusted import Remarks
from grader.tools import tools
from grader.tools.style import StyledFile
from grader.tools.tools import ALLOWANCE, QUICK, Lost, WalledTool
from grader.wall.forking import Wall
from grader.wall.outcome import Ended, Outcome

ORDINARY = 0.05


class Timed:
    """A tool that needs so many seconds for each file, as its text says.

    A text that is no number is the cause by which a run is lost; the file
    that is for comparison has none.
    """

    def __init__(self, left: float = 15.0, control: str = "0") -> None:
        self.left = left
        self.runs: list[list[str]] = []
        self.spent = 0.0
        self._control = control

    def answer(self, request: dict[str, Any], seconds: int) -> object:
        texts: Mapping[str, str] = request["files"]
        self.runs.append(list(texts))
        needed = ORDINARY * len(texts)
        for text in texts.values():
            text = text.strip() or self._control
            if not text.replace(".", "").isdigit():
                self._spend(ORDINARY)
                raise Lost(None if text == "busy" else text, "X", seconds)
            needed += float(text)
        self._spend(min(needed, seconds))
        if needed > seconds:
            raise Lost("timeout", seconds=seconds)
        return {"files": {id: {"failures": [], "advice": []} for id in texts}}

    def _spend(self, seconds: float) -> None:
        self.spent += seconds
        self.left -= seconds


def judge(tool: Timed, texts: Sequence[str]) -> dict[str, str]:
    """Return the cause of failure or error of each file, "" for neither."""
    files = [StyledFile(id=f"0x00/{number}.py", source=text.encode())
             for number, text in enumerate(texts)]
    said = tools.judge(
        files, tool, lambda some: {"files": {
            each.id: each.source.decode() for each in some}},
        "style", "the tool", control=StyledFile(id="", source=b""))
    return {file.id[5:-3]: _word(said[file.id]) for file in files}


def _word(remarks: Remarks) -> str:
    if remarks.error:
        return "error"
    return remarks.failures[0].cause if remarks.failures else ""


def fails(said: Mapping[str, str]) -> set[int]:
    return {int(number) for number, word in said.items() if word}


def test_ordinary_files_are_read_in_one_run() -> None:
    tool = Timed()

    assert fails(judge(tool, ["0"] * 21)) == set()
    assert len(tool.runs) == 1


@pytest.mark.parametrize("text", ["60", "memory", "crashed"])
def test_one_file_that_exhausts_a_tool_fails_alone(text: str) -> None:
    tool = Timed()
    said = judge(tool, [*["0"] * 10, text, *["0"] * 10])

    assert fails(said) == {10}
    assert said["10"] == text.replace("60", "timeout")


def test_a_large_file_is_read_beside_a_slow_one() -> None:
    large = "1.5" + " " * 1000

    assert fails(judge(Timed(), [large, "60", "0", large])) == {1}


@pytest.mark.parametrize("slow", [1, 3, 8, 14, 21])
def test_all_files_together_take_no_more_than_the_allowance(
        slow: int) -> None:
    tool = Timed(15.0)
    # Those that are slow are the smallest, so they are read first.
    said = judge(tool, [*["0" + " " * 100] * (21 - slow), *["60"] * slow])

    assert fails(said) >= set(range(21 - slow, 21))
    assert tool.spent < 15.0 + QUICK
    if slow <= 8:
        assert fails(said) == set(range(21 - slow, 21))
    assert "error" not in said.values()


def test_a_file_that_is_not_reached_is_told_why() -> None:
    files = [StyledFile(id=f"0x00/{number}.py", source=b"60")
             for number in range(40)]
    said = tools.judge(
        files, Timed(), lambda some: {"files": {
            each.id: each.source.decode() for each in some}},
        "types", "mypy", control=StyledFile(id="", source=b""))
    messages = [said[file.id].failures[0].message for file in files]

    assert messages[0] == (
        "mypy does not finish reading 0.py within 1 second; a check of "
        "ordinary files takes less than one")
    assert messages[-1] == (
        "mypy has no time left for 39.py: other files of the submission "
        "have used it up")


@pytest.mark.parametrize("control", ["60", "crashed", "busy"])
def test_a_tool_that_is_lost_on_what_is_right_blames_no_file(
        control: str) -> None:
    said = judge(Timed(control=control), ["0", "60", "0"])

    assert said == {"0": "", "1": "error", "2": ""}


def test_a_machine_that_is_too_busy_blames_no_file() -> None:
    assert judge(Timed(), ["0", "busy", "0"]) == {
        "0": "", "1": "error", "2": ""}


class Ending(Wall):
    """A wall whose runs all end in one way."""

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome

    def wait_ready(self) -> None: ...

    def close(self) -> None: ...

    def run(self, *asked: Any, **more: Any) -> Outcome:
        return self._outcome


CRASH = {"crash": "RecursionError: too deep"}
ENDS = [
    ([], Ended(cause="timeout", cpu=4.2), "timeout", ""),
    # On Windows the processor time is not known.
    ([], Ended(cause="timeout", cpu=0.0), "timeout", ""),
    ([], Ended(cause="timeout", cpu=0.7), None, "no processor"),
    ([CRASH], Ended(cause="exited", cpu=0.1), "crashed", "too deep"),
    ([{"crash": "MemoryError: "}], Ended(cause="exited"), "memory", ""),
    ([], Ended(cause="exited"), "crashed", "without an answer"),
    ([], Ended(cause="crashed", detail="signal 11"), "crashed", "signal 11"),
    ([{}, {}], Ended(cause=None), "crashed", "without an answer"),
]


@pytest.mark.parametrize("messages, ended, cause, detail", ENDS)
def test_a_run_is_lost_by_what_ended_it(
        messages: list[dict[str, Any]], ended: Ended, cause: str | None,
        detail: str) -> None:
    tool = WalledTool(Ending(Outcome(messages=messages, ended=ended)),
                      "style")
    with pytest.raises(Lost) as lost:
        tool.answer({}, 5)

    assert lost.value.cause == cause
    assert detail in lost.value.detail
    assert tool.left == ALLOWANCE["style"] - ended.cpu


def test_the_tools_together_take_half_a_minute_at_most() -> None:
    assert sum(ALLOWANCE.values()) <= 30
