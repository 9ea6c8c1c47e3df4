"""`grade watch`, driven through a pseudo-terminal."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.cli import main
from grader.library.library import Library
from grader.watch.display import ENTER, LEAVE
from tests.conftest import RIGHT_FLOOR
from tests.terminals import PseudoTerminal

NAME = "0x00-python_variable_annotations"
WRONG_FLOOR = RIGHT_FLOOR.replace("math.floor(n)", "int(n)")
ROOT = Path(__file__).parent.parent


def watching(place: Path, *words: str) -> PseudoTerminal:
    return PseudoTerminal(
        [sys.executable, "-m", "grader", "watch", *words], place,
        PYTHONPATH=str(ROOT), NO_COLOR="1")


@pytest.fixture
def terminal(made: Path) -> Iterator[PseudoTerminal]:
    with watching(made, "0x00") as opened:
        yield opened


def save(made: Path, text: str, name: str = "2-floor.py") -> None:
    (made / NAME / name).write_text(text)


def replace(made: Path, text: str) -> None:
    """Save as many editors do: a new file takes the old one's name."""
    new = made / NAME / ".2-floor.py.swp"
    new.write_text(text)
    os.replace(new, made / NAME / "2-floor.py")


def test_a_learner_gets_from_a_blank_file_to_the_next_task(
        made: Path, library: Library, terminal: PseudoTerminal) -> None:
    shown = terminal.expect("0. Basic annotations - add",
                            "Write it in", "q quit")
    assert len(shown.split("\n")) <= 24
    assert max(map(len, shown.split("\n"))) <= 80

    save(made, WRONG_FLOOR)
    terminal.expect("floor(-1.5) should give -2, not -1",
                    "6 | def floor(n: float) -> int:")

    replace(made, RIGHT_FLOOR)
    terminal.expect("2-floor.py passes: on to the next.",
                    "3. Basic annotations - to string",
                    f"1 of {len(library.folder(NAME).tasks)}")

    terminal.press("q")
    assert terminal.leave() == 1
    assert "1 of " in terminal.output.rsplit(LEAVE, 1)[-1]


def test_each_key_shows_what_it_says(made: Path,
                                     terminal: PseudoTerminal) -> None:
    terminal.expect("0. Basic annotations - add")
    terminal.press("h")
    terminal.expect("Hint 1 of 2", "h again")
    terminal.press("h")
    terminal.expect("Hint 2 of 2")
    terminal.press("l")
    terminal.expect("[ ]   0  0-add.py", "space: ")
    terminal.press(" ")
    terminal.expect("Next: ")
    terminal.press("n")
    terminal.expect("1. Basic annotations - concat")
    terminal.press("p")
    terminal.expect("0. Basic annotations - add")
    save(made, "x = 1\n", "0-add.py")
    terminal.expect("defines no add")
    terminal.press("s")
    terminal.expect("Write `add(a: float")
    terminal.press("s")
    terminal.expect("defines no add")
    terminal.press("\033[B?q")
    assert terminal.leave() == 1
    assert '"0x00/0": 2' in (made / ".grade.json").read_text()


def test_half_saved_broken_renamed_and_removed_files_are_survived(
        made: Path, terminal: PseudoTerminal) -> None:
    file = made / NAME / "2-floor.py"
    terminal.expect("Basic annotations - add")
    save(made, WRONG_FLOOR[:150])
    terminal.expect("2. Basic annotations - floor", "line ")
    save(made, "def floor(n:\n")
    terminal.expect("line 1", "never closed")
    file.rename(file.with_name("2-flor.py"))
    terminal.expect("2-floor.py is not there; is '2-flor.py' meant")
    save(made, WRONG_FLOOR)
    terminal.expect("should give -2")
    save(made, "while True: pass\n")
    save(made, RIGHT_FLOOR)
    terminal.expect("2-floor.py passes")


def test_one_task_alone_ends_with_a_pass(made: Path) -> None:
    save(made, RIGHT_FLOOR)
    with watching(made / NAME, "2") as terminal:
        terminal.expect("All of it passes.")
        terminal.press("q")

        assert terminal.leave() == 0


@pytest.mark.parametrize("number, status", [
    (signal.SIGTERM, 128 + signal.SIGTERM),
    (signal.SIGHUP, 128 + signal.SIGHUP), (signal.SIGINT, 130)])
def test_a_signal_leaves_the_terminal_as_it_was(
        terminal: PseudoTerminal, number: int, status: int) -> None:
    terminal.expect("Basic annotations - add")
    assert terminal.now != terminal.before
    terminal.process.send_signal(number)

    assert terminal.leave() == status
    assert terminal.now == terminal.before
    assert terminal.output.count(ENTER) == terminal.output.count(LEAVE) == 1
    assert "Traceback" not in terminal.output


def test_an_error_of_ours_leaves_the_terminal_as_it_was(made: Path) -> None:
    program = ("import sys\n"
               "from grader import cli\n"
               "from grader.watch import screen\n"
               "def fail(*words): raise ZeroDivisionError('ours')\n"
               "screen.screen = fail\n"
               "sys.exit(cli.main(['watch', '0x00']))")
    with PseudoTerminal([sys.executable, "-c", program], made,
                        PYTHONPATH=str(ROOT)) as terminal:
        assert terminal.leave() == 3

        assert terminal.now == terminal.before
        last_words = terminal.output.rsplit(LEAVE, 1)[-1]
        assert "the grader failed: ZeroDivisionError: ours" in last_words


def test_processes_that_are_gone_are_started_anew(
        made: Path, terminal: PseudoTerminal) -> None:
    terminal.expect("Basic annotations - add", "q quit")
    for child in children(terminal.process.pid):
        os.kill(child, signal.SIGKILL)
    save(made, WRONG_FLOOR)
    terminal.expect("floor(-1.5) should give -2, not -1")

    terminal.press("q")
    assert terminal.leave() == 1


def children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task")
    return [int(each) for task in tasks.iterdir()
            for each in (task / "children").read_text().split()]


def test_looking_now_and_then_does_without_watchfiles(made: Path) -> None:
    program = ("import sys; sys.modules['watchfiles'] = None\n"
               "from grader import cli; sys.exit(cli.main(['watch', '0x00']))")
    with PseudoTerminal([sys.executable, "-c", program], made,
                        PYTHONPATH=str(ROOT)) as terminal:
        terminal.expect("Basic annotations - add")
        replace(made, RIGHT_FLOOR)
        terminal.expect("2-floor.py passes")


def test_a_terminal_that_cannot_be_drawn_on_is_told_so(made: Path) -> None:
    with PseudoTerminal([sys.executable, "-m", "grader", "watch"], made,
                        PYTHONPATH=str(ROOT), TERM="dumb") as terminal:
        assert terminal.leave() == 2
        assert "needs a terminal" in terminal.output
        assert "\033" not in terminal.output


def test_without_a_terminal_it_says_what_to_do(
        made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", str(made)]) == 2
    assert "needs a terminal" in capsys.readouterr().err
