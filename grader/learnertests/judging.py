"""Judges learners' tests: by what they accept, and by what they catch.

A test must pass on the given code and fail on every fault of its task. The
versions of the code come in random order, and only calling a function shows
a run whether it is right: see grader.inside.learnertests.bodyserver.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from grader.findings.finding import Finding
from grader.findings.untrusted import Remarks
from grader.learnertests import instruments, messages, replaced
from grader.learnertests.evidence import Evidence, finding, passes
from grader.learnertests.faults import Fault, faults_of
from grader.learnertests.rounds import Round, methods, run_all
from grader.learnertests.testfile import (
    HIDDEN, NO_ASSERT, TestFile, read_file,
)
from grader.learnertests.versions import Version, chosen, draw
from grader.library.library import Folder, Task
from grader.wall.forking import Wall

# A test is judged by at least that many rounds with the right code, and that
# many with a fault. One that decides by chance is right in all of them once
# in 4 ** LEAST cases.
LEAST = 5


# Rounds with the right code, to see again that a test fails there.
_AGAIN = 2


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
    file = tasks[0].file
    bench = _Bench(wall=wall, folder=folder, files=files, file=file,
                   read=read_file(wall, folder, file, files[file]))
    rounds = bench.rounds(tasks, draw(folder, tasks, LEAST, random), random)
    share = sum(run.result.ended.seconds for run in rounds) / len(tasks)
    result: dict[str, Remarks] = {}
    for task in tasks:
        evidence = bench.evidence(task, rounds)
        result[task.id] = (
            bench.remarks(evidence, share)
            if len(tasks) == 1 or evidence.is_independent
            else bench.confirmed(evidence, share, random)
            or judge(wall, folder, task, files, seed))
    return result


@dataclass(frozen=True, kw_only=True)
class _Bench:
    """A wall and a test file of a submission, whose folder has `files`.

    `read` is what is known of the file without running it.
    """

    wall: Wall
    folder: Folder
    files: Mapping[str, bytes]
    file: str
    read: TestFile

    def rounds(self, tasks: Sequence[Task], versions: Sequence[Version],
               random: Random) -> list[Round]:
        """Run the tests of some tasks on versions of the given code."""
        return run_all(self.wall, self.folder, tasks,
                       {**self.files, **self.read.compiled}, versions, random)

    def evidence(self, task: Task, rounds: Sequence[Round]) -> Evidence:
        """Return the evidence on one task of the rounds."""
        return Evidence(task=task, faults=faults_of(self.folder, task),
                        rounds=rounds, known=instruments.of(self.folder))

    def confirmed(self, evidence: Evidence, seconds: float,
                  random: Random) -> Remarks | None:
        """Return the remarks if few rounds of the task alone fail as well.

        Nearly all tests that fail beside those of other tasks do. None
        means that all rounds are needed: only these can show a pass.
        """
        def alone(faults: Sequence[Fault | None]) -> Evidence:
            versions = chosen(self.folder, evidence.faults, faults, random)
            return self.evidence(evidence.task, self.rounds(
                [evidence.task], versions, random))

        if evidence.fails_on == "right":
            again = alone([None] * _AGAIN)
            if again.fails_on == "right":
                remarks = self.remarks(again, seconds)
                return remarks if again.scaffold() else replace(
                    remarks, catches=evidence.catches())
        elif evidence.fails_on == "wrong":
            again = alone([*evidence.unnoticed, None])
            if (again.fails_on == "wrong"
                    and again.unnoticed == evidence.unnoticed):
                return self.remarks(evidence, seconds)
        return None

    def remarks(self, evidence: Evidence, seconds: float) -> Remarks:
        """Return the remarks on a task, from all evidence on it.

        Where a failure comes from given files that were changed, it says so.
        """
        remarks = self._remarks(evidence, seconds)
        failing = [each for each in remarks.failures
                   if evidence.is_of_right(each)]
        own = (replaced.own_copies(self.folder, self.files)
               if failing else [])
        if not own:
            return remarks
        run = replaced.run_with_own(self.wall, self.folder, evidence.task,
                                    self.files, own, Random())
        passing = [each for each in failing if passes(run, each)]
        return replace(remarks, failures=tuple(
            replace(each, message=each.message + replaced.remark(own))
            if each in passing else each for each in remarks.failures))

    def _remarks(self, evidence: Evidence, seconds: float) -> Remarks:
        task = evidence.task
        unusable = evidence.unusable()
        if failures := [unusable] if unusable else evidence.scaffold():
            return Remarks(failures=tuple(failures), seconds=seconds)
        form = self.read.broken_rules
        rules = dict.fromkeys(rule for each in task.methods
                              for rule in form[each])
        return Remarks(seconds=seconds, advice=messages.form(list(rules)),
                       catches=evidence.catches(), failures=tuple(
                           failure for each in methods(task)
                           for failure in _failures(
                               evidence, each, form[each],
                               self.files[self.file])))


def _failures(evidence: Evidence, method: str, form: Sequence[str],
              content: bytes) -> Iterator[Finding]:
    """Judge one demanded method; yield at most one failure."""
    if evidence.is_missing(method):
        yield finding(method, "missing",
                      messages.hidden(evidence.task.file, method)
                      if HIDDEN in form
                      else messages.missing(evidence.task.file, method,
                                            defined_in(content, method)))
    elif trouble := evidence.trouble(method):
        yield trouble
    elif missed := evidence.missed(method):
        blind = (NO_ASSERT in form
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
