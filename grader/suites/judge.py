"""Judges one check: runs it again outside the wall, on its observations.

The check's own code compares here, and words what is wrong. The submission
is not in this process: in place of its results the check gets those that
were recorded inside the wall.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grader.findings.finding import Finding
from grader.findings.untrusted import Untrustworthy, finding, text
from grader.kit.case import TaskCase
from grader.kit.exceptions import describe
from grader.kit.failure import Failure
from grader.kit.live import Reported
from grader.kit.transcript import Mismatched, Replay
from grader.suites.checks import Observed
from grader.suites.suite import Suite


@dataclass(frozen=True, kw_only=True)
class Judged:
    """The verdict on one check: `finding` is None if it passes."""

    finding: Finding | None
    advice: tuple[str, ...]


def judge(suite: Suite, test: str, seed: str, seen: Observed,
          model: Sequence[Any] | None = None) -> Judged:
    """Judge one check, named "Class.method", by what it has observed.

    `model` is what it observed on the model with the same seed. Without it
    every observation that needs the model counts as right.
    """
    replay = Replay(seen.entries, model)
    problem = _problem(suite, test, seed, replay)
    return Judged(finding=_finding(test, seen, replay, problem),
                  advice=(*seen.advice, *map(text, replay.advice)))


def _finding(test: str, seen: Observed, replay: Replay,
             problem: BaseException | None) -> Finding | None:
    if problem is None and seen.problem is None and replay.is_over():
        return None
    if problem is None or isinstance(problem, (Reported, Mismatched)):
        return seen.problem or _untrusted(test)
    parts = _parts(problem) | {"output": replay.output}
    try:
        return finding(parts, "behaviour", test.split(".")[1])
    except Untrustworthy:
        return _untrusted(test)


def _problem(suite: Suite, test: str, seed: str,
             replay: Replay) -> BaseException | None:
    """Run a check on a replay; return the exception it raises, or None."""
    class_name, method = test.split(".")
    case: TaskCase = getattr(suite.module, class_name)(method)
    case.transcript, case.seed = replay, seed
    case.variants = suite.variants
    try:
        case.setUp()
        getattr(case, method)()
    except (Exception, Reported) as error:
        return error
    return None


def _parts(problem: BaseException) -> dict[str, Any]:
    if isinstance(problem, Failure):
        return {"cause": problem.cause, "message": problem.message,
                "call": problem.call, "expected": problem.expected,
                "got": problem.got, "line": problem.line}
    what = (str(problem) if isinstance(problem, AssertionError) else
            f"what came back cannot be checked: {describe(problem)}")
    return {"cause": "wrong", "message": what}


def _untrusted(test: str) -> Finding:
    return Finding(dimension="behaviour", check=test.split(".")[1],
                   cause="untrusted", message=Mismatched().message)
