"""Mutate every model answer and see whether `grade check` notices.

Run by `make mutants`; selectors and --library as of `grade check` may
follow. Besides
the mutations, the mutants of extra.toml are judged. Prints, by folder,
each mutant that passes and that equivalent.toml does not explain, each
explanation that is out of date, and each check that notices no mutant;
exits with 1 if there is any.
"""

from __future__ import annotations

import argparse
import sys
import time
from itertools import groupby
from pathlib import Path

from grader.library.library import load_library
from tests.mutants.judging import judge
from tests.mutants.mutant import every_mutant
from tests.mutants.result import result


def main(words: list[str]) -> int:
    """Judge the mutants of the selected tasks; exit status 0 or 1."""
    parser = argparse.ArgumentParser(prog="tests.mutants")
    parser.add_argument("tasks", nargs="*", metavar="TASK")
    parser.add_argument("--library", type=Path, metavar="DIR")
    arguments = parser.parse_args(words)
    library = load_library(arguments.library)
    is_sound = True
    for folder, some in groupby(library.select(arguments.tasks),
                                key=lambda task: task.folder):
        start, tasks = time.monotonic(), list(some)
        verdicts = judge(library, list(every_mutant(library, tasks)))
        found = result(library, tasks, verdicts)
        is_sound &= found.is_sound
        print(f"{folder}, {time.monotonic() - start:.0f} s",
              *found.lines(), sep="\n  ", flush=True)
    return 0 if is_sound else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
