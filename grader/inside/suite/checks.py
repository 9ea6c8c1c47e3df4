"""The job "suite": runs the checks of suites on a submission's files.

It runs inside the wall. A check only observes; the grader compares outside.
"""

from __future__ import annotations

import base64
import marshal
import os
import signal
import sys
import unittest
from collections.abc import Iterator
from contextlib import suppress
from contextvars import copy_context
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, NoReturn

from grader.inside import wire
from grader.inside.job import RESULTS
from grader.inside.suite import stuck
from grader.inside.suite.undoing import Process
from grader.kit import channel, prints, stamp
from grader.kit.exceptions import describe, line_in
from grader.kit.failure import Failure
from grader.kit.loading import compile_imports_once
from grader.kit.prints import PrintedText
from grader.kit.scratch import GIVEN, workspace
from grader.kit.transcript import Recorder

# The stamp of the files of a submission. It is another than that of files
# which the kit gives: these take the place of a submission's. Code that means
# to can set the time, too, and wins nothing: see Process.
_AS_PUT = 1.0
# Characters of what each call prints.
_KEPT_OUTPUT = 4000


def run(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Run the checks of request["suites"] in order; yield messages.

    The request holds the files of the submission's folder and the given
    ones (base64), and the seed for fresh inputs. An entry of "suites" is
    what grader.suites.bench.Bench.request returns, its code marshalled.

    {"start": name} comes before a check; {"check", "seen", "problem",
    "advice", "called"} after it, with a "problem" that says why if the check
    did not come to its end; {"done": true} after the last. There are no more
    messages after a suite for which the submission has started threads that
    are still there.
    """
    files = _decoded(request["files"])
    given = _decoded(request["given"])
    _put(files, Path())
    _put(given, Path(GIVEN))
    prints.keep_descriptors(Path(GIVEN))
    # What is imported is compiled once in any case: see the next line.
    sys.dont_write_bytecode = True
    compile_imports_once()
    signal.signal(signal.SIGINT, _interrupt)
    # grader.kit.case reads it when a check asks for random inputs.
    os.environ["GRADE_SEED"] = request["seed"]
    suites = request["suites"]
    # With several suites nothing needs to say where it is stuck: the grader
    # then runs the checks of each suite again, on their own.
    if "limits" in request and len(suites) == 1:
        stuck.watch(suites[0]["file"], request["limits"], _report_stuck)
    for part in suites:
        module = _module(part["suite"], part["code"])
        process = Process()
        yield from _checks(module, part)
        if part is not suites[-1]:
            # What is left is then run again, too.
            if not process.undo():
                return
            os.chdir(workspace())
            restore(files, Path())
            restore(given, Path(GIVEN))
    yield {"done": True}


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    """Do what Python's own handler of SIGINT does.

    In the place of that, asyncio.run would put a handler of its own, which
    takes as long as to load a file.
    """
    raise KeyboardInterrupt


def _checks(module: ModuleType,
            part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    # One for all checks of the suite: it has the decimal context, and more.
    context = copy_context()
    for test in part["tests"]:
        yield {"start": test}
        channel.take()
        report = context.run(_check, module, test, part)
        yield report | {"advice": channel.take(), "called": [
            traits.as_data() for traits in channel.called()]}


def _report_stuck(where: dict[str, Any]) -> None:
    printed = prints.of_call.text() if prints.of_call else ""
    wire.write_line(RESULTS, {"stuck": where | {"output": printed}})


def unpack(files: dict[str, str], folder: Path) -> None:
    """Write files (path to base64) into a folder of the scratch."""
    _write(_decoded(files), folder)


def _decoded(files: dict[str, str]) -> dict[str, bytes]:
    return {name: base64.b64decode(body) for name, body in files.items()}


def _write(files: dict[str, bytes], folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        if "/" in name:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def _put(files: dict[str, bytes], folder: Path) -> None:
    """Write files into a folder, each with a time that `restore` knows."""
    _write(files, folder)
    for name in files:
        stamp.put(folder / name, _AS_PUT)


def restore(files: dict[str, bytes], folder: Path) -> None:
    """Undo all changes below a folder since `_put` wrote these files.

    Folders with names such as ".mysql" stay as they are: suites keep there
    what they set up once.
    """
    kept = {os.path.join(folder, *name.split("/")) for name in files}
    for place, folders, names in _below(folder):
        for name in names:
            if (path := os.path.join(place, name)) not in kept:
                os.unlink(path)
        for name in folders:
            _remove_folder(os.path.join(place, name))
    _put({name: content for name, content in files.items()
          if not _is_as_put(folder / name, len(content))}, folder)


def _remove_folder(path: str) -> None:
    """Remove a link to a folder, or a folder unless something is in it."""
    if os.path.islink(path):
        os.unlink(path)
    else:
        with suppress(OSError):
            os.rmdir(path)


def _below(folder: Path) -> list[tuple[str, list[str], list[str]]]:
    """Return what os.walk yields but such folders, the deepest first."""
    found = []
    for place, folders, names in os.walk(folder):
        if Path(place) == folder:
            folders[:] = [name for name in folders if name[0] != "."]
        found.append((place, folders, names))
    return found[::-1]


def _is_as_put(path: Path, size: int) -> bool:
    """Return whether nothing was written to a file since `_put` wrote it."""
    return (stamp.is_untouched(path, _AS_PUT)
            and path.stat().st_size == size)


def _module(name: str, code: str) -> ModuleType:
    """Return the module of a suite, run from its marshalled code."""
    module = ModuleType(name)
    module.__file__ = f"{name}.py"
    # unittest looks for the module of a test there, to call setUpModule.
    sys.modules[name] = module
    exec(marshal.loads(base64.b64decode(code)), vars(module))
    return module


def _check(module: ModuleType, test: str,
           part: dict[str, Any]) -> dict[str, Any]:
    _, class_name, method = test.split(".")
    file = part["file"]
    case = getattr(module, class_name)(method)
    case.variants = part["variants"]
    result = FirstProblem()
    # stderr is dropped: mostly it is Python's own, and names our files.
    with (prints.kept_by_call(_KEPT_OUTPUT) as output,
            PrintedText("stderr", 0).in_place()):
        case.transcript = recorder = Recorder(file, output.text)
        # A TestCase on its own would not call setUpClass.
        unittest.TestSuite([case]).run(result)
    return {"check": test, "seen": recorder.entries,
            "problem": result.problem and _explain(result.problem, file)}


def _explain(error: BaseException, file: str) -> dict[str, Any]:
    """Return the "problem" of a check: a failure as plain data."""
    line = line_in(error, file)
    if isinstance(error, Failure):
        return {"cause": error.cause, "message": error.message,
                "call": error.call, "expected": error.expected,
                "got": error.got, "line": error.line or line}
    return {"cause": _cause(error), "message": _sentence(error), "line": line,
            "call": None, "expected": None, "got": None}


def _cause(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "memory"
    return "exited" if isinstance(error, SystemExit) else "wrong"


def _sentence(error: BaseException) -> str:
    if isinstance(error, AssertionError):
        return AssertionError.__str__(error)[:2000]
    if isinstance(error, MemoryError):
        return f"{channel.doing() or 'it'} ran out of memory"
    return f"what came back cannot be checked: {describe(error)}"


class FirstProblem(unittest.TestResult):
    """Keeps the first problem of a test, as an exception.

    One without arguments, such as that of a bare `assert`, does not say what
    is wrong, so a later problem takes its place.
    """

    def __init__(self) -> None:
        super().__init__()
        self.problem: BaseException | None = None

    def _keep(self, problem: BaseException) -> None:
        if self.problem is None or not self.problem.args:
            self.problem = problem

    def addError(self, test: Any, err: Any) -> None:
        self._keep(err[1])

    def addFailure(self, test: Any, err: Any) -> None:
        self._keep(err[1])

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
        if err is not None:
            self._keep(err[1])

    def addSkip(self, test: Any, reason: str) -> None:
        self._keep(Failure(f"the check was skipped: {reason}"))

    def addExpectedFailure(self, test: Any, err: Any) -> None:
        self._keep(err[1])

    def addUnexpectedSuccess(self, test: Any) -> None:
        self._keep(Failure("the check was marked as a failure"))
