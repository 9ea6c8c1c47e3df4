"""Runs a task's suite in the wall, and judges what it has seen."""

from __future__ import annotations

import base64
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from grader.findings.finding import Finding
from grader.findings.untrusted import Remarks
from grader.inside.limits import Limits
from grader.library.library import Folder, Task
from grader.suites.checks import Seen, Stuck, read_outcome, where_stuck
from grader.suites.judge import Judged, judge as judge_check
from grader.suites.suite import Suite, model_files, suite_of
from grader.wall.forking import Wall
from grader.wall.outcome import Ended, Outcome

# After that many runs that ended before their end (a hang costs seconds),
# the checks that are left count as not run.
MAX_BAD_ENDS = 2
NOT_RUN = "not run, since the checks before it did not end"


def judge(wall: Wall, folder: Folder, task: Task, files: Mapping[str, bytes],
          seed: str) -> Remarks:
    """Judge the behaviour of a submission's folder on one task."""
    suite = suite_of(folder, task)
    seen, seconds = look(wall, folder, task, files, seed)
    judged = compare(suite, seen, seed)
    # What fixed inputs show wrong is said first, and always the same.
    if suite.observes and not any(e.finding for e in judged.values()):
        judged = compare(suite, seen, seed,
                         of_model(wall, folder, task, seed))
    failures = [each.finding for each in judged.values() if each.finding]
    untold = next((each for each in failures if each.cause == "unfinished"
                   and each.message != NOT_RUN), None)
    if untold:
        # What comes after it comes of the same wrong guess.
        del failures[failures.index(untold):]
    return Remarks(
        failures=tuple(failures), error=untold.message if untold else None,
        advice=tuple(dict.fromkeys(
            remark for each in judged.values() for remark in each.advice)),
        traits=tuple(found for each in seen.values()
                     for found in each.called),
        seconds=seconds)


def compare(suite: Suite, seen: Mapping[str, Seen], seed: str,
            model: Mapping[str, Seen] | None = None) -> dict[str, Judged]:
    """Judge every check by what it has seen, and by what it saw of a model.
    """
    return {test: judge_check(suite, test, seed, each,
                              None if model is None else model[test].looks)
            for test, each in seen.items()}


# By folder, suite and seed: submissions in a row have the same inputs.
_of_models: OrderedDict[tuple[str, str, str], dict[str, Seen]] = OrderedDict()
_KEPT = 64


def of_model(wall: Wall, folder: Folder, task: Task,
             seed: str) -> dict[str, Seen]:
    """Return what the checks of a task see of its model."""
    suite = suite_of(folder, task)
    place = str(folder.path), suite.name, seed
    seen = _of_models.get(place)
    if seen is None:
        seen, _ = look(wall, folder, task, model_files(folder), seed)
        _of_models[place] = seen
        while len(_of_models) > _KEPT:
            _of_models.popitem(last=False)
    return seen


def look(wall: Wall, folder: Folder, task: Task, files: Mapping[str, bytes],
         seed: str) -> tuple[dict[str, Seen], float]:
    """Run every check, in as few runs as the submission's code allows.

    Returns what each has seen, and the seconds that it took.
    """
    suite = suite_of(folder, task)
    done: dict[str, Seen] = {}
    seconds = 0.0
    bad_ends = 0
    while left := [test for test in suite.checks if test not in done]:
        outcome = _run(wall, folder, task, suite, files, seed, left)
        seconds += outcome.ended.seconds
        finished, culprit, ended = read_outcome(outcome, left)
        done |= finished
        if ended is not None:
            bad_ends += 1
            done[culprit] = Seen(problem=_bad_end(
                task, culprit, ended, where_stuck(outcome)))
            if bad_ends == MAX_BAD_ENDS or not finished:
                _give_up(done, suite.checks)
    return {test: done[test] for test in suite.checks}, seconds


def _run(wall: Wall, folder: Folder, task: Task, suite: Suite,
         files: Mapping[str, bytes], seed: str,
         tests: Sequence[str]) -> Outcome:
    given = {name: (folder.path / name).read_bytes()
             for name in (*folder.given, *folder.props)}
    request: dict[str, Any] = {
        "suite": suite.name, "source": suite.inside, "file": task.file,
        "seed": seed, "files": encode(files), "given": encode(given),
        "tests": list(tests), "variants": suite.variants}
    return wall.run("suite", request, Limits.within(task.seconds))


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


def _give_up(done: dict[str, Seen], tests: Sequence[str]) -> None:
    for test in tests:
        done.setdefault(test, Seen(problem=Finding(
            dimension="behaviour", check=test.split(".")[1],
            cause="unfinished",
            message=NOT_RUN)))
