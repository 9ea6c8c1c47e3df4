"""What all the rounds together say about the tests of one task."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from grader.findings.finding import Finding
from grader.findings.untrusted import Untrustworthy, text
from grader.inside.source import read
from grader.learnertests import messages
from grader.learnertests.faults import Fault
from grader.learnertests.instruments import Instruments
from grader.learnertests.rounds import Round, methods
from grader.learnertests.testrun import Case, TestRun, Why
from grader.library.library import Task


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The rounds in which a task's tests ran, and its faults.

    `known` is what the course knows of the code that they are about.
    """

    task: Task
    known: Instruments
    faults: tuple[Fault, ...]
    rounds: Sequence[Round]

    @cached_property
    def right(self) -> list[Round]:
        """Return the rounds whose code is right, where the task looks.

        Those with a neighbour's fault in the same code are not among them,
        and neither are they for the task's tests to object to.
        """
        return [run for run in self.rounds if not any(
            fault.touches(own) for fault in run.faults
            for own in self.faults)]

    def wrong(self, method: str) -> Iterator[tuple[Fault, Round]]:
        """Yield the rounds with a fault that a test has to notice."""
        for run in self.rounds:
            for fault in run.faults:
                if fault in self.faults and fault.caught_by in (None, method):
                    yield fault, run

    @property
    def is_clear(self) -> bool:
        """Tell whether the tests beside these can have had no part in it."""
        broken = [bool(run.said.broken) for run in self.rounds]
        if any(run.said.ended.cause for run in self.rounds):
            return not any(run.said.loads for run in self.rounds)
        if any(broken):
            return all(broken)
        return not self.scaffold() and not any(
            self.trouble(method)
            # A neighbour's fault may have made up for one of ours.
            or self.missed(method) and not self.is_missing(method)
            for method in methods(self.task))

    def unusable(self) -> Finding | None:
        """Say why there is nothing to judge: it hangs, dies, is broken."""
        for run in sorted(self.rounds, key=lambda run: run not in self.right):
            ended, file = run.said.ended, self.task.file
            where = (" when the code is wrong" if run not in self.right
                     and any(not each.said.ended.cause and each.said.loads
                             for each in self.right) else "")
            if ended.cause == "timeout":
                return finding("file", "timeout",
                               f"{file} does not finish within "
                               f"{self.task.seconds:g} seconds{where}")
            if ended.cause:
                return finding("file", ended.cause,
                               f"{file}: {ended.detail}{where}")
            if run.said.broken and run in self.right:
                return finding("file", "broken",
                               messages.broken(file, run.said.broken,
                                               self.known),
                               run.said.broken.line)
        return None

    def scaffold(self) -> list[Finding]:
        """Say what is wrong with the class to set up, if one is demanded."""
        return [wrong for name in self.task.methods if "." not in name
                for wrong in self._class(name)]

    def _class(self, name: str) -> list[Finding]:
        """Judge a class; what one round finds is not looked for in another.

        Through given code with a fault an honest one cannot answer right.
        """
        try:
            for run in self.right:
                if wrong := self._complaints(name, run):
                    return [finding(name, "wrong", each, _line_in(each))
                            for each in wrong]
            if all(run.can_show(fault) and self._complaints(name, run)
                   for fault, run in self.wrong(name)):
                return []
        except Untrustworthy as error:
            return [finding(name, "untrusted", str(error))]
        return [finding(name, "untrusted", messages.answers_itself(name))]

    def _complaints(self, name: str, run: Round) -> list[str]:
        """Return what a round finds wrong with a class to set up."""
        if not run.said.scaffold:
            return [f"there is no test class {name}"]
        given = {file: read(content) for file, content
                 in run.request["given"].items()}
        found: dict[str, None] = {}
        for answer in run.said.scaffold:
            if not isinstance(answer, dict):
                raise Untrustworthy("a class is no object")
            try:
                found |= dict.fromkeys(self.known.complaints(
                    name, run.request["scaffold"], answer, given, text,
                    self._explain))
            except (LookupError, TypeError, ValueError,
                    RecursionError) as error:
                raise Untrustworthy("half an answer about a class"
                                    ) from error
        return list(found)

    def _explain(self, said: object) -> str:
        return messages.explain(Why(kind="", text=text(said)), self.known)

    def trouble(self, method: str) -> Finding | None:
        """Say why the right code does not pass a test, if that is so."""
        given = [run.said.of(method) for run in self.right]
        cases = [case for several in given for case in several]
        if any(case.network for case in cases):
            return finding(method, "network", messages.network(
                method, self.known))
        for how in {case.outcome for case in cases} & {"async", "yield"}:
            return finding(method, "wrong", messages.never_runs(method, how))
        if any(case.outcome == "skip" for case in cases):
            return finding(method, "wrong", messages.skips(method))
        objecting = [case for case in cases if case.objects]
        if not objecting:
            return None
        if not all(any(case.objects for case in several)
                   for several in given):
            return finding(method, "untrusted", messages.wavers(method))
        why = objecting[0].why
        return finding(method, "wrong", messages.fails_on_given(
            method, why, self.known),
                       why.line if why else None)

    def is_of_right(self, failure: Finding) -> bool:
        """Tell whether a failure comes of what the right code does."""
        if failure.check == "file":
            return failure.cause == "broken"
        return (failure.call in methods(self.task)
                and self.trouble(failure.call) is not None)

    def is_missing(self, method: str) -> bool:
        """Tell whether a method has no case in some round."""
        return not all(run.said.of(method) for run in self.right)

    def makes_assertions(self, method: str) -> bool:
        """Tell whether a case called something that asserts."""
        return any(case.assertions for run in self.right
                   for case in run.said.of(method))

    def missed(self, method: str) -> list[str]:
        """Return the faults that no case of a method noticed, in words."""
        missed = {fault.name: fault.description
                  for fault, run in self.wrong(method)
                  if not run.said.broken
                  # Nobody finds a fault in what is not called.
                  and not (run.can_show(fault) and objections(run, method))}
        return [missed[name] for name in sorted(missed)]

    def never_runs(self, method: str) -> bool:
        """Tell whether no case ever runs the code that the task is about."""
        return not any(case.calls for run in self.rounds
                       for case in run.said.of(method))

    def code(self, method: str) -> list[str]:
        """Return the functions that a method's faults are in."""
        return sorted({place for fault, _ in self.wrong(method)
                       for place in fault.bodies})

    def asked(self, method: str) -> int:
        """Return how many faults a method has to notice."""
        return len({fault.name for fault, _ in self.wrong(method)})

    def catches(self) -> Mapping[str, tuple[str, ...]]:
        """Return the names of the cases that noticed each fault.

        For a class to set up, its name stands for a case.
        """
        noticed: dict[str, tuple[str, ...]] = {}
        for each in self.task.methods:
            for fault, run in self.wrong(each):
                noticed[fault.name] = (tuple(
                    case.name for method in methods(self.task)
                    for case in objections(run, method))
                    if "." in each else (each,))
        return {name: noticed[name] for name in sorted(noticed)}


def _line_in(complaint: str) -> int | None:
    """Return the line that a complaint names."""
    found = re.search(r", line (\d{1,7}),", complaint)
    return int(found[1]) if found else None


def objections(run: Round, method: str) -> list[Case]:
    """Return the cases of a method that found something wrong."""
    return [case for case in run.said.of(method) if case.objects]


def passes(run: TestRun, failure: Finding) -> bool:
    """Tell whether what failed passes in another run."""
    if failure.check == "file" or failure.call is None:
        return run.loads
    cases = run.of(failure.call)
    return bool(cases) and all(each.outcome == "pass" for each in cases)


def finding(check: str, cause: str, message: str,
            line: int | None = None) -> Finding:
    """Return a failure of the check that a method or class stands for."""
    return Finding(dimension="behaviour", check=check.rpartition(".")[2],
                   cause=cause, message=message, line=line,
                   call=None if check == "file" else check)
