"""Judges learners' tests: by what they accept, and by what they catch.

A test must pass on the given code and fail on every fault of its task. The
versions of the code come in random order, and only calling a function shows
a run whether it is right: see grader.inside.learnertests.bodyserver.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from random import Random

from grader.findings.finding import Finding
from grader.findings.untrusted import Remarks
from grader.inside.limits import Limits
from grader.inside.source import encode
from grader.learnertests import instruments, messages, replaced
from grader.learnertests.evidence import Evidence, finding, passes
from grader.learnertests.faults import faults_of
from grader.learnertests.rounds import methods, run_all
from grader.library.library import CHECKS, Folder, Task
from grader.wall.forking import Wall

FORM = "form.toml"
# These two rules of form are no advice, but explain a failure.
_NO_ASSERT = "assert_statement"
_HIDDEN = "one_class"

# A test is judged by at least that many rounds with the right code, and that
# many with a fault. One that decides by chance is right in all of them once
# in 4 ** LEAST cases.
LEAST = 5


def judge(wall: Wall, folder: Folder, task: Task, files: Mapping[str, bytes],
          seed: str) -> Remarks:
    """Judge the tests that one task demands of a submission's folder.

    `files` are the folder's files by name, `seed` decides the order of the
    rounds. The remarks have `catches` only if the tests could be run.
    """
    return judge_together(wall, folder, [task], files, seed)[task.id]


def judge_together(wall: Wall, folder: Folder, tasks: Sequence[Task],
                   files: Mapping[str, bytes], seed: str
                   ) -> dict[str, Remarks]:
    """Judge several tasks of one file in the same rounds, by id.

    Their tests are about different code. If the tests of another task may
    have had an influence, a task is judged again, alone.
    """
    random = Random(f"{seed} {[task.id for task in tasks]}")
    rounds = run_all(wall, folder, tasks, files, LEAST, random)
    share = sum(run.result.ended.seconds for run in rounds) / len(tasks)
    result: dict[str, Remarks] = {}
    for task in tasks:
        evidence = Evidence(task=task, faults=faults_of(folder, task),
                            rounds=rounds, known=instruments.of(folder))
        result[task.id] = (
            _of_own_files(wall, folder, files, evidence, _remarks(
                wall, folder, evidence, files[task.file], share))
            if len(tasks) == 1 or evidence.is_independent
            else judge(wall, folder, task, files, seed))
    return result


def _of_own_files(wall: Wall, folder: Folder, files: Mapping[str, bytes],
                  evidence: Evidence, remarks: Remarks) -> Remarks:
    """Add to failures that they come from given files that were changed."""
    failing = [each for each in remarks.failures if evidence.is_of_right(each)]
    own = replaced.own_copies(folder, files) if failing else []
    if not own:
        return remarks
    run = replaced.run_with_own(wall, folder, evidence.task, files, own,
                                Random())
    passing = [each for each in failing if passes(run, each)]
    return replace(remarks, failures=tuple(
        replace(each, message=each.message + replaced.remark(own))
        if each in passing else each for each in remarks.failures))


def _remarks(wall: Wall, folder: Folder, evidence: Evidence,
             content: bytes, seconds: float) -> Remarks:
    task = evidence.task
    unusable = evidence.unusable()
    if failures := [unusable] if unusable else evidence.scaffold():
        return Remarks(failures=tuple(failures), seconds=seconds)
    form = _form(wall, folder.path / CHECKS / FORM, task.file, content,
                 tuple(method for each in folder.tasks
                       if each.file == task.file for method in each.methods))
    rules = dict.fromkeys(rule for each in task.methods
                          for rule in form[each])
    return Remarks(seconds=seconds, advice=messages.form(list(rules)),
                   catches=evidence.catches(), failures=tuple(
                       failure for each in methods(task)
                       for failure in _failures(
                           evidence, each, form[each], content)))


def _failures(evidence: Evidence, method: str, form: Sequence[str],
              content: bytes) -> Iterator[Finding]:
    """Judge one demanded method; yield at most one failure."""
    if evidence.is_missing(method):
        yield finding(method, "missing",
                      messages.hidden(evidence.task.file, method)
                      if _HIDDEN in form
                      else messages.missing(evidence.task.file, method,
                                            defined_in(content, method)))
    elif trouble := evidence.trouble(method):
        yield trouble
    elif missed := evidence.missed(method):
        blind = (_NO_ASSERT in form
                 and not evidence.makes_assertions(method))
        yield finding(
            method, "wrong",
            messages.asserts_nothing(method) if blind
            else messages.never_runs_code(method, evidence.code(method))
            if evidence.never_runs(method)
            else messages.misses(method, missed, evidence.fault_count(method)))


def defined_in(content: bytes, method: str) -> int | None:
    """Return the first line that defines a method of that name, or None."""
    found = re.search(rb"^[ \t]*(?:async[ \t]+)?def[ \t]+%s\b"
                      % method.rpartition(".")[2].encode(), content,
                      re.MULTILINE)
    return content.count(b"\n", 0, found.start()) + 1 if found else None


@lru_cache(maxsize=16)
def _form(wall: Wall, rules: Path, file: str, content: bytes,
          places: tuple[str, ...]) -> Mapping[str, Sequence[str]]:
    """Return the rules of form that each method or class breaks.

    `rules` is the path of a TOML file, which may be missing.
    """
    wanted = dict.fromkeys(places, [_NO_ASSERT, _HIDDEN]) | tomllib.loads(
        rules.read_text(encoding="utf-8") if rules.is_file() else "")
    answer = wall.answer("learnertests", Limits())(
        {"file": file, "files": {file: encode(content)}, "form": wanted})
    broken = answer.get("form") if isinstance(answer, dict) else None
    broken = broken if isinstance(broken, dict) else {}
    return {place: [rule for rule in several if rule in broken.get(place, ())]
            for place, several in wanted.items()}
