"""Runs twins beside the genuine suite: a pass stands if all agree."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from random import SystemRandom

from grader.behaviour import drawing, suites, twins
from grader.behaviour.checks import untrusted
from grader.behaviour.doubt import prepare
from grader.behaviour.edits import Copy, copied
from grader.behaviour.suite import Suite, suite_of
from grader.behaviour.suites import run_once
from grader.behaviour.twins import Twin
from grader.isolation.wall import Wall
from grader.library import Folder, Task
from grader.remarks import Remarks

# How much more time a run gets that took too long: nobody is to be accused
# of the machine's other work.
PATIENCE = 3.0


def judge(wall: Wall, folder: Folder, task: Task, files: Mapping[str, bytes],
          seed: str) -> Remarks:
    """Judge as suites.judge does, and believe a pass only with its twins.

    They come in random order and nothing tells them apart, so it takes
    the right answers to fail each where, and only where, it is spoiled.
    """
    suite = suite_of(folder, task)
    order = drawing.draw(suite.checks, prepare(wall, folder, task).spoils,
                         SystemRandom())
    said: Remarks | None = None
    wrong: list[str] = []
    for twin in order:
        if twin.is_genuine:
            said = suites.judge_suite(wall, folder, task,
                                      _as_suite(suite, _copy(suite, twin)),
                                      files, seed)
            if said.failures:
                return said
        elif said is None or not wrong:
            wrong += _disagreements(wall, folder, task, files, suite, twin)
    assert said is not None
    return replace(said, failures=(untrusted(wrong[0]),)) if wrong else said


def _disagreements(wall: Wall, folder: Folder, task: Task,
                   files: Mapping[str, bytes], suite: Suite,
                   twin: Twin) -> list[str]:
    """Return the checks whose outcome is not what the model's is."""
    copy = _copy(suite, twin)
    for patience in (1.0, PATIENCE):
        done, ended = run_once(wall, folder, task, _as_suite(suite, copy),
                               files, secrets.token_hex(8), twin.tests,
                               patience)
        if ended is None or ended.cause != "timeout":
            break
    if ended is not None:
        return list(twin.tests[-1:])
    return [test for test in twin.tests
            if not twin.is_agreed(test, copy.as_before(done[test]))]


def _copy(suite: Suite, twin: Twin) -> Copy:
    """Return a copy of a suite, moved down so that no place is known."""
    return copied(f"{suite.name}.py", suite.source, twin.edits,
                  secrets.randbelow(twins.PLACES), twin.ends)


def _as_suite(suite: Suite, copy: Copy) -> Suite:
    return replace(suite, source=copy.source, ends=copy.ends)
