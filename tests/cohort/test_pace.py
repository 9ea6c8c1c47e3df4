"""The progress of a cohort: on a terminal, and where there is none."""

from __future__ import annotations

import io
import sys
import time
from pathlib import Path

import pytest

from grader.cohort import pace
from grader.cohort.pace import Pace, Progress
from tests.helpers.terminals import PseudoTerminal

ROOT = Path(__file__).resolve().parents[2]
SHOW = """\
import sys, time
from grader.cohort.pace import Pace, Progress

pace = Pace(total=40, served=10)
with Progress(sys.stderr) as progress:
    progress(pace)
    for _ in range(4):
        time.sleep(0.12)
        pace.graded += 1
        pace.errors = 3
        progress(pace)
print("over")
"""


def test_a_terminal_shows_a_bar_of_one_line_which_then_gives_way() -> None:
    with PseudoTerminal([sys.executable, "-c", SHOW], ROOT,
                        NO_COLOR="1") as terminal:
        assert terminal.leave() == 0
    *drawn, blank, last = terminal.output.split("\r")[1:-1]

    assert "0/40 ?/s, ? left" in drawn[0]
    assert " 17/40 " in drawn[-1]
    assert "3 with errors" in drawn[-1]
    assert max(map(len, drawn)) < 80
    assert blank.strip() == ""
    assert last.split() == ["over"]
    assert "\033" not in terminal.output


def test_elsewhere_there_is_a_plain_line_now_and_then(
        monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(pace, "PLAIN_SECONDS", 0.05)
    with Progress(stream) as progress:
        progress(Pace(total=10))
        assert stream.getvalue() == ""
        time.sleep(0.1)
        for _ in range(5):
            progress(Pace(total=10, graded=1))

    assert stream.getvalue().count("\n") == 1
    assert stream.getvalue().startswith("1/10 ")
    assert "\r" not in stream.getvalue()


def test_what_was_known_is_no_pace() -> None:
    now = time.monotonic()

    assert pace.line(Pace(total=10, graded=4, served=1, started=now - 8)
                     ) == "5/10  0.50/s, 00:10 left"


def test_what_takes_long_is_named_in_the_line() -> None:
    running = [("ada", 9.0), ("bob", 95.0), ("c" * 99, 11.0)]

    assert pace.line(Pace(total=2, running=running[:1])).endswith("left")
    assert pace.line(Pace(total=2, running=running)).endswith(
        "bob and 1 more for 1 min 35 s")
    long = pace.line(Pace(total=9, errors=1, running=running[2:]))
    assert long.endswith(f"1 with errors, {'c' * 21}... for 11 s")
    assert len(long) < 80


def test_a_terminal_is_told_who_takes_long_though_nothing_is_done() -> None:
    show = SHOW.replace("pace.graded += 1", "pace.running = [('ada', 61)]"
                        ).replace("0.12", "0.4")
    with PseudoTerminal([sys.executable, "-c", show], ROOT,
                        NO_COLOR="1") as terminal:
        assert terminal.leave() == 0

    assert "ada for 1 min 01 s" in terminal.output


def test_errors_are_counted_in_the_line() -> None:
    assert pace.line(Pace(total=2, graded=1, errors=1)
                     ).endswith("left, 1 with errors")


@pytest.mark.parametrize("seconds, text", [
    (0.2, "0 s"), (65, "1 min 05 s"), (3700, "1 h 01 min")])
def test_durations_read_naturally(seconds: float, text: str) -> None:
    assert pace.duration(seconds) == text
