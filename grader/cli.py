"""The `grade` command; the only module that prints or exits."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from grader import __version__
from grader.cohort import commands as instructor
from grader.errors import GraderError, UserError
from grader.isolation.tiers import CHOICES
from grader.learner import commands as learner

PASSED, FAILED, MISUSED, BROKEN = 0, 1, 2, 3
FORMATS = ("text", "json", "junit", "exercism", "gradescope", "classroom")

FIRST_STEPS = """\
examples:
  grade start exercises       write a blank workspace
  cd exercises; grade watch   grade it on every save, task after task
  grade list                  how far you are
  grade check ~/alx 0x00/2    grade one task of a submission
  grade COMMAND --help        examples for a command
"""
EXAMPLES = """\
examples:
  grade check                        grade the submission in this folder
  grade check ~/alx 0x00             one folder of a submission
  grade check . 0x00/2               one task
  grade check . --format json        the whole report as JSON
"""


class Arguments(argparse.Namespace):
    """The words of a call, typed."""

    command: str
    path: Path
    tasks: list[str]
    format: str
    output: Path | None
    isolation: str
    require_isolation: str | None
    jobs: int
    run: Callable[[Arguments], int]


class Parser(argparse.ArgumentParser):
    """A parser whose errors say what to do, as all others do."""

    def error(self, message: str) -> None:  # type: ignore[override]
        raise UserError(message, f"{self.prog} --help shows how to call it")


def parser() -> Parser:
    """Return the parser of the whole command line."""
    top = Parser(prog="grade", description="Grade Python exercises.",
                 epilog=FIRST_STEPS,
                 formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("--version", action="version",
                     version=f"grade {__version__}")
    top.add_argument("--debug", action="store_true",
                     help="show tracebacks of the grader")
    commands = top.add_subparsers(dest="command", metavar="COMMAND",
                                  required=True)
    _check_parser(commands.add_parser(
        "check", help="grade a submission", epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter))
    learner.add_to(commands, _printing)
    instructor.add_to(commands, _telling)
    for name, run, text in (
            ("lint", lint, "check the library's own invariants"),
            ("doctor", doctor, "show what this machine offers")):
        commands.add_parser(
            name, help=text, description=f"{text.capitalize()}.",
            epilog=f"example: grade {name}").set_defaults(run=run)
    return top


def _check_parser(check: argparse.ArgumentParser) -> None:
    check.add_argument("path", nargs="?", type=Path, default=Path(),
                       metavar="PATH", help="the submission's folder")
    check.add_argument("tasks", nargs="*", metavar="TASK",
                       help="0x00, 0x00/3, python-decorators-0x01/2, ...")
    check.add_argument("--format", choices=FORMATS, default="text")
    check.add_argument("--output", type=Path, metavar="FILE",
                       help="write the report there")
    check.add_argument("--isolation", choices=CHOICES, default="auto")
    check.add_argument("--require-isolation", choices=("full",),
                       help="refuse to grade with anything less")
    check.add_argument("--jobs", type=int, metavar="N",
                       default=os.cpu_count() or 1,
                       help="runs at a time (default: one a processor)")
    check.set_defaults(run=check_submission)


def _printing(say: learner.Say) -> Callable[[Arguments], int]:
    """Return a command that prints what `say` returns."""
    def run(arguments: Arguments) -> int:
        from grader import terminal

        said = say(arguments, terminal.wants_colour(sys.stdout))
        for text in said.texts:
            print(text, end="", flush=True)
        return PASSED if said.passed else FAILED
    return run


def _telling(run: instructor.Command) -> Callable[[Arguments], int]:
    """Return a command that prints lines while it goes on."""
    return lambda arguments: run(
        arguments, lambda line: print(line, flush=True))


def check_submission(arguments: Arguments) -> int:
    """Grade one submission and report it."""
    # Imported here so that `grade --help` need not wait for mypy and all.
    from grader import report, terminal
    from grader.exports import EXPORTS
    from grader.grading import Grader, Options
    from grader.learner import progress
    from grader.library import load_library
    from grader.place import locate
    from grader.submission import collect

    library = load_library()
    root, words = locate(arguments.path, arguments.tasks)
    tasks = library.select(words)
    submission = collect(root, library)
    options = Options(jobs=max(1, arguments.jobs),
                      isolation=arguments.require_isolation
                      or arguments.isolation,
                      twins=arguments.require_isolation == "full")
    with Grader(library, options) as grader:
        graded = grader.grade(submission, tasks)
    progress.note(root, submission, graded.tasks)
    if arguments.format in EXPORTS:
        text = EXPORTS[arguments.format](report.as_data(graded))
    else:
        text = (report.as_json(graded) if arguments.format == "json" else
                report.as_text(
                    graded, arguments.output is None
                    and terminal.wants_colour(sys.stdout), submission))
    _deliver(text, arguments.output)
    if graded.count("error"):
        return BROKEN
    return PASSED if graded.count("pass") == len(tasks) else FAILED


def _deliver(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"{output} cannot be written: {error.strerror}",
                        "name another --output") from None


def lint(arguments: Arguments) -> int:
    """Check the library itself."""
    from grader import lint as linter
    from grader.library import load_library

    problems = linter.problems(load_library())
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems" if problems else "the library is sound")
    return FAILED if problems else PASSED


def doctor(arguments: Arguments) -> int:
    """Show what was tried on this machine and what came of it."""
    from grader.isolation.doctor import examine

    for probe in examine():
        print(f"{'ok' if probe.ok else 'no':3} {probe.name}: {probe.detail}")
        if probe.todo and not probe.ok:
            print(f"      {probe.todo}")
    return PASSED


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    words = sys.argv[1:] if argv is None else list(argv)
    debug = "--debug" in words
    # It may stand before or after the command.
    words = [word for word in words if word != "--debug"]
    try:
        arguments = parser().parse_args(words, Arguments())
        return arguments.run(arguments)
    except UserError as error:
        if debug:
            raise
        print(f"grade: {error.what}\n       {error.todo}", file=sys.stderr)
        return BROKEN if isinstance(error, GraderError) else MISUSED
    except BrokenPipeError:
        # The reader has had enough; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        print("grade: stopped", file=sys.stderr)
        return 130
    except Exception as error:
        if debug:
            raise
        print(f"grade: the grader failed: {type(error).__name__}: {error}\n"
              "       run it again with --debug and report what it shows",
              file=sys.stderr)
        return BROKEN
