"""Runs learners' tests on versions of the given code.

A round is one run of the tests on one version.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from grader.inside.learnertests.bodyserver import BodyServer
from grader.inside.limits import Limits
from grader.inside.source import encode
from grader.learnertests import instruments
from grader.learnertests.faults import Fault
from grader.learnertests.testrun import TestRun, read_run
from grader.learnertests.versions import Version
from grader.library.library import Folder, Task
from grader.wall.forking import Wall

ROUNDS_AT_A_TIME = 2


@dataclass(frozen=True, kw_only=True, eq=False)
class Round:
    """One run of the tests, with the faults of its version of the code.

    Without faults the code is right. `called` are the places of the given
    functions that the run called (trusted), None if that is not known.
    """

    faults: tuple[Fault, ...]
    request: Mapping[str, Any]
    result: TestRun
    called: frozenset[str] | None

    def can_show(self, fault: Fault) -> bool:
        """Return whether the run called a function that a fault changes."""
        return (self.called is None
                or not self.called.isdisjoint(fault.bodies))


def methods(task: Task) -> tuple[str, ...]:
    """Return the demanded methods of a task, without demanded classes."""
    return tuple(each for each in task.methods if "." in each)


def run_all(wall: Wall, folder: Folder, tasks: Sequence[Task],
            files: Mapping[str, bytes], versions: Sequence[Version],
            random: Random) -> list[Round]:
    """Run the tests of several tasks of one file on some versions.

    After a round that was stopped or crashed no other is started.
    """
    limits = Limits.within(max(task.seconds for task in tasks))
    is_over = threading.Event()

    def run(version: Version, request: dict[str, Any]) -> Round | None:
        if is_over.is_set():
            return None
        outcome = wall.run("learnertests", request, limits,
                           bodies=BodyServer(version.kept))
        result = read_run(outcome, request["methods"])
        if result.ended.cause or result.broken and not version.faults:
            is_over.set()
        return Round(faults=version.faults, request=request, result=result,
                     called=outcome.called)

    requests = [request_for(folder, tasks, files, each, random)
                for each in versions]
    with ThreadPoolExecutor(ROUNDS_AT_A_TIME) as pool:
        return list(filter(None, pool.map(run, versions, requests)))


def request_for(folder: Folder, tasks: Sequence[Task],
                files: Mapping[str, bytes], version: Version,
                random: Random) -> dict[str, Any]:
    """Return the request for one run; it does not show which faults are on.
    """
    file = tasks[0].file
    request: dict[str, Any] = {
        "file": file, "files": _files(files, version.files),
        "methods": [each for task in tasks for each in methods(task)],
        "given": version.files, "code": version.code}
    for each in (each for task in tasks for each in task.methods):
        if "." not in each:
            request["scaffold"] = {
                "module": folder.instruments} | instruments.of(
                    folder).request(each, files[file], random)
    return request


def _files(files: Mapping[str, bytes],
           given: Mapping[str, str]) -> dict[str, str]:
    """Return a submission's files, without copies of given modules."""
    names = {Path(name).stem for name in given}
    return {name: encode(content) for name, content in files.items()
            if name.partition("/")[0].removesuffix(".py") not in names}
