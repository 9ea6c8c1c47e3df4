"""The versions of the given code that tests are run on."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from random import Random

from grader.inside.source import encode
from grader.learnertests import noise
from grader.learnertests.faults import MUTANTS, Fault, read_faults
from grader.library import CHECKS, Folder, Task

# Spelling costs milliseconds, so that a process keeps this many of each.
SPELLINGS = 16

_SALT = secrets.token_hex(8)

Given = Mapping[str, str]


def faults_of(folder: Folder, task: Task) -> tuple[Fault, ...]:
    """Return the faults that a task's tests must catch."""
    return tuple(fault for fault in read_faults(folder.path / CHECKS / MUTANTS)
                 if fault.task == task.number)


def version(folder: Folder, task: Task, fault: Fault | None,
            random: Random) -> Given:
    """Return the given files in base64, with a fault or without any.

    Without, the code is right, but has the body of some fault in it.
    """
    faults = faults_of(folder, task)
    inert = random.choice(faults).name if faults else None
    return _version(folder.path, folder.given, fault.name if fault else inert,
                    fault is not None, random.randrange(SPELLINGS))


def shown(folder: Folder, random: Random) -> Given:
    """Return the given files in base64, for whoever reads them."""
    return _version(folder.path, folder.given, None, False,
                    random.randrange(SPELLINGS))


@lru_cache(maxsize=4096)
def _version(path: Path, names: tuple[str, ...], fault: str | None,
             is_on: bool, number: int) -> Given:
    random = Random(f"{_SALT} {fault} {is_on} {number}")
    texts = _texts(path, names)
    for each in read_faults(path / CHECKS / MUTANTS):
        if each.name == fault:
            texts = each.apply(texts, is_on, random)
    return {name: encode(noise.respell(text, random).encode())
            for name, text in texts.items()}


@cache
def _texts(path: Path, names: tuple[str, ...]) -> Given:
    return {name: (path / name).read_text(encoding="utf-8")
            for name in names}
