"""Judges mutants as `grade check` judges a submission."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from grader.findings.untrusted import Remarks
from grader.learnertests import judging
from grader.learnertests.faults import faults_of
from grader.learnertests.rounds import methods
from grader.library.library import Library, Task
from grader.suites.bench import Bench
from grader.suites.suite import model_files, suite_of
from grader.tools import style, typecheck
from grader.tools.style import StyledFile
from grader.tools.tools import WalledTool
from grader.tools.typecheck import TypedFile
from grader.wall.forking import Purpose, Wall, open_walls
from tests.mutants.mutant import LEARNERTESTS, Mutant

# A file that does not load fails every check, which says nothing of them.
_OF_THE_FILE = {"broken", "unfinished"}
_FILES_A_RUN = 60

Check = tuple[str, str]


@dataclass(frozen=True)
class Verdict:
    """Whether a mutant was caught, and by which checks of which task."""

    mutant: Mutant
    is_caught: bool
    seen_by: frozenset[Check] = frozenset()


def judge(library: Library, mutants: Sequence[Mutant]) -> list[Verdict]:
    """Judge mutants, several at a time.

    Left out are the parts of what may be left out as a whole.
    """
    with opened(library) as one:
        verdicts = one.all([each for each in mutants if each.is_whole])
        free = [each.mutant for each in verdicts if not each.is_caught]
        return verdicts + one.all([
            each for each in mutants if not each.is_whole
            and not any(each.is_within(whole) for whole in free)])


@contextmanager
def opened(library: Library) -> Iterator[Judge]:
    """Open the walls to judge mutants in."""
    cache = typecheck.warm_cache()
    suites, tools = open_walls(
        "auto", Purpose(kinds=["suite", "learnertests"],
                        packages=library.packages),
        Purpose(kinds=["tools"], readable=[cache]))
    with suites, tools, \
            ThreadPoolExecutor(2 * (os.cpu_count() or 1)) as pool:
        yield Judge(library, suites, tools, cache, pool)


def checks(library: Library, task: Task) -> Iterator[Check]:
    """Yield what a mutant of a task's model may be noticed by.

    Where tests are the answers, it is the faults that they must catch, or
    the class, where a task is about that alone.
    """
    folder = library.folder(task.folder)
    if folder.judge == LEARNERTESTS:
        if not methods(task):
            yield from ((task.id, each) for each in task.methods)
            return
        for fault in faults_of(folder, task):
            yield task.id, fault.name
    else:
        for test in suite_of(folder, task).checks:
            yield task.id, test.split(".")[1]


def _batches(mutants: Sequence[Mutant],
             dimension: str) -> Iterator[list[Mutant]]:
    some = [each for each in mutants if each.dimension == dimension]
    for start in range(0, len(some), _FILES_A_RUN):
        yield some[start:start + _FILES_A_RUN]


@dataclass(frozen=True)
class Judge:
    """Judges mutants within walls that are open; `seed` is of their inputs.
    """

    library: Library
    wall: Wall
    tools: Wall
    cache: Path
    pool: ThreadPoolExecutor
    seed: str = "1"

    def all(self, mutants: Sequence[Mutant]) -> list[Verdict]:
        """Judge mutants of any dimension."""
        behaviour = self.pool.map(self.behaviour, [
            each for each in mutants if each.dimension == "behaviour"])
        static = [*self.pool.map(self.types, _batches(mutants, "types")),
                  *self.pool.map(self.style, _batches(mutants, "style"))]
        return [*behaviour, *(each for some in static for each in some)]

    def behaviour(self, mutant: Mutant) -> Verdict:
        """Judge what a mutant does, by each of its tasks."""
        failed, seen = set(), set()
        for task in mutant.tasks:
            remarks = self._remarks(task, mutant.text)
            failed |= {each.check for each in remarks.failures}
            seen |= {(task.id, check) for check in self._seen(task, remarks)}
            if mutant.advice and mutant.check and any(
                    mutant.advice in text for text in remarks.advice):
                seen.add((task.id, mutant.check))
        is_caught = (bool(failed) if mutant.check is None
                     else any(mutant.check == check for _, check in seen))
        return Verdict(mutant, is_caught, frozenset(seen))

    def _seen(self, task: Task, remarks: Remarks) -> set[str]:
        """Return the checks that failed, or the faults that were missed."""
        if not remarks.catches:
            return {each.check for each in remarks.failures
                    if each.cause not in _OF_THE_FILE}
        faults = faults_of(self.library.folder(task.folder), task)
        return {fault.name for fault in faults if not any(
            case.endswith((fault.caught_by or "").partition(".")[2])
            for case in remarks.catches[fault.name])}

    def _remarks(self, task: Task, text: str) -> Remarks:
        folder = self.library.folder(task.folder)
        files = model_files(folder) | {task.file: text.encode()}
        if folder.judge == LEARNERTESTS:
            return judging.judge(self.wall, folder, task, files, self.seed)
        return Bench(self.wall, folder, task).judge(files, self.seed)

    def types(self, mutants: Sequence[Mutant]) -> list[Verdict]:
        """Judge the types of mutants, all in one run of mypy."""
        files = [self._typed(str(place), each)
                 for place, each in enumerate(mutants)]
        said = typecheck.judge(files, WalledTool(self.tools, "typecheck"),
                               self.cache)
        return _verdicts(mutants, [said[each.id] for each in files])

    def _typed(self, id: str, mutant: Mutant) -> TypedFile:
        model = (self.library.root / mutant.file).read_text(encoding="utf-8")
        types = mutant.tasks[0].types
        return TypedFile(id=id, source=mutant.text.encode(), model=model,
                         names=types.names, variants=types.variants,
                         is_clean=types.clean)

    def style(self, mutants: Sequence[Mutant]) -> list[Verdict]:
        """Judge the style of mutants."""
        files = [StyledFile(id=str(place), source=each.text.encode())
                 for place, each in enumerate(mutants)]
        said = style.judge(files, WalledTool(self.tools, "style"))
        return _verdicts(mutants, [said[each.id] for each in files])


def _verdicts(mutants: Sequence[Mutant],
              remarks: Sequence[Remarks]) -> list[Verdict]:
    for each, said in zip(mutants, remarks):
        if said.error:
            raise RuntimeError(f"{each.file} {each.name}: {said.error}")
    return [Verdict(each, bool(said.failures))
            for each, said in zip(mutants, remarks)]
