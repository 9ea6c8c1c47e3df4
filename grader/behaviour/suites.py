"""Runs a task's suite in the wall and decodes what happened."""

from __future__ import annotations

import base64
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from grader.behaviour.checks import (
    Check, Stuck, compare, read_outcome, where_stuck)
from grader.behaviour.suite import Suite, at_end, model_files, suite_of
from grader.finding import Finding
from grader.inside.limits import Limits
from grader.isolation.outcome import Ended, Outcome
from grader.isolation.wall import Wall
from grader.library import Folder, Task
from grader.remarks import Remarks

# After that many runs that ended before their end (a hang costs seconds),
# the checks that are left count as not run.
MAX_BAD_ENDS = 2


def judge(wall: Wall, folder: Folder, task: Task, files: Mapping[str, bytes],
          seed: str) -> Remarks:
    """Judge the behaviour of a submission's folder on one task."""
    return judge_suite(wall, folder, task, suite_of(folder, task), files,
                       seed)


def judge_suite(wall: Wall, folder: Folder, task: Task, suite: Suite,
                files: Mapping[str, bytes], seed: str) -> Remarks:
    """Judge it by the task's suite or a copy of that."""
    checks, seconds = run_checks(wall, folder, task, suite, files, seed)
    # Who forges the results need not have observed what the suite observes.
    if not any(each.finding for each in checks.values()) and (
            suite.observes or any(each.observed for each in checks.values())):
        checks = compare(checks, model_checks(wall, folder, task, seed))
    return Remarks(
        failures=tuple(each.finding for each in checks.values()
                       if each.finding),
        advice=tuple(dict.fromkeys(remark for each in checks.values()
                                   for remark in each.advice)),
        seconds=seconds)


# By folder, suite and seed: a cohort has the same inputs for everybody.
_said_by_models: OrderedDict[tuple[str, str, str], dict[str, Check]] = (
    OrderedDict())
_KEPT = 64


def model_checks(wall: Wall, folder: Folder, task: Task,
                 seed: str) -> dict[str, Check]:
    """Return what came of the checks of a task for its model."""
    suite = suite_of(folder, task)
    place = str(folder.path), suite.source, seed
    said = _said_by_models.get(place)
    if said is None:
        said, _ = run_checks(wall, folder, task, suite, model_files(folder),
                             seed)
        _said_by_models[place] = said
        while len(_said_by_models) > _KEPT:
            _said_by_models.popitem(last=False)
    return said


def run_checks(wall: Wall, folder: Folder, task: Task, suite: Suite,
               files: Mapping[str, bytes],
               seed: str) -> tuple[dict[str, Check], float]:
    """Run every check, in as few runs as the submission's code allows."""
    done: dict[str, Check] = {}
    seconds = 0.0
    bad_ends = 0
    while left := [test for test in suite.checks if test not in done]:
        outcome = _run(wall, folder, task, suite, files, seed, left)
        seconds += outcome.ended.seconds
        finished, culprit, ended = read_outcome(outcome, left)
        done |= at_end(suite, finished)
        if ended is not None:
            bad_ends += 1
            done[culprit] = Check(finding=_bad_end(
                task, culprit, ended, where_stuck(outcome)))
            if bad_ends == MAX_BAD_ENDS or not finished:
                _give_up(done, suite.checks)
    return {test: done[test] for test in suite.checks}, seconds


def run_once(wall: Wall, folder: Folder, task: Task, suite: Suite,
             files: Mapping[str, bytes], seed: str, tests: Sequence[str],
             patience: float = 1.0
             ) -> tuple[dict[str, Check], Ended | None]:
    """Run some checks in one run; return those that came to an end.

    The second is how the run ended, if not by coming to its end; it has
    `patience` times the time that the task gives.
    """
    outcome = _run(wall, folder, task, suite, files, seed, tests, patience)
    checks, _, ended = read_outcome(outcome, tests)
    return at_end(suite, checks), ended


def _run(wall: Wall, folder: Folder, task: Task, suite: Suite,
         files: Mapping[str, bytes], seed: str, tests: Sequence[str],
         patience: float = 1.0) -> Outcome:
    request = _request(folder, task, suite, files, seed)
    limits = Limits.within(patience * task.seconds)
    return wall.run("suite", request | {"tests": list(tests)}, limits)


def _request(folder: Folder, task: Task, suite: Suite,
             files: Mapping[str, bytes], seed: str) -> dict[str, Any]:
    given = {name: (folder.path / name).read_bytes()
             for name in (*folder.given, *folder.props)}
    return {"suite": suite.name, "source": suite.source, "file": task.file,
            "seed": seed, "files": encode(files), "given": encode(given)}


def encode(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return files as JSON data."""
    return {name: base64.b64encode(content).decode()
            for name, content in files.items()}


def _bad_end(task: Task, test: str, ended: Ended, at: Stuck) -> Finding:
    assert ended.cause
    found = Finding(dimension="behaviour", check=test.split(".")[1],
                    cause=ended.cause, message=f"{task.file}: {ended.detail}")
    if ended.cause != "timeout":
        return found
    what = at.call or f"{task.file}: it"
    return replace(
        found, call=at.call, line=at.line, output=at.output,
        message=f"{what} did not finish within {task.seconds:g} seconds")


def _give_up(done: dict[str, Check], tests: Sequence[str]) -> None:
    for test in tests:
        done.setdefault(test, Check(finding=Finding(
            dimension="behaviour", check=test.split(".")[1],
            cause="unfinished",
            message="not run, since the checks before it did not end")))
