"""The work of `grade lint`: finds what is wrong with a library.

A rule is a function that yields a line for each problem of a folder; its
docstring states what must hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from grader.library.library import CHECKS, MANIFEST, Folder, Library
from grader.library.packages import lacking
from grader.lint import anatomy, soundness, statements, supportpackage
from grader.lint.freshness import Show

Rule = Callable[[Folder], Iterator[str]]
RULES: tuple[Rule, ...] = (
    anatomy.every_file_is_there, anatomy.no_file_is_undeclared,
    anatomy.every_hint_says_something, anatomy.suites_hold_checks,
    anatomy.scripts_are_executable,
    anatomy.tasks_together_share_a_file, statements.statements_match,
    statements.answers_are_discussed, statements.mains_print_what_is_shown)


def problems(library: Library, show: Show = lambda line: None) -> list[str]:
    """Return a line for each problem of a library.

    `show` gets one line on each suite, its chance of passing by guesses.
    """
    return [*_by_reading(library), *soundness.grading(_whole(library), show)]


def _by_reading(library: Library) -> Iterator[str]:
    for path in sorted(library.root.glob(f"*/{CHECKS}")):
        if not (path.parent / MANIFEST).is_file():
            yield f"{path.parent.name}: {MANIFEST} is missing"
    for package in library.packages:
        yield from supportpackage.problems(package)
    for folder in library.folders:
        if lack := lacking(folder):
            yield f"{folder.name}: {lack}"
            continue
        for rule in RULES:
            for problem in rule(folder):
                yield f"{folder.name}: {problem}"


def _whole(library: Library) -> Library:
    """Return the library without the tasks that cannot be graded."""
    return replace(library, folders=tuple(
        replace(folder, tasks=tuple(
            task for task in folder.tasks if anatomy.is_whole(folder, task)))
        for folder in library.folders if not lacking(folder)))
