"""Reads the members of a zip, as its directory lists them.

zipfile refuses a whole archive for one odd entry; here only that entry
cannot be read. No more of an entry is inflated than is asked for.
"""

from __future__ import annotations

import io
import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from grader.inside.intake.members import (
    LONGEST_PATH, MAX_MEMBERS, Member, Unreadable)

# The records of a zip, in PKWARE's APPNOTE.TXT: sections 4.3.16, 4.3.14,
# 4.3.15, 4.3.12 and 4.3.7.
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_HEADER = struct.Struct("<4s5H3L2H")
LOCAL, END = b"PK\x03\x04", b"PK\x05\x06"
_ENTRY_MAGIC, _SIGNATURE = b"PK\x01\x02", b"PK\x05\x05"
_END_64_MAGIC, _LOCATOR_MAGIC = b"PK\x06\x06", b"PK\x06\x07"
_LONGEST_COMMENT = 0xFFFF
_MAX_DIRECTORY = 8 << 20
# A 32-bit value that means: see the field of 64 bits.
_ELSEWHERE = 0xFFFFFFFF
# The extra field that has values of 64 bits.
_SIZES = 1
_LOCKED, _UTF_8 = 0x1, 0x800
_STORED, _DEFLATED = 0, 8
_FOLDER_OF_DOS = 0x10
_PART = 1 << 16


@dataclass(frozen=True, kw_only=True)
class _Entry:
    """Where the content of a member lies, and how it is packed."""

    at: int
    packed: int
    size: int
    method: int
    checksum: int


def has_end(file: IO[bytes]) -> bool:
    """Return whether a file ends with the directory of a zip."""
    return END in _tail(file)


def members(file: IO[bytes]) -> Iterator[Member]:
    """Yield the members that the directory lists.

    Raises Unreadable for a missing or a damaged directory.
    """
    directory, shift = _directory(file)
    at = 0
    for _ in range(MAX_MEMBERS + 1):
        if directory.startswith(_SIGNATURE, at) or at == len(directory):
            return
        if (not directory.startswith(_ENTRY_MAGIC, at)
                or len(directory) < at + _ENTRY.size):
            raise Unreadable("is damaged: its directory makes no sense")
        fields = _ENTRY.unpack_from(directory, at)
        name_length, extra_length, comment_length = fields[10:13]
        at += _ENTRY.size
        name = directory[at:at + name_length]
        at += name_length
        extra = directory[at:at + extra_length]
        at += extra_length + comment_length
        yield _member(file, shift, fields, name, extra)


def _tail(file: IO[bytes]) -> bytes:
    length = file.seek(0, io.SEEK_END)
    file.seek(max(0, length - _LONGEST_COMMENT - _END.size))
    return file.read()


def _directory(file: IO[bytes]) -> tuple[bytes, int]:
    """Return the directory, and how many bytes come before the zip.

    All offsets count from the start of the zip, which is not that of the
    file where a program was put before it.
    """
    tail = _tail(file)
    within = _end(tail)
    end = file.tell() - len(tail) + within
    size, at = _END.unpack_from(tail, within)[5:7]
    if long := _long_end(file, end):
        end, size, at = long
    shift = end - size - at
    if shift < 0:
        raise Unreadable("is damaged: its directory is not where it should "
                         "be")
    if size > _MAX_DIRECTORY:
        raise Unreadable(f"holds more than {MAX_MEMBERS} files")
    file.seek(at + shift)
    return file.read(size), shift


def _end(tail: bytes) -> int:
    """Return where in the tail the end record begins.

    A comment follows the record and may contain the same bytes. The right
    one is that whose comment reaches to the end of the file.
    """
    found = [at for at in range(len(tail) - _END.size + 1)
             if tail.startswith(END, at)]
    if not found:
        raise Unreadable("is cut short: the directory of a zip is its end")
    return next((at for at in reversed(found) if at + _END.size
                 + _END.unpack_from(tail, at)[7] == len(tail)), found[-1])


def _long_end(file: IO[bytes], end: int) -> tuple[int, int, int] | None:
    """Return the place of the 64-bit end record, and its size and offset
    of the directory; None without one."""
    if end < _LOCATOR.size:
        return None
    file.seek(end - _LOCATOR.size)
    magic, _, at, _ = _LOCATOR.unpack(file.read(_LOCATOR.size))
    if magic != _LOCATOR_MAGIC:
        return None
    # The locator's own offset is wrong if bytes come before the zip, but
    # the record is always right before its locator.
    at = end - _LOCATOR.size - _END_64.size
    if at < 0:
        return None
    file.seek(at)
    fields = _END_64.unpack(file.read(_END_64.size))
    return (at, fields[8], fields[9]) if fields[0] == _END_64_MAGIC else None


def _member(file: IO[bytes], shift: int, fields: tuple[int, ...],
            name: bytes, extra: bytes) -> Member:
    flags, method, checksum, packed, size = (
        *fields[3:5], *fields[7:10])
    at, mode = fields[16], fields[15] >> 16
    size, packed, at = _sizes(extra, size, packed, at)
    entry = _Entry(at=at + shift, packed=packed, size=size, method=method,
                   checksum=checksum)
    # The format has "/" between names; programs for Windows write "\".
    path = _text(name, flags).replace("\\", "/")
    kind = _kind(mode)
    if path.endswith("/") or not mode and fields[15] & _FOLDER_OF_DOS:
        kind = "folder"
    elif kind == "file" and flags & _LOCKED:
        kind = "locked"
    elif kind == "file" and method not in (_STORED, _DEFLATED):
        kind = "packed"
    # Windows writes no modes: then no learner is blamed for a missing one.
    return Member(path=path, kind=kind, size=size,
                  executable=bool(mode & 0o111) or not mode,
                  read=lambda most: _content(file, entry, most),
                  target=_target(file, entry) if kind == "link" else "")


def _target(file: IO[bytes], entry: _Entry) -> str:
    """Return where a link leads: that is its content."""
    try:
        return _content(file, entry, LONGEST_PATH).decode(
            "utf-8", "surrogateescape")
    except (Unreadable, OverflowError):
        return ""


def _kind(mode: int) -> str:
    kinds = {0: "file", stat.S_IFREG: "file", stat.S_IFDIR: "folder",
             stat.S_IFLNK: "link"}
    return kinds.get(stat.S_IFMT(mode), "special")


def _text(name: bytes, flags: int) -> str:
    """Decode a name.

    Programs of macOS write UTF-8 without setting the flag for it.
    """
    if flags & _UTF_8:
        return name.decode("utf-8", "surrogateescape")
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("cp437")


def _sizes(extra: bytes, *values: int) -> tuple[int, ...]:
    """Return the values, those that say _ELSEWHERE from the extra field.
    """
    at = 0
    while len(extra) >= at + 4:
        kind, length = struct.unpack_from("<2H", extra, at)
        body = extra[at + 4:at + 4 + length]
        if kind == _SIZES:
            long = iter(struct.unpack(f"<{len(body) // 8}Q",
                                      body[:len(body) // 8 * 8]))
            return tuple(next(long, value) if value == _ELSEWHERE else value
                         for value in values)
        at += 4 + length
    return values


def _content(file: IO[bytes], entry: _Entry, most: int) -> bytes:
    """Return the content of a member, or `most` bytes of a longer one."""
    file.seek(entry.at)
    head = file.read(_HEADER.size)
    if len(head) < _HEADER.size or not head.startswith(LOCAL):
        raise Unreadable("is damaged")
    name_length, extra_length = _HEADER.unpack(head)[9:11]
    file.seek(name_length + extra_length, io.SEEK_CUR)
    content = (_inflated(file, entry.packed, most)
               if entry.method == _DEFLATED
               else file.read(min(entry.packed, most)))
    if len(content) != min(entry.size, most) or entry.size <= most and (
            zlib.crc32(content) != entry.checksum):
        raise Unreadable("is damaged")
    return content


def _inflated(file: IO[bytes], packed: int, most: int) -> bytes:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    content = b""
    while packed > 0 and len(content) < most and not inflate.eof:
        part = file.read(min(packed, _PART))
        if not part:
            break
        packed -= len(part)
        try:
            content += inflate.decompress(part, most - len(content))
            while inflate.unconsumed_tail and len(content) < most:
                content += inflate.decompress(inflate.unconsumed_tail,
                                              most - len(content))
        except zlib.error:
            raise Unreadable("is damaged") from None
    return content
