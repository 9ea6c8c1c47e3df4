"""The tree of an archive, from the list that a run behind the wall made.

The list is untrusted: an archive may have taken over the run.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grader.findings.untrusted import Untrustworthy, text
from grader.library.foldernames import FolderNames
from grader.submission.file import SubmittedFile
from grader.submission.neededfiles import KINDS
from grader.submission.submission import (
    LEADS_NOWHERE, LEADS_OUT, LINK, MAX_BYTES, NO_FILE, TOO_LARGE)
from grader.submission.tree import Place

# A list is refused with more files, deeper paths or longer names.
_MOST_ENTRIES, _DEEPEST, _LONGEST_NAME = 50_000, 16, 255
# The first name of a path that leaves the archive.
_OUTSIDE = ".."
# As many links in a row are followed by Linux.
_MOST_HOPS = 40
# The most bytes of files that one run returns.
_BATCH = 8 << 20
_REFUSED = {
    "link": LINK, "special": NO_FILE,
    "locked": "is locked with a password in the archive",
    "packed": "is packed in a way that not every program can unpack",
    "damaged": "is damaged in the archive"}

# Sends a request to a run: see grader.inside.intake.unpack.
Ask = Callable[[dict[str, Any]], list[dict[str, Any]]]


class Unfit(Exception):
    """An archive that cannot be used; the text says why, without a name."""


@dataclass(frozen=True, kw_only=True)
class _Entry:
    """One file of an archive, by its number in there.

    `size` is what the archive says; `target` is where a link leads.
    """

    number: int
    kind: str
    executable: bool
    size: int
    target: str


@dataclass(frozen=True, kw_only=True)
class Archive:
    """The tree in an archive, from its list; `ask` reads files of it."""

    ask: Ask
    files: Mapping[Place, _Entry]
    inner: Mapping[Place, set[str]]

    def below(self, home: Place) -> Archive:
        """Return what lies below a folder."""
        depth = len(home)
        return replace(
            self, files={place[depth:]: entry for place, entry in
                         self.files.items() if place[:depth] == home},
            inner={place[depth:]: names for place, names in
                   self.inner.items() if place[:depth] == home})

    def names(self, place: Place) -> Sequence[str]:
        return sorted(self.inner.get(place, ()))

    def folders(self, place: Place) -> Sequence[str]:
        return [name for name in self.names(place)
                if (*place, name) in self.inner]

    def linked(self, place: Place) -> Place | str | None:
        if not self._is_link(place):
            return None
        real = self._real(place)
        if real is None:
            return LEADS_OUT
        return real if real in self.inner else LEADS_NOWHERE

    def size(self, place: Place) -> int:
        return self.files[place].size if place in self.files else 0

    def _is_link(self, place: Place) -> bool:
        return place in self.files and self.files[place].kind == "link"

    def _real(self, place: Place) -> Place | None:
        """Follow all links on a path, but not for ever.

        Returns None where they leave the archive.
        """
        here: Place = ()
        left = [*reversed(place)]
        hops = 0
        while left:
            name = left.pop()
            if name == "..":
                if not here:
                    return None
                here = here[:-1]
            elif name not in ("", "."):
                here = (*here, name)
            if self._is_link(here):
                target = self.files[here].target
                hops += 1
                if hops > _MOST_HOPS:
                    return place
                if target.startswith("/"):
                    return None
                left += reversed(target.split("/"))
                here = here[:-1]
        return here

    def read(self, places: Sequence[Place]) -> dict[Place, SubmittedFile]:
        entries = {place: self.files[place] for place in places
                   if place in self.files}
        contents: dict[int, bytes | None] = {}
        for batch in _batches({entry.number: min(entry.size, MAX_BYTES)
                               for entry in entries.values()
                               if entry.kind == "file"}):
            contents |= self._contents(batch)
        return {place: _submitted(entries[place], contents)
                if place in entries else SubmittedFile(refused=NO_FILE)
                for place in places}

    def _contents(self, numbers: set[int]) -> dict[int, bytes | None]:
        """Return the content of members, None where it is damaged."""
        messages = self.ask({"read": sorted(numbers), "most": MAX_BYTES + 1})
        found = {_number(each.get("number")): _content(each.get("content"))
                 for each in messages}
        if found.keys() != numbers:
            raise Untrustworthy("other files were asked for")
        return found


def _batches(sizes: Mapping[int, int]) -> Iterator[set[int]]:
    """Yield the numbers of files, as many together as a run may return."""
    batch: set[int] = set()
    room = _BATCH
    for number, size in sizes.items():
        if size > room:
            yield batch
            batch, room = set(), _BATCH
        batch.add(number)
        room -= size
    if batch:
        yield batch


def _submitted(entry: _Entry,
               contents: Mapping[int, bytes | None]) -> SubmittedFile:
    if entry.kind != "file":
        return SubmittedFile(refused=_REFUSED[entry.kind])
    content = contents[entry.number]
    if content is None:
        return SubmittedFile(refused=_REFUSED["damaged"])
    if len(content) > MAX_BYTES:
        return SubmittedFile(refused=TOO_LARGE)
    return SubmittedFile(content=content, executable=entry.executable)


def listed(ask: Ask, known: FolderNames) -> Archive:
    """Return the tree of an archive, after checking every part of its list.

    Raises Unfit where a path that leaves it is that of a file of a folder
    that is `known`.
    """
    files: dict[Place, _Entry] = {}
    inner: dict[Place, set[str]] = {(): set()}
    for message in ask({}):
        for entry in _several(message.get("files", [])):
            place, file = _entry(entry)
            if _is_inside(place, known):
                files[place] = file
                _hang(inner, place)
        for folder in _several(message.get("folders", [])):
            place = _place(folder)
            if place[0] != _OUTSIDE:
                _hang(inner, place)
                inner.setdefault(place, set())
        if len(files) > _MOST_ENTRIES or len(inner) > _DEEPEST * _MOST_ENTRIES:
            raise Untrustworthy("there are more files than were counted")
    return Archive(ask=ask, files=files, inner=inner)


def _is_inside(place: Place, known: FolderNames) -> bool:
    """Return whether a path is one in the archive.

    Raises Unfit for another one if its file would count. The rest are
    harmless, since nothing is ever written to any path of an archive.
    """
    if place[0] == _OUTSIDE and place[-2:-1] and (
            known.folder(place[-2]) and place[-1].lower().endswith(KINDS)):
        raise Unfit("holds a path that leaves it: ..." + text(
            "/".join(("", *place[-2:]))))
    return place[0] != _OUTSIDE


def _hang(inner: dict[Place, set[str]], place: Place) -> None:
    """Add a path to the folder around it, and that folder to its own."""
    for length in range(len(place), 0, -1):
        names = inner.setdefault(place[:length - 1], set())
        names.add(place[length - 1])


def _entry(value: object) -> tuple[Place, _Entry]:
    if not isinstance(value, list) or len(value) != 6:
        raise Untrustworthy("a file is not described")
    path, number, kind, executable, size, target = value
    if kind not in ("file", *_REFUSED):
        raise Untrustworthy("a file is of no known kind")
    if type(size) is not int or size < 0 or not isinstance(target, str):
        raise Untrustworthy("a file has no size or no target")
    return _place(path), _Entry(number=_number(number), kind=kind, size=size,
                                executable=executable is True, target=target)


def _place(value: object) -> Place:
    if not isinstance(value, str):
        raise Untrustworthy("a path is missing")
    place = tuple(value.split("/"))
    if len(place) > _DEEPEST or not all(
            0 < len(name) <= _LONGEST_NAME and name != "." and "\0" not in
            name for name in place) or _OUTSIDE in place[1:]:
        raise Untrustworthy("a path is none")
    return place


def _number(value: object) -> int:
    if type(value) is not int or not 0 <= value < _MOST_ENTRIES:
        raise Untrustworthy("a file has no number")
    return value


def _content(value: object) -> bytes | None:
    if value is None:
        return None
    try:
        content = base64.b64decode(str(value), validate=True)
    except ValueError:
        raise Untrustworthy("a content is no base64") from None
    if len(content) > MAX_BYTES + 1:
        raise Untrustworthy("a content is longer than was asked for")
    return content


def _several(value: object) -> list[object]:
    if not isinstance(value, list):
        raise Untrustworthy("a list is missing")
    return value
