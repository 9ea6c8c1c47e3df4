"""The `grade` command: parses the command line, runs a command, prints.

Every error ends here, as one message and an exit status. Only `watch` and
the progress of `cohort` write to the screen themselves.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from grader import __version__, streams
from grader.commands import cohort as instructor, learning as learner
from grader.commands.check import CHECK
from grader.commands.site import SITE
from grader.commands.usage import Command, find, overview
from grader.errors import (
    BROKEN, FAILED, MISUSED, PASSED, GraderError, UserError)

# Importing typing would take as long as the rest of `grade --help`.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from grader.commands.usage import Tell

# The exit status that shells give to a process ended by Ctrl-C.
STOPPED = 130


def lint(arguments: argparse.Namespace, tell: Tell) -> int:
    """Check the library itself."""
    from grader import lint as linter
    from grader.library.library import load_library

    try:
        library = load_library(arguments.library)
    except GraderError as error:
        tell(error.what)
        return FAILED
    problems = linter.problems(library, tell)
    for problem in problems:
        tell(problem)
    count = f"{len(problems)} problem{'s' * (len(problems) > 1)}"
    tell(count if problems else "the library is sound")
    return FAILED if problems else PASSED


def doctor(arguments: argparse.Namespace, tell: Tell) -> int:
    """Show what was tried on this machine and what came of it."""
    from grader.doctor import examine

    for probe in examine():
        tell(f"{'ok' if probe.ok else 'no':3} {probe.name}: {probe.detail}")
        if probe.todo and not probe.ok:
            tell(f"      {probe.todo}")
    return PASSED


def new(arguments: argparse.Namespace, tell: Tell) -> int:
    """Write a library with one task, and say what to try with it."""
    import shlex

    from grader.library import first

    root = arguments.directory
    _write_new(root, first.FILES)
    where = shlex.quote(str(root))
    tell(f"wrote {root}, a library with one task; what to do with it:")
    for words in (f"grade lint --library {where}",
                  f"grade check {where} --library {where}",
                  f"grade start exercises --library {where}"):
        tell(f"  {words}")
    return PASSED


def _write_new(root: Path, contents: Mapping[str, str]) -> None:
    """Write files into a folder that is new or empty."""
    from grader import files

    try:
        if root.is_file() or root.is_dir() and any(root.iterdir()):
            raise UserError(f"{root} is there already", "name a new folder")
        for name, text in contents.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            files.write(root / name, text.encode(),
                        executable=text.startswith("#!"))
    except OSError as error:
        raise UserError(f"{root} cannot be written: {error.strerror}",
                        files.remedy(error, "name another folder")) from None


def _new_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("directory", type=Path, metavar="DIR",
                        help="a new folder")


UPKEEP = (
    Command(name="doctor", help="show what this machine offers", run=doctor,
            has_library=False,
            description="Show which isolation, databases and tools this "
                        "machine offers, and what to install.",
            examples="  grade doctor"),
    Command(name="lint", help="check the library's own invariants", run=lint,
            description="Check that models pass, that blank starters fail, "
                        "and that every file is declared.",
            examples="  grade lint"),
    Command(name="new", help="write a library of one's own", run=new,
            arguments=_new_arguments, has_library=False,
            description="Write a library with one folder and one task that "
                        "is sound by grade lint, to be filled with others.",
            examples="  grade new mycourse"),
)
GROUPS = {
    "learning": (*learner.COMMANDS[:2], CHECK, *learner.COMMANDS[2:]),
    "grading others": instructor.COMMANDS,
    "setting up": (*learner.SETTING_UP, SITE, *UPKEEP),
}
COMMANDS = tuple(each for some in GROUPS.values() for each in some)


class Screen:
    """Prints lines; a transient one, to stderr, is overwritten by the next.
    """

    def __init__(self) -> None:
        from grader import terminal

        self.is_live = terminal.takes_escapes(sys.stderr)
        self._clear = "\r\033[K" if self.is_live else ""

    @property
    def colour(self) -> bool:
        """Tell whether what is printed may be coloured."""
        from grader import terminal

        return terminal.wants_colour(sys.stdout)

    def __call__(self, line: str, transient: bool = False,
                 painted: bool = False) -> None:
        from grader.terminal import printable

        text = line if painted else printable(line)
        if transient:
            end = "" if self.is_live else "\n"
            print(f"{self._clear}{text}", end=end, file=sys.stderr,
                  flush=True)
        else:
            print(self._clear, end="", file=sys.stderr, flush=True)
            self.write(f"{text}\n")

    def write(self, text: str) -> None:
        """Print a text as it is; raises UserError where that fails."""
        write(text)


def write(text: str) -> None:
    """Print a text; raises UserError where that fails.

    BrokenPipeError, which means that the reader is gone, is passed on.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UserError(f"the output cannot be written: {error.strerror}",
                        "send it elsewhere") from None


def run(command: Command, words: Sequence[str], began: float,
        debug: bool) -> int:
    """Run one command with its arguments; return the exit status.

    `began` is a time of time.monotonic.
    """
    _stand_somewhere()
    # Options may stand between PATH and TASK.
    arguments = command.parser().parse_intermixed_args(words)
    arguments.began, arguments.debug = began, debug
    if getattr(arguments, "output", None) is None:
        streams.refuse_closed(sys.stdout)
    screen = Screen()
    # The script of `completion` completes the names of all of them.
    arguments.commands = COMMANDS
    return command.run(arguments, screen)


def _stand_somewhere() -> None:
    """Refuse a current folder that is gone: no path means anything there."""
    try:
        os.getcwd()
    except OSError as error:
        raise UserError(f"the current folder is gone: {error.strerror}",
                        "cd to one that is there") from None


def greet() -> int:
    """Show where the user is, or all commands; nothing was graded."""
    _stand_somewhere()
    from grader.commands import replies

    write(replies.where_you_are(Screen().colour) or overview(GROUPS))
    return MISUSED


def call(words: list[str], began: float, debug: bool) -> int:
    """Run the command that the arguments name; return the exit status."""
    if not words:
        return greet()
    first, *rest = words
    if first == "help" and rest:
        first, rest = rest[0], ["--help"]
    if first in ("help", "--help", "-h"):
        write(overview(GROUPS))
        return PASSED
    if first == "--version":
        write(f"grade {__version__}\n")
        return PASSED
    if first.startswith("-"):
        raise UserError(f"there is no option {first}",
                        "grade --help shows the commands")
    return run(find(first, COMMANDS), rest, began, debug)


def guarded(act: Callable[[], int], debug: bool) -> int:
    """Call `act`; turn every error into one message and an exit status."""
    try:
        return act()
    except UserError as error:
        if debug:
            raise
        explain(error.what, error.todo)
        return BROKEN if isinstance(error, GraderError) else MISUSED
    except BrokenPipeError:
        # The reader, such as `head`, is gone. Python flushes the stream once
        # more when it ends, which must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt as stop:
        print(f"grade: {str(stop) or 'stopped'}", file=sys.stderr)
        return STOPPED
    except Exception as error:
        if debug:
            raise
        explain(f"the grader failed: {type(error).__name__}: {error}",
                "run it again with --debug and report what it shows")
        return BROKEN


def explain(what: str, todo: str) -> None:
    """Print on stderr what is wrong and what to do about it."""
    from grader.terminal import printable

    # Either may name a file whose name comes from a learner.
    print(f"grade: {printable(' '.join(what.split()))}\n"
          f"       {printable(todo)}", file=sys.stderr)


def main(argv: Sequence[str] | None = None,
         began: float | None = None) -> int:
    """Run one command and return its exit status.

    It `began`, as time.monotonic counts, before all this was imported.
    """
    since = time.monotonic() if began is None else began
    words = sys.argv[1:] if argv is None else list(argv)
    streams.prepare()
    # --debug may stand before or after the command.
    others = [word for word in words if word != "--debug"]
    debug = others != words
    return guarded(lambda: call(others, since, debug), debug)
