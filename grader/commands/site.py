"""`grade site`: writes the course as pages for a browser."""

from __future__ import annotations

import argparse
from pathlib import Path

from grader.commands.usage import Command
from grader.errors import PASSED

# Importing typing would take as long as the rest of `grade --help`.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from grader.commands.usage import Printer


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("directory", type=Path, metavar="DIR",
                        help="a new folder, or one that this wrote before")


def site(arguments: argparse.Namespace, printer: Printer) -> int:
    """Write the pages and say where they begin."""
    from grader.library.library import load_library
    from grader.site import writing

    library = load_library(arguments.library)
    first = writing.write(library, arguments.directory)
    count = 1 + len(library.folders) + len(library.tasks)
    printer(f"{first} is the first of {count} pages; there are no answers in "
            "them.")
    return PASSED


SITE = Command(
    name="site", help="write the course as pages for a browser", run=site,
    arguments=_arguments,
    description="Write ideas and statements as static pages, without "
                "answers and hints. They need no server and nothing from "
                "elsewhere.",
    examples="""\
  grade site pages           then open pages/index.html""")
