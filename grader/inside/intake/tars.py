"""Reads the members of a tar, plain or compressed, as a stream."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
import zlib
from collections.abc import Iterator
from typing import IO, Any

from grader.inside.intake.members import (
    MAX_MEMBERS, MAX_TOTAL, MEGABYTE, Member, Unreadable)

BLOCK = 512
# The most bytes that all headers together may take.
_HEADERS = MAX_MEMBERS * 2 * BLOCK
_OPENERS: dict[bytes, Any] = {
    b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ\0": lzma.open}


def begins(head: bytes) -> bool:
    """Return whether a file with this first block may be a tar."""
    if any(head.startswith(magic) for magic in _OPENERS):
        return True
    try:
        tarfile.TarInfo.frombuf(head, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def members(file: IO[bytes]) -> Iterator[Member]:
    """Yield the members in order; raises Unreadable.

    A member can be read until the next one is taken.
    """
    head = file.read(BLOCK)
    file.seek(0)
    opener = next((opener for magic, opener in _OPENERS.items()
                   if head.startswith(magic)), None)
    stream: Any = _Metered(opener(file) if opener else file)
    try:
        with tarfile.open(fileobj=stream, mode="r|", encoding="utf-8",
                          errors="surrogateescape") as tar:
            for info in tar:
                yield _member(tar, info)
    except EOFError:
        raise Unreadable("is cut short") from None
    # tarfile reads a header that announces another one by recursion.
    except (tarfile.TarError, zlib.error, lzma.LZMAError, OSError,
            RecursionError):
        raise Unreadable("is damaged, or holds no tar") from None


def _member(tar: tarfile.TarFile, info: tarfile.TarInfo) -> Member:
    def read(most: int) -> bytes:
        source = tar.extractfile(info)
        return source.read(most) if source else b""

    kind = ("folder" if info.isdir() else "file" if info.isreg()
            else "link" if info.issym() else "copy" if info.islnk()
            else "special")
    return Member(path=info.name, kind=kind, size=info.size, read=read,
                  executable=bool(info.mode & 0o111), target=info.linkname)


class _Metered:
    """A stream that ends after a fixed number of bytes, with Unreadable.

    The sizes in headers cannot be relied on: they may lie, headers may be
    huge, and a small compressed file may unpack to terabytes.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._left = MAX_TOTAL + _HEADERS

    def read(self, size: int) -> bytes:
        """Read, as tarfile asks for it: in small blocks."""
        part = self._stream.read(size)
        self._left -= len(part)
        if self._left < 0:
            raise Unreadable(
                f"unpacks to more than {MAX_TOTAL // MEGABYTE} MiB")
        return part
