"""What each spoil of a suite does, found out on the model and kept.

It is tried once per library and Python, since a whole cohort is held
against the same.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import secrets
import sys
import threading
from collections.abc import (
    Collection, Iterable, Iterator, Mapping, Sequence,
)
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import SystemRandom
from typing import Any

from grader import kit
from grader.behaviour import expectations, reach, twins
from grader.behaviour.checks import Check
from grader.behaviour.expectations import Edit, Kind
from grader.behaviour.suites import Suite, model_files, run_once, suite_of
from grader.behaviour.twins import Shown, Spoil
from grader.errors import GraderError
from grader.files import cache_home, replacing
from grader.isolation.outcome import Ended
from grader.isolation.wall import Wall
from grader.library import Folder, Task

# Spoils to try of each check, and outside all checks.
PER_CHECK = 3
SHARED = 8
# A busy machine must not decide what is found.
PATIENCE = 5.0


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """What is known about a suite: its spoils, and checks that observe."""

    spoils: tuple[Spoil, ...]
    observing: frozenset[str]

    def chance(self, check: str) -> float:
        """Return the chance of who has no answer to this check alone."""
        is_telling = twins.telling(self.spoils).get(check)
        if is_telling is None:
            return 0.0 if check in self.observing else 1.0
        return twins.chance(twins.how_many(is_telling), is_telling)


# By folder, task and source of the suite: a library that a process has
# loaded stays as it is.
Place = tuple[Path, int, str]
_prepared: dict[Place, Doubt] = {}
_locks: dict[Place, threading.Lock] = {}


def prepare(wall: Wall, folder: Folder, task: Task) -> Doubt:
    """Return what is known about a task's suite, found out at most once."""
    suite = suite_of(folder, task)
    place = folder.path, task.number, suite.source
    with _locks.setdefault(place, threading.Lock()):
        if place not in _prepared:
            path = cache_home() / "twins" / f"{_key(folder, task, suite)}.json"
            doubt = _read(path)
            if doubt is None:
                doubt, is_sure = _find(wall, folder, task, suite)
                if is_sure:
                    _write(path, doubt)
            _prepared[place] = doubt
    return _prepared[place]


def _find(wall: Wall, folder: Folder, task: Task,
          suite: Suite) -> tuple[Doubt, bool]:
    """Try on the model what fails when what is spoiled.

    The second is whether every run came to its end: what is found out on
    a machine too busy for that is not for keeps.
    """
    files = model_files(folder)
    cut_short: list[Ended] = []

    def run(edits: Sequence[Edit]) -> dict[str, Check]:
        copy = twins.copied(f"{suite.name}.py", suite.source, edits, 0)
        done, ended = run_once(
            wall, folder, task, replace(suite, source=copy.source), files,
            secrets.token_hex(8), suite.checks, PATIENCE)
        if ended:
            cut_short.append(ended)
        return {} if ended else {
            test: copy.as_before(check) for test, check in done.items()}

    genuine = run([])
    if not genuine or any(each.finding for each in genuine.values()):
        raise GraderError(f"{task.id}: the model does not pass its suite",
                          "grade lint says where")
    observing = frozenset(
        test for test, each in genuine.items() if each.observed)
    spoils: list[Spoil] = []
    for some in _rounds(expectations.edits(suite.source, SystemRandom()),
                        spoils, observing.union(task.blind)):
        first = run(some)
        # Each again and alone, since it may affect another check.
        for edit in some:
            if spoil := twins.tried(edit, first or run([edit]), run([edit])):
                spoils.append(spoil)
    return Doubt(spoils=tuple(twins.choose(spoils)),
                 observing=observing), not cut_short


def _rounds(found: dict[str, list[Edit]], spoils: Sequence[Spoil],
            exempt: Collection[str]) -> Iterator[list[Edit]]:
    """Yield edits that may be tried at once, what tells first.

    `spoils` are those found so far: what lies outside all checks is for
    the checks that have no better ones.
    """
    shared = found.pop("")[:SHARED]
    by_check = [sorted((edit for edit in edits if edit.kind is not Kind.END),
                       key=lambda edit: edit.kind is Kind.OTHER)
                for edits in found.values()]
    for place in range(PER_CHECK):
        yield [edits[place] for edits in by_check if place < len(edits)]
    for edit in shared:
        if _is_lacking(found, spoils, exempt):
            yield [edit]
    yield [edit for check, edits in found.items() if check not in exempt
           for edit in edits if edit.kind is Kind.END]


def _is_lacking(checks: Iterable[str], spoils: Sequence[Spoil],
                exempt: Collection[str]) -> bool:
    tells = twins.telling(spoils)
    return not all(tells.get(check) or check in exempt for check in checks)


def _key(folder: Folder, task: Task, suite: Suite) -> str:
    """Return a name for everything that what is found depends on."""
    parts = [text.encode() for text in (
        sys.version, task.file, suite.source, *sorted(task.blind))]
    code = sorted(Path(kit.__file__).parent.rglob("*.py"))
    parts += [path.read_bytes() for path in code]
    parts += [inspect.getsource(module).encode() for module in
              (expectations, reach, twins, sys.modules[__name__])]
    for name, content in sorted(model_files(folder).items()):
        parts += [name.encode(), content]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:24]


def _read(path: Path) -> Doubt | None:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Doubt(observing=frozenset(data["observing"]),
                     spoils=tuple(map(_spoil, data["spoils"])))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _spoil(data: Mapping[str, dict[str, Any]]) -> Spoil:
    edit = data["edit"]
    return Spoil(Edit(**edit | {"kind": Kind(edit["kind"])}), {
        check: Shown(at=shown["at"] and tuple(shown["at"]),
                     compared=tuple(shown["compared"]),
                     is_telling=shown["is_telling"])
        for check, shown in data["shows"].items()})


def _write(path: Path, doubt: Doubt) -> None:
    """Keep it on disk, if the disk lets us."""
    data = {"observing": sorted(doubt.observing),
            "spoils": list(map(asdict, doubt.spoils))}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            json.dump(data, file)
    except OSError:
        pass
