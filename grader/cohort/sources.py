"""Where the submissions of a cohort are, and how one is taken in."""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from grader.cohort import kinds, names
from grader.cohort.archives import Refused, Unpacker
from grader.cohort.kinds import Trouble
from grader.cohort.ledger import OURS, RESULTS
from grader.errors import UserError
from grader.library.library import Library
from grader.library.locate import is_task_folder
from grader.library.names import Names
from grader.submission import tree
from grader.submission.submission import Disk, Submission, gather, survey
from grader.submission.tree import Place, Tree

_MOST_SEEN = 5
_PLATFORMS = {
    "Moodle": (re.compile(r".+_\d+_assignsubmission_\w*"),
               "each row has the name of a folder there"),
    "Canvas": (re.compile(r"[^\W\d_]+(_late)?_\d+_\d+_.+", re.IGNORECASE),
               "put the single files of a learner into a folder")}


@dataclass(frozen=True, kw_only=True)
class Source:
    """One submission, not yet read: a folder, an archive or what else.

    `place` is its path without links, which tells it from all others, and
    `real` where it led when it was found, if that is known; `trouble` says
    why it cannot be taken in, and what to do.
    """

    name: str
    path: Path
    place: Path
    real: str | None = None
    trouble: Trouble | None = None

    @classmethod
    def at(cls, path: Path, name: str | None = None) -> Self:
        """Return the submission at a path, called after it or otherwise."""
        place = path.resolve()
        return cls(path=path, place=place,
                   name=name or names.plain(place.name, path.is_file()))

    @property
    def is_file(self) -> bool:
        """Tell whether it may be an archive, to be opened."""
        return not self.trouble and _is_file(self.path)


@dataclass(frozen=True, kw_only=True)
class Sources:
    """All submissions in order, each at one place only.

    `passed_over` are the names of what is no submission, `remarks` what a
    person should know about what was found.
    """

    found: list[Source] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def find(paths: Sequence[Path], known: Names,
         out: Path | None = None) -> Sources:
    """Find every submission that the paths name, without reading one.

    A path is a submission, an archive, a folder of either, or a text file
    that lists such paths, one a line. In a folder of submissions, all that
    somebody may have handed in is one; `out` is none. Raises UserError for
    a path that is not there, where there is nothing to grade, and where
    `out` is a submission.
    """
    finder = _Finder(known, None if out is None else out.resolve())
    for path in _listed(paths):
        finder.look(path)
    if not finder.is_promising:
        raise UserError("there is no submission in what was named", next(
            iter(finder.sources.remarks),
            f"a submission holds folders like {known.all[0]}"))
    return finder.sources


def named(sources: Sequence[Source], known: dict[str, str],
          out: Path) -> list[Source]:
    """Return sources with the names that they have among these results.

    `known` are the `source`s of the results in `out`, by name.
    """
    lying = [names.Lying(plain=each.name, place=each.place)
             for each in sources]
    return [dataclasses.replace(source, name=name) for source, name
            in zip(sources, names.given(lying, known, out.resolve()))]


class _Finder:
    """Gathers the submissions below one path after another."""

    def __init__(self, known: Names, out: Path | None) -> None:
        self.sources = Sources()
        self._known = known
        self.is_promising = False
        self._out = out
        self._places: set[Path] = set()

    def look(self, path: Path) -> None:
        """Take a path for a submission, or for a folder of them."""
        place = path.resolve()
        if is_task_folder(place, self._known):
            self._add(path, place.parent)
            return
        try:
            is_one = not path.is_dir() or _holds(path, self._known)
            children = [] if is_one else sorted(path.iterdir())
        except OSError as error:
            self._add(path, place, _unreadable(error))
            return
        if is_one:
            self._add(path, place)
        for child in children:
            self._child(child, place)
        self._recognise(path, children)

    def _child(self, path: Path, folder: Path) -> None:
        """Take in what lies in a folder of submissions."""
        place = folder / path.name
        try:
            trouble = _bad_link(path, folder)
            if self._is_ours(path, place):
                return
            if not trouble and _is_no_submission(path):
                self.sources.passed_over.append(names.encoded(path.name))
                return
            if not trouble and not (path.is_dir() or path.is_file()):
                trouble = "is neither a file nor a folder", "take it away"
            is_promising = (trouble is not None or self.is_promising
                            or _is_promising(path, self._known))
        except OSError as error:
            trouble, is_promising = _unreadable(error), True
        self._add(path, place, trouble, is_promising)

    def _is_ours(self, path: Path, place: Path) -> bool:
        """Tell whether that is where the results go, and no submission."""
        if place.parent == self._out and place.name in OURS:
            return True
        return place == self._out and not (
            path.is_dir() and _is_promising(path, self._known)
            and not (path / RESULTS).is_file())

    def _add(self, path: Path, place: Path, trouble: Trouble | None = None,
             is_promising: bool = True) -> None:
        if place == self._out:
            # It would not be graded, or its results would be handed in.
            raise UserError(f"{self._out} is a submission",
                            "name another --out")
        self.is_promising |= is_promising
        if place not in self._places:
            self._places.add(place)
            is_file = not trouble and path.is_file()
            self.sources.found.append(Source(
                name=names.plain(place.name, is_file), path=path,
                place=place, trouble=trouble,
                real=None if trouble else os.path.realpath(path)))

    def _recognise(self, path: Path, children: Sequence[Path]) -> None:
        """Say so if it is what a learning platform hands out."""
        if platform := platform_of([child.name for child in children]):
            _, advice = _PLATFORMS[platform]
            self.sources.remarks.append(
                f"{names.encoded(str(path))} looks like a download from"
                f" {platform}: {advice}")


def _is_no_submission(path: Path) -> bool:
    if path.is_dir():
        return (path.name.startswith(".") or path.name in kinds.CLUTTER
                or _is_of_a_run(path))
    return kinds.is_no_submission(path.name)


def platform_of(found: Sequence[str]) -> str:
    """Return the learning platform that gives out files so named, or ""."""
    return next((platform for platform, (pattern, _) in _PLATFORMS.items()
                 if any(map(pattern.fullmatch, found))), "")


def _is_of_a_run(path: Path) -> bool:
    """Tell whether a folder is what an earlier run has left, and no more.

    A learner may have handed in results of their own.
    """
    found = {each for each in os.listdir(path) if not each.startswith(".")}
    return RESULTS in found and found <= OURS


def _is_promising(path: Path, known: Names) -> bool:
    """Tell whether what lies in a folder makes that one a class."""
    if path.is_dir():
        disk = Disk(path)
        return bool(_holds(path, known) or tree.homes(disk, known)
                    or _archives(disk.names(())))
    return kinds.is_archive(path.name)


def _bad_link(path: Path, folder: Path) -> Trouble | None:
    if not path.is_symlink():
        return None
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        return "is a symbolic link that leads nowhere", "put in what it meant"
    if folder in target.parents:
        return None
    # It may lead to what another learner, or the grader's owner, has.
    return ("is a symbolic link that leads out of the folder",
            "name what it leads to as PATH, or list it in a text file")


def _unreadable(error: OSError) -> Trouble:
    if isinstance(error, FileNotFoundError):
        return "is gone by now", "leave it alone until all are graded"
    return (f"cannot be read: {error.strerror}",
            "give yourself the right to read it")


def _listed(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if _is_missing(path):
            raise UserError(f"{path} is not there", "name what is")
        if _is_file(path) and not kinds.is_handed_in(path.name):
            yield from _lines(path)
        else:
            yield path


def _is_missing(path: Path) -> bool:
    """Tell whether nothing is there; what cannot be seen may be."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


def _lines(path: Path) -> Iterator[Path]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}",
                        "give yourself the right to read it") from None
    if b"\0" in content:
        raise UserError(f"{path} is neither an archive nor a list of paths",
                        "name folders, archives or a text file")
    for line in filter(None, map(str.strip,
                                 os.fsdecode(content).splitlines())):
        if line.startswith("#"):
            continue
        listed = path.parent / line
        if _is_missing(listed):
            raise UserError(f"{path} lists {line}, which is not there",
                            "correct the list")
        if _is_file(listed) and not kinds.is_handed_in(listed.name):
            raise UserError(f"{path} lists {line}, which is no folder and"
                            " no archive", "correct the list")
        yield listed


def find_home(path: Path, known: Names) -> Path | None:
    """Return the folder that holds the task folders: here, or below.

    A repository in the folder of its owner, or packed with its own name,
    is found where it is the only one there.
    """
    if _holds(path, known) or is_task_folder(path.resolve(), known):
        return path
    home = tree.find_home(Disk(path), known)
    return None if home is None else path.joinpath(*home)


def _holds(path: Path, known: Names) -> bool:
    """Tell whether task folders lie in a folder that can be read."""
    return bool(tree.task_folders(Disk(path), (), known))


def take(source: Source, library: Library,
         unpacker: Unpacker) -> Submission:
    """Read one submission; raises UserError where that cannot be."""
    name = names.encoded(source.path.name)
    try:
        if source.trouble:
            raise _not_taken(name, source.trouble)
        if source.real not in (None, os.path.realpath(source.path)):
            # Links were looked at as it was found.
            raise _not_taken(name, ("leads elsewhere by now",
                                    "leave it alone until all are graded"))
        submission = (_folder if source.path.is_dir() else _file)(
            source.path, library, unpacker)
    except OSError as error:
        raise _not_taken(name, _unreadable(error)) from None
    return dataclasses.replace(submission, name=source.name)


def _not_taken(name: str, trouble: Trouble) -> UserError:
    what, todo = trouble
    return UserError(f"{name} {what}", todo)


class _Seen(Disk):
    """A folder in which what cannot be looked into is noted."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.errors: list[OSError] = []

    def folders(self, place: Place) -> Sequence[str]:
        try:
            return super().folders(place)
        except OSError as error:
            self.errors.append(error)
            raise


def _folder(path: Path, library: Library, unpacker: Unpacker) -> Submission:
    """Take in the task folders below a folder, or the archive in it."""
    if is_task_folder(path.resolve(), library.names):
        return survey(path, library)
    disk = _Seen(path)
    homes = tree.homes(disk, library.names)
    if len(homes) == 1:
        return survey(path.joinpath(*homes[0]), library)
    inside = [] if homes else _archives(disk.names(()))
    if len(inside) == 1:
        # As Moodle hands out what was uploaded as an archive.
        return _file(path / inside[0], library, unpacker)
    if several := inside or ["/".join(home) for home in homes]:
        raise _not_taken(names.encoded(path.name), (
            f"holds several submissions: {_some(several)}",
            "name that folder as PATH"))
    if disk.errors:
        raise disk.errors[0]
    return survey(path, library)


def _file(path: Path, library: Library, unpacker: Unpacker) -> Submission:
    """Take in what is packed in a file."""
    name = names.encoded(path.name)
    if trouble := kinds.trouble(path):
        raise _not_taken(name, trouble)
    try:
        return _unpacked(path, library, unpacker)
    except Refused:
        if trouble := kinds.packed(path.name):
            raise _not_taken(name, trouble) from None
        raise


def _unpacked(path: Path, library: Library, unpacker: Unpacker) -> Submission:
    name = names.encoded(path.name)
    with unpacker.tree(path) as archive:
        homes = tree.homes(archive, library.names)
        if len(homes) != 1 and (several := _several(archive, homes)):
            raise _not_taken(name, (
                f"holds several submissions: {_some(several)}",
                "unpack it, and name the folder as PATH"))
        home = homes[0] if homes else ()
        return gather(archive.below(home), library, name)


def _several(archive: Tree, homes: Sequence[Place]) -> list[str]:
    """Name what looks like the submissions of a class in one archive."""
    inside = archive.names(())
    return (["/".join(home) for home in homes] or _archives(inside)
            or [each for each in inside if platform_of([each])])


def _archives(found: Sequence[str]) -> list[str]:
    return [name for name in found if kinds.is_archive(name)]


def _some(found: Sequence[str]) -> str:
    shown = ", ".join(map(names.encoded, found[:_MOST_SEEN]))
    more = len(found) - _MOST_SEEN
    return f"{shown} and {more} more" if more > 0 else shown
