"""Reads one submission of a cohort: a folder, an archive or loose files."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grader.classlist import downloads, loose
from grader.classlist.person import Person
from grader.cohort import kinds, names
from grader.cohort.archives import Refused, Unpacker
from grader.cohort.contents import Unfit, listed
from grader.cohort.kinds import Trouble
from grader.cohort.sources import Source, archives, holds, some, unreadable
from grader.errors import UserError
from grader.findings.untrusted import Untrustworthy
from grader.history import repository
from grader.history.moment import shown
from grader.history.repository import Commit, NoHistory
from grader.library.foldernames import FolderNames
from grader.library.library import Library
from grader.library.locate import is_task_folder
from grader.submission import tree
from grader.submission.submission import Disk, Submission, gather, survey
from grader.submission.tree import Place, Tree
from grader.submission.neededfiles import KINDS, kinds_of


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A submission, when it was handed in, and as which commit, if known."""

    submission: Submission
    when: datetime | None = None
    commit: str = ""


class TooLate(UserError):
    """The repository has no commit by the moment that counts."""


def find_home(path: Path, known: FolderNames) -> Path | None:
    """Return the folder that holds the task folders: here, or below.

    A repository in the folder of its owner, or packed with its own name,
    is found where it is the only one there.
    """
    if holds(path, known) or is_task_folder(path.resolve(), known):
        return path
    home = tree.find_home(Disk(path), known)
    return None if home is None else path.joinpath(*home)


def take(source: Source, library: Library,
         unpacker: Unpacker) -> Submission:
    """Read one submission as it is now; raises UserError if it cannot be."""
    name = names.encoded(source.path.name)
    try:
        if source.trouble:
            raise _not_taken(name, source.trouble)
        if source.real not in (None, os.path.realpath(source.path)):
            # Links were looked at as it was found.
            raise _not_taken(name, ("leads elsewhere by now",
                                    "leave it alone until all are graded"))
        submission = _taken(source, library, unpacker)
    except OSError as error:
        raise _not_taken(name, unreadable(error)) from None
    return dataclasses.replace(submission, name=source.name)


def _taken(source: Source, library: Library,
           unpacker: Unpacker) -> Submission:
    if source.files:
        return gather(loose.sorted_in(source.files, library), library,
                      source.name)
    if not source.path.is_dir():
        return _file(source.path, library, unpacker)
    submission = _folder(source.path, library, unpacker)
    if source.person == Person() or submission.folders:
        return submission
    # As platforms hand out what was uploaded as single files.
    single = {name: source.path / name for name in os.listdir(source.path)
              if name.lower().endswith(KINDS)}
    found = gather(loose.sorted_in(single, library), library, source.name)
    return found if found.folders else submission


def take_dated(source: Source, library: Library, unpacker: Unpacker,
               at: datetime | None = None) -> Taken:
    """Read one submission, and find out when it was handed in.

    With a moment, it is what its repository held then. Raises UserError,
    and TooLate where there was no commit by then.
    """
    home = None if source.trouble else _repository(source, library.names)
    if at is not None:
        if source.trouble:
            raise _not_taken(names.encoded(source.path.name), source.trouble)
        return _as_it_stood(source, home, library, at)
    submission = take(source, library, unpacker)
    try:
        if home is not None:
            with repository.opened(home) as opened:
                return _dated(submission, opened.newest())
    except UserError:
        # When it was handed in is not known; what was, is.
        return Taken(submission=submission)
    return Taken(submission=submission, when=_written(source))


def _repository(source: Source, known: FolderNames) -> Path | None:
    """Return the repository at, around or below a submission's folder."""
    path = source.path
    if source.files or not path.is_dir():
        return None
    return repository.find(
        path.parent if is_task_folder(path.resolve(), known) else path)


def _dated(submission: Submission, commit: Commit | None) -> Taken:
    return Taken(submission=submission) if commit is None else Taken(
        submission=submission, when=commit.when, commit=commit.id)


def _written(source: Source) -> datetime | None:
    """Return when an archive, or the newest of some files, was written.

    The files of a folder say nothing: they are as old as their copies. So
    are those in a download from Canvas.
    """
    if source.platform == "Canvas":
        return None
    files = list(source.files.values()) or (
        [source.path] if source.is_file else [])
    try:
        newest = max((each.stat().st_mtime for each in files), default=None)
        return None if newest is None else datetime.fromtimestamp(
            newest).astimezone()
    except (OSError, ValueError, OverflowError):
        return None


def _as_it_stood(source: Source, home: Path | None, library: Library,
                 at: datetime) -> Taken:
    # Only the commit's files are read, never those in the working tree.
    name = names.encoded(source.path.name)
    if home is None:
        raise _not_taken(name, (
            "is no git repository, or several, and nothing says how it stood"
            f" on {shown(at)}", "grade it without --at"))
    try:
        with repository.opened(home) as opened:
            commit = opened.newest(at)
            if commit is None:
                raise TooLate(
                    f"nothing was handed in by {shown(at)}: the repository"
                    " has no commit that old", "grade it without --at")
            kinds = {kind for each in library.folders
                     for kind in kinds_of(each)}
            archive = listed(opened.as_archive(commit, tuple(kinds)),
                             library.names)
            homes = tree.homes(archive, library.names)
            if len(homes) > 1:
                raise _not_taken(name, (
                    "holds several submissions:"
                    f" {some(['/'.join(each) for each in homes])}",
                    "name one of them as PATH"))
            submission = gather(archive.below(homes[0] if homes else ()),
                                library, source.name)
    except NoHistory as error:
        raise UserError(f"{name}: {error.what}", error.todo) from None
    except (Unfit, Untrustworthy) as error:
        raise UserError(f"{name}: what its commit of that time holds cannot"
                        f" be read: {error}", "look into it by hand"
                        ) from None
    return _dated(submission, commit)


def _not_taken(name: str, trouble: Trouble) -> UserError:
    what, todo = trouble
    return UserError(f"{name} {what}", todo)


class _Seen(Disk):
    """A folder of the disk that notes which folders cannot be read."""

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
    inside = [] if homes else archives(disk.names(()))
    if len(inside) == 1:
        # As Moodle hands out what was uploaded as an archive.
        return _file(path / inside[0], library, unpacker)
    if several := inside or ["/".join(home) for home in homes]:
        raise _not_taken(names.encoded(path.name), (
            f"holds several submissions: {some(several)}",
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
                f"holds several submissions: {some(several)}",
                "unpack it, and name the folder as PATH"))
        home = homes[0] if homes else ()
        return gather(archive.below(home), library, name)


def _several(archive: Tree, homes: Sequence[Place]) -> list[str]:
    """Return the error for an archive that holds several submissions."""
    inside = archive.names(())
    return (["/".join(home) for home in homes] or archives(inside)
            or [each for each in inside if downloads.recognise(each)])
