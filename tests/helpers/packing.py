"""Archives for tests, honest ones and such as no program would write."""

from __future__ import annotations

import bz2
import gzip
import io
import struct
import tarfile
import zlib
from dataclasses import dataclass

FOLDER = "0x00-python_variable_annotations"
FILE = f"{FOLDER}/0-add.py"
SOURCE = b"#!/usr/bin/env python3\n"
STORED, DEFLATED, BZIP2 = 0, 8, 12
UNIX, DOS = 3, 0
UTF_8, LOCKED = 0x800, 1
_MANY = 0xFFFFFFFF


@dataclass(frozen=True, kw_only=True)
class Zipped:
    """One member of a zip; `says` is the size that the archive claims."""

    name: bytes = FILE.encode()
    content: bytes = SOURCE
    method: int = STORED
    mode: int = 0o100755
    system: int = UNIX
    flags: int = UTF_8
    says: int | None = None
    checksum: int | None = None
    extra: bytes = b""

    @property
    def packed(self) -> bytes:
        if self.method == BZIP2:
            return bz2.compress(self.content)
        if self.method == DEFLATED:
            deflate = zlib.compressobj(9, wbits=-15)
            return deflate.compress(self.content) + deflate.flush()
        return self.content

    def head(self, packed: int) -> bytes:
        """Return what both headers of the member share."""
        checksum = (zlib.crc32(self.content) if self.checksum is None
                    else self.checksum)
        size = len(self.content) if self.says is None else self.says
        return struct.pack("<4H3L2H", self.flags, self.method, 0, 33,
                           checksum, packed, size, len(self.name),
                           len(self.extra))


def made_zip(*members: Zipped, before: bytes = b"", comment: bytes = b"",
             at: int | None = None) -> bytes:
    """Return a zip; all members lie at one place in it if `at` says so."""
    body, entries = bytearray(before), bytearray()
    for member in members:
        packed = member.packed
        here = len(body) - len(before) if at is None else at
        body += (b"PK\3\4" + struct.pack("<H", 20)
                 + member.head(len(packed)) + member.name + member.extra
                 + packed)
        entries += (b"PK\1\2" + struct.pack("<2H", member.system << 8 | 20,
                                            20)
                    + member.head(len(packed))
                    + struct.pack("<3H2L", 0, 0, 0, member.mode << 16, here)
                    + member.name + member.extra)
    return bytes(body + entries + _end(len(members), len(entries),
                                       len(body) - len(before), comment))


def _end(count: int, size: int, at: int, comment: bytes = b"") -> bytes:
    return b"PK\5\6" + struct.pack(
        "<4H2LH", 0, 0, count & 0xFFFF, count & 0xFFFF, size, at,
        len(comment)) + comment


def long_zip(count: int, entry: bytes) -> bytes:
    """Return a zip of the long form, whose directory repeats one entry."""
    entries = entry * count
    end = b"PK\6\6" + struct.pack("<Q2H2L4Q", 44, 45, 45, 0, 0, count,
                                  count, len(entries), 0)
    return entries + end + (
        b"PK\6\7" + struct.pack("<LQL", 0, len(entries), 1)
        + _end(0xFFFF, _MANY, _MANY))


def entry(name: bytes) -> bytes:
    """Return the entry of an empty member, as a directory has it."""
    return b"PK\1\2" + struct.pack("<6H3L5H2L", 20, 20, 0, 0, 0, 33, 0, 0, 0,
                                   len(name), 0, 0, 0, 0, 0, 0) + name


def header(name: str = FILE, *, kind: bytes = tarfile.REGTYPE,
           mode: int = 0o755, link: str = "", size: int = 0) -> bytes:
    """Return the header of a member of a tar."""
    info = tarfile.TarInfo(name)
    info.type, info.mode, info.linkname, info.size = kind, mode, link, size
    return info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")


def tarred(name: str = FILE, content: bytes = SOURCE) -> bytes:
    """Return a member of a tar."""
    return header(name, size=len(content)) + blocks(content)


def special(kind: bytes, content: bytes) -> bytes:
    """Return a member that says something about the next one."""
    return header("about", kind=kind, size=len(content)) + blocks(content)


def pax(key: str, value: str) -> bytes:
    """Return the member that gives the next one a value of any length."""
    text = f" {key}={value}\n".encode()
    length = len(text) + len(str(len(text) + 3))
    return special(b"x", str(length).encode() + text)


def blocks(content: bytes) -> bytes:
    return content + bytes(-len(content) % 512)


def made_tar(*members: bytes) -> bytes:
    return b"".join(members) + bytes(1024)


def made_tgz(*members: bytes) -> bytes:
    return gzip.compress(made_tar(*members), 1)


def slow_tgz() -> bytes:
    """Return an archive that takes many seconds of processor time to read.

    It says two million times what a = b means for its member, and does so
    for ten members: it is the time that is to run out, not the memory.
    """
    records = b"6 a=b\n" * (1 << 20)
    member = b"".join([
        gzip.compress(header("about", kind=b"x", size=2 * len(records))),
        gzip.compress(records, 1) * 2, gzip.compress(tarred())])
    return member * 10 + gzip.compress(made_tar())


def sparse(name: str, size: int) -> bytes:
    """Return a member of that size which holds nothing."""
    head = header(name, kind=tarfile.GNUTYPE_SPARSE, size=512)
    head = changed(head, 386, b"%011o\0%011o\0" % (0, 512))
    return changed(head, 483, b"\x80" + size.to_bytes(11, "big")) + blocks(
        SOURCE.ljust(512, b"#"))


def changed(head: bytes, at: int, value: bytes) -> bytes:
    """Return the header of a member with other bytes at one place."""
    head = head[:at] + value + head[at + len(value):]
    blank = head[:148] + b" " * 8 + head[156:]
    return head[:148] + b"%06o\0 " % sum(blank) + head[156:]


def python_zip(names: dict[str, bytes]) -> bytes:
    """Return a zip as Python itself writes it."""
    import zipfile

    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in names.items():
            archive.writestr(name, content)
    return made.getvalue()
