"""Ctrl-C is heeded at once, whatever is being done, and without a word more.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.library.library import find_root
from grader.watch.display import ENTER, LEAVE
from tests.conftest import RIGHT_FLOOR

if sys.platform == "win32":
    pytest.skip("there are no such signals", allow_module_level=True)

from tests.helpers.terminals import PATIENCE, PseudoTerminal

if sys.platform == "linux":
    from tests.helpers import traces

# It takes half a second, and longer than this where it waits for a run.
SECONDS = 10.0
# Our imports, the walls being put up, and runs that hang; and the seconds to
# them where processes cannot be watched.
MOMENTS = {"imports": 0.2, "walls": 0.5, "hanging": 3.0}
ENDINGS = (130, -signal.SIGINT)


@pytest.fixture
def hanging(submission: Path) -> Path:
    """Return a submission whose runs come to no end, nor do its tools."""
    file, = submission.glob("*/2-floor.py")
    file.write_text("while True:\n    pass\n")
    file.with_name("3-to_str.py").write_text("x = 9 ** 9 ** 9\n")
    file.with_name("0-add.py").write_text(RIGHT_FLOOR)
    return submission


def wait(process: subprocess.Popen[Any], moment: str) -> None:
    """Wait for one of MOMENTS of a process."""
    if moment == "imports" or sys.platform != "linux":
        time.sleep(MOMENTS[moment])
        return

    def is_there() -> bool:
        found = traces.around_runs(process.pid, "suite")
        return traces.is_looping(found) if moment == "hanging" else bool(found)

    until(is_there, process)


def until(there: Callable[[], object], process: subprocess.Popen[Any]) -> None:
    """Wait for what a process brings about."""
    deadline = time.monotonic() + PATIENCE
    while not there():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)


if sys.platform == "linux":
    def _until_child(process: subprocess.Popen[Any], word: str) -> None:
        """Wait for a process below, with that in its last two words."""
        until(lambda: any(word in " ".join(traces.words(pid)[-2:])
                          for pid in traces.below(process.pid)), process)


def interrupted(words: list[str], wait: Callable[..., None], where: Path,
                **environment: str) -> tuple[int, str]:
    """Interrupt a command after a wait; return its status and words."""
    with subprocess.Popen(
            [sys.executable, "-m", "grader", *words], cwd=where,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env=os.environ | environment) as process:
        try:
            wait(process)
            process.send_signal(signal.SIGINT)
            started = time.monotonic()
            output, _ = process.communicate(timeout=60)
        finally:
            process.kill()
        assert time.monotonic() - started < SECONDS
    return process.returncode, output


def silent(output: str) -> bool:
    """Return whether there is no word of ours but that it is given up.

    Of Python's own start there may be a traceback.
    """
    return output in ("", "grade: stopped\n") or "grader" not in output


# The imports are the same for both.
@pytest.mark.parametrize("tier, moment", [
    *(("auto", moment) for moment in MOMENTS), ("none", "walls"),
    ("none", "hanging")])
def test_check_is_given_up(hanging: Path, tier: str,
                           moment: str) -> None:
    status, output = interrupted(["check", "--isolation", tier, "--jobs", "3"],
                                 lambda process: wait(process, moment),
                                 hanging)

    assert status in ENDINGS
    assert silent(output), output


def test_what_is_made_once_is_given_up(hanging: Path,
                                       tmp_path: Path) -> None:
    cache = tmp_path / "cache"

    def wait(process: subprocess.Popen[str]) -> None:
        if sys.platform == "linux":
            _until_child(process, ".making-")
        else:
            until(lambda: list(cache.glob("grade/.making-*/*")), process)

    status, output = interrupted(["check"], wait, hanging,
                                 XDG_CACHE_HOME=str(cache))

    assert status in ENDINGS
    assert silent(output), output


# First it runs the mains, then the suites: of a small library, soon.
@pytest.mark.parametrize("folder, word", [
    ("0x00-python_variable_annotations", "-main.py"),
    ("0x02-python_async_comprehension", "suite")])
def test_lint_is_given_up(tmp_path: Path, folder: str, word: str) -> None:
    shutil.copytree(find_root() / folder, tmp_path / folder)

    def wait(process: subprocess.Popen[str]) -> None:
        if sys.platform == "linux":
            _until_child(process, word)
        else:
            time.sleep(0.5)

    status, output = interrupted(["lint", "--library", str(tmp_path)], wait,
                                 tmp_path)

    assert status in ENDINGS
    assert silent(output), output


@pytest.mark.parametrize("moment", ["walls", "hanging"])
def test_watch_is_left(hanging: Path, moment: str) -> None:
    with PseudoTerminal([sys.executable, "-m", "grader", "watch", "0x00/2"],
                        hanging) as terminal:
        wait(terminal.process, moment)
        _left(terminal)


def test_watch_is_left_while_it_gets_ready(hanging: Path) -> None:
    program = ("import sys, time\n"
               "from grader import cli\n"
               "from grader.grading import grading\n"
               "grading.Grader.__enter__ = lambda self: time.sleep(600)\n"
               "sys.exit(cli.main(['watch', '0x00/2']))")
    with PseudoTerminal([sys.executable, "-c", program], hanging,
                        PYTHONPATH=str(Path(__file__).parents[2])
                        ) as terminal:
        terminal.expect("getting ready")
        _left(terminal)
        assert terminal.output.count(ENTER) == terminal.output.count(LEAVE)


def _left(terminal: PseudoTerminal) -> None:
    started = time.monotonic()
    terminal.process.send_signal(signal.SIGINT)

    assert terminal.leave() in ENDINGS
    assert time.monotonic() - started < SECONDS
    assert terminal.now == terminal.before
    assert "Traceback" not in terminal.output
