"""What each spoil of a suite does, found out on the model and kept.

It is tried once per library and Python, since a whole cohort is held
against the same.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from grader import kit
from grader.behaviour import (
    edits, expectations, literals, reach, trials, twins,
)
from grader.behaviour.edits import Edit, Kind
from grader.behaviour.suite import Suite, model_files, suite_of
from grader.behaviour.trials import Model, find
from grader.behaviour.twins import Shown, Spoil
from grader.files import cache_home, replacing
from grader.isolation.wall import Wall
from grader.library import Folder, Task


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
                model = Model(wall, folder, task, suite)
                spoils, observing = find(model, task.blind)
                doubt = Doubt(spoils=tuple(spoils), observing=observing)
                if model.is_sure:
                    _write(path, doubt)
            _prepared[place] = doubt
    return _prepared[place]


def _key(folder: Folder, task: Task, suite: Suite) -> str:
    """Return a name for everything that what is found depends on."""
    parts = [text.encode() for text in (
        sys.version, task.file, suite.source, *sorted(task.blind))]
    code = sorted(Path(kit.__file__).parent.rglob("*.py"))
    parts += [path.read_bytes() for path in code]
    parts += [inspect.getsource(module).encode() for module in
              (edits, expectations, literals, reach, trials, twins,
               sys.modules[__name__])]
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
