"""The mutants of models: those of every operator, and those made by hand."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.library.library import Library, Task
from tests.mutants.misstyled import misstyled
from tests.mutants.mutations import (
    Mutation, misannotations, mutations, unchanged, weakenings)

EXTRA = Path(__file__).with_name("extra.toml")
LEARNERTESTS = "learnertests"
Mutate = Callable[[str], Iterator[Mutation]]


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A changed model, and the tasks of which one must notice.

    `check` is the one check that has to fail, where there is one, and
    `advice` what it says instead if it never fails. A control is unchanged
    and has to pass.
    """

    tasks: tuple[Task, ...]
    file: str
    name: str
    text: str
    place: str = ""
    is_whole: bool = False
    dimension: str = "behaviour"
    check: str | None = None
    advice: str | None = None
    is_control: bool = False

    def is_within(self, whole: Mutant) -> bool:
        """Return whether it changes a part of what another leaves out."""
        return (self.file, self.dimension) == (
            whole.file, whole.dimension) and f"{self.place}.".startswith(
                f"{whole.place}.")


def read(path: Path) -> dict[str, Any]:
    """Read a TOML file."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def every_mutant(library: Library,
                 tasks: Sequence[Task]) -> Iterator[Mutant]:
    """Yield the mutants of the models of some tasks."""
    files: dict[str, list[Task]] = {}
    for task in tasks:
        files.setdefault(f"{task.folder}/{task.file}", []).append(task)
    for file, several in files.items():
        source = (library.root / file).read_text(encoding="utf-8")
        folder = library.folder(several[0].folder)
        for dimension in folder.dimensions:
            yield from _of_a_dimension(
                file, source, tuple(several), dimension,
                is_test=folder.judge == LEARNERTESTS)
    yield from _extra(library, {task.id: task for task in tasks})


def _of_a_dimension(file: str, source: str, tasks: tuple[Task, ...],
                    dimension: str, is_test: bool) -> Iterator[Mutant]:
    change: Mutate = {
        "behaviour": weakenings if is_test else mutations,
        "types": misannotations, "style": misstyled}[dimension]
    label = "" if dimension == "behaviour" else f"{dimension}: "
    yield Mutant(tasks=tasks, file=file, name=f"{label}nothing changed",
                 text=unchanged(source) if not label else source,
                 dimension=dimension, is_control=True)
    for each in change(source):
        judges = tasks
        if is_test and not label:
            judges = tuple(task for task in tasks if _concerns(each, task))
        if judges:
            yield Mutant(tasks=judges, file=file, dimension=dimension,
                         name=f"{label}{each.place}: {each.what}",
                         text=each.text, place=each.place,
                         is_whole=each.is_whole)


def _concerns(each: Mutation, task: Task) -> bool:
    """Return whether a change in a file of tests is in a task's methods."""
    place = ".".join(each.place.split(".")[:2])
    if any(place == method for method in task.methods):
        return True
    name, _, method = place.partition(".")
    return (not method.startswith("test_")
            and any(asked.partition(".")[0] == name
                    for asked in task.methods))


def _extra(library: Library, tasks: dict[str, Task]) -> Iterator[Mutant]:
    """Yield the mutants made by hand: "new" in the place of "old"."""
    for entry in read(EXTRA)["mutant"]:
        task = tasks.get(entry["task"])
        if task is None:
            continue
        file = f"{task.folder}/{task.file}"
        source = (library.root / file).read_text(encoding="utf-8")
        if source.count(entry["old"]) != 1:
            raise ValueError(f"{task.id}, {entry['what']}: the model does "
                             f"not hold {entry['old']!r} once")
        yield Mutant(tasks=(task,), file=file, name=entry["what"],
                     text=source.replace(entry["old"], entry["new"]),
                     check=entry.get("check"), advice=entry.get("advice"))
