"""Loads the file under test from the scratch folder, afresh each time."""

from __future__ import annotations

import codecs
import hashlib
import importlib
import io
import os
import re
import sys
import tokenize
import typing
from asyncio import events
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any
from unittest import mock

from grader.kit import doubles, newer
from grader.kit.exceptions import describe, line_in
from grader.kit.failure import Failure
from grader.kit.prints import of_a_program
from grader.kit.scratch import workspace

_FROM_DIGIT = re.compile(r"\s*(?:from|import)\s+(\d[\w-]*)")
_UTF_16 = codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE

Siblings = Mapping[str, Mapping[str, Any]]

_MOST_COMPILED = 32
_compiled: dict[tuple[bytes, str], CodeType] = {}

# The last module in sys.modules that did not come from a submission.
_ours: list[str] = []

_SHIM = """\
import sys
globals().update(vars(sys.modules[{name!r}]))
"""


def load(file: str, siblings: Siblings | None = None) -> ModuleType:
    """Execute `file` as a fresh module and return it.

    One in a folder, "lib/sums.py", is the module lib.sums of a package.
    `siblings` maps module names to the attributes of stand-ins that take
    the place of the learner's own files, whichever way they are imported.
    Raises Failure with cause missing, broken, timeout or memory.
    """
    folder = workspace()
    forget(folder)
    for name, attributes in (siblings or {}).items():
        _stand_in(folder, name, attributes)
    doubles.prepare(str(folder))
    return execute(file, read_code(file), module_name(file))


@lru_cache(maxsize=64)
def module_name(file: str) -> str:
    """Return what a file is imported as: "lib.sums" for "lib/sums.py"."""
    path = Path(file)
    return ".".join((*path.parent.parts, path.stem))


def read_code(file: str) -> CodeType:
    """Compile a file of the workspace the way Python would run it."""
    path = os.path.join(workspace(), file)
    if not os.path.isfile(path):
        raise Failure(f"{file} is not there", cause="missing")
    with open(path, "rb", buffering=0) as opened:
        return compile_source(opened.read(), file)


def compile_source(source: bytes, file: str) -> CodeType:
    """Compile bytes; raise Failure with cause broken where that fails.

    Compiled code is kept, but no source: code that runs later could find
    it here.
    """
    return _once(source, file, lambda: _compile(source, file))


def _once(source: bytes, path: str,
          compile_it: Callable[[], CodeType]) -> CodeType:
    """Return the code of a file, compiled now unless it is kept."""
    key = hashlib.sha256(source).digest(), path
    if key not in _compiled:
        if len(_compiled) >= _MOST_COMPILED:
            _compiled.pop(next(iter(_compiled)))
        _compiled[key] = compile_it()
    return _compiled[key]


def compile_imports_once() -> None:
    """From now on, compile a file that is imported once for each content.

    Every check loads the files of a submission afresh, and what these
    import; no compiled file can be kept on the disk.
    """
    to_code = SourceFileLoader.source_to_code

    def once(loader: SourceFileLoader, data: bytes, path: str,
             **options: Any) -> CodeType:
        return _once(data, path,
                     lambda: to_code(loader, data, path, **options))

    setattr(SourceFileLoader, "source_to_code", once)


def _compile(source: bytes, file: str) -> CodeType:
    if b"\0" in source and not source.startswith(_UTF_16):
        raise Failure(f"{file} cannot be read: the file contains a NUL byte",
                      cause="broken")
    text = ""
    try:
        text = _decoded(source)
        return compile(text, file, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise _unreadable(file, error, text) from None
    except UnicodeDecodeError:
        reason = "the file is not UTF-8 text"
    except (LookupError, ValueError) as error:
        reason = str(error)
    except (RecursionError, MemoryError):
        reason = "an expression is nested too deeply for Python"
    raise Failure(f"{file} cannot be read: {reason}", cause="broken")


def _decoded(source: bytes) -> str:
    """Decode as Python would: UTF-8 unless a coding line differs."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    except SyntaxError as error:
        if b"coding" in source[:200]:
            raise
        raise UnicodeDecodeError("utf-8", source, 0, 1, str(error)) from None
    return source.decode(encoding)


def _unreadable(file: str, error: SyntaxError, text: str) -> Failure:
    where = f", line {error.lineno}" if error.lineno else ""
    if where and error.offset and error.offset > 0:
        where += f", column {error.offset}"
    remark = newer.remark(text) or _of_a_digit(error.text or "")
    return Failure(f"{file}{where}: {error.msg}{remark}",
                   cause="broken", line=error.lineno)


def _of_a_digit(line: str) -> str:
    """Return words on how to import a file like 0-add.py, "" for others."""
    name = _FROM_DIGIT.match(line)
    return (f": a name that starts with a digit takes __import__({name[1]!r})"
            if name else "")


def execute(file: str, code: CodeType, name: str) -> ModuleType:
    """Run compiled code as module `name`; raise Failure if that fails."""
    folder = str(workspace())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    module = ModuleType(name)
    module.__file__ = os.path.join(folder, *file.split("/"))
    try:
        with of_a_program():
            _enter_package(module)
            sys.modules[name] = module
            exec(code, vars(module))
    except Failure:
        raise
    except MemoryError:
        raise Failure(f"{file} ran out of memory while loading",
                      cause="memory") from None
    except BaseException as error:
        raise _broken(file, error) from error
    return module


def _enter_package(module: ModuleType) -> None:
    """Import the package of a module, so that it can import from there."""
    package, _, last = module.__name__.rpartition(".")
    if package:
        module.__package__ = package
        setattr(importlib.import_module(package), last, module)


def run_as_script(file: str) -> None:
    """Execute a file as `python3 FILE` does, and let its errors out.

    An exit with status 0 is no error. The event loop policy is new, since
    an earlier program may have closed its loop.
    """
    main = ModuleType("__main__")
    main.__file__ = str(workspace() / file)
    with mock.patch.dict(sys.modules, {"__main__": main}), \
            mock.patch.object(sys, "argv", [file]), \
            mock.patch.object(events, "_event_loop_policy", None), \
            of_a_program():
        try:
            exec(read_code(file), vars(main))
        except SystemExit as end:
            if end.code not in (None, 0):
                raise


def error_of_script(file: str) -> BaseException | None:
    """Run a file as a script; return what it raises.

    What the grader raises itself, a Failure, and a lack of memory come out.
    """
    try:
        run_as_script(file)
    except (Failure, MemoryError):
        raise
    except BaseException as error:
        return error
    return None


def _broken(file: str, error: BaseException) -> Failure:
    line = line_in(error, file)
    where = f", line {line}" if line else ""
    name = error.name if type(error) is NameError else None
    remedy = (f" (from typing import {name})"
              if type(name) is str and name in typing.__all__ else "")
    return Failure(f"{file}{where} does not load: {describe(error)}{remedy}",
                   cause="broken", line=line)


def all_imported() -> None:
    """Record that no module imported so far came from a submission."""
    _ours.extend(list(sys.modules)[-1:])


def forget(folder: Path) -> None:
    """Drop every module that came from the folder, so none is stale."""
    place = str(folder) + os.sep
    # Doubles move in and out of sys.modules, so its order means nothing.
    names = list(sys.modules) if doubles.forget() else _newcomers()
    for name in names:
        if _origin(sys.modules.get(name)).startswith(place):
            sys.modules.pop(name, None)


def _origin(module: object) -> str:
    """Return the file of a module, or the folder of a bare package."""
    origin = getattr(module, "__file__", None)
    if origin is None and hasattr(module, "__path__"):
        origin = next(iter(module.__path__), None)
    return origin if type(origin) is str else ""


def _newcomers() -> list[str]:
    """Return the names of the modules imported after the grader's own.

    To read an attribute of each of hundreds of modules would copy their
    memory pages in a fork, which costs more than a check does.
    """
    names: list[str] = []
    try:
        for name in reversed(sys.modules):
            if name in _ours:
                break
            names.append(name)
    except RuntimeError:
        # A finaliser ran meanwhile and imported a module.
        return list(sys.modules.copy())
    return names


def _stand_in(folder: Path, name: str, attributes: Mapping[str, Any]) -> None:
    """Put a stand-in where imports by name and by path both find it.

    The file is for learners who load a sibling by its path.
    """
    path = folder / f"{name.replace('.', '/')}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_SHIM.format(name=name))
    module = ModuleType(name)
    module.__file__ = str(path)
    vars(module).update(attributes)
    sys.modules[name] = module
