"""Mutate every model answer and see whether its suite notices.

Run by `make mutants`; selectors as of `grade check` may follow. Besides
the mutations, the mutants of extra_mutants.toml are judged. Prints each
mutant that no check fails and that equivalent_mutants.toml does not
explain, each explanation that is out of date, and each check that no
mutant fails; exits with 1 if there is any.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.behaviour import suites
from grader.isolation.wall import Wall, open_wall
from grader.learnertests import judging
from grader.library import Folder, Library, Task, load_library
from grader.remarks import Remarks
from tests.mutations import Mutation, mutations, weakenings

EQUIVALENT = Path(__file__).with_name("equivalent_mutants.toml")
EXTRA = Path(__file__).with_name("extra_mutants.toml")
LEARNERTESTS = "learnertests"


@dataclass(frozen=True)
class Mutant:
    """A changed model, and the tasks of which one must notice.

    `check` is the one check that has to fail, where there is one.
    """

    tasks: tuple[Task, ...]
    file: str
    name: str
    text: str
    check: str | None = None


def read(path: Path) -> dict[str, Any]:
    """Read a TOML file."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def every_mutant(library: Library,
                 tasks: Sequence[Task]) -> Iterator[Mutant]:
    """Yield the mutants of the models of some tasks."""
    files: dict[tuple[str, str], list[Task]] = {}
    for task in tasks:
        files.setdefault((task.folder, task.file), []).append(task)
    for (folder, file), several in files.items():
        source = _source(library, several[0])
        is_test = library.folder(folder).judge == LEARNERTESTS
        for each in (weakenings if is_test else mutations)(source):
            judges = tuple(task for task in several
                           if not is_test or _concerns(each, task))
            if judges:
                yield Mutant(judges, f"{folder}/{file}",
                             f"{each.place}: {each.what}", each.text)
    yield from _extra(library, {task.id: task for task in tasks})


def _source(library: Library, task: Task) -> str:
    path = library.root / task.folder / task.file
    return path.read_text(encoding="utf-8")


def _concerns(each: Mutation, task: Task) -> bool:
    """Tell whether a change in a file of tests is in a task's methods."""
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
        source = _source(library, task)
        if source.count(entry["old"]) != 1:
            raise ValueError(f"{task.id}, {entry['what']}: the model does "
                             f"not hold {entry['old']!r} once")
        yield Mutant((task,), f"{task.folder}/{task.file}", entry["what"],
                     source.replace(entry["old"], entry["new"]),
                     entry.get("check"))


class Session:
    """Judges mutants and remembers which checks ever failed."""

    def __init__(self, wall: Wall, library: Library) -> None:
        self._wall = wall
        self._library = library
        self.failed: set[tuple[str, str]] = set()

    def survives(self, mutant: Mutant) -> bool:
        """Tell whether no check notices the mutant."""
        failed: set[str] = set()
        for task in mutant.tasks:
            folder = self._library.folder(task.folder)
            files = suites.model_files(folder) | {
                task.file: mutant.text.encode()}
            said = {each.check for each in self._judge(
                folder, task, files).failures}
            self.failed |= {(task.id, check) for check in said}
            failed |= said
        return not failed if mutant.check is None else (
            mutant.check not in failed)

    def _judge(self, folder: Folder, task: Task,
               files: dict[str, bytes]) -> Remarks:
        judge = (judging.judge if folder.judge == LEARNERTESTS
                 else suites.judge)
        return judge(self._wall, folder, task, files, "1")

    def idle(self, tasks: Sequence[Task]) -> Iterator[str]:
        """Yield every check that no mutant failed."""
        for task in tasks:
            folder = self._library.folder(task.folder)
            if folder.judge == LEARNERTESTS:
                continue
            for test in suites.suite_of(folder, task).checks:
                if ((task.id, test.split(".")[1]) not in self.failed
                        and test not in task.blind):
                    yield f"{task.id} {test}"


@dataclass(frozen=True)
class Result:
    """What came of the mutants of some tasks, as lines to print."""

    mutants: int
    survivors: Sequence[Mutant]
    unexplained: list[str]
    outdated: list[str]
    idle: list[str]

    def lines(self) -> Iterator[str]:
        """Yield what is wrong, and a summary."""
        yield from (f"survives: {each}" for each in self.unexplained)
        yield from (f"explained, but caught or gone: {each}"
                    for each in self.outdated)
        yield from (f"never fails: {each}" for each in self.idle)
        survived, odd = len(self.survivors), len(self.unexplained)
        yield (f"{self.mutants} mutants: {self.mutants - survived} caught, "
               f"{survived - odd} equivalent with a reason, {odd} not "
               f"explained; {len(self.idle)} checks never fail")

    @property
    def is_sound(self) -> bool:
        """Tell whether there is nothing to do."""
        return not (self.unexplained or self.outdated or self.idle)


def judge(library: Library, tasks: Sequence[Task]) -> Result:
    """Judge the mutants of some tasks, several at a time."""
    every = list(every_mutant(library, tasks))
    with open_wall("auto", ["suite"]) as wall, \
            ThreadPoolExecutor(2 * (os.cpu_count() or 1)) as pool:
        session = Session(wall, library)
        verdicts = pool.map(session.survives, every)
        survivors = [mutant for mutant, survives in zip(every, verdicts)
                     if survives]
    explained = read(EQUIVALENT)
    left = {(each.file, each.name) for each in survivors}
    return Result(
        mutants=len(every), survivors=survivors,
        unexplained=[f"{file} {name}" for file, name in sorted(left)
                     if name not in explained.get(file, ())],
        outdated=[f"{file} {name}"
                  for file in sorted({each.file for each in every})
                  for name in explained.get(file, ())
                  if (file, name) not in left],
        idle=list(session.idle(tasks)))


def main(selectors: list[str]) -> int:
    """Judge the mutants of the selected tasks; exit status 0 or 1."""
    library = load_library()
    result = judge(library, library.select(selectors))
    print("\n".join(result.lines()))
    return 0 if result.is_sound else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
