"""A run that does not end says where it was, for the learner to look."""

from __future__ import annotations

import textwrap
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from grader.findings.finding import Finding
from grader.grading.grading import Grader, Options
from grader.library.library import Library
from grader.submission.file import SubmittedFile
from grader.submission.submission import Submission
from grader.suites.checks import StuckAt, where_stuck
from grader.wall.outcome import Ended, Outcome

# Each of them hangs; they may do so for half a second of processor time.
SECONDS = 0.5
HANGING = {
    "a loop in a call": """\
        def floor(n):
            print("n is", n)
            while n:
                pass
        """,
    "a wait": """\
        import threading
        def floor(n):
            lock = threading.Lock()
            lock.acquire()
            lock.acquire()
        """,
    "a loop outside of any call": """\
        x = 1
        while True:
            print(x)
        """,
    "one that catches everything": """\
        import signal
        for each in signal.SIGPROF, signal.SIGALRM:
            signal.signal(each, signal.SIG_IGN)
        def floor(n):
            while True:
                try:
                    int("x")
                except BaseException:
                    pass
        """,
}


@pytest.fixture(scope="module")
def found(library: Library) -> dict[str, Finding]:
    """Return the first failure of each, all graded at the same time."""
    task, = library.select(["0x00/2"])

    def first(source: str) -> Finding:
        verdict, = grader.grade(Submission(name="test", folders={
            task.folder: {task.file: SubmittedFile(
                content=textwrap.dedent(source).encode())}}),
            [replace(task, seconds=SECONDS)]).tasks
        return verdict.failures[0]

    with Grader(library, Options(jobs=2 * len(HANGING))) as grader, \
            ThreadPoolExecutor(len(HANGING)) as pool:
        return dict(zip(HANGING, pool.map(first, HANGING.values())))


def test_an_endless_loop_is_shown_with_its_call_and_line(
        found: dict[str, Finding]) -> None:
    loop = found["a loop in a call"]

    assert loop.message.startswith("floor(3.14) did not finish within 0.5 sec")
    assert (loop.cause, loop.call) == ("timeout", "floor(3.14)")
    assert loop.line in (3, 4)
    assert loop.output == "n is 3.14"


def test_an_endless_wait_is_shown_with_its_line(
        found: dict[str, Finding]) -> None:
    wait = found["a wait"]

    assert (wait.cause, wait.line) == ("timeout", 5)


def test_an_endless_loop_outside_of_any_call_has_a_line(
        found: dict[str, Finding]) -> None:
    loop = found["a loop outside of any call"]

    assert (loop.cause, loop.call) == ("timeout", None)
    assert loop.message.startswith("2-floor.py: it did not finish")
    assert loop.line in (2, 3)
    assert set(loop.output.splitlines()) == {"1"}


def test_who_catches_everything_is_stopped_all_the_same(
        found: dict[str, Finding]) -> None:
    loop = found["one that catches everything"]

    assert (loop.cause, loop.line) == ("timeout", None)


@pytest.mark.parametrize("said", [
    None, [], 3, {"line": "7"}, {"line": True, "output": ""},
    {"line": -1, "call": None, "output": ""}, {"call": 3, "output": ""}])
def test_nonsense_about_the_place_is_no_place(said: object) -> None:
    outcome = Outcome(messages=[{"start": "A.test_a"}, {"stuck": said}],
                      ended=Ended(cause="timeout"))

    assert where_stuck(outcome) == StuckAt()
