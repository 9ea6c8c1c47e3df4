"""`grade check`: grades one submission once and reports it."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from grader import streams
from grader.commands.usage import Command
from grader.errors import BROKEN, FAILED, PASSED, UserError
from grader.wall.tiers import CHOICES

# Importing typing would take as long as the rest of `grade --help`.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from grader.commands.usage import Printer
    from grader.grading.verdict import Report
    from grader.library.library import Library, Task
    from grader.submission.submission import Submission

# How points come about, for every help that is about points.
POINTS = ("Of a task's points types and style carry 20 % each, where the "
          "folder demands them, and behaviour, which passes as a whole or "
          "not at all, the rest: 60, 80 or 100 %.")
FORMATS = ("text", "json", "junit", "exercism", "gradescope", "classroom")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", nargs="?", type=Path, default=Path(),
                        metavar="PATH",
                        help="the submission's folder (default: here)")
    parser.add_argument("tasks", nargs="*", metavar="TASK",
                        help="0x00, 0x00/3, gen/0, 2-floor.py, ...")
    parser.add_argument("--format", choices=FORMATS, default="text",
                        help="text (default), json, or what a service reads:"
                        " junit, exercism, gradescope, classroom")
    parser.add_argument("--output", type=Path, metavar="FILE",
                        help="write the report there")
    parser.add_argument("--advice", choices=("few", "all"), default="few",
                        help="the advice in text: three pieces a task "
                        "(default) or all")
    add_present(parser)
    add_isolation(parser)
    parser.add_argument("--jobs", type=at_least_one, metavar="N",
                        default=os.cpu_count() or 1,
                        help="runs at a time (default: one a processor)")


def add_present(parser: argparse.ArgumentParser) -> None:
    """Add the option on folders that a school does not teach."""
    parser.add_argument("--present", action="store_true",
                        help="leave out the folders that are not there at"
                        " all, with their points")


def add_isolation(parser: argparse.ArgumentParser) -> None:
    """Add the options on the isolation of runs."""
    parser.add_argument("--isolation", choices=CHOICES, default="auto",
                        help="how far the code is walled off (default: as "
                        "far as this machine can)")
    parser.add_argument("--require-isolation", choices=("full",),
                        help="refuse to grade with anything less")


def at_least_one(word: str) -> int:
    """Read a number of jobs."""
    if not word.isdecimal() or int(word) < 1:
        raise argparse.ArgumentTypeError(f"{word!r} is not a number above 0")
    return int(word)


def check(arguments: argparse.Namespace, printer: Printer) -> int:
    """Grade one submission and report it."""
    # Imported here so that `grade --help` need not wait for mypy and all.
    from grader.learner import listing, progress
    from grader.library.library import load_library
    from grader.library.locate import locate
    from grader.submission.submission import collect

    library = load_library(arguments.library)
    root, words = locate(arguments.path, arguments.tasks, library.names)
    tasks = library.select(words)
    submission = collect(root, library)
    if arguments.present:
        tasks = submission.present(tasks)
        if not tasks:
            raise UserError("none of the folders asked for is there",
                            "leave --present out to have them all listed")
    _refuse_folder(arguments.output)
    graded = _grade(library, root, submission, tasks, arguments, printer)
    progress.note(root, submission, graded.tasks)
    text = _text(graded, submission, arguments, printer.colour)
    if arguments.format == "text":
        text += _elsewhere(library, root)
    _deliver(text, arguments.output, printer)
    status = _status(graded)
    if (status, arguments.format, progress.is_kept(root)) == (
            PASSED, "text", True):
        known = progress.statuses(root, library)
        printer("\n".join(listing.summary(library, known, after=tasks[-1])))
        if len(tasks) == 1:
            printer(f"One good answer, and why: grade answer {tasks[0].short}")
    return status


def _grade(library: Library, root: Path, submission: Submission,
           tasks: Sequence[Task], arguments: argparse.Namespace,
           printer: Printer) -> Report:
    from dataclasses import replace

    from grader.grading.grading import Grader, Options
    from grader.tools import typecheck

    options = Options(jobs=arguments.jobs, hidden=(root.absolute().parent,),
                      isolation=arguments.require_isolation
                      or arguments.isolation, debug=arguments.debug)
    if printer.is_live and typecheck.is_first_time():
        printer(typecheck.FIRST_TIME, transient=True)
    with Grader(library.holding(tasks), options) as grader:
        report = grader.grade(submission, tasks)
    # What it took to get ready is waited for as well.
    return replace(report, seconds=time.monotonic() - arguments.began)


def _status(graded: Report) -> int:
    if graded.count("error"):
        return BROKEN
    return PASSED if graded.count("pass") == len(graded.tasks) else FAILED


def _text(graded: Report, submission: Submission,
          arguments: argparse.Namespace, colour: bool) -> str:
    from grader.report import report
    from grader.report.formats import EXPORTS, in_ascii

    is_shown = arguments.output is None
    if arguments.format in EXPORTS:
        text = EXPORTS[arguments.format](report.as_data(graded))
    elif arguments.format == "json":
        text = report.as_json(graded)
    else:
        text = report.as_text(graded, colour and is_shown, submission,
                              arguments.advice == "all")
    return (in_ascii(text, arguments.format)
            if is_shown and not streams.takes_all(sys.stdout) else text)


def _elsewhere(library: Library, root: Path) -> str:
    """Return a line for what another library grades, if there is any."""
    from grader.library.library import offers
    from grader.submission.submission import Disk
    from grader.terminal import safe

    return "".join(f"{safe(line)}\n" for line in offers(
        library, Disk(root).folders(())))


def _refuse_folder(output: Path | None) -> None:
    """Raise UserError for an output that cannot be a file."""
    if output is not None and (output.is_dir()
                               or not output.absolute().parent.is_dir()):
        raise UserError(f"{output} cannot be written: it is a folder"
                        if output.is_dir() else
                        f"{output} cannot be written: its folder is not "
                        "there", "name another --output")


def _deliver(text: str, output: Path | None, printer: Printer) -> None:
    from grader import files

    if output is None:
        printer(text.removesuffix("\n"), painted=True)
        return
    try:
        files.write(output, text.encode(errors="backslashreplace"))
    except OSError as error:
        raise files.unwritable(error, output,
                               "name another --output") from None


CHECK = Command(
    name="check", help="grade a submission once", run=check,
    arguments=_arguments,
    description="Say of every task what is right and what is not. "
                f"{POINTS} Exit "
                "status: 0 all passed, 1 something failed, 2 the call is "
                "wrong, 3 the grader failed.",
    examples="""\
  grade check                        the submission in this folder
  grade check 0x00/2                 one task of it
  grade check ~/alx 0x00             one folder of another submission
  grade check --format json          the whole report as JSON""")
