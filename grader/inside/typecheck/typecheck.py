"""The job "typecheck": judges the types of a submission's files with mypy.

It runs inside the wall, in a process of its own. It parses the learner's
files and never runs them.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from grader.inside.source import Broken
from grader.inside.toolfailure import failure
from grader.inside.typecheck import checker
from grader.inside.typecheck.checker import Blocked, Checked
from grader.inside.typecheck.localmodules import LocalModules
from grader.inside.typecheck.staging import StagedFile, stage
from grader.inside.typecheck.typejudge import Judge

Answer = dict[str, Any]


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Judge request["files"]; return {"files": entries by id}.

    request["beside"] are the learner's own modules, by folder and path. An
    entry has "failures", "advice", the "traits" of judged definitions and,
    if the file could not be judged, "error". Raises what mypy raises where
    it crashes.
    """
    files: dict[str, Answer] = {}
    staged = []
    beside = {folder: LocalModules(modules)
              for folder, modules in request["beside"].items()}
    for entry in request["files"]:
        files[entry["id"]] = {}
        try:
            staged.append(stage(entry, beside[entry["folder"]]))
        except Broken as error:
            files[entry["id"]] = _broken(error)
    files.update(_judge_all(staged, request["cache"]))
    return {"files": files}


def _judge_all(staged: list[StagedFile],
               cache: str | None) -> dict[str, Answer]:
    """Judge all files in one build or, where that is blocked, one by one.

    One build of all takes about as long as one build of one file.
    """
    if not staged:
        return {}
    texts = {module: text for file in staged
             for module, text in file.texts().items()}
    beside = {path: text for file in staged
              for path, text in file.beside.items()}
    try:
        checked = checker.check(texts, cache, beside)
    except Blocked as blocked:
        if len(staged) == 1 and beside:
            # A module that the file imports may be what blocks mypy.
            return _judge_all([replace(staged[0], beside={})], cache)
        if len(staged) == 1:
            return {staged[0].id: _blocked(staged[0], blocked)}
        return {id: answer for file in staged
                for id, answer in _judge_all([file], cache).items()}
    return {file.id: _judge(file, checked) for file in staged}


def _judge(file: StagedFile, checked: Checked) -> Answer:
    judge = Judge(file, checked)
    try:
        judge.judge()
    except (RecursionError, MemoryError):
        # The run then counts as lost, as if mypy itself had failed.
        raise
    except Exception as error:
        return _error(f"{type(error).__name__}: {error}")
    return {"failures": judge.failures, "advice": judge.advice,
            "traits": [asdict(each) for each in judge.traits]}


def _blocked(file: StagedFile, blocked: Blocked) -> Answer:
    """Return the entry of a file that blocks mypy, or of a model that does.
    """
    complaints = blocked.complaints[file.learner.module]
    # None about the learner's file: the model, or a variant, blocks mypy.
    if not complaints:
        return _error(str(blocked))
    # The last complaint is the one that mypy stopped at.
    last = complaints[-1]
    words = last.message.rpartition("  [")[0] or last.message
    return _broken(Broken(f"line {last.line}: {words}", last.line))


def _broken(error: Broken) -> Answer:
    return {"failures": [failure(error.message, line=error.line,
                                 cause=error.cause)], "advice": []}


def _error(message: str) -> Answer:
    return {"failures": [], "advice": [], "error": message}
