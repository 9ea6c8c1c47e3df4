"""`grade watch`, driven through a pseudo-terminal."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from grader.cli import main
from grader.library.library import Library
from grader.watch.display import ENTER, LEAVE
from tests.conftest import RIGHT_FLOOR
from tests.helpers.terminals import PATIENCE, PseudoTerminal, controlled

NAME = "0x00-python_variable_annotations"
WRONG_FLOOR = RIGHT_FLOOR.replace("math.floor(n)", "int(n)")
ROOT = Path(__file__).parents[2]


WATCH = ["-m", "grader", "watch"]
# Where it does not matter what a verdict says, or whether there is one.
QUICK = ["-m", "tests.helpers.quickwatch"]


def watching(place: Path, *words: str, editor: str = "",
             program: Sequence[str] = WATCH) -> PseudoTerminal:
    return PseudoTerminal(
        controlled([sys.executable, *program, *words]), place,
        PYTHONPATH=str(ROOT), NO_COLOR="1", VISUAL=editor)


@pytest.fixture
def terminal(made: Path) -> Iterator[PseudoTerminal]:
    with watching(made, "0x00") as opened:
        yield opened


@pytest.fixture
def quick(made: Path) -> Iterator[PseudoTerminal]:
    with watching(made, "0x00", program=QUICK) as opened:
        yield opened


def save(made: Path, text: str, name: str = "2-floor.py") -> None:
    (made / NAME / name).write_text(text)


def replace(made: Path, text: str) -> None:
    """Save as many editors do: a new file takes the old one's name."""
    new = made / NAME / ".2-floor.py.swp"
    new.write_text(text)
    os.replace(new, made / NAME / "2-floor.py")


def test_a_learner_gets_from_a_blank_file_to_the_report_on_all(
        made: Path, library: Library, terminal: PseudoTerminal) -> None:
    terminal.expect("Welcome.", "Enter shows the first task.", "q quit")
    terminal.press("\r")
    shown = terminal.expect("0. Basic annotations - add",
                            "Write it in", "q quit")
    assert len(shown.split("\n")) <= 24
    assert max(map(len, shown.split("\n"))) <= 80

    save(made, WRONG_FLOOR)
    terminal.expect("floor(-1.5) should give -2, not -1",
                    "6 | def floor(n: float) -> int:")

    replace(made, RIGHT_FLOOR)
    terminal.expect("2-floor.py passes.", "Enter goes on to 3-to_str.py",
                    f"1 of {len(library.tasks)}",
                    f"1 of {len(library.folder(NAME).tasks)} in this folder")
    terminal.press("a")
    terminal.expect("One good answer to 0x00/2", "return math.floor(n)")
    terminal.press("\r\r")
    terminal.expect("3. Basic annotations - to string", "Write it in")

    terminal.press("c")
    terminal.expect("1 of 13 tasks pass, 10 of 130 points",
                    "pass  2-floor.py")
    terminal.press("l")
    terminal.expect("[x]   2  2-floor.py")
    assert_ends(terminal, signal.SIGTERM, 128 + signal.SIGTERM)


def test_each_key_shows_what_it_says(made: Path,
                                     quick: PseudoTerminal) -> None:
    quick.expect("0. Basic annotations - add")
    quick.press("\r")
    quick.expect("Write it in")
    for key, texts in (
            ("h", ("Hint 1 of 2", "h shows the next one.")),
            ("h", ("Hint 2 of 2", "h goes back to the first")),
            ("h", ("Hint 1 of 2",)), ("\033[D", ("Hint 2 of 2",)),
            ("r", ("How it is graded",)), ("i", ("Python - Variable",)),
            ("\033[6~", ("lines ", "up",)), ("?", ("bring back what",)),
            ("l", (">*  [ ]   0  0-add.py",)),
            ("\033[B", (">   [ ]   1  1-concat.py",)),
            ("/to_kv", (">   [ ]   7  7-to_kv.py", "find: to_kv_")),
            ("\r", ("7. Complex types - string",)),
            ("p", ("6. Complex types - mixed list",)),
            ("a", ("The answer opens once the task passes.",)),
            ("ll", ("Write it in",))):
        quick.press(key)
        quick.expect(*texts)
    save(made, "x = 1\n", "0-add.py")
    quick.expect("it ends in line 1")
    quick.press("s")
    quick.expect("Write `add(a: float")
    quick.press("s")
    quick.expect("it ends in line 1")
    quick.press("\033[1;5B\033q")
    assert quick.leave() == 1
    assert '"0x00/0": 2' in (made / ".grade.json").read_text()


def test_a_reset_is_taken_back(made: Path, quick: PseudoTerminal) -> None:
    quick.expect("Welcome.")
    save(made, WRONG_FLOOR)
    quick.expect("it ends in line 8")
    quick.press("x")
    quick.expect("Press x once more")
    quick.press("h")
    quick.press("x")
    quick.expect("Press x once more")
    assert (made / NAME / "2-floor.py").read_text() == WRONG_FLOOR
    quick.press("x")
    quick.expect("2-floor.py is blank again", "Write it in")
    quick.press("u")
    quick.expect("2-floor.py is what it was", "it ends in line 8")
    assert (made / NAME / "2-floor.py").read_text() == WRONG_FLOOR


def test_a_main_has_the_terminal_and_ctrl_c_for_itself(made: Path) -> None:
    save(made, "def floor(n):\n    return n\nprint(input('who? '), "
               "flush=True)\nimport time\ntime.sleep(100)\n")
    with watching(made, "0x00/2", program=QUICK) as terminal:
        terminal.expect("2. Basic annotations - floor", "q quit")
        terminal.press("m")
        terminal.expect("$ ./2-main.py", "who? ")
        terminal.press("me, qhn\n")
        terminal.expect("\nme, qhn\n")
        terminal.press("\003")
        terminal.expect("KeyboardInterrupt", "Press Enter to go back")
        terminal.press("\n")
        terminal.expect("2. Basic annotations - floor", "q quit")
        terminal.press("q")
        assert terminal.leave() == 1
        assert terminal.now == terminal.before


def test_without_an_editor_it_says_what_to_set(made: Path) -> None:
    with watching(made, "0x00/2", editor="/no/such/editor",
                  program=QUICK) as terminal:
        terminal.expect("Welcome")
        terminal.press("e")
        terminal.expect("/no/such/editor cannot be started", "EDITOR")


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_ctrl_z_gives_the_terminal_back_until_fg(made: Path) -> None:
    with PseudoTerminal(
            controlled(["bash", "--norc", "-i"]), made, PS1="shell> ",
            PYTHONPATH=str(ROOT), NO_COLOR="1") as shell:
        shell.expect("shell> ")
        shell.press(f"{sys.executable} {' '.join(QUICK)} 0x00\n")
        shell.expect("Welcome.", "q quit")
        shell.press("\x1a")
        shell.expect("Stopped")
        assert shell.output.count(ENTER) == shell.output.count(LEAVE) == 1
        shell.press("fg\n")
        shell.expect("Welcome.", "q quit")
        shell.press("\r")
        shell.expect("Write it in")
        shell.press("q")
        shell.expect("0 of 44 tasks pass.", "shell> ")


def test_a_new_size_is_used_at_once(quick: PseudoTerminal) -> None:
    quick.expect("Welcome.")
    quick.press("\r")
    quick.expect("Write it in")
    for columns, rows in (20, 5), (40, 12), (200, 50):
        quick.resize(columns, rows)
        while quick.screen.count("\n") + 1 != rows:
            assert quick.read_some(PATIENCE)
        shown = quick.expect("q quit", "Write it in")
        assert max(map(len, shown.split("\n"))) <= columns


def test_half_saved_files_and_gone_processes_are_survived_to_the_pass(
        made: Path) -> None:
    editor = made / "my editor"
    editor.write_text('#!/bin/sh\necho "edits $*"\nread line\n'
                      f'cp "{made}/right" "$2"\n')
    editor.chmod(0o755)
    (made / "right").write_text(RIGHT_FLOOR)
    file = made / NAME / "2-floor.py"
    with watching(made / NAME, "2", editor=f"'{editor}' -x") as terminal:
        terminal.expect("Welcome.")
        save(made, WRONG_FLOOR[:150])
        terminal.expect("2. Basic annotations - floor", "line ")
        save(made, "def floor(n:\n")
        terminal.expect("line 1", "never closed")
        file.rename(file.with_name("2-flor.py"))
        terminal.expect("2-floor.py is not there; is '2-flor.py' meant")
        save(made, "while True: pass\n")
        save(made, WRONG_FLOOR)
        terminal.expect("should give -2")

        for child in children(terminal.process.pid):
            os.kill(child, signal.SIGKILL)
        save(made, "x = 1\n")
        terminal.expect("defines no floor")

        # The learner's own editor opens the file.
        terminal.press("e")
        terminal.expect(f"edits -x {file}")
        terminal.press("\n")
        terminal.expect("All of it passes.")
        terminal.press("q")
        assert terminal.leave() == 0


def children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task")
    return [int(each) for task in tasks.iterdir()
            for each in (task / "children").read_text().split()]


@pytest.mark.parametrize("number, status", [
    (signal.SIGTERM, 128 + signal.SIGTERM),
    (signal.SIGHUP, 128 + signal.SIGHUP), (signal.SIGINT, 130)])
def test_a_signal_leaves_the_terminal_as_it_was(
        quick: PseudoTerminal, number: int, status: int) -> None:
    quick.expect("Basic annotations - add")
    assert_ends(quick, number, status)


def assert_ends(terminal: PseudoTerminal, number: int, status: int) -> None:
    assert terminal.now != terminal.before
    terminal.process.send_signal(number)

    assert terminal.leave() == status
    assert terminal.now == terminal.before
    assert terminal.output.count(ENTER) == terminal.output.count(LEAVE) == 1
    assert "Traceback" not in terminal.output


def test_an_error_of_ours_leaves_the_terminal_as_it_was(made: Path) -> None:
    program = ("import sys\n"
               "from tests.helpers import quickwatch\n"
               "from grader.watch import screen\n"
               "def fail(*words): raise ZeroDivisionError('ours')\n"
               "screen.screen = fail\n"
               "sys.exit(quickwatch.start('0x00'))")
    with PseudoTerminal([sys.executable, "-c", program], made,
                        PYTHONPATH=str(ROOT)) as terminal:
        assert terminal.leave() == 3

        assert terminal.now == terminal.before
        last_words = terminal.output.rsplit(LEAVE, 1)[-1]
        assert "the grader failed: ZeroDivisionError: ours" in last_words


def test_looking_now_and_then_does_without_watchfiles(made: Path) -> None:
    program = ("import sys; sys.modules['watchfiles'] = None\n"
               "from tests.helpers import quickwatch\n"
               "sys.exit(quickwatch.start('0x00'))")
    with PseudoTerminal([sys.executable, "-c", program], made,
                        PYTHONPATH=str(ROOT)) as terminal:
        terminal.expect("Basic annotations - add")
        replace(made, RIGHT_FLOOR)
        terminal.expect("2-floor.py", "it ends in line 8")


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
