"""Archives of submissions, unpacked with distrust into a private folder.

Of an archive, only what can be a learner's file is ever written: files
right in a task folder, and of a kind that tasks need. All the rest, whole
virtual environments too, is only looked at.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

from grader.errors import UserError
from grader.library import FOLDERS
from grader.submission import MAX_BYTES as MAX_FILE

MAX_ARCHIVE = 200 << 20
MAX_TOTAL = 512 << 20
MAX_MEMBERS = 50_000
MAX_DIRECTORY = 8 << 20
SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2",
            ".tar.xz", ".txz")
_KINDS = (".py", ".csv", ".env", ".sql")
_BROKEN = (tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError,
           EOFError, OSError, ValueError, RuntimeError)


class Refused(UserError):
    """An archive that will not be unpacked, by its own fault."""


class _Why(Exception):
    """What is wrong with an archive, without its name."""


@dataclass(frozen=True, kw_only=True)
class _Member:
    """One entry: its path, what it is, and how to read it."""

    path: str
    size: int
    kind: str
    executable: bool
    open: Callable[[], IO[bytes]]


def is_archive(path: Path) -> bool:
    """Tell by its name whether a file is an archive."""
    return path.name.lower().endswith(SUFFIXES)


def stem(path: Path) -> str:
    """Return the name of an archive without what makes it one."""
    lower = path.name.lower()
    suffix = max((each for each in SUFFIXES if lower.endswith(each)),
                 key=len, default="")
    return path.name[:len(path.name) - len(suffix)] or path.name


def unpack(archive: Path, target: Path) -> None:
    """Unpack into `target`, a folder that nobody else can write to.

    Raises Refused for an archive that is broken, too large, or would
    write outside of the folder.
    """
    try:
        if archive.stat().st_size > MAX_ARCHIVE:
            raise _Why(f"is larger than {MAX_ARCHIVE >> 20} MiB")
        read = _zipped if archive.name.lower().endswith(".zip") else _tarred
        for member in _limited(read(archive)):
            _take(member, target)
    except _Why as why:
        raise _refused(archive, str(why)) from None
    except _BROKEN as error:
        what = str(error).splitlines() or [type(error).__name__]
        raise _refused(archive, f"cannot be unpacked: {what[0][:80]}"
                       ) from None


def _refused(archive: Path, why: str) -> Refused:
    return Refused(f"{archive.name} {why}",
                   "hand in an archive of only the task folders")


def _limited(members: Iterator[_Member]) -> Iterator[_Member]:
    total = 0
    for count, member in enumerate(members, start=1):
        total += member.size
        if count > MAX_MEMBERS:
            raise _Why(f"holds more than {MAX_MEMBERS} files")
        if total > MAX_TOTAL:
            raise _Why(f"unpacks to more than {MAX_TOTAL >> 20} MiB")
        yield member


def _take(member: _Member, target: Path) -> None:
    """Check where a member would go, and write it if it is of use."""
    path = PurePosixPath(member.path)
    drive = len(member.path) > 1 and member.path[1] == ":"
    if path.is_absolute() or ".." in path.parts or drive or (
            "\\" in member.path):
        raise _Why("holds a path that leaves the archive")
    if member.kind == "device":
        raise _Why("holds a device or a pipe")
    if member.kind == "folder" or not _is_of_use(path):
        return
    if member.kind == "link":
        raise _Why(f"holds a link in place of {path.name}")
    file = target / path
    file.parent.mkdir(parents=True, exist_ok=True)
    # One byte more than is ever read of a file says that it is too large.
    with member.open() as source:
        file.write_bytes(source.read(MAX_FILE + 1))
    file.chmod(0o700 if member.executable else 0o600)


def _is_of_use(path: PurePosixPath) -> bool:
    return path.name.endswith(_KINDS) and path.parent.name in FOLDERS


def _zipped(archive: Path) -> Iterator[_Member]:
    with archive.open("rb") as file:
        _check_directory(file)
        with zipfile.ZipFile(file) as zipped:
            for info in zipped.infolist():
                yield _zip_member(zipped, info)


def _check_directory(file: IO[bytes]) -> None:
    """Refuse a huge directory before zipfile reads it into memory."""
    file.seek(0, io.SEEK_END)
    file.seek(max(0, file.tell() - (22 + 0xffff)))
    tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    size = int.from_bytes(tail[end + 12:end + 16], "little")
    if end >= 0 and size > MAX_DIRECTORY:
        raise _Why(f"holds more than {MAX_MEMBERS} files")
    file.seek(0)


def _zip_member(zipped: zipfile.ZipFile, info: zipfile.ZipInfo) -> _Member:
    mode = info.external_attr >> 16
    kind = ("folder" if info.is_dir() else "link" if stat.S_ISLNK(mode)
            else "device" if stat.S_IFMT(mode) not in (0, stat.S_IFREG)
            else "file")
    # Windows writes no modes: then nobody can be blamed for a missing one.
    return _Member(path=info.filename, size=info.file_size, kind=kind,
                   executable=bool(mode & 0o111) or not mode,
                   open=lambda: zipped.open(info))


def _tarred(archive: Path) -> Iterator[_Member]:
    with _decompressed(archive) as file:
        stream: Any = _Metered(file)
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            for info in tar:
                yield _tar_member(tar, info)


def _tar_member(tar: tarfile.TarFile, info: tarfile.TarInfo) -> _Member:
    kind = ("folder" if info.isdir() else "file" if info.isfile()
            else "link" if info.issym() or info.islnk() else "device")
    return _Member(path=info.name, size=info.size, kind=kind,
                   executable=bool(info.mode & 0o111),
                   open=lambda: tar.extractfile(info) or io.BytesIO())


def _decompressed(archive: Path) -> IO[bytes]:
    name = archive.name.lower()
    if name.endswith("gz"):
        return cast(IO[bytes], gzip.open(archive))
    if name.endswith("bz2"):
        return bz2.open(archive)
    return lzma.open(archive) if name.endswith("xz") else archive.open("rb")


class _Metered:
    """A limited stream: sizes in headers may lie, or headers be huge."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._left = MAX_TOTAL + MAX_MEMBERS * 1024

    def read(self, size: int) -> bytes:
        """Read, as tarfile asks for it: in small blocks."""
        part = self._stream.read(size)
        self._left -= len(part)
        if self._left < 0:
            raise _Why(f"unpacks to more than {MAX_TOTAL >> 20} MiB")
        return part
