"""The `grade` command: parses the command line, runs a command, prints.

Every error ends here, as one message and an exit status. Only `watch` and
the progress of `cohort` write to the screen themselves.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence

from grader import __version__, streams
from grader.commands import cohort, learning, upkeep
from grader.commands.site import SITE
from grader.commands.usage import Command, find, overview
from grader.errors import (
    BROKEN, FAILED, MISUSED, PASSED, GraderError, UserError)

# The exit status that shells give to a process ended by Ctrl-C.
STOPPED = 130

GROUPS = {
    "learning": learning.COMMANDS,
    "grading others": cohort.COMMANDS,
    "setting up": (*learning.SETTING_UP, SITE, *upkeep.COMMANDS),
}
COMMANDS = tuple(each for some in GROUPS.values() for each in some)


class Screen:
    """The Printer of a command: prints lines to stdout.

    A transient line goes to stderr and is overwritten by the next one.
    """

    def __init__(self) -> None:
        from grader import terminal

        self.is_live = terminal.takes_escapes(sys.stderr)
        self._clear = "\r\033[K" if self.is_live else ""

    @property
    def colour(self) -> bool:
        """Return whether what is printed may be coloured."""
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
        """Print a text as it is; see the function `write`."""
        write(text)


def write(text: str) -> None:
    """Print a text to stdout; raises UserError where that fails.

    It lets BrokenPipeError through: that the reader has gone is no error.
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
    """Run one command with the `words` after it; return the exit status.

    `began` is when the program started, as time.monotonic counts.
    """
    _check_current_folder()
    # Options may stand between PATH and TASK.
    arguments = command.parser().parse_intermixed_args(words)
    arguments.began, arguments.debug = began, debug
    if getattr(arguments, "output", None) is None:
        streams.refuse_closed(sys.stdout)
    screen = Screen()
    # The script of `completion` completes the names of all of them.
    arguments.commands = COMMANDS
    return command.run(arguments, screen)


def _check_current_folder() -> None:
    """Raise UserError if the current folder was deleted.

    No path means anything then.
    """
    try:
        os.getcwd()
    except OSError as error:
        raise UserError(f"the current folder is gone: {error.strerror}",
                        "cd to one that is there") from None


def greet() -> int:
    """Answer a bare `grade`; return the exit status, since nothing was graded.

    In a workspace it prints what comes next there, elsewhere all commands.
    """
    _check_current_folder()
    from grader.commands import replies

    write(replies.where_you_are() or overview(GROUPS))
    return MISUSED


def call(words: list[str], began: float, debug: bool) -> int:
    """Run the command that the first of the words names.

    Also answers --help, --version, and no words at all. Returns the exit
    status; `began` and `debug` are those of `run`.
    """
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
    """Call `act`; turn every error into one message and an exit status.

    With `debug` errors are raised, for their traceback.
    """
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

    `argv` are the words after `grade`. `began` is when the program started,
    as time.monotonic counts: importing this module takes part of its time.
    """
    since = time.monotonic() if began is None else began
    words = sys.argv[1:] if argv is None else list(argv)
    streams.prepare()
    # --debug may stand before or after the command.
    others = [word for word in words if word != "--debug"]
    debug = others != words
    return guarded(lambda: call(others, since, debug), debug)
