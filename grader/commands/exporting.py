"""`grade export`: writes the files that other services need to grade."""

from __future__ import annotations

import argparse
from pathlib import Path

from grader.commands.usage import Command
from grader.errors import UserError

# Importing typing would take as long as the rest of `grade --help`.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from grader.commands.usage import Printer

_TARGETS = {"gradescope": "autograder.zip",
            "github": ".github/workflows/grade.yml",
            "gitlab": "grade.gitlab-ci.yml",
            "pre-commit": ".pre-commit-config.yaml"}
# What a shell or YAML would not take as it stands between apostrophes.
_UNSAFE = "'\"\\\n\r\0`$"
_WHERE = ("name --package: a wheel, a folder inside the repository, or what"
          " pip installs, such as git+https://HOST/REPOSITORY")
_BASE_IMAGE = ("in Gradescope choose Ubuntu 24.04 or later as base image: the"
               " grader needs Python 3.11")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("service", choices=tuple(_TARGETS))
    parser.add_argument("tasks", nargs="*", metavar="TASK",
                        help="grade only these tasks or folders")
    parser.add_argument("--output", type=Path, metavar="FILE",
                        help="default: " + ", ".join(_TARGETS.values()))
    parser.add_argument("--package", metavar="SPEC",
                        help="where the grader is installed from: a wheel,"
                        " which is copied beside FILE, a folder inside the"
                        " repository, or anything that pip installs")


def export(arguments: argparse.Namespace, printer: Printer) -> int:
    """Write an autograder zip, a workflow, a job or a hook."""
    from grader import files
    from grader.library.library import load_library
    from grader.report import kits

    library = load_library(arguments.library)
    library.select(arguments.tasks)
    target: Path = arguments.output or Path(_TARGETS[arguments.service])
    is_zip = arguments.service == "gradescope"
    if not is_zip and not arguments.package:
        raise UserError("nothing says where the grader is installed from",
                        _WHERE)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if is_zip:
            kits.gradescope(library, target, arguments.tasks)
        else:
            package = _package(arguments.package, target)
            files.write(target, kits.configured(
                arguments.service, package, arguments.tasks).encode())
    except OSError as error:
        raise files.unwritable(error, target,
                               "name another --output") from None
    printer(f"wrote {target}")
    if is_zip:
        printer(_BASE_IMAGE)
    return 0


def _package(spec: str, target: Path) -> str:
    """Return what pip is given, from the root of the repository.

    A wheel is copied beside the target, so that the repository has it. That
    root is where the command is called.
    """
    import shutil

    if any(char in spec for char in _UNSAFE):
        raise UserError(f"{spec!r} cannot be written into a script", _WHERE)
    path = Path(spec)
    if path.suffix == ".whl" and path.is_file():
        copy = target.parent / path.name
        if not (copy.exists() and copy.samefile(path)):
            shutil.copyfile(path, copy)
        path = copy
    elif not path.is_dir():
        if "/" not in spec and "=" not in spec and "@" not in spec:
            raise UserError(f"{spec} is not there", _WHERE)
        return spec
    here = Path.cwd().resolve()
    inside = path.resolve()
    if not inside.is_relative_to(here):
        raise UserError(f"{spec} is outside of this folder, and whatever runs"
                        " the repository has it not", _WHERE)
    return f"./{inside.relative_to(here).as_posix()}"


EXPORT = Command(
    name="export", help="write what a service needs to run this",
    run=export, arguments=_arguments,
    description="Write an autograder for Gradescope, a workflow for GitHub "
                "Actions, a job for GitLab CI, or a hook for pre-commit. It "
                "is called at the root of the repository that is graded. "
                "What is in a learner's own repository the learner can "
                "change: it helps, and decides nothing.",
    examples="""\
  grade export gradescope 0x00 0x01      autograder.zip, two folders
  grade export github --package dist/fundamentals_grader-1.0-py3-none-any.whl
  grade export gitlab --package git+https://git.example.org/course/grader
  grade export pre-commit 0x00 --package ./grader""")
