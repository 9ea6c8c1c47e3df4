"""A grader that is killed leaves nothing; one whose wall is killed says so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("these tiers are Linux's", allow_module_level=True)

from tests.cohort.test_sources import learner
from tests.helpers import traces
from tests.helpers.packing import made_tgz, special
from tests.tools.stopwatch import ROOT

# To the grader or to its group; not every signal both ways in every tier,
# since a run is in a group of its own. No grader has a word to say to SIGTERM,
# so that one tier is enough for it.
KILLS = [("full", signal.SIGKILL, os.kill), ("full", signal.SIGINT, os.kill),
         ("full", signal.SIGTERM, os.killpg),
         ("reduced", signal.SIGKILL, os.killpg),
         ("reduced", signal.SIGINT, os.killpg),
         ("none", signal.SIGKILL, os.kill), ("none", signal.SIGINT, os.kill)]
# A run that is hung, and writes, for as long as it may: nine seconds.
HANGS = "while True:\n    open('written', 'w').close()\n"
SOON, PATIENCE = 6.0, 60.0


class Grade:
    """A `grade check` of a submission that hangs, while it is run."""

    def __init__(self, folder: Path, tier: str) -> None:
        self.leaves_folders = False
        task = folder / "0x00-python_variable_annotations"
        task.mkdir(parents=True)
        (task / "2-floor.py").write_text(HANGS)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "grader", "check", folder, "0x00/2",
             "--isolation", tier], start_new_session=True, text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        _wait(lambda: traces.is_looping(self.suite_processes())
              or self.process.poll() is not None)
        if self.process.poll() is not None:
            _, said = self.process.communicate()
            assert said.startswith("grade: no isolation to be had"), said
            pytest.skip(said)

    def suite_processes(self) -> list[int]:
        """Return the Pythons around the runs of suites, oldest first."""
        return traces.around_runs(self.process.pid, "suite")

    def ends(self) -> tuple[int, str]:
        """Return the exit status and what was said, which must be soon."""
        _, said = self.process.communicate(timeout=SOON)
        return self.process.returncode, said


def _wait(until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.05)


@pytest.fixture
def tier(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def grade(tier: str, tmp_path: Path) -> Iterator[Grade]:
    with traces.folder_for_runs() as folder:
        before = traces.look(folder)
        started = Grade(tmp_path, tier)
        below = set(traces.below(started.process.pid))
        yield started
        # What is left of it would have lost its parent.
        deadline = time.monotonic() + SOON
        while (left := {pid for pid in below if traces.words(pid)}
               ) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert left == set()
        if not started.leaves_folders:
            assert traces.left_behind(before, folder) == []


@pytest.mark.parametrize("tier, number, send", KILLS, indirect=["tier"])
def test_a_killed_grader_leaves_nothing(
        grade: Grade, number: signal.Signals,
        send: Callable[[int, int], None]) -> None:
    send(grade.process.pid, number)

    status, said = grade.ends()
    if number == signal.SIGINT:
        assert (status, said) == (130, "grade: stopped\n")
    else:
        assert (status, said) == (-number, "")


# In the tier "full" the outer process waits for the zygote, the inner one.
# Elsewhere the zygote is the outer one, and a warden the inner: they are the
# same two in the tier "none".
@pytest.mark.parametrize("tier", ["full", "reduced"], indirect=True)
@pytest.mark.parametrize("place", [0, 1], ids=["outer", "inner"])
def test_a_wall_that_falls_is_the_graders_own_fault(
        grade: Grade, tier: str, place: int) -> None:
    # Where there are no mounts to go with it, only the warden cleans up.
    grade.leaves_folders = place == 1 and tier != "full"
    os.kill(grade.suite_processes()[place], signal.SIGKILL)

    status, said = grade.ends()
    assert status == 3, said
    assert said.startswith("grade: ")
    assert len(said.splitlines()) == 2
    assert "Traceback" not in said


def test_an_interrupt_is_heeded_while_an_archive_is_opened(
        tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    # It takes all of its ten seconds of processor time.
    slow = made_tgz(special(b"x", b"1" * (8 << 20)))
    for name in "abc":
        (tmp_path / "class" / f"{name}.tgz").write_bytes(slow)
    process = _cohort(tmp_path)
    _wait(lambda: traces.is_looping(traces.around_runs(process.pid, "intake")))
    _stop(process)


def _cohort(tmp_path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "grader", "cohort", tmp_path / "class",
         "--out", tmp_path / "out", "--task", "0x00/2"], text=True,
        start_new_session=True, env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def _stop(process: subprocess.Popen[str]) -> None:
    """Interrupt a cohort as a terminal does: all of its processes."""
    below = traces.below(process.pid)
    started = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=PATIENCE)[1]

    assert (process.returncode, said) == (
        130, "grade: stopped; the same command goes on where it was\n")
    assert time.monotonic() - started < SOON
    _wait(lambda: not any(map(traces.words, below)))


# From the first sign of a worker to runs that hang.
@pytest.mark.parametrize("moment", ["started", "hanging"])
def test_an_interrupt_of_a_cohort_is_heeded_and_said_once(
        tmp_path: Path, moment: str) -> None:
    for name in "abcd":
        learner(tmp_path / "class" / name, f"# {name}\n"
                + HANGS * (name != "a"))
    process = _cohort(tmp_path)
    if moment == "hanging":
        _wait(lambda: traces.is_looping(
            traces.around_runs(process.pid, "suite")))
    else:
        _wait(lambda: any("resource_tracker" in " ".join(traces.words(pid))
                          for pid in traces.below(process.pid)))
    _stop(process)

    results = tmp_path / "out" / "results.jsonl"
    content = results.read_bytes() if results.exists() else b""
    assert content.endswith(b"\n") or not content
    assert [path.name for path in (tmp_path / "out").glob(".*")] == []
