"""`grade cohort`, and the other commands for those who grade others."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from grader.commands.check import (
    POINTS, add_isolation, add_present, at_least_one)
from grader.commands.exporting import EXPORT
from grader.commands.gradebook import GRADEBOOK
from grader.commands.usage import Command

# Importing typing would take as long as the rest of `grade --help`.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from grader.classlist.person import Person
    from grader.cohort.crew import Crew
    from grader.cohort.sources import Source
    from grader.commands.usage import Printer
    from grader.grading.grading import Options
    from grader.library.library import Library
    from grader.marks.scheme import Scheme

SCHEME = "class.toml"
# Submissions that share one seed. A learner of a cohort does not see what
# inputs others got, but a worker may run for days.
_SAME_INPUTS = 50


def _cohort_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH",
                        help="folders of submissions, submissions, archives,"
                        " or text files that list such paths")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR",
                        help="where results.jsonl, grades.csv and"
                        " report.html go")
    parser.add_argument("--task", action="append", default=[],
                        metavar="TASK", dest="tasks",
                        help="grade only this task or folder; repeatable")
    parser.add_argument("--jobs", type=at_least_one, metavar="N",
                        default=os.cpu_count() or 1,
                        help="worker processes (default: one a processor)")
    add_present(parser)
    add_isolation(parser)
    parser.add_argument("--roster", type=Path, metavar="FILE",
                        help="CSV of the class, with columns such as"
                        " submission, id, name, email, section; or the"
                        " addresses of its repositories")
    parser.add_argument("--at", metavar="DATE",
                        help="grade git repositories as they stood then")
    parser.add_argument("--class", type=Path, metavar="FILE", dest="scheme",
                        help="how points become marks (default:"
                        f" {SCHEME} in DIR)")
    parser.add_argument("--baseline", type=Path, metavar="OLD",
                        help="show whose points differ from those results")
    parser.add_argument("--against", type=Path, metavar="OLD",
                        action="append", default=[],
                        help="look for files like those of an earlier class"
                        " in these results, too; repeatable")
    parser.add_argument("--changed", action="store_true",
                        help="show whose points or mark this run changes,"
                        " and why")
    parser.add_argument("--dask", metavar="ADDRESS",
                        help="grade on the Dask cluster of that scheduler")


def cohort(arguments: argparse.Namespace, printer: Printer) -> int:
    """Grade a cohort; 0 when all were judged, 3 when one could not be."""
    try:
        return _cohort(arguments, printer)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("stopped; the same command goes on where it"
                                " was") from None


def _cohort(arguments: argparse.Namespace, printer: Printer) -> int:
    from grader.cohort import baseline, closing, sources
    from grader.cohort.pace import Progress
    from grader.cohort.run import Cohort, grade
    from grader.history.moment import moment
    from grader.library.library import load_library
    from grader.report.wording import few

    if arguments.baseline:
        baseline.check(arguments.baseline, arguments.out)
    for old in arguments.against:
        baseline.check(old, arguments.out)
    against = tuple(map(baseline.results_file, arguments.against))
    at = moment(arguments.at) if arguments.at else None
    library = load_library(arguments.library)
    scheme, people = _class(arguments, library)
    found = sources.find(arguments.paths, library.names, arguments.out)
    if found.passed_over:
        printer(f"passed over, as no submission: {few(found.passed_over)}")
    plan = Cohort(sources=found.found, library=library, out=arguments.out,
                  tasks=library.select(arguments.tasks),
                  present=arguments.present,
                  isolation=arguments.require_isolation
                  or arguments.isolation,
                  roster=people, scheme=scheme, at=at, against=against,
                  hidden=_hidden(arguments, found.found))
    with baseline.kept(arguments.out, arguments.changed) as before:
        with contextlib.closing(
                _crew(arguments, found.found, printer)) as crew:
            with Progress(sys.stderr) as progress:
                account = grade(plan, crew, progress)
        for line in closing.lines(account, crew.tier):
            printer(line)
        printer(f"{arguments.out / 'report.html'} shows them all")
        for old in filter(None, (arguments.baseline, before)):
            for line in baseline.compare(old, arguments.out):
                printer(line)
    return 3 if account.pace.errors else 0


def _class(arguments: argparse.Namespace, library: Library
           ) -> tuple[Scheme | None, list[Person]]:
    """Return how marks are made and who is in the class, if that is known.

    Both may lie beside the results of an earlier run.
    """
    from grader.classlist import roster
    from grader.cohort.ledger import ROSTER
    from grader.marks import scheme as schemes

    file: Path = arguments.scheme or arguments.out / SCHEME
    is_there = arguments.scheme is not None or file.is_file()
    return (schemes.load(file, library) if is_there else None,
            roster.read(arguments.roster) if arguments.roster
            else roster.read_back(arguments.out / ROSTER))


def _crew(arguments: argparse.Namespace, found: Sequence[Source],
          printer: Printer) -> Crew:
    from grader.cohort.crew import LocalCrew
    from grader.grading.grading import Options

    options = Options(
        isolation=arguments.require_isolation or arguments.isolation,
        same_inputs=_SAME_INPUTS, hidden=_hidden(arguments, found),
        library=arguments.library and arguments.library.resolve())
    if arguments.dask:
        return _cluster(arguments.dask, options, printer)
    return LocalCrew(options, arguments.jobs)


def _hidden(arguments: argparse.Namespace, found: Sequence[Source]
            ) -> tuple[Path, ...]:
    """Return where submissions and results are, which no run may see."""
    paths = (*arguments.paths, arguments.out,
             *(source.path.parent for source in found))
    return tuple(dict.fromkeys(path.absolute() for path in paths))


def _cluster(address: str, options: Options, printer: Printer) -> Crew:
    from grader.cohort.dask import DaskCrew

    return DaskCrew(address, options,
                    show=lambda line: printer(line, transient=True))


COMMANDS = (
    Command(
        name="cohort", help="grade many submissions", run=cohort,
        arguments=_cohort_arguments,
        description="Grade many submissions; stopped, it goes on where it "
                    "was. What is in DIR from earlier runs stays there: other "
                    "tasks are added to it, and one learner or one task that "
                    "is graded again takes nothing from the others. "
                    "Downloads of Canvas, Moodle and Gradescope, once "
                    "unpacked, and folders of clones are recognised; so are "
                    "the rosters that these export. DIR/roster.csv says whose "
                    "submission is whose, to be corrected by hand; without "
                    "--roster it counts. Commits have the date of the "
                    f"learner's own clock. {POINTS} Exit status: 0 all were "
                    "judged, 2 the call is wrong, 3 some could not be "
                    "judged.",
        examples="""\
  grade cohort submissions/ --out results/
  grade cohort submissions/ --out results/ --task 0x00 --jobs 4
  grade cohort clones/ --out results/ --roster class.csv --at 2026-11-30
  grade cohort submissions/doe --out results/ --changed

class.toml in DIR makes marks of points; verdicts and points stay as they are,
and every key may be missing:
  deadline = 2026-11-30T23:59:00+03:00  # or a date: its end, here
  grace_minutes = 10
  late_percent_a_day = 10               # for each day begun after it
  late_percent_most = 50
  out_of = 20                           # without it, marks are points
  bonus = ["0x00/100"]                  # counts, but is not in the maximum
  left_out = ["0x03/6"]
  [weights]                             # of folders and tasks
  "0x03" = 2
  [[override]]                          # as often as need be
  learner = "jdoe"                      # submission, id, email, login or name
  task = "0x00/2"                       # with points for it; instead of both:
  points = 8                            # mark = 12, or a later deadline = ...
  why = "the statement was unclear"
  by = "A. Teacher"
"""),
    GRADEBOOK,
    EXPORT,
)
