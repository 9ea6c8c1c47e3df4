"""Load the file under test, fresh, from a scratch copy of its folder.

The grader fills the scratch folder with the submission's files and names it
in GRADE_WORKSPACE. Run on its own (unittest, pytest, an editor's button) a
suite gets a temporary copy of the library's own folder instead, so that the
very same suite judges the model answers and no test touches the originals.
"""

from __future__ import annotations

import atexit
import codecs
import functools
import io
import os
import re
import shutil
import sys
import tempfile
import tokenize
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, TypeGuard

from grader.kit.drivers import driver_text
from grader.kit.failure import Failure
from grader.kit.values import show

GIVEN = ".given"
MAX_DETAIL = 300

# Exceptions within exceptions whose text is asked for.
_DEEPEST = 5
_UTF_16 = codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE

Siblings = Mapping[str, Mapping[str, Any]]

_ours: dict[str, ModuleType] = {}
_KIT = os.path.dirname(os.path.abspath(__file__))

_SHIM = """\
import sys
globals().update(vars(sys.modules[{name!r}]))
"""


def workspace(suite: str | None = None) -> Path:
    """Return the scratch folder; `suite` is the path of a suite's file."""
    if "GRADE_WORKSPACE" not in os.environ:
        os.environ["GRADE_WORKSPACE"] = str(_copy_of(suite))
    return Path(os.environ["GRADE_WORKSPACE"])


def _copy_of(suite: str | None) -> Path:
    if suite is None:
        raise RuntimeError("a suite outside the grader must name its file")
    source = Path(suite).resolve().parent.parent
    copy = Path(tempfile.mkdtemp(prefix="grade-"))
    atexit.register(shutil.rmtree, copy, ignore_errors=True)
    (copy / GIVEN).mkdir()
    for path in filter(Path.is_file, source.iterdir()):
        shutil.copy2(path, copy)
        shutil.copy2(path, copy / GIVEN)
    os.chdir(copy)
    return copy


def give(name: str) -> Path:
    """Put the library's own copy of a given file into the workspace."""
    return Path(shutil.copy2(workspace() / GIVEN / name, workspace() / name))


@contextmanager
def tidied(folder: Path) -> Iterator[None]:
    """Remove in the end what files came into the folder meanwhile."""
    before = set(_files(folder))
    try:
        yield
    finally:
        for path in set(_files(folder)) - before:
            with suppress(OSError):  # it is open, on Windows
                os.unlink(path)


def _files(folder: Path) -> Iterator[str]:
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != GIVEN]
        yield from (os.path.join(place, name) for name in names)


def load(file: str, siblings: Siblings | None = None) -> ModuleType:
    """Execute `file` as a fresh module and return it.

    `siblings` maps module names to the attributes of stand-ins that take
    the place of the learner's own files, whichever way they are imported.
    Raises Failure with cause missing, broken, timeout or memory.
    """
    folder = workspace()
    forget(folder)
    for name, attributes in (siblings or {}).items():
        _stand_in(folder, name, attributes)
    return execute(file, read_code(file), Path(file).stem)


def read_code(file: str) -> CodeType:
    """Compile a file of the workspace the way Python would run it."""
    path = workspace() / file
    if not path.is_file():
        raise Failure(f"{file} is not there", cause="missing")
    return compile_source(path.read_bytes(), file)


@functools.lru_cache(8)
def compile_source(source: bytes, file: str) -> CodeType:
    """Compile bytes; raise Failure (broken) in words for whatever fails."""
    if b"\0" in source and not source.startswith(_UTF_16):
        raise Failure(f"{file} cannot be read: the file contains a NUL byte",
                      cause="broken")
    try:
        return compile(_decoded(source), file, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise _unreadable(file, error) from None
    except UnicodeDecodeError:
        reason = "the file is not UTF-8 text"
    except (LookupError, ValueError) as error:
        reason = str(error)
    except (RecursionError, MemoryError):
        reason = "an expression is nested too deeply for Python"
    raise Failure(f"{file} cannot be read: {reason}", cause="broken")


def _decoded(source: bytes) -> str:
    """Decode as Python would; it asks for UTF-8 unless told otherwise."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    except SyntaxError as error:
        if b"coding" in source[:200]:
            raise
        raise UnicodeDecodeError("utf-8", source, 0, 1, str(error)) from None
    return source.decode(encoding)


def _unreadable(file: str, error: SyntaxError) -> Failure:
    where = f", line {error.lineno}" if error.lineno else ""
    if where and error.offset and error.offset > 0:
        where += f", column {error.offset}"
    return Failure(f"{file}{where}: {error.msg}", cause="broken",
                   line=error.lineno)


def execute(file: str, code: CodeType, name: str) -> ModuleType:
    """Run compiled code as module `name`; raise Failure if that fails."""
    folder = str(workspace())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    module = ModuleType(name)
    module.__file__ = str(Path(folder) / file)
    sys.modules[name] = module
    try:
        exec(code, vars(module))
    except Failure:
        raise
    except MemoryError:
        raise Failure(f"{file} ran out of memory while loading",
                      cause="memory") from None
    except BaseException as error:
        raise _broken(file, error) from error
    return module


def _broken(file: str, error: BaseException) -> Failure:
    line = line_in(error, file)
    where = f", line {line}" if line else ""
    return Failure(f"{file}{where} does not load: {describe(error)}",
                   cause="broken", line=line)


def describe(error: BaseException) -> str:
    """Say what an exception of the submission means, in one line."""
    if isinstance(error, SystemExit):
        return "it calls exit"
    if isinstance(error, EOFError):
        return "it asks for keyboard input"
    if isinstance(error, ModuleNotFoundError):
        return f"it needs {error.name}, which this task does not offer"
    name = str(type.__dict__["__name__"].__get__(type(error)))
    detail = plain(_text_of(error))
    return f"{name}: {detail[:MAX_DETAIL]}" if detail else name


def _text_of(error: BaseException, depth: int = 0) -> str:
    """Return the text of an exception without asking its own code."""
    if _is_builtin(error):
        return OSError.__str__(error)
    if text := driver_text(error):
        return text
    arguments = vars(BaseException)["args"].__get__(error)
    if len(arguments) != 1:
        return show(arguments) if arguments else ""
    only = arguments[0]
    if issubclass(type(only), BaseException) and depth < _DEEPEST:
        return _text_of(only, depth + 1)
    # A missing key is quoted, as Python does.
    return only if type(only) is str and not issubclass(
        type(error), KeyError) else show(only)


def plain(text: str) -> str:
    """Take out what is not the learner's: our folder, addresses, places."""
    folder = os.environ.get("GRADE_WORKSPACE")
    text = text.replace(f"{folder}/", "") if folder else text
    text = re.sub(r" at 0x[0-9a-f]{6,}>", ">", text)
    text = re.sub(r"<(\w[\w ]*) (?:\w+\.|<locals>\.)+(\w+)>", r"<\1 \2>",
                  text)
    # A text of theirs may be long, and this takes its square.
    return re.sub(r"(?:\w+\.)+<locals>\.(?:\w+\.|<locals>\.)*", "",
                  text[:MAX_DETAIL * 4])


def _is_builtin(error: BaseException) -> TypeGuard[OSError]:
    return (isinstance(error, OSError)
            and type(error).__module__ == "builtins"
            and type(error.filename) in (str, bytes, int)
            and type(error.strerror) is str and error.filename2 is None)


def raised_at(error: BaseException, suite: str) -> list[Any] | None:
    """Return the file and line in which a suite or the kit raised."""
    found = None
    trace = error.__traceback__
    while trace is not None:
        folder, name = os.path.split(trace.tb_frame.f_code.co_filename)
        if folder == _KIT or not folder and name == suite:
            found = [name, trace.tb_lineno]
        trace = trace.tb_next
    return found


def line_in(error: BaseException, file: str) -> int | None:
    """Return the last line of `file` that the traceback passes through."""
    found = None
    trace = error.__traceback__
    names = (file, str(workspace() / file))
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in names:
            found = trace.tb_lineno
        trace = trace.tb_next
    return found


def all_imported() -> None:
    """Note that no module imported so far came from a submission."""
    _ours.update(sys.modules)


def forget(folder: Path) -> None:
    """Drop every module that came from the folder, so none is stale."""
    place = str(folder)
    # Listing the items may collect garbage, and that may import a module.
    for name, module in sys.modules.copy().items():
        # Hundreds of modules for every check: to look into each would cost
        # more than the check does.
        if module is not _ours.get(name):
            origin = getattr(module, "__file__", None)
            if type(origin) is str and os.path.dirname(origin) == place:
                del sys.modules[name]


def _stand_in(folder: Path, name: str, attributes: Mapping[str, Any]) -> None:
    """Put a stand-in where imports by name and by path both find it."""
    path = folder / f"{name}.py"
    path.write_text(_SHIM.format(name=name))
    module = ModuleType(name)
    module.__file__ = str(path)
    vars(module).update(attributes)
    sys.modules[name] = module
