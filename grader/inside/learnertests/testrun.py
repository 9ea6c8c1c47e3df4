"""The job "learnertests": runs a learner's tests and reports each case.

The given code under test may be a right or a wrong version. Nothing in this
process shows which: the bodies of its functions stay in the grader (see the
module bodyserver), and only a call shows what a function does.
"""

from __future__ import annotations

import base64
import gc
import importlib
import inspect
import marshal
import os
import py_compile
import re
import sys
from collections.abc import (
    Callable, Iterable, Iterator, Mapping, Sequence)
from inspect import (
    isasyncgenfunction, iscoroutinefunction, isgeneratorfunction)
from pathlib import Path
from types import ModuleType
from typing import Any
# Imported by name, since a learner's test may patch unittest.
from unittest import (
    IsolatedAsyncioTestCase, TestCase, TestLoader, TestResult, TestSuite)

from grader.inside.learnertests import counting, steps, testform
from grader.inside.learnertests.bodyserver import BodyServer, read
from grader.inside.source import encode
from grader.inside.suite.checks import unpack
from grader.kit import doubles, newer
from grader.kit.exceptions import MAX_DETAIL, describe, line_in
from grader.kit.loading import execute
from grader.kit.scratch import workspace
from grader.kit.values import clipped

Message = dict[str, Any]

# Parts of messages that differ in every run, whole or cut by unittest.
_ADDRESS = re.compile(r" id='\d+'| at 0x[0-9a-f]+|\[\d+ chars\]\w+(?=>)")

# What parameterized adds to a name.
_NUMBERED = re.compile(r"_\d+(_.*)?")

# The most decorators around a function that are looked through.
_DEEPEST = 20

# parameterized inspects the stack, which reads sources: done once here, the
# forks need not read them.
inspect.stack()


def run(request: Message) -> Iterator[Message]:
    """Run request["methods"], each a "Class.method", and yield reports.

    The request has the submission's "files", the name of the "file" to run,
    the "given" files for the disk, and the "code" that is loaded of these,
    marshalled; contents are base64. "kept" are the function bodies, where
    nothing can be forked and this process has to serve them itself. With
    "form" the file is only read and compiled; with "scaffold" the
    integration class is tried out as well.
    """
    unpack(request["files"], Path())
    if "form" in request:
        yield {"form": testform.absent(request["file"], request["form"]),
               "compiled": _compiled(request["file"])}
        return
    kept = request.pop("kept", None)
    steps.connection.connect(
        BodyServer(read(kept)).answer if kept else _socket())
    # 1. The given code, whose functions call the BodyServer.
    unpack(request["given"], Path())
    for name, code in request["code"].items():
        execute(name, marshal.loads(base64.b64decode(code)), Path(name).stem)
    # Before any of the submission's code could put another in its place.
    scaffold = ("scaffold" in request and importlib.import_module(
        request["scaffold"]["module"]).ask)
    gc.set_threshold(50_000)
    # 2. The learner's file.
    counting.install()
    try:
        module = _load(request["file"])
    except BaseException as error:
        yield {"broken": explain(error, request["file"])}
        return
    yield {"loads": True}
    # 3. Its tests.
    reports = _reports(module, request["methods"], request["file"])
    for method in request["methods"]:
        yield {"method": method, "cases": reports[method]}
    if scaffold:
        yield {"scaffold": list(scaffold(
            classes(module, request["scaffold"]["class"]),
            request["scaffold"]))}
    yield {"done": True}


def _compiled(file: str) -> str:
    """Return the content of a file's .pyc in base64; "" if it has an error.

    Python uses it wherever it lies in __pycache__, and never compares it
    with the file again.
    """
    try:
        path = py_compile.compile(
            file, doraise=True,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    except (py_compile.PyCompileError, OSError):
        return ""
    return encode(Path(str(path)).read_bytes())


def _socket() -> int:
    """Return the socket to the BodyServer, which arrives as standard input.

    Descriptor 0 is replaced, so that tests do not read from the socket.
    """
    descriptor = os.dup(0)
    os.dup2(1, 0)
    return descriptor


def _load(file: str) -> ModuleType:
    """Import the file as `python -m unittest` would, with no __main__."""
    sys.dont_write_bytecode = True
    sys.modules["__main__"] = ModuleType("__main__")
    sys.argv = ["python -m unittest", file]
    doubles.prepare(str(workspace()))
    return importlib.import_module(Path(file).stem)


def _reports(module: ModuleType, methods: Sequence[str],
             file: str) -> dict[str, list[Message]]:
    """Run the classes of the demanded methods; report these, by name.

    Each class is run as unittest runs it, with all of its tests, since a
    test may use up or leave behind what a later one needs.
    """
    reports: dict[str, list[Message]] = {method: [] for method in methods}
    for name in dict.fromkeys(each.partition(".")[0] for each in methods):
        for kind in classes(module, name):
            demanded = {case: each for each in methods
                        if each.startswith(f"{name}.")
                        for case in cases_of(kind, each.split(".")[1])}
            if demanded:
                result = Result(file, demanded)
                _run(kind, result)
                for method, report in result.reports:
                    reports[method].append(report)
    return reports


def _run(kind: type[TestCase], result: Result) -> None:
    try:
        TestSuite(map(kind, TestLoader().getTestCaseNames(kind))).run(result)
    except BaseException as error:
        result.stop_at(error)


def cases_of(kind: type[TestCase], name: str) -> list[str]:
    """Return the names of the methods that unittest runs for one method.

    These are the method itself, or those that a decorator made of it.
    """
    return [each for each in dir(kind)
            if callable(method := getattr(kind, each)) and (
                _stands_for(each, name)
                or each.startswith("test") and _origin(method) == name)]


def _origin(method: Callable[..., Any]) -> str:
    """Return the name of the function that a method was generated from.

    parameterized leaves it behind as place_as, functools as __wrapped__.
    """
    for _ in range(_DEEPEST):
        inner = getattr(method, "place_as", None) or getattr(
            method, "__wrapped__", None)
        if inner is None:
            break
        method = inner
    return str(getattr(method, "__name__", ""))


def classes(module: ModuleType, name: str) -> list[type[TestCase]]:
    """Return the test class of that name, or those made of it.

    parameterized_class leaves the class itself in place, without its tests.
    """
    kinds = {key: value for key, value in vars(module).items()
             if isinstance(value, type)
             and issubclass(value, TestCase)}
    itself = kinds.pop(name, None)
    is_emptied = itself is not None and not any(
        each.startswith("test") for each in vars(itself))
    generated = [value for key, value in kinds.items()
                 if _stands_for(key, name) or itself is not None
                 and is_emptied and itself in value.__bases__]
    return generated or ([itself] if itself else [])


def _stands_for(each: str, name: str) -> bool:
    """Return whether a name is the demanded one or generated from it."""
    return each == name or each.startswith(name) and (
        _NUMBERED.fullmatch(each, len(name)) is not None)


def _never_runs(test: TestCase) -> str | None:
    """Return "async" or "yield" if a call of the test runs none of its code.
    """
    method = getattr(test, getattr(test, "_testMethodName"), None)
    for _ in range(_DEEPEST):
        if iscoroutinefunction(method):
            return ("async" if not isinstance(test, IsolatedAsyncioTestCase)
                    else None)
        if isgeneratorfunction(method) or isasyncgenfunction(method):
            return "yield"
        # Wrappers of parameterized and of mock only pass the call on.
        method = getattr(method, "place_as", None) or (
            getattr(method, "__wrapped__", None)
            if hasattr(method, "patchings") else None)
    return None


def explain(error: BaseException, file: str) -> Message:
    """Return an exception as plain data: its type, its text and its line.
    """
    if isinstance(error, SyntaxError) and (
            type(error.msg), type(error.filename), type(error.lineno)) == (
            str, str, int) and Path(str(error.filename)).name == file:
        return {"kind": "SyntaxError", "line": error.lineno,
                "text": f"line {error.lineno}: {error.msg}"
                        f"{newer.remark(_text(file))}"}
    first, *more = [line.strip() for line in describe(error).splitlines()
                    if line.strip()]
    # What a mock expected and what it got stands below.
    words = " ".join([first, *(line for line in more if line.startswith(
        ("Expected:", "Actual:", "Calls:")))])
    return {"kind": type(error).__name__, "line": line_in(error, file),
            "text": clipped(_ADDRESS.sub("", words), MAX_DETAIL)}


def _text(file: str) -> str:
    try:
        return Path(file).read_text("utf-8")
    except (OSError, ValueError):
        return ""


def _report(case: str) -> Message:
    """Return a report on a case that passes so far."""
    return {"case": case[:200], "outcome": "pass",
            "why": None} | counting.COUNTS.data()


class Result(TestResult):
    """Collects the reports on the cases of demanded methods.

    `demanded` maps a case to its method; `reports` are pairs of a method
    and a report. An error in setUpClass is reported for every method.
    """

    def __init__(self, file: str, demanded: Mapping[str, str]) -> None:
        super().__init__()
        self._file = file
        self._demanded = demanded
        counting.COUNTS.clear()
        self._case: Message | None = None
        self._last: Message | None = None
        self.reports: list[tuple[str, Message]] = []

    def startTest(self, test: TestCase) -> None:
        super().startTest(test)
        counting.COUNTS.clear()
        self._case = self._last = _report(test.id().partition(".")[2])
        method = self._demanded.get(getattr(test, "_testMethodName"))
        if method is not None:
            self.reports.append((method, self._case))
        if how := _never_runs(test):
            self._tell(how, None)

    def stopTest(self, test: TestCase) -> None:
        super().stopTest(test)
        assert self._case is not None
        self._case |= counting.COUNTS.data()
        self._case = None

    def stop_at(self, error: BaseException) -> None:
        """Note an exception that ended the run of a test class."""
        why = explain(error, self._file)
        # KeyboardInterrupt and the like leave `run` only after the case.
        if self._last and self._last["outcome"] == "pass":
            self._last |= {"outcome": "error", "why": why}
        done = {method for method, _ in self.reports}
        self._tell_all("error", why, {*self._demanded.values()} - done)

    def _tell_all(self, outcome: str, why: Message | None,
                  methods: Iterable[str]) -> None:
        for method in methods:
            self.reports.append((method, _report(method) | {
                "outcome": outcome, "why": why}))

    def _tell(self, outcome: str, why: Message | None) -> None:
        """Set the outcome of the current case; the first failure counts."""
        if self._case is None:
            self._tell_all(outcome, why, {*self._demanded.values()})
        elif self._case["outcome"] == "pass":
            self._case |= {"outcome": outcome, "why": why}

    def addFailure(self, test: Any, err: Any) -> None:
        self._tell("fail", explain(err[1], self._file))

    def addError(self, test: Any, err: Any) -> None:
        self._tell("error", explain(err[1], self._file))

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
        if err is not None:
            failed = issubclass(err[0], test.failureException)
            self._tell("fail" if failed else "error",
                       explain(err[1], self._file))

    def addSkip(self, test: Any, reason: str) -> None:
        self._tell("skip", {"kind": "SkipTest", "line": None,
                            "text": str(reason)[:500]})

    def addExpectedFailure(self, test: Any, err: Any) -> None:
        self._tell("skip", explain(err[1], self._file))

    def addUnexpectedSuccess(self, test: Any) -> None:
        self._tell("fail", {
            "kind": "AssertionError", "line": None,
            "text": "it is marked as an expected failure, but passes"})
