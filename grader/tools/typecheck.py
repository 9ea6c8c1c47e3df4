"""The types dimension: asks the wall's typecheck job about files.

It also makes mypy's cache of the standard library, once per machine and
user.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import metadata
from pathlib import Path
from typing import Any

from grader import PYTHON
from grader.errors import GraderError
from grader.files import cache_home
from grader.findings.untrusted import Remarks
from grader.inside import source
from grader.tools import tools
from grader.tools.tools import Tool
from grader.wall.interpreter import PACKAGE

# A cache that is being made has a folder of that name, and is renamed when
# it is complete. One that is older than the second is left over.
_MAKING = ".making-"
_STALE_SECONDS = 3600.0

Variant = str | Mapping[str, str]
FIRST_TIME = "Getting mypy ready, once: this takes some seconds ..."


@dataclass(frozen=True, kw_only=True)
class TypedFile:
    """One file of a submission, and what its types are judged by.

    `model` is the source of the model answer. `names` are the demanded
    definitions, None for all public ones of the model. `variants` are other
    annotations that are accepted for a parameter, a variable or "return",
    with or without a piece of advice; the variant "..." accepts all but
    Any. `is_clean` demands that mypy has no error. `beside` are the modules
    of its folder, by path: the folder is the id up to the first "/".
    """

    id: str
    source: bytes
    model: str
    names: Sequence[str] | None = None
    variants: Mapping[str, Sequence[Variant]] = field(default_factory=dict)
    is_clean: bool = False
    beside: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        return self.id.rpartition("/")[0].partition("/")[0]

    @property
    def package(self) -> str:
        """Return the package of the folder that the file lies in, or ""."""
        return ".".join(self.id.split("/")[1:-1])


def judge(files: Sequence[TypedFile], tool: Tool,
          cache: Path | None = None) -> dict[str, Remarks]:
    """Return the remarks on the types of files, by id.

    `cache` is the folder of mypy's cache.
    """
    if not files:
        return {}
    return tools.judge(files, tool, lambda some: request(some, cache),
                       "types", "mypy", control=replace(
                           files[0], source=files[0].model.encode()),
                       without_modules=lambda file: replace(file, beside={}))


def request(files: Sequence[TypedFile],
            cache: Path | None) -> dict[str, Any]:
    """Return the request for grader.inside.typecheck.typecheck.run."""
    modules = {one.folder: one.beside for one in files}
    return {"cache": None if cache is None else str(cache),
            "beside": {folder: {path: source.encode(content)
                                for path, content in beside.items()}
                       for folder, beside in modules.items()},
            "files": [{
                "id": one.id, "folder": one.folder, "package": one.package,
                "source": source.encode(one.source),
                "model": one.model, "clean": one.is_clean,
                "names": None if one.names is None else list(one.names),
                "variants": {name: [_plain(variant) for variant in several]
                             for name, several in one.variants.items()},
            } for one in files]}


def warm_cache() -> Path:
    """Return the folder of mypy's cache of the standard library.

    The first call makes it, which takes a few seconds. Raises GraderError.
    """
    target = cache_path()
    if target.is_dir():
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target.parent)
        made = tempfile.mkdtemp(prefix=_MAKING, dir=target.parent)
    except OSError as error:
        raise GraderError(f"mypy's cache cannot be written: {error}",
                          "set XDG_CACHE_HOME to a folder that can be"
                          ) from error
    try:
        _fill(made)
        os.chmod(made, 0o755)
        os.rename(made, target)
    except OSError:
        # os.rename refuses a folder that is not empty: another process was
        # faster, and its cache is as good.
        if not target.is_dir():
            raise
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return target


def is_first_time() -> bool:
    """Return whether `warm_cache` has yet to make the cache."""
    return not cache_path().is_dir()


def _sweep(folder: Path) -> None:
    """Remove the unfinished caches of processes that were killed."""
    for path in folder.glob(f"{_MAKING}*"):
        if path.stat().st_mtime < time.time() - _STALE_SECONDS:
            shutil.rmtree(path, ignore_errors=True)


def cache_path() -> Path:
    """Return the folder of the cache.

    Its name has a hash of all that a cache depends on: the versions of
    Python and mypy, mypy's place, and our options for it.
    """
    mypy = metadata.distribution("mypy")
    checker = PACKAGE / "inside" / "typecheck" / "checker.py"
    setup = hashlib.sha256(b"\0".join([
        sys.version.encode(), mypy.version.encode(),
        str(mypy.locate_file("mypy")).encode(), checker.read_bytes()]))
    return cache_home() / (f"mypy-{mypy.version}-python-{PYTHON}-"
                           f"{setup.hexdigest()[:12]}")


def _fill(folder: str) -> None:
    """Make a cache in a folder, in a process of its own."""
    paths = [path for path in sys.path if path]
    program = (f"import sys; sys.path[:] = {paths!r}; "
               "from grader.inside.typecheck import checker; "
               "checker.warm(sys.argv[1])")
    done = subprocess.run([sys.executable, "-I", "-c", program, folder],
                          capture_output=True, cwd=folder)
    if done.returncode:
        *_, last = ["no reason given", *done.stderr.decode(
            errors="replace").strip().splitlines()]
        raise GraderError(f"mypy's cache could not be made: {last[:300]}",
                          f"make room in {cache_home()}, or set "
                          "XDG_CACHE_HOME; grade doctor shows the rest")


def _plain(variant: Variant) -> str | dict[str, str]:
    return variant if isinstance(variant, str) else dict(variant)
