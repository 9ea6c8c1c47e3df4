"""Hashes all that a result depends on, so that it need not be graded again.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from grader import __version__
from grader.library.library import Library
from grader.submission.submission import Submission
from grader.wall.interpreter import PACKAGE


# Packages whose version may change a verdict.
_TOOLS = ("mypy", "pycodestyle")


def library_digest(library: Library, tier: str) -> str:
    """Return the hash of library, grader, tools and tier."""
    tools = [*sys.version_info[:2], *map(version, _TOOLS)]
    digest = hashlib.sha256(f"2\n{__version__}\n{tier}\n{tools}\n".encode())
    for name, path in _judging(library):
        _feed(digest, name.encode())
        _feed(digest, path.read_bytes())
    return digest.hexdigest()


def submission_key(submission: Submission, library: str) -> str:
    """Return the key of a result: a hash of the files and of the library.

    The name is not part of it: equal submissions have equal results.
    """
    digest = hashlib.sha256(library.encode())
    for folder, files in sorted(submission.folders.items()):
        for name, file in sorted(files.items()):
            entry = f"{folder}/{name}\n{file.executable}\n{file.refused}"
            _feed(digest, entry.encode(errors="surrogateescape"))
            _feed(digest, file.content)
        _feed(digest, f"{folder}/".encode())
    for name in (*submission.others, *submission.seen):
        # What is missing is reported with what may be meant to be it.
        _feed(digest, f"?{name}".encode(errors="surrogateescape"))
    for folder, name in sorted(submission.found.items()):
        _feed(digest, f"={folder} {name}".encode(errors="surrogateescape"))
    for folder, why in sorted(submission.refused.items()):
        _feed(digest, f"!{folder} {why}".encode())
    return digest.hexdigest()


def _feed(digest: "hashlib._Hash", part: bytes) -> None:
    # With its length, so that no two lists of parts read the same.
    digest.update(len(part).to_bytes(8, "big") + part)


def _judging(library: Library) -> Iterator[tuple[str, Path]]:
    for part in library.parts:
        yield from _files(part, "*")
    for name, path in _files(PACKAGE, "*.py"):
        if not name.startswith("grader/folders/"):
            yield name, path


def _files(root: Path, pattern: str) -> Iterator[tuple[str, Path]]:
    for path in sorted(root.rglob(pattern)) or [root]:
        if path.is_file() and "__pycache__" not in path.parts:
            yield f"{root.name}/{path.relative_to(root)}", path
