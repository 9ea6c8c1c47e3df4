"""Judges tests that learners wrote, by what they accept and what they catch.

A test has to pass on the given code and to fail on every fault of its task.
The runs come in random order, each with the given code spelled anew, so
that only calling the code tells a fault from what is right.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from random import Random

from grader.finding import Finding
from grader.inside.limits import Limits
from grader.inside.source import encode, read
from grader.isolation.wall import Wall
from grader.learnertests import scaffolds, words
from grader.learnertests.rounds import GIVEN_ROUNDS, Round, methods, run_all
from grader.learnertests.testrun import Case
from grader.library import CHECKS, Folder, Task
from grader.remarks import Remarks, Untrustworthy

FORM = "form.toml"
_NO_ASSERT = "assert_statement"

Catches = Mapping[str, tuple[str, ...]]


def judge(wall: Wall, folder: Folder, task: Task, files: Mapping[str, bytes],
          seed: str) -> Remarks:
    """Judge the tests of a submission's folder that one task demands.

    The remarks say which case caught which fault, unless the test was not
    good enough to be asked.
    """
    random = Random(f"{seed} {task.id}")
    runs = run_all(wall, folder, task, files, random)
    seconds = sum(run.said.ended.seconds for run in runs)
    given = [run for run in runs if run.fault is None]
    failures = (list(_unusable(task, runs))
                or list(_scaffold(task, given)))
    if failures:
        return Remarks(failures=tuple(failures), seconds=seconds)
    form = _form(wall, folder.path / CHECKS / FORM, task.file,
                 files[task.file])
    for method in methods(task):
        failures += _method(task, method, runs, _NO_ASSERT in form[method])
    rules = dict.fromkeys(rule for each in task.methods
                          for rule in form[each])
    return Remarks(failures=tuple(failures), seconds=seconds,
                   advice=words.form(list(rules)),
                   catches=_catches(runs))


@lru_cache(maxsize=16)
def _form(wall: Wall, rules: Path, file: str,
          content: bytes) -> Mapping[str, Sequence[str]]:
    """Return the rules of form that each method or class does not keep."""
    asked = tomllib.loads(rules.read_text(encoding="utf-8"))
    answer = wall.answer("learnertests", Limits())(
        {"file": file, "files": {file: encode(content)}, "form": asked})
    said = answer.get("form") if isinstance(answer, dict) else None
    said = said if isinstance(said, dict) else {}
    return {place: [rule for rule in several if rule in said.get(place, ())]
            for place, several in asked.items()}


def _unusable(task: Task, runs: Sequence[Round]) -> Iterator[Finding]:
    """Say why there is nothing to judge: it hangs, dies or does not load."""
    known = sum(run.fault is None for run in runs) == GIVEN_ROUNDS
    for run in sorted(runs, key=lambda run: run.fault is not None):
        said = run.said
        where = " when the code is wrong" if run.fault and known else ""
        if said.ended.cause == "timeout":
            yield _finding("file", "timeout",
                           f"{task.file} does not finish within "
                           f"{task.seconds:g} seconds{where}")
        elif said.ended.cause:
            yield _finding("file", said.ended.cause,
                           f"{task.file}: {said.ended.detail}{where}")
        elif said.broken and run.fault is None:
            yield _finding("file", "broken",
                           words.broken(task.file, said.broken),
                           said.broken.line)
        else:
            continue
        return


def _scaffold(task: Task, given: Sequence[Round]) -> Iterator[Finding]:
    """Say what is wrong with the integration class, if it is asked for."""
    for run in given:
        asked = run.request.get("scaffold")
        if asked is None:
            return
        # The fixtures are our own code, as this run had them.
        fixtures: dict[str, object] = {}
        exec(read(run.request["given"]["fixtures.py"]), fixtures)
        try:
            wrong = scaffolds.complaints(asked["class"], asked,
                                         run.said.scaffold, fixtures)
        except Untrustworthy as error:
            yield _finding(asked["class"], "untrusted", str(error))
            return
        yield from (_finding(asked["class"], "wrong", each)
                    for each in wrong)
        if wrong:
            return


def _method(task: Task, method: str, runs: Sequence[Round],
            has_no_assert: bool) -> Iterator[Finding]:
    """Judge one demanded method; yields one finding at most."""
    given = [run.said.of(method) for run in runs if run.fault is None]
    cases = [case for several in given for case in several]
    if not all(given):
        yield _finding(method, "missing",
                       words.missing(task.file, method))
    elif trouble := _trouble(method, given, cases):
        yield trouble
    elif missed := _missed(method, runs):
        blind = has_no_assert and not any(case.assertions for case in cases)
        asked = sum(_must_catch(run, method) for run in runs)
        yield _finding(method, "wrong", words.asserts_nothing(method)
                       if blind else words.misses(method, missed, asked))


def _trouble(method: str, given: Sequence[Sequence[Case]],
             cases: Sequence[Case]) -> Finding | None:
    """Say what is wrong with a test that the right code does not pass."""
    if any(case.network for case in cases):
        return _finding(method, "network", words.network(method))
    if any(case.outcome == "skip" for case in cases):
        return _finding(method, "wrong", words.skips(method))
    objecting = [case for case in cases if case.objects]
    if not objecting:
        return None
    if not all(any(case.objects for case in several) for several in given):
        return _finding(method, "untrusted", words.wavers(method))
    why = objecting[0].why
    return _finding(method, "wrong", words.fails_on_given(method, why),
                    why.line if why else None)


def _missed(method: str, runs: Sequence[Round]) -> list[str]:
    """Return the faults that no case of a method noticed, in words."""
    missed = {run.fault.name: run.fault.description for run in runs
              if run.fault and _must_catch(run, method)
              and not run.said.broken
              and not any(case.objects for case in run.said.of(method))}
    return [missed[name] for name in sorted(missed)]


def _must_catch(run: Round, method: str) -> bool:
    return run.fault is not None and run.fault.caught_by in (None, method)


def _catches(runs: Sequence[Round]) -> Catches:
    return {run.fault.name: tuple(
        case.name for several in run.said.cases.values()
        for case in several if case.objects)
        for run in sorted(runs, key=lambda run: run.fault.name
                          if run.fault else "") if run.fault}


def _finding(check: str, cause: str, message: str,
             line: int | None = None) -> Finding:
    return Finding(dimension="behaviour", check=check.rpartition(".")[2],
                   cause=cause, message=message, line=line)
