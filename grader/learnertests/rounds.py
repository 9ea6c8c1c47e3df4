"""A learner's tests, run on every version of the given code."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from grader.inside.limits import Limits
from grader.inside.source import encode
from grader.isolation.wall import Wall
from grader.learnertests import scaffolds, versions
from grader.learnertests.faults import Fault
from grader.learnertests.testrun import TestRun, read_run
from grader.library import Folder, Task

GIVEN_ROUNDS = 2
ROUNDS_AT_A_TIME = 2


@dataclass(frozen=True, kw_only=True)
class Round:
    """One run, with what was in it; no fault means the given code."""

    fault: Fault | None
    request: Mapping[str, Any]
    said: TestRun


def methods(task: Task) -> tuple[str, ...]:
    """Return the demanded methods; a class alone is about its scaffold."""
    return tuple(each for each in task.methods if "." in each)


def run_all(wall: Wall, folder: Folder, task: Task,
            files: Mapping[str, bytes], random: Random) -> list[Round]:
    """Run the test on every version of the code, in random order.

    A run that cannot be had is not waited for again: the rest is left.
    """
    order = [None] * GIVEN_ROUNDS + list(versions.faults_of(folder, task))
    random.shuffle(order)
    limits = Limits.within(task.seconds)
    requests = [request_for(folder, task, files, fault, random)
                for fault in order]
    done: list[Round] = []
    with ThreadPoolExecutor(ROUNDS_AT_A_TIME) as pool:
        outcomes = pool.map(
            lambda request: wall.run("learnertests", request, limits),
            requests)
        for fault, request, outcome in zip(order, requests, outcomes):
            said = read_run(outcome, request["methods"])
            done.append(Round(fault=fault, request=request, said=said))
            if said.ended.cause or fault is None and said.broken:
                pool.shutdown(cancel_futures=True)
                break
    return done


def request_for(folder: Folder, task: Task, files: Mapping[str, bytes],
                fault: Fault | None, random: Random) -> dict[str, Any]:
    """Return what the wall is asked to run; it names no fault."""
    request = _files(task, files) | {
        "methods": list(methods(task)),
        "given": versions.version(folder, task, fault, random),
        "shown": versions.shown(folder, random)}
    for each in task.methods:
        if "." not in each:
            request["scaffold"] = scaffolds.request(
                each, files[task.file], random)
    return request


def _files(task: Task, files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the submission's files, but none that passes for Python's."""
    return {"file": task.file, "files": {
        name: encode(content) for name, content in files.items()
        if Path(name).stem not in sys.stdlib_module_names}}
