"""Where the submissions of a cohort are, and how one is taken in."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader import tree
from grader.cohort import archives
from grader.cohort.archives import Unpacker
from grader.errors import UserError
from grader.library import FOLDERS, Library
from grader.submission import Disk, Submission, gather, survey


@dataclass(frozen=True, kw_only=True)
class Source:
    """One submission, not yet read: a folder or an archive."""

    name: str
    path: Path


@dataclass(frozen=True, kw_only=True)
class Sources:
    """All submissions in order, and the paths that hold none."""

    found: list[Source] = field(default_factory=list)
    passed_over: list[Path] = field(default_factory=list)


def find(paths: Sequence[Path]) -> Sources:
    """Find every submission that the paths name, without reading one.

    A path is a submission, an archive, a folder of either, or a text file
    that lists such paths, one a line. Of two submissions of one name the
    second becomes "name (2)". Raises UserError for a path that is not
    there, and where there is nothing to grade.
    """
    sources = Sources()
    seen: dict[str, int] = {}
    for path in _listed(paths):
        for each in _below(path):
            home = each if each.is_file() else find_home(each)
            if home is None:
                sources.passed_over.append(each)
                continue
            name = _name(each)
            seen[name] = seen.get(name, 0) + 1
            if seen[name] > 1:
                name = f"{name} ({seen[name]})"
            sources.found.append(Source(name=name, path=home))
    if not sources.found:
        raise UserError("there is no submission in what was named",
                        f"a submission holds folders like {FOLDERS[0]}")
    return sources


def _listed(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.exists():
            raise UserError(f"{path} is not there", "name what is")
        if path.is_dir() or archives.is_archive(path):
            yield path
        else:
            yield from _lines(path)


def _lines(path: Path) -> Iterator[Path]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UserError(f"{path} is neither an archive nor a list of paths",
                        "name folders, archives or a text file") from None
    for line in filter(None, map(str.strip, text.splitlines())):
        listed = path.parent / line
        if line.startswith("#"):
            continue
        if not (listed.is_dir() or archives.is_archive(listed)):
            raise UserError(f"{path} lists {line}, which is no folder and"
                            " no archive", "correct the list")
        # An archive is known by its name, whether it is there or not.
        if not listed.exists():
            raise UserError(f"{path} lists {line}, which is not there",
                            "correct the list")
        yield listed


def _below(path: Path) -> Iterator[Path]:
    """Yield a path that is a submission, or those in it that may be."""
    if path.is_file() or _holds(path) or path.resolve().name in FOLDERS:
        yield path
        return
    for child in sorted(path.iterdir()):
        if child.name.startswith("."):
            continue
        if child.is_dir() or archives.is_archive(child):
            yield child


def find_home(path: Path) -> Path | None:
    """Return the folder that holds the task folders: here, or below.

    A repository in the folder of its owner, or packed with its own name,
    is found where it is the only one there.
    """
    if _holds(path) or path.resolve().name in FOLDERS:
        return path
    home = tree.find_home(Disk(path))
    return None if home is None else path.joinpath(*home)


def _holds(path: Path) -> bool:
    # A link that leads nowhere was handed in, too.
    return any((path / name).is_dir() or (path / name).is_symlink()
               for name in FOLDERS)


def _name(path: Path) -> str:
    if path.is_file():
        return archives.stem(path)
    resolved = path.resolve()
    return (resolved.parent if resolved.name in FOLDERS else resolved).name


def take(source: Source, library: Library,
         unpacker: Unpacker) -> Submission:
    """Read one submission; raises UserError where that cannot be."""
    if source.path.is_file():
        with unpacker.tree(source.path) as archive:
            return gather(archive, library, source.name,
                          tree.find_home(archive) or ())
    return dataclasses.replace(survey(source.path, library),
                               name=source.name)
