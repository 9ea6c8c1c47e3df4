"""Writes the report on a submission, as text or as JSON.

The JSON data are the source of all other formats.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from grader.findings.finding import Finding
from grader.grading.verdict import FAIL, PASS, Report, TaskVerdict
from grader.library.library import Task
from grader.report import advice, explain
from grader.submission.submission import Submission
from grader.terminal import BOLD, DIM, GREEN, RED, YELLOW, paint, safe, wrapped

WIDTH = 80
_INDENT = 8
_ROOM = WIDTH - _INDENT
# The most failures of each dimension in a report on one task; on several,
# each dimension has one.
_MOST = 10
_HINTED = ("wrong", "timeout", "output")
_COLOURS = {"pass": GREEN, "fail": RED, "error": YELLOW}


def as_data(report: Report) -> dict[str, Any]:
    """Return version 1 of the JSON format."""
    return {
        "version": 1, "submission": safe(report.submission, 200),
        "library": report.library, "python": report.python,
        "isolation": report.isolation,
        "seconds": round(report.seconds, 3),
        "score": {"points": report.points, "max": report.max_points},
        "tasks": [_task(each) | _found(report, each.task.folder)
                  for each in report.tasks],
    } | ({"caution": report.caution} if report.caution else {})


def _task(verdict: TaskVerdict) -> dict[str, Any]:
    task = verdict.task
    return {
        "folder": task.folder, "number": task.number, "file": task.file,
        "title": task.title, "status": verdict.status,
        "points": verdict.points, "max_points": task.points,
        "seconds": round(verdict.seconds, 3),
        "dimensions": dict(verdict.dimensions),
        "failures": [_failure(each, task) for each in verdict.failures],
        "advice": [safe(each) for each in verdict.advice],
    } | _catches(verdict)


def _found(report: Report, folder: str) -> dict[str, str]:
    """Return the folder's name in the submission, if it differs."""
    if folder not in report.found:
        return {}
    return {"found": safe(report.found[folder], 200)}


def _catches(verdict: TaskVerdict) -> dict[str, Any]:
    """Return what caught each fault, if learners' tests were judged."""
    if not verdict.catches:
        return {}
    return {"catches": {fault: [safe(case, 200) for case in cases]
                        for fault, cases in verdict.catches.items()}}


def _failure(finding: Finding, task: Task) -> dict[str, Any]:
    return {
        "dimension": finding.dimension, "check": finding.check,
        "cause": finding.cause, "message": safe(finding.message),
        "call": _maybe(finding.call), "expected": _maybe(finding.expected),
        "got": _maybe(finding.got), "line": finding.line,
        "hint": _hint(finding, task),
    } | ({"output": safe(finding.output)} if finding.output else {})


def _hint(finding: Finding, task: Task) -> str:
    """Return the hint on a failure, or "".

    There is none for a file that does not load: a hint is an idea for the
    solution.
    """
    if finding.dimension != "behaviour" or finding.cause not in _HINTED:
        return ""
    return task.check_hints.get(finding.check, (*task.hints, "")[0])


def _maybe(text: str | None) -> str | None:
    return None if text is None else safe(text)


def as_json(report: Report) -> str:
    """Return the JSON form as text."""
    return json.dumps(as_data(report), indent=2, ensure_ascii=False) + "\n"


def as_text(report: Report, colour: bool = False,
            submission: Submission | None = None,
            all_advice: bool = False) -> str:
    """Return the report for people, 80 columns wide.

    With the submission it quotes the lines that failures are about.
    """
    return "\n".join(_lines(report, colour, submission, all_advice)) + "\n"


def _lines(report: Report, colour: bool, submission: Submission | None,
           all_advice: bool) -> Iterator[str]:
    # 1. A block for each folder.
    written = [each for each in report.tasks
               if not _is_unwritten(each, submission)]
    common = {} if all_advice else advice.common(written)
    most = _MOST if len(report.tasks) == 1 else 1
    absent: list[str] = []
    for name, group in groupby(report.tasks, lambda each: each.task.folder):
        verdicts = list(group)
        passed = sum(each.status == PASS for each in verdicts)
        missing = _missing_folder(verdicts)
        # A missing folder gets a block only if its message says more, such
        # as which other name may be meant.
        if missing == f"the folder {name} is not there":
            absent.append(verdicts[0].task.id.rpartition("/")[0])
            continue
        yield paint(f"{name}  {passed} of {len(verdicts)}", BOLD, colour)
        yield from (paint(line, DIM, colour)
                    for line in _taken(name, report, submission))
        if missing:
            first, *more = wrapped(safe(missing), _ROOM)
            yield f"  {paint('fail', RED, colour)}  {first}"
            yield from _indented(more)
        else:
            for verdict in verdicts:
                yield from _verdict_lines(verdict, colour, submission, most)
                if verdict in written:
                    yield from (paint(line, DIM, colour)
                                for text in advice.pieces(
                                    verdict, common, all_advice)
                                for line in _wrapped(text))
        yield ""
    # 2. What concerns the whole submission.
    for remark, number in common.items():
        yield from (paint(line, DIM, colour) for line in wrapped(
            f"advice on {number} tasks: {safe(remark)}", WIDTH))
    if absent:
        yield from wrapped(f"not there: {', '.join(absent)}", WIDTH)
    yield summary(report)
    if report.absent and report.present.tasks:
        yield f"of the folders that are there {_counts(report.present)}"
    yield from (paint(line, YELLOW, colour)
                for line in wrapped(report.caution, WIDTH))


def _taken(name: str, report: Report,
           submission: Submission | None) -> Iterator[str]:
    """Yield a line on the folder that was graded, if its name differs or
    others fit, too."""
    spare = submission.spare.get(name, ()) if submission else ()
    taken = safe(report.found.get(name, name))
    if spare:
        yield from wrapped(f"  taken from {taken}; left alone: "
                           + ", ".join(map(safe, spare)), WIDTH, 2)
    elif taken != name:
        yield from wrapped(f"  taken from {taken}", WIDTH, 2)


def _missing_folder(verdicts: list[TaskVerdict]) -> str | None:
    messages = {each.failures[0].message if each.failures else ""
                for each in verdicts}
    first = messages.pop()
    if not messages and first.startswith("the folder "):
        return first
    return None


def _verdict_lines(verdict: TaskVerdict, colour: bool,
                   submission: Submission | None,
                   most: int) -> Iterator[str]:
    """Yield the lines of a task, with `most` failures of each dimension.
    """
    status = paint(verdict.status, _COLOURS[verdict.status], colour)
    number = f"{verdict.task.number}. " if _shares_file(verdict) else ""
    name = f"  {status}  {number}{verdict.task.file}"
    if _is_unwritten(verdict, submission):
        yield f"{name}: {paint('nothing written yet', DIM, colour)}"
        return
    yield name
    source = submission.text(verdict.task) if submission else ""
    failures = _first_of_each_dimension(verdict, most)
    for place, failure in enumerate(failures):
        if place == 0 or most > 1 and failure.dimension == "behaviour":
            yield from _indented(explain.full(failure, source, _ROOM, colour))
        else:
            yield from _wrapped(explain.sentence(failure))
    if more := _more(verdict, failures, most):
        yield from _wrapped(more)
    if pointer := explain.pointer(verdict):
        yield from (paint(line, DIM, colour) for line in _wrapped(pointer))


def _is_unwritten(verdict: TaskVerdict, submission: Submission | None) -> bool:
    """Return whether nothing in a file is the learner's yet."""
    return (submission is not None and verdict.status == FAIL
            and submission.is_blank(verdict.task))


def _shares_file(verdict: TaskVerdict) -> bool:
    return not verdict.task.file.startswith(f"{verdict.task.number}-")


def _first_of_each_dimension(verdict: TaskVerdict,
                             most: int) -> list[Finding]:
    counts: Counter[str] = Counter()
    first = []
    for failure in verdict.failures:
        counts[failure.dimension] += 1
        if counts[failure.dimension] <= most:
            first.append(failure)
    return first


def _more(verdict: TaskVerdict, shown: Sequence[Finding],
          most: int) -> str | None:
    """Return how many more failures each dimension has, None without any."""
    left = Counter(each.dimension for each in verdict.failures)
    left.subtract(each.dimension for each in shown)
    counts = [f"{count} of {name}" for name, count in left.items() if count]
    if not counts:
        return None
    named = (f"{left.total()} more" if len(verdict.dimensions) == 1
             else f"more: {' and '.join(counts)}")
    return (f"and {named}" if most > 1 else
            f"and {named}; grade check {verdict.task.short} tells all")


def _wrapped(text: str) -> Iterator[str]:
    yield from _indented(wrapped(text, _ROOM))


def _indented(lines: Iterable[str]) -> Iterator[str]:
    yield from (" " * _INDENT + line for line in lines)


def summary(report: Report) -> str:
    """Return the last line: tasks, points, isolation, time.

    If a file does not load, it names Python's version, a possible reason.
    """
    is_broken = any(failure.cause == "broken" for each in report.tasks
                    for failure in each.failures)
    python = f"Python {report.python}; " if is_broken else ""
    return (f"{_counts(report)}; isolation {report.isolation}; "
            f"{python}{report.seconds:.1f} s")


def _counts(report: Report) -> str:
    return (f"{report.count(PASS)} of {len(report.tasks)} tasks pass, "
            f"{report.points:g} of {report.max_points:g} points")
