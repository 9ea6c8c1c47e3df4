"""Finds the submissions of a cohort below the paths of the command line."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Self

from grader.classlist import downloads
from grader.classlist.downloads import Handout
from grader.classlist.person import Person
from grader.cohort import kinds, names
from grader.cohort.kinds import Trouble
from grader.cohort.ledger import OURS, RESULTS
from grader.errors import UserError
from grader.library.foldernames import FolderNames
from grader.library.locate import is_task_folder
from grader.report.wording import few
from grader.submission import tree
from grader.submission.neededfiles import KINDS
from grader.submission.submission import Disk


@dataclass(frozen=True, kw_only=True)
class Source:
    """One submission, not yet read: a folder, an archive or what else.

    `place` is its path without links, which is unique, and
    `real` where it led when it was found, if that is known; `trouble` says
    why it cannot be taken in, and what to do. Of what a platform handed out,
    `person` is who the learner is, as far as that is known, `platform` its
    name if that is in the names of files, and `files` are single files, if
    these were handed in, by the names that the learner gave.
    """

    name: str
    path: Path
    place: Path
    real: str | None = None
    trouble: Trouble | None = None
    person: Person = Person()
    platform: str = ""
    files: Mapping[str, Path] = field(default_factory=dict)

    @classmethod
    def at(cls, path: Path, name: str | None = None) -> Self:
        """Return the submission at a path, called after it or otherwise."""
        place = path.resolve()
        return cls(path=path, place=place,
                   name=name or names.plain(place.name, path.is_file()))

    @property
    def is_file(self) -> bool:
        """Return whether it may be an archive, to be opened."""
        return not self.trouble and not self.files and _is_file(self.path)


@dataclass(frozen=True, kw_only=True)
class Sources:
    """All submissions in order, each at one place only.

    `passed_over` are the names of what is no submission.
    """

    found: list[Source] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)


def find(paths: Sequence[Path], known: FolderNames,
         out: Path | None = None) -> Sources:
    """Find every submission that the paths name, without reading one.

    A path is a submission, an archive, a folder of either, or a text file
    that lists such paths, one a line. In a folder of submissions, every
    folder and archive is one, but not `out`. Raises UserError for
    a path that is not there, where there is nothing to grade, and where
    `out` is a submission.
    """
    finder = _Finder(known, None if out is None else out.resolve())
    for path in _listed(paths):
        finder.look(path)
    if not finder.is_promising:
        raise UserError("there is no submission in what was named",
                        f"a submission holds folders like {known.all[0]}")
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

    def __init__(self, known: FolderNames, out: Path | None) -> None:
        self.sources = Sources()
        self._known = known
        self.is_promising = False
        self._out = out
        self._places: set[Path] = set()
        # Of a folder whose files are named one by one, read once.
        self._people = cache(_gradescope)
        self._by_learner = cache(_by_learner)

    def look(self, path: Path) -> None:
        """Take a path for a submission, or for a folder of them."""
        place = path.resolve()
        if is_task_folder(place, self._known):
            self._add(path, place.parent)
            return
        try:
            if self._is_of_a_download(path, place):
                return
            is_one = not path.is_dir() or holds(path, self._known)
            children = [] if is_one else sorted(path.iterdir())
        except OSError as error:
            self._add(path, place, unreadable(error))
            return
        if is_one:
            self._add(path, place)
        self._children(path, place, children)

    def _is_of_a_download(self, path: Path, place: Path) -> bool:
        """Take in one learner's part of a download, if a path is that.

        It is called as when the whole is named. Of single files all that
        lie beside a path belong to the learner.
        """
        handout = downloads.recognise(place.name)
        person = self._people(place.parent).get(place.name)
        if handout and handout.file and _is_handed_out(path):
            of_all = self._by_learner(path.parent)
            self._children(path.parent, place.parent,
                           of_all.get(handout.key, ()))
        elif path.is_dir() and (handout or person):
            self._child(path, place.parent, handout, person)
        else:
            return False
        return True

    def _children(self, path: Path, place: Path,
                  children: Sequence[Path]) -> None:
        """Take in what lies in a folder, by learners if it is a download."""
        handed: dict[str, list[tuple[Handout, str]]] = {}
        people = self._people(path)
        for child in children:
            handout = downloads.recognise(child.name)
            if handout and handout.file and _is_handed_out(child):
                handed.setdefault(handout.key, []).append(
                    (handout, child.name))
            elif handout and _is_empty_answer(child):
                self.sources.passed_over.append(names.encoded(child.name))
            else:
                self._child(child, place, handout, people.get(child.name))
        for key, some in handed.items():
            self._handed(path, place, key, some)

    def _handed(self, path: Path, folder: Path, key: str,
                handed: Sequence[tuple[Handout, str]]) -> None:
        """Take in the files of one learner in a download."""
        newest = {name: path / found for name, found
                  in downloads.newest(handed).items()}
        packed = archives(list(newest))
        files = {name: each for name, each in newest.items()
                 if name.lower().endswith(KINDS)}
        if not packed and not files:
            self.sources.passed_over.append(names.encoded(key))
            return
        trouble = None
        if len(packed) + bool(files) > 1:
            trouble = (f"holds several submissions: {some([*newest])}",
                       "keep the one that counts, and take the others away")
        self.is_promising = True
        self._enter(Source(
            name=names.plain(key, False), place=folder / key,
            path=newest[packed[0]] if packed and not trouble else path,
            person=handed[0][0].person, trouble=trouble,
            platform=handed[0][0].platform,
            files={} if packed else files))

    def _child(self, path: Path, folder: Path, handout: Handout | None,
               person: Person | None) -> None:
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
                            or _is_promising(path, self._known)
                            or handout is not None and _has_code(path))
        except OSError as error:
            trouble, is_promising = unreadable(error), True
        self._add(path, place, trouble, is_promising, handout, person)

    def _is_ours(self, path: Path, place: Path) -> bool:
        """Return whether a path is the folder for the results."""
        if place.parent == self._out and place.name in OURS:
            return True
        return place == self._out and not (
            path.is_dir() and _is_promising(path, self._known)
            and not (path / RESULTS).is_file())

    def _add(self, path: Path, place: Path, trouble: Trouble | None = None,
             is_promising: bool = True, handout: Handout | None = None,
             person: Person | None = None) -> None:
        if place == self._out:
            # It would not be graded, or its results would be handed in.
            raise UserError(f"{self._out} is a submission",
                            "name another --out")
        self.is_promising |= is_promising
        is_file = not trouble and path.is_file()
        self._enter(Source(
            name=names.plain(handout.key if handout else place.name, is_file),
            place=place.parent / handout.key if handout else place,
            path=path, trouble=trouble,
            person=person or (handout.person if handout else Person()),
            platform=handout.platform if handout else "",
            real=None if trouble else os.path.realpath(path)))

    def _enter(self, source: Source) -> None:
        if source.place not in self._places:
            self._places.add(source.place)
            self.sources.found.append(source)


def _gradescope(path: Path) -> dict[str, Person]:
    """Return who handed in what, where that is an export of Gradescope."""
    try:
        text = (path / downloads.METADATA).read_text("utf-8", "replace")
    except OSError:
        return {}
    return downloads.gradescope(text)


def _by_learner(path: Path) -> Mapping[str, Sequence[Path]]:
    """Return what a platform has named in a folder, by the learners' keys."""
    found: dict[str, list[Path]] = {}
    for each in sorted(path.iterdir()):
        if handout := downloads.recognise(each.name):
            found.setdefault(handout.key, []).append(each)
    return found


def _is_handed_out(path: Path) -> bool:
    """Return whether it is a file of a download, and no link out of it."""
    return path.is_file() and not path.is_symlink()


def _is_empty_answer(path: Path) -> bool:
    """Return whether it is a folder of Moodle's without a file to grade."""
    try:
        return path.is_dir() and not path.is_symlink() and all(
            each.endswith(".html") for each in os.listdir(path))
    except OSError:
        return False


def _has_code(path: Path) -> bool:
    return path.is_dir() and any(
        each.lower().endswith(KINDS) for each in os.listdir(path))


def _is_no_submission(path: Path) -> bool:
    if path.is_dir():
        return (path.name.startswith(".") or path.name in kinds.CLUTTER
                or _is_of_a_run(path))
    return kinds.is_no_submission(path.name)


def _is_of_a_run(path: Path) -> bool:
    """Return whether a folder is what an earlier run has left, and no more.

    A learner may have handed in results of their own.
    """
    found = {each for each in os.listdir(path) if not each.startswith(".")}
    return RESULTS in found and found <= OURS


def _is_promising(path: Path, known: FolderNames) -> bool:
    """Return whether what lies in a folder makes that one a class."""
    if path.is_dir():
        disk = Disk(path)
        return bool(holds(path, known) or tree.homes(disk, known)
                    or archives(disk.names(())))
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


def unreadable(error: OSError) -> Trouble:
    """Return why a path cannot be read, and what to do."""
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
    """Return whether a path does not exist; False if that cannot be seen."""
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


def holds(path: Path, known: FolderNames) -> bool:
    """Return whether task folders lie in a folder that can be read."""
    return bool(tree.task_folders(Disk(path), (), known))


def archives(found: Sequence[str]) -> list[str]:
    """Return which of these names are those of archives."""
    return [name for name in found if kinds.is_archive(name)]


def some(found: Sequence[str]) -> str:
    """Return a few of many names, in characters that can be printed."""
    return few(list(map(names.encoded, found)))
