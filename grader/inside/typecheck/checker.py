"""Runs mypy as a library: one build over several texts.

It also fills the cache of the standard library that all builds share.
Importing this imports mypy. A build leaks some 10 MB, so it is made in a
process that ends afterwards.
"""

from __future__ import annotations

import gc
import io
import os
import re
import sys
from collections.abc import Mapping
from typing import NamedTuple

from mypy.build import build
from mypy.errors import CompileError
from mypy.modulefinder import BuildSource
from mypy.nodes import MypyFile
from mypy.options import Options

from grader.inside.typecheck.localmodules import module_at

# Modules that learners import: analysed once, for the cache.
WARM = (
    "abc", "argparse", "array", "asyncio", "bisect", "builtins",
    "collections", "collections.abc", "concurrent.futures", "contextlib",
    "copy", "csv", "dataclasses", "datetime", "decimal", "enum",
    "fractions", "functools", "heapq", "importlib", "importlib.util",
    "inspect", "io", "itertools", "json", "logging", "math", "numbers",
    "operator", "os", "os.path", "pathlib", "queue", "random", "re",
    "secrets", "signal", "sqlite3", "statistics", "string", "subprocess",
    "sys", "textwrap", "threading", "time", "timeit", "traceback", "types",
    "typing", "typing_extensions", "unittest", "unittest.mock", "uuid",
    "warnings",
)
# No such folder: mypy then looks nowhere but in its own typeshed.
_NOWHERE = "/nonexistent"
_ERROR = re.compile(r"(?P<name>[^:]+)\.py:(?P<line>\d+):"
                    r"(?:(?P<column>\d+):)? error: (?P<words>.+)", re.DOTALL)


class Complaint(NamedTuple):
    """One error that mypy reports; line and column count from 1."""

    line: int
    column: int
    message: str


class Checked(NamedTuple):
    """The result of a build: mypy's trees and its complaints, by module."""

    trees: Mapping[str, MypyFile]
    complaints: Mapping[str, list[Complaint]]


class Blocked(Exception):
    """mypy stopped at an error, such as one of syntax, and has no result.

    `complaints` are as in Checked.
    """

    def __init__(self, complaints: Mapping[str, list[Complaint]]) -> None:
        super().__init__("mypy refuses a file")
        self.complaints = complaints


def options(cache: str | None) -> Options:
    """Return the options of every build.

    They are part of what a cache depends on: mypy ignores a cache that was
    made with others.
    """
    chosen = Options()
    chosen.python_version = sys.version_info[:2]
    # No executable, no site-packages: third-party imports are Any.
    chosen.python_executable = None
    chosen.ignore_missing_imports = True
    chosen.cache_dir = cache or os.devnull
    chosen.sqlite_cache = False
    # The native parser starts threads, and reads files by itself.
    chosen.native_parser = False
    chosen.raise_exceptions = True
    chosen.show_column_numbers = True
    # Otherwise the functions' trees are gone once they are checked.
    chosen.preserve_asts = True
    return chosen


def check(texts: Mapping[str, str], cache: str | None,
          beside: Mapping[str, str] = {}) -> Checked:
    """Check modules, given as texts by module name, in one build.

    `beside` are the texts, by path, of other modules that they import; of
    these nothing is reported. No mypy.ini and no file of the working folder
    is read. Behind a wall the cache cannot be written to; elsewhere mypy adds
    what else of the standard library is imported. Raises Blocked,
    RuntimeError where mypy exits, and any exception that mypy raises when it
    crashes.
    """
    # 1. Options: no cache for these modules, which are never seen again.
    chosen = options(cache)
    chosen.per_module_options = {
        name: {"cache_dir": os.devnull}
        for name in (*texts, *map(module_at, beside))}
    # 2. Sources, all as texts.
    sources = [BuildSource(_path(name), name, text)
               for name, text in texts.items()]
    sources += [BuildSource(path, module_at(path), text)
                for path, text in beside.items()]
    lines: list[str] = []
    collects = gc.isenabled()
    # 3. The build. Collecting garbage takes a tenth of its time and finds
    #    next to nothing.
    gc.disable()
    try:
        result = build(
            sources, chosen, alt_lib_path=_NOWHERE,
            flush_errors=lambda _, new, __: lines.extend(new),
            stdout=io.StringIO(), stderr=io.StringIO())
    except CompileError as error:
        raise Blocked(_sort(texts, lines + error.messages)) from None
    except SystemExit as error:
        raise RuntimeError(f"mypy left: {error}") from None
    finally:
        if collects:
            gc.enable()
    return Checked({name: result.files[name] for name in texts},
                   _sort(texts, lines))


def warm(cache: str) -> None:
    """Fill a cache folder with the analysis of the modules in WARM."""
    text = "".join(f"import {name}\n" for name in WARM)
    check({"warm": text}, cache)


def _path(name: str) -> str:
    return f"{name}.py"


def _sort(texts: Mapping[str, str],
          lines: list[str]) -> dict[str, list[Complaint]]:
    """Sort lines such as "name.py:3:1: error: words  [code]" by module."""
    found: dict[str, list[Complaint]] = {name: [] for name in texts}
    for match in filter(None, map(_ERROR.fullmatch, lines)):
        if match["name"] in found:
            found[match["name"]].append(Complaint(
                int(match["line"]), int(match["column"] or 1),
                match["words"]))
    return found


if __name__ == "__main__":
    warm(sys.argv[1])
