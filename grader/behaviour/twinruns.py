"""Runs twins beside the genuine suite: a pass stands if all agree.

What each spoil does is tried on the model once per library and Python,
and kept, since a whole cohort is held against the same.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import SystemRandom

from grader import kit
from grader.behaviour import expectations, reach, suites, twins
from grader.behaviour.expectations import Edit
from grader.behaviour.suites import Suite, model_files, run_once, suite_of
from grader.behaviour.twins import Spoil, Twin
from grader.errors import GraderError
from grader.files import cache_home, replacing
from grader.finding import Finding
from grader.isolation.wall import Wall
from grader.library import Folder, Task
from grader.remarks import Remarks

# Spoils to keep of each check, and to try outside all checks.
PER_CHECK = 3
SHARED = 8


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """What is known about a suite: its spoils, and checks that observe."""

    spoils: tuple[Spoil, ...]
    observing: frozenset[str]

    @property
    def seen(self) -> frozenset[str]:
        """Return the checks in which a lie would be noticed."""
        return self.observing.union(*(each.fails for each in self.spoils))

    @property
    def chance(self) -> float:
        """Return the chance of somebody who guesses all the outcomes."""
        checks = len({each.fails for each in self.spoils})
        return twins.chance(checks, twins.how_many(checks))


def judge(wall: Wall, folder: Folder, task: Task, files: Mapping[str, bytes],
          seed: str) -> Remarks:
    """Judge as suites.judge does, and believe a pass only with its twins.

    They come in random order and nothing tells them apart, so it takes
    the right answers to fail each where, and only where, it is spoiled.
    """
    suite = suite_of(folder, task)
    random = SystemRandom()
    order: list[Twin | None] = [None, *twins.draw(
        suite.source, prepare(wall, folder, task).spoils, random)]
    random.shuffle(order)
    said = Remarks()
    wrong: list[str] = []
    for place, twin in enumerate(order):
        if twin is None:
            said = suites.judge(wall, folder, task, files, seed)
            if said.failures:
                return said
        elif None in order[place:] or not wrong:
            wrong += _disagreements(wall, folder, task, files, suite, twin)
    return _untrusted(said, wrong[0]) if wrong else said


def _disagreements(wall: Wall, folder: Folder, task: Task,
                   files: Mapping[str, bytes], suite: Suite,
                   twin: Twin) -> list[str]:
    """Return the checks whose outcome is not what the model's is."""
    spoiled = replace(suite, source=twin.source)
    for _ in range(2):  # a busy machine may cost a run its time
        failed, _, ended = run_once(wall, folder, task, spoiled, files,
                                    secrets.token_hex(8))
        if ended is None or ended.cause != "timeout":
            break
    if ended is not None:
        return [suite.checks[-1]]
    return [check for check in suite.checks
            if (check in failed) != (check in twin.fails)]


def _untrusted(said: Remarks, check: str) -> Remarks:
    return replace(said, failures=(Finding(
        dimension="behaviour", check=check.split(".")[1], cause="untrusted",
        message="the result of this check does not depend on what the code "
                "does, so it cannot be believed: a person should look"),))


# Preparing

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
                doubt = _find(wall, folder, task, suite)
                _write(path, doubt)
            _prepared[place] = doubt
    return _prepared[place]


def _find(wall: Wall, folder: Folder, task: Task, suite: Suite) -> Doubt:
    """Try on the model what fails when what is spoiled."""
    files = model_files(folder)

    def fails(edits: Sequence[Edit]) -> frozenset[str]:
        spoiled = replace(suite, source=twins.apply(suite.source, edits))
        failed, _, ended = run_once(wall, folder, task, spoiled, files,
                                    secrets.token_hex(8))
        if ended is not None:
            return frozenset()
        return failed

    failed, observing, ended = run_once(wall, folder, task, suite, files,
                                        secrets.token_hex(8))
    if failed or ended is not None:
        raise GraderError(f"{task.id}: the model does not pass its suite",
                          "grade lint says where")
    found = expectations.edits(suite.source, SystemRandom())
    spoils: list[Spoil] = []
    for edit in found.pop("")[:SHARED]:
        if failed := fails([edit]):
            spoils.append(Spoil(edit, failed))
    for place in range(PER_CHECK):
        some = {check: edits[place] for check, edits in found.items()
                if place < len(edits)}
        failed = fails(list(some.values())) if some else frozenset()
        spoils += [Spoil(edit, frozenset([check]))
                   for check, edit in some.items() if check in failed]
    # Twice, since a check may draw its inputs afresh, or affect another.
    spoils = [each for each in spoils if fails([each.edit]) == each.fails]
    owned = frozenset().union(*(each.fails for each in spoils
                                if len(each.fails) == 1))
    return Doubt(observing=observing, spoils=tuple(
        each for each in spoils
        if len(each.fails) == 1 or not each.fails <= owned))


def _key(folder: Folder, task: Task, suite: Suite) -> str:
    """Return a name for everything that what is found depends on."""
    parts = [sys.version.encode(), task.file.encode(), suite.source.encode()]
    code = [*Path(kit.__file__).parent.rglob("*.py"), Path(__file__),
            Path(expectations.__file__), Path(reach.__file__)]
    parts += [path.read_bytes() for path in sorted(code)]
    for name, content in sorted(model_files(folder).items()):
        parts += [name.encode(), content]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:24]


def _read(path: Path) -> Doubt | None:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Doubt(observing=frozenset(data["observing"]), spoils=tuple(
            Spoil(Edit(**each["edit"]), frozenset(each["fails"]))
            for each in data["spoils"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(path: Path, doubt: Doubt) -> None:
    """Keep it on disk, if the disk lets us."""
    data = {"observing": sorted(doubt.observing), "spoils": [
        {"edit": asdict(each.edit), "fails": sorted(each.fails)}
        for each in doubt.spoils]}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            json.dump(data, file)
    except OSError:
        pass
