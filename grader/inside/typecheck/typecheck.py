"""The types of a submission: every annotation against the model's.

Runs inside the wall, in a process of its own; parses the learner's files
and never runs them.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from grader.inside.failures import failure
from grader.inside.source import Broken
from grader.inside.typecheck import checker
from grader.inside.typecheck.beside import Beside
from grader.inside.typecheck.checker import Blocked, Checked
from grader.inside.typecheck.typejob import Job, prepare
from grader.inside.typecheck.typejudge import Judge

Answer = dict[str, Any]


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Judge request["files"]; the answer holds one entry for each.

    request["beside"] are the learner's own modules, by folder and path.
    An entry has "failures", "advice", the "traits" of what is judged and,
    where nothing can be said about the file, "error". Raises what mypy does
    where it crashes.
    """
    files: dict[str, Answer] = {}
    jobs = []
    beside = {folder: Beside(modules)
              for folder, modules in request["beside"].items()}
    for asked in request["files"]:
        files[asked["id"]] = {}
        try:
            jobs.append(prepare(asked, beside[asked["folder"]]))
        except Broken as error:
            files[asked["id"]] = _broken(error)
    files.update(_judge_all(jobs, request["cache"]))
    return {"files": files}


def _judge_all(jobs: list[Job], cache: str | None) -> dict[str, Answer]:
    """Judge all in one build, or, where that fails, in one build each."""
    if not jobs:
        return {}
    texts = {module: text for job in jobs
             for module, text in job.texts().items()}
    beside = {path: text for job in jobs
              for path, text in job.beside.items()}
    try:
        checked = checker.check(texts, cache, beside)
    except Blocked as blocked:
        if len(jobs) == 1 and beside:
            # Another file is no reason to refuse this one.
            return _judge_all([replace(jobs[0], beside={})], cache)
        if len(jobs) == 1:
            return {jobs[0].id: _blocked(jobs[0], blocked)}
        return {id: answer for job in jobs
                for id, answer in _judge_all([job], cache).items()}
    return {job.id: _judge(job, checked) for job in jobs}


def _judge(job: Job, checked: Checked) -> Answer:
    judge = Judge(job, checked)
    try:
        judge.judge()
    except (RecursionError, MemoryError):
        raise  # The file is too much, as it may be for mypy.
    except Exception as error:
        return _error(f"{type(error).__name__}: {error}")
    return {"failures": judge.failures, "advice": judge.advice,
            "traits": [asdict(each) for each in judge.stands]}


def _blocked(job: Job, blocked: Blocked) -> Answer:
    """Say what blocks mypy: the learner's file, or something of ours."""
    complaints = blocked.complaints[job.learner.module]
    if not complaints:
        return _error(str(blocked))
    last = complaints[-1]
    words = last.message.rpartition("  [")[0] or last.message
    return _broken(Broken(f"line {last.line}: {words}", last.line))


def _broken(error: Broken) -> Answer:
    return {"failures": [failure(error.message, line=error.line,
                                 cause=error.cause)], "advice": []}


def _error(message: str) -> Answer:
    return {"failures": [], "advice": [], "error": message}
