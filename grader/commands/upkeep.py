"""`grade doctor`, `grade lint` and `grade new`: for those who set it up."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from grader.commands.usage import Command
from grader.errors import FAILED, PASSED, GraderError, UserError

# Importing typing would take as long as the rest of `grade --help`.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from grader.commands.usage import Printer


def lint(arguments: argparse.Namespace, printer: Printer) -> int:
    """Check the library itself."""
    from grader import lint as linter
    from grader.library.library import load_library

    try:
        library = load_library(arguments.library)
    except GraderError as error:
        printer(error.what)
        return FAILED
    problems = linter.problems(library, printer)
    for problem in problems:
        printer(problem)
    count = f"{len(problems)} problem{'s' * (len(problems) > 1)}"
    printer(count if problems else "the library is sound")
    return FAILED if problems else PASSED


def doctor(arguments: argparse.Namespace, printer: Printer) -> int:
    """Show what was tried on this machine and what came of it."""
    from grader.doctor import examine

    for probe in examine():
        printer(f"{'ok' if probe.ok else 'no':3} {probe.name}: {probe.detail}")
        if probe.todo and not probe.ok:
            printer(f"      {probe.todo}")
    return PASSED


def new(arguments: argparse.Namespace, printer: Printer) -> int:
    """Write a library with one task, and say what to try with it."""
    import shlex

    from grader.library import first

    root = arguments.directory
    _write_new(root, first.FILES)
    where = shlex.quote(str(root))
    printer(f"wrote {root}, a library with one task; what to do with it:")
    for words in (f"grade lint --library {where}",
                  f"grade check {where} --library {where}",
                  f"grade start exercises --library {where}"):
        printer(f"  {words}")
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
        raise files.unwritable(error, root, "name another folder") from None


def _new_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("directory", type=Path, metavar="DIR",
                        help="a new folder")


COMMANDS = (
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
