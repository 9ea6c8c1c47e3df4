"""The job "unpack": lists an archive that was handed in, or reads files.

It runs inside the wall, since parsing an archive may be attacked, and
writes no file. The archive is standard input; its kind is found by its
content, not by its name.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any, NamedTuple

from grader.inside.intake import tars, zips
from grader.inside.intake.members import (
    DEEPEST, LONGEST_PATH, MAX_MEMBERS, MEGABYTE, Member, Unreadable, names)

Message = dict[str, Any]
Place = tuple[str, ...]

# The most bytes in answers: of names, and of content.
MAX_NAMES, MAX_CONTENT = 16 * MEGABYTE, 16 * MEGABYTE
_TOGETHER = 500


class _Found(NamedTuple):
    number: int
    kind: str
    executable: bool
    size: int
    target: str


def run(request: Message) -> Iterator[Message]:
    """List the archive, or read those members that request["read"] numbers.

    A listing consists of "files", each [path, number, kind, executable,
    size, target], where target is that of a link, and of "folders", paths.
    A path that leaves the archive begins with "..". What is read is
    {"number": 7, "content": base64}, cut at request["most"] bytes, null
    where it is damaged. The last message is {"done": true}, or says why the
    archive is refused: {"refused": "is damaged"}.
    """
    try:
        with open(0, "rb", closefd=False) as archive:
            if "read" in request:
                yield from _read(archive, set(request["read"]),
                                 request["most"])
            else:
                yield from _list(archive)
        yield {"done": True}
    except Unreadable as error:
        yield {"refused": str(error)}
    except MemoryError:
        yield {"refused": "needs too much memory to unpack"}
    except Exception as error:
        # Whatever a parser makes of an archive is the archive's fault.
        yield {"refused": f"cannot be unpacked: {type(error).__name__}: "
                          f"{str(error)[:100]}"}


def _members(archive: IO[bytes]) -> Iterator[tuple[int, Member]]:
    for number, member in enumerate(_opened(archive)):
        if number >= MAX_MEMBERS:
            raise Unreadable(f"holds more than {MAX_MEMBERS} files")
        yield number, member


def _opened(archive: IO[bytes]) -> Iterator[Member]:
    # Runs share the descriptor, and an earlier one has read to the end.
    archive.seek(0)
    head = archive.read(tars.BLOCK)
    archive.seek(0)
    if not head:
        raise Unreadable("is empty")
    if head.startswith((zips.LOCAL, zips.END)):
        return zips.members(archive)
    if tars.begins(head):
        return tars.members(archive)
    if head.lstrip().startswith(b"<"):
        raise Unreadable("is a web page, not an archive")
    # A self-extracting zip begins with a program.
    if zips.has_end(archive):
        return zips.members(archive)
    raise Unreadable("is neither a zip nor a tar")


def _list(archive: IO[bytes]) -> Iterator[Message]:
    files: dict[Place, _Found] = {}
    folders: set[Place] = set()
    for number, member in _members(archive):
        place = names(member.path)
        if not place:
            continue
        folders.update(place[:length] for length in
                       range(1, min(len(place), DEEPEST + 1)))
        if len(place) > DEEPEST:
            pass
        elif member.kind == "folder":
            folders.add(place)
        else:
            # Of two members with one path the last one counts, as when the
            # whole archive is unpacked.
            files[place] = _found(number, member, files)
        if len(folders) > MAX_MEMBERS:
            raise Unreadable(f"holds more than {MAX_MEMBERS} folders")
    yield from _listing(files, folders)


def _found(number: int, member: Member,
           earlier: Mapping[Place, _Found]) -> _Found:
    itself = _Found(number, member.kind, member.executable,
                    max(0, member.size),
                    member.target[:LONGEST_PATH]
                    if member.kind == "link" else "")
    if member.kind != "copy":
        return itself
    # A hard link to an earlier member is that file once more.
    return earlier.get(names(member.target) or (),
                       itself._replace(kind="special"))


def _listing(files: Mapping[Place, _Found],
             folders: Collection[Place]) -> Iterator[Message]:
    entries = [("/".join(place), *found) for place, found in files.items()]
    paths = ["/".join(place) for place in folders]
    if sum(map(len, paths)) + sum(
            len(path) + len(target) for path, *_, target in entries
            ) > MAX_NAMES:
        raise Unreadable(
            f"holds names of more than {MAX_NAMES // MEGABYTE} MiB")
    for at in range(0, len(entries), _TOGETHER):
        yield {"files": entries[at:at + _TOGETHER]}
    for at in range(0, len(paths), _TOGETHER):
        yield {"folders": paths[at:at + _TOGETHER]}


def _read(archive: IO[bytes], wanted: set[int],
          most: int) -> Iterator[Message]:
    left = MAX_CONTENT
    for number, member in _members(archive):
        if number not in wanted:
            continue
        content = _content(member, most)
        left -= len(content or b"")
        if left < 0:
            raise Unreadable("holds more than was asked for")
        yield {"number": number, "content": None if content is None
               else base64.b64encode(content).decode()}
        wanted.remove(number)
        if not wanted:
            return


def _content(member: Member, most: int) -> bytes | None:
    try:
        return member.read(most)
    except (Unreadable, OverflowError):
        return None
