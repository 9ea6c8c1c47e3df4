"""Runs a task's suite in the wall and decodes what happened."""

from __future__ import annotations

import ast
import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from grader.finding import Finding
from grader.inside.limits import Limits
from grader.kit.difference import wording
from grader.kit.values import same, show, unpack
from grader.library import CHECKS, Folder, Task
from grader.remarks import (
    Remarks, Untrustworthy, entries, finding, text)
from grader.wall import Ended, Outcome, Wall

# After that many runs that ended before their end (a hang costs seconds),
# the checks that are left count as not run.
MAX_BAD_ENDS = 2


@dataclass(frozen=True, kw_only=True)
class Suite:
    """A suite's source and its checks ("Class.method") in file order."""

    name: str
    source: str
    checks: tuple[str, ...]

    @property
    def observes(self) -> bool:
        """Tell whether a check holds results against the model's."""
        return ".observe(" in self.source


@dataclass(frozen=True, kw_only=True)
class Check:
    """What came of one check; `finding` is None if it passed."""

    finding: Finding | None
    observed: tuple[tuple[str, Any], ...] = ()
    advice: tuple[str, ...] = ()


@cache
def read_suite(path: Path) -> Suite:
    """Read a suite; the grader itself knows which checks it holds."""
    source = path.read_text(encoding="utf-8")
    return Suite(name=path.stem, source=source,
                 checks=tuple(manifest(source)))


def manifest(source: str) -> list[str]:
    """Return "Class.method" for every check in a suite's source."""
    return [f"{node.name}.{item.name}"
            for node in ast.parse(source).body
            if isinstance(node, ast.ClassDef)
            for item in node.body
            if isinstance(item, ast.FunctionDef)
            and item.name.startswith("test_")]


def suite_of(folder: Folder, task: Task) -> Suite:
    """Return the suite of a task."""
    return read_suite(folder.path / CHECKS / task.suite)


def judge(wall: Wall, folder: Folder, task: Task, files: Mapping[str, bytes],
          seed: str) -> Remarks:
    """Judge the behaviour of a submission's folder on one task."""
    suite = suite_of(folder, task)
    checks, seconds = run_checks(wall, folder, task, suite, files, seed)
    # Who forges the results need not have observed what the suite observes.
    if not any(each.finding for each in checks.values()) and (
            suite.observes or any(each.observed for each in checks.values())):
        checks = compare(checks, lambda: run_checks(
            wall, folder, task, suite, model_files(folder), seed)[0])
    return Remarks(
        failures=tuple(each.finding for each in checks.values()
                       if each.finding),
        advice=tuple(dict.fromkeys(remark for each in checks.values()
                                   for remark in each.advice)),
        seconds=seconds)


def model_files(folder: Folder) -> dict[str, bytes]:
    """Return the library's own files of a folder, models included."""
    return {path.name: path.read_bytes() for path in folder.path.iterdir()
            if path.is_file() and path.suffix in (".py", ".csv")}


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
        done |= finished
        if ended is not None:
            bad_ends += 1
            done[culprit] = Check(finding=_bad_end(task, culprit, ended))
            if bad_ends == MAX_BAD_ENDS or not finished:
                _give_up(done, suite.checks)
    return {test: done[test] for test in suite.checks}, seconds


def run_once(wall: Wall, folder: Folder, task: Task, suite: Suite,
             files: Mapping[str, bytes], seed: str
             ) -> tuple[frozenset[str], frozenset[str], Ended | None]:
    """Run every check in one run; return which failed, which observed.

    The third is how the run ended, if not by coming to its end.
    """
    outcome = _run(wall, folder, task, suite, files, seed, suite.checks)
    checks, _, ended = read_outcome(outcome, suite.checks)
    failed = frozenset(test for test, each in checks.items() if each.finding)
    observing = frozenset(test for test, each in checks.items()
                          if each.observed)
    return failed, observing, ended


def _run(wall: Wall, folder: Folder, task: Task, suite: Suite,
         files: Mapping[str, bytes], seed: str,
         tests: Sequence[str]) -> Outcome:
    request = _request(folder, task, suite, files, seed)
    limits = Limits.within(task.seconds)
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


def read_outcome(outcome: Outcome, tests: Sequence[str]
                 ) -> tuple[dict[str, Check], str, Ended | None]:
    """Return the finished checks, and which one ended the run and how.

    Nothing the run wrote is believed beyond its form: the checks must be
    those asked for, in order, each once, followed by "done".
    """
    done: dict[str, Check] = {}
    ended = outcome.ended
    try:
        complete = _read_messages(outcome.messages, tests, done)
    except (Untrustworthy, KeyError):
        complete = False
        ended = Ended(cause="output", detail="it wrote nonsense where "
                                             "results belong")
    if complete and ended.cause is None and len(done) == len(tests):
        return done, "", None
    culprit = tests[min(len(done), len(tests) - 1)]
    if ended.cause is None:
        ended = Ended(cause="exited", detail="it ended the whole program")
    return done, culprit, ended


def _read_messages(messages: Sequence[dict[str, Any]], tests: Sequence[str],
                   done: dict[str, Check]) -> bool:
    queue = iter(tests)
    for message in messages:
        if message == {"done": True}:
            return message is messages[-1]
        if message.keys() == {"start"}:
            continue
        if "crash" in message:
            return False
        test = next(queue, None)
        if test is None or message.get("check") != test:
            raise Untrustworthy("a check that was not asked for")
        done[test] = _check(message, test)
    return False


def _check(message: dict[str, Any], test: str) -> Check:
    passed = message["outcome"] == "pass"
    observed = [_pair(each) for each in entries(message["observed"])]
    return Check(
        finding=None if passed else finding(message, "behaviour",
                                            test.split(".")[1]),
        observed=tuple(observed),
        advice=tuple(map(text, entries(message["advice"]))))


def _pair(data: object) -> tuple[str, Any]:
    if not isinstance(data, list) or len(data) != 2:
        raise Untrustworthy("an observation is a call and its result")
    return text(data[0]), data[1]


def _bad_end(task: Task, test: str, ended: Ended) -> Finding:
    assert ended.cause
    detail = (f"it did not finish within {task.seconds:g} seconds"
              if ended.cause == "timeout" else ended.detail)
    return Finding(dimension="behaviour", check=test.split(".")[1],
                   cause=ended.cause, message=f"{task.file}: {detail}")


def _give_up(done: dict[str, Check], tests: Sequence[str]) -> None:
    for test in tests:
        done.setdefault(test, Check(finding=Finding(
            dimension="behaviour", check=test.split(".")[1],
            cause="unfinished",
            message="not run, since the checks before it did not end")))


def compare(checks: dict[str, Check],
            model: Callable[[], dict[str, Check]]) -> dict[str, Check]:
    """Hold what was observed against what the model does on the same."""
    right = model()
    return {test: _compare(each, right[test].observed, test)
            for test, each in checks.items()}


def _compare(check: Check, right: Sequence[tuple[str, Any]],
             test: str) -> Check:
    method = test.split(".")[1]
    if len(check.observed) != len(right):
        return Check(finding=Finding(
            dimension="behaviour", check=method, cause="untrusted",
            message="the results do not belong to the calls made"))
    for (call, value), (_, expected) in zip(check.observed, right):
        try:
            got, wanted = unpack(value), unpack(expected)
            agrees = same(wanted, got)
        except (ValueError, RecursionError):
            got, wanted, agrees = "nonsense", expected, False
        if not agrees:
            return Check(finding=Finding(
                dimension="behaviour", check=method, cause="wrong",
                message=wording(wanted, got, call),
                call=call, expected=show(wanted), got=show(got)))
    return check
