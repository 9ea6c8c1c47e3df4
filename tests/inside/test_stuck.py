"""A run that does not end says where it was, for the learner to look."""

from __future__ import annotations

import textwrap

import pytest

from grader.findings.finding import Finding
from grader.suites.checks import Stuck, where_stuck
from grader.wall.outcome import Ended, Outcome
from tests.conftest import Grade

FLOOR = "0x00-python_variable_annotations/2-floor.py"


def first(grade: Grade, source: str) -> Finding:
    verdict, = grade({FLOOR: textwrap.dedent(source)}, "0x00/2").tasks
    return verdict.failures[0]


def test_an_endless_loop_is_shown_with_its_call_and_line(
        grade: Grade) -> None:
    found = first(grade, """\
        def floor(n):
            print("n is", n)
            while n:
                pass
        """)

    assert found.message.startswith("floor(3.14) did not finish within 1 sec")
    assert (found.cause, found.call) == ("timeout", "floor(3.14)")
    assert found.line in (3, 4)
    assert found.output == "n is 3.14"


def test_an_endless_wait_is_shown_with_its_line(grade: Grade) -> None:
    found = first(grade, """\
        import threading
        def floor(n):
            lock = threading.Lock()
            lock.acquire()
            lock.acquire()
        """)

    assert (found.cause, found.line) == ("timeout", 5)


def test_an_endless_loop_outside_of_any_call_has_a_line(
        grade: Grade) -> None:
    found = first(grade, "x = 1\nwhile True:\n    print(x)\n")

    assert (found.cause, found.call) == ("timeout", None)
    assert found.message.startswith("2-floor.py: it did not finish")
    assert found.line in (2, 3)
    assert set(found.output.splitlines()) == {"1"}


def test_who_catches_everything_is_stopped_all_the_same(
        grade: Grade) -> None:
    found = first(grade, """\
        import signal
        for each in signal.SIGPROF, signal.SIGALRM:
            signal.signal(each, signal.SIG_IGN)
        def floor(n):
            while True:
                try:
                    int("x")
                except BaseException:
                    pass
        """)

    assert (found.cause, found.line) == ("timeout", None)


@pytest.mark.parametrize("said", [
    None, [], 3, {"line": "7"}, {"line": True, "output": ""},
    {"line": -1, "call": None, "output": ""}, {"call": 3, "output": ""}])
def test_nonsense_about_the_place_is_no_place(said: object) -> None:
    outcome = Outcome(messages=[{"start": "A.test_a"}, {"stuck": said}],
                      ended=Ended(cause="timeout"))

    assert where_stuck(outcome) == Stuck()
