"""Tries on the model what each spoil of a suite does."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from random import SystemRandom

from grader.behaviour import expectations, twins
from grader.behaviour.checks import Check
from grader.behaviour.edits import Edit, Kind, copied
from grader.behaviour.suite import Suite, model_files
from grader.behaviour.suites import run_once
from grader.behaviour.twins import Spoil
from grader.errors import GraderError
from grader.isolation.wall import Wall
from grader.library import Folder, Task

# Spoils to try of each check, even if one is found, and outside of all.
PER_CHECK = 3
SHARED = 8
# A busy machine must not decide what is found.
PATIENCE = 5.0


class Model:
    """Runs copies of a suite on the model of its task.

    `is_sure` is whether every run came to its end: what is found out on
    a machine too busy for that is not for keeps.
    """

    def __init__(self, wall: Wall, folder: Folder, task: Task,
                 suite: Suite) -> None:
        self._where = wall, folder, task
        self.task = task
        self._files = model_files(folder)
        self.suite = suite
        self.is_sure = True

    def run(self, edits: Sequence[Edit] = ()) -> dict[str, Check]:
        """Return what came of every check, nothing if the run was cut."""
        copy = copied(f"{self.suite.name}.py", self.suite.source, edits, 0)
        done, ended = run_once(
            *self._where, replace(self.suite, source=copy.source),
            self._files, secrets.token_hex(8), self.suite.checks, PATIENCE)
        self.is_sure = self.is_sure and ended is None
        return {} if ended else {
            test: copy.as_before(check) for test, check in done.items()}


def find(model: Model, blind: Collection[str]
         ) -> tuple[Sequence[Spoil], frozenset[str]]:
    """Return the spoils that are worth something, and what observes.

    Checks that hold results against the model's need no spoils, and the
    `blind` ones have none.
    """
    genuine = model.run()
    if not genuine or any(each.finding for each in genuine.values()):
        raise GraderError(
            f"{model.task.id}: the model does not pass its suite",
            "grade lint says where")
    observing = frozenset(
        test for test, each in genuine.items() if each.observed)
    exempt = observing.union(blind)
    found = expectations.edits(model.suite.source, SystemRandom())
    spoils: list[Spoil] = []
    for some in _rounds(found, spoils, exempt):
        first = model.run(some)
        # Each again and alone, since it may affect another check.
        for edit in some:
            if spoil := twins.tried(edit, first or model.run([edit]),
                                    model.run([edit])):
                spoils.append(spoil)
    spoils += _ends(model, {
        check: edit for check, edits in found.items() if check not in exempt
        for edit in edits if edit.kind is Kind.END})
    return twins.choose(spoils), observing


def _ends(model: Model, ends: Mapping[str, Edit]) -> Iterator[Spoil]:
    """Try all ends at once: one check's is none of the others' business."""
    once, again = [model.run(list(ends.values())) for _ in range(2)]
    for check, edit in ends.items():
        if spoil := twins.tried(edit, _only(check, once),
                                _only(check, again)):
            yield spoil


def _only(check: str, checks: Mapping[str, Check]) -> dict[str, Check]:
    return {test: each for test, each in checks.items() if test == check}


def _rounds(found: dict[str, list[Edit]], spoils: Sequence[Spoil],
            exempt: Collection[str]) -> Iterator[list[Edit]]:
    """Yield edits that may be tried at once, what tells first.

    `spoils` are those found so far: what lies outside all checks is for
    the checks that have no better ones.
    """
    shared = found.pop("")[:SHARED]
    by_check = {
        check: sorted((edit for edit in edits if edit.kind is not Kind.END),
                      key=lambda edit: edit.kind is Kind.OTHER)
        for check, edits in found.items()}
    for place in range(max(map(len, by_check.values()), default=0)):
        if some := [edits[place] for check, edits in by_check.items()
                    if place < len(edits) and (
                        place < PER_CHECK
                        or _is_lacking([check], spoils, exempt))]:
            yield some
    for edit in shared:
        if _is_lacking(found, spoils, exempt):
            yield [edit]


def _is_lacking(checks: Iterable[str], spoils: Sequence[Spoil],
                exempt: Collection[str]) -> bool:
    tells = twins.telling(spoils)
    return not all(tells.get(check) or check in exempt for check in checks)
