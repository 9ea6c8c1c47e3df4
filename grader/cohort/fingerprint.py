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
    """Return the hash, hexadecimal, of library, grader, tools and tier.

    `tier` is that of the wall, such as "full".
    """
    tools = [*sys.version_info[:2], *map(version, _TOOLS)]
    # The number first: another one makes all earlier results out of date.
    digest = hashlib.sha256(f"2\n{__version__}\n{tier}\n{tools}\n".encode())
    for name, path in _judging(library):
        _feed(digest, name.encode())
        _feed(digest, path.read_bytes())
    return digest.hexdigest()


def submission_key(submission: Submission, library: str) -> str:
    """Return the key of a result: a hash of the files and of the library.

    `library` is what `library_digest` returns. The name of the submission is
    not part of it: equal submissions have equal results.
    """
    digest = hashlib.sha256(library.encode())
    for folder, files in sorted(submission.folders.items()):
        for name, file in sorted(files.items()):
            entry = f"{folder}/{name}\n{file.executable}\n{file.refused}"
            _feed(digest, entry.encode(errors="surrogateescape"))
            _feed(digest, file.content)
        _feed(digest, f"{folder}/".encode())
    for name in (*submission.others, *submission.seen):
        # The message on a missing file or folder names similar ones.
        _feed(digest, f"?{name}".encode(errors="surrogateescape"))
    for folder, name in sorted(submission.found.items()):
        _feed(digest, f"={folder} {name}".encode(errors="surrogateescape"))
    for folder, why in sorted(submission.refused.items()):
        _feed(digest, f"!{folder} {why}".encode())
    return digest.hexdigest()


def _feed(digest: "hashlib._Hash", part: bytes) -> None:
    # With its length before it: otherwise "a", "bc" and "ab", "c" would give
    # the same hash.
    digest.update(len(part).to_bytes(8, "big") + part)


def _judging(library: Library) -> Iterator[tuple[str, Path]]:
    """Yield (name, path) of all files of the library and of the grader."""
    for part in library.parts:
        yield from _files(part, "*")
    for name, path in _files(PACKAGE, "*.py"):
        # In a wheel the task folders are there; those are no code of the
        # grader, and the library's own are counted above.
        if not name.startswith("grader/folders/"):
            yield name, path


def _files(root: Path, pattern: str) -> Iterator[tuple[str, Path]]:
    """Yield (name, path) of the files below a folder, or of a single file."""
    for path in sorted(root.rglob(pattern)) or [root]:
        if path.is_file() and "__pycache__" not in path.parts:
            yield f"{root.name}/{path.relative_to(root)}", path
