"""Reads the history of a git repository that was handed in, untrusted.

git is never run in the learner's repository, where configuration, hooks and
attributes could run code. It is run in an empty repository of our own, in a
temporary folder, which borrows the learner's objects. Of the learner's files
only HEAD, the refs and the list of shallow commits are read, as text.
"""

from __future__ import annotations

import base64
import os
import re
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Timer
from typing import IO, Any

from grader import executables
from grader.errors import GraderError, UserError
from grader.submission.neededfiles import KINDS
from grader.submission.tree import DEEPEST

_SECONDS = 60.0
_MOST_MEMORY = 1 << 30
_DAMAGED = "is damaged: git cannot read its history"
# Paths of more parts hold no task folder.
_DEEPEST = 16
_MOST_TEXT = 4 << 20
_MOST_LISTED = 32 << 20
_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_REF = re.compile(r"ref: (refs/heads/[^\s~^:?*\[\\]+)")
_ENTRY = re.compile(rb"(\d+) (\w+) ([0-9a-f]+)\t(.*)", re.DOTALL)
_KINDS = {b"100644": "file", b"100755": "file", b"120000": "link"}
# The content of a link is the path it leads to; no path is longer.
_LONGEST_LINK = 4096


class NoHistory(UserError):
    """What was handed in has no history that can be read."""


@dataclass(frozen=True, kw_only=True)
class Commit:
    """A commit, and when it was made, as it says itself."""

    id: str
    when: datetime


def find(path: Path, deepest: int = DEEPEST) -> Path | None:
    """Return the folder of the one repository at or below a path.

    None where there is none, or where there are several.
    """
    level = [path]
    for _ in range(deepest + 1):
        found = [each for each in level if os.path.lexists(each / ".git")]
        if found:
            return found[0] if len(found) == 1 else None
        level = [Path(entry) for each in level[:1000]
                 for entry in _folders(each)]
    return None


def _folders(path: Path) -> list[str]:
    try:
        with os.scandir(path) as entries:
            return sorted(entry.path for entry in entries
                          if entry.is_dir(follow_symlinks=False)
                          and not entry.name.startswith("."))
    except OSError:
        return []


def settings(path: Path) -> str:
    """Return the text of the settings of a repository, "" if unreadable."""
    try:
        return _read(path / ".git", "config")
    except NoHistory:
        return ""


@contextmanager
def opened(path: Path) -> Iterator[Repository]:
    """Yield the repository at a folder; raises NoHistory, or UserError."""
    program = executables.find("git")
    if program is None:
        raise UserError("git is not on this machine, and only git reads the"
                        " history of a repository", "install git")
    inside = path / ".git"
    _refuse_links(inside)
    head = _head(inside)
    with tempfile.TemporaryDirectory(prefix="grade-git-") as folder:
        _furnish(Path(folder), inside, head)
        yield Repository(program, Path(folder), head)


def _no(why: str) -> NoHistory:
    return NoHistory(f"the repository {why}", "look into it by hand")


def _refuse_links(inside: Path) -> None:
    """Refuse objects that lie elsewhere: they may be another learner's."""
    objects = inside / "objects"
    places = [inside, objects]
    try:
        if not all(stat.S_ISDIR(os.lstat(each).st_mode) for each in places):
            raise _no("keeps its history elsewhere")
        with os.scandir(objects) as entries:
            folders = [Path(entry.path) for entry in entries]
        for folder in (objects, *folders):
            if folder.is_symlink() or folder.is_dir() and _has_link(folder):
                raise _no("has links among its objects")
        if any((objects / "info" / name).exists()
               for name in ("alternates", "http-alternates")):
            raise _no("borrows its history from another one")
    except OSError as error:
        raise _no(f"cannot be read: {error.strerror}") from None


def _has_link(folder: Path) -> bool:
    with os.scandir(folder) as entries:
        return any(entry.is_symlink() for entry in entries)


def _head(inside: Path) -> str:
    """Return the newest commit of the branch that is checked out."""
    text = _read(inside, "HEAD").strip()
    if _HASH.fullmatch(text):
        return text
    found = _REF.fullmatch(text)
    if not found or ".." in found[1]:
        raise _no("has no branch checked out")
    loose = _read(inside, found[1]).strip()
    if _HASH.fullmatch(loose):
        return loose
    for line in _read(inside, "packed-refs").splitlines():
        commit, _, name = line.partition(" ")
        if name == found[1] and _HASH.fullmatch(commit):
            return commit
    raise _no("has no commit")


def _read(inside: Path, name: str) -> str:
    """Return the text of a file in it, "" where there is none."""
    path = inside
    for part in name.split("/"):
        path = path / part
        if path.is_symlink():
            raise _no(f"has a link in the place of {name}")
    try:
        fd = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(fd, "rb") as file:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                return ""
            return file.read(_MOST_TEXT).decode("utf-8", "replace")
    except OSError:
        return ""


def _furnish(ours: Path, inside: Path, head: str) -> None:
    """Write a bare repository that borrows the objects of another."""
    for name in ("objects/info", "refs/heads"):
        (ours / name).mkdir(parents=True)
    (ours / "HEAD").write_text("ref: refs/heads/none\n")
    is_long = len(head) > 40
    (ours / "config").write_text(
        f"[core]\n\trepositoryformatversion = {int(is_long)}\n\tbare = true\n"
        "\tcommitGraph = false\n\tmultiPackIndex = false\n"
        + "[extensions]\n\tobjectFormat = sha256\n" * is_long)
    objects = os.fsencode(os.path.abspath(inside / "objects"))
    if b"\n" in objects or objects.startswith((b'"', b"#")):
        raise _no("lies at a path that git cannot be given")
    (ours / "objects" / "info" / "alternates").write_bytes(objects + b"\n")
    shallow = [line for line in _read(inside, "shallow").split()
               if _HASH.fullmatch(line)]
    if shallow:
        (ours / "shallow").write_text("\n".join(shallow) + "\n")


class Repository:
    """A repository of our own that has a learner's commits."""

    def __init__(self, program: str, folder: Path, head: str) -> None:
        self._program, self._folder, self._head = program, folder, head

    def newest(self, until: datetime | None = None) -> Commit | None:
        """Return the last commit of the branch, or the last until then.

        Of a merge only the first parent is followed: the others were made
        on other branches, and came here with it.
        """
        before = [] if until is None else [
            f"--min-age={int(until.timestamp())}"]
        output = self._git("rev-list", "-1", "--first-parent", "--timestamp",
                           *before, self._head).decode("ascii", "replace")
        if not output.strip():
            return None
        seconds, commit = output.split()[:2]
        try:
            return Commit(id=commit, when=datetime.fromtimestamp(
                int(seconds)).astimezone())
        except (ValueError, OverflowError, OSError):
            raise _no("has a commit of no possible date") from None

    def as_archive(self, commit: Commit,
                   kinds: tuple[str, ...] = KINDS) -> "Asked":
        """Return what answers for an archive of a commit's files.

        Only for those whose names end in one of these ways.
        """
        return Asked(self, commit, kinds)

    def listed(self, commit: str, kinds: tuple[str, ...]
               ) -> Iterator[tuple[str, str, str, str]]:
        """Yield the path, kind, object and mode of each file of a commit.

        Only of those of these kinds, and of links.
        """
        out = self._git("ls-tree", "-r", "-z", commit)
        for each in out.split(b"\0"):
            found = _ENTRY.fullmatch(each)
            if not found or found[2] != b"blob" or found[1] not in _KINDS:
                continue
            path, kind = os.fsdecode(found[4]), _KINDS[found[1]]
            if path.count("/") < _DEEPEST and (
                    kind == "link" or path.lower().endswith(kinds)):
                yield path, kind, found[3].decode(), found[1].decode()

    def contents(self, objects: Sequence[str], most: int) -> list[bytes]:
        """Return the content of objects, each cut to `most` bytes."""
        with self._started("cat-file", "--batch") as process:
            assert process.stdin and process.stdout
            found = []
            try:
                for each in objects:
                    process.stdin.write(f"{each}\n".encode())
                    process.stdin.flush()
                    found.append(_content(process.stdout, most))
            except BrokenPipeError:
                raise _no(_DAMAGED) from None
        return found

    def _git(self, *words: str) -> bytes:
        with self._started(*words) as process:
            assert process.stdout
            out = process.stdout.read(_MOST_LISTED + 1)
            if len(out) > _MOST_LISTED:
                process.kill()
                raise _no("holds more than is ever looked at")
        if process.returncode:
            raise _no(_DAMAGED)
        return out

    @contextmanager
    def _started(self, *words: str) -> Iterator[subprocess.Popen[bytes]]:
        """Yield a process that is killed when it takes too long."""
        command = [self._program, "--no-pager", "--no-replace-objects",
                   "--no-optional-locks", f"--git-dir={self._folder}",
                   *words]
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, cwd=self._folder,
                env=_environment(self._folder))
        except OSError as error:
            raise GraderError(f"git does not start: {error.strerror}",
                              "run it again") from None
        timer = Timer(_SECONDS, process.kill)
        timer.start()
        try:
            with process:
                _bound(process.pid)
                yield process
        finally:
            timer.cancel()


def _bound(pid: int) -> None:
    """Limit git's memory to what a sound repository takes."""
    if sys.platform == "linux":
        import resource

        with suppress(OSError):
            resource.prlimit(pid, resource.RLIMIT_AS,
                             (_MOST_MEMORY, _MOST_MEMORY))


def _content(stream: IO[bytes], most: int) -> bytes:
    """Read one answer of cat-file: a line with a size, then the content."""
    words = stream.readline().split()
    if len(words) != 3 or not words[2].isdigit():
        raise _no(_DAMAGED)
    left = int(words[2])
    content = stream.read(min(left, most))
    left -= len(content)
    while left:
        passed = stream.read(min(left, 1 << 20))
        if not passed:
            raise _no(_DAMAGED)
        left -= len(passed)
    stream.read(1)
    return content


def _environment(folder: Path) -> dict[str, str]:
    """Return an environment in which git reads no settings of a user."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT")
            if name in os.environ}
    return kept | {
        "HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0",
        # Nothing is ever fetched: a missing object is missing.
        "GIT_ALLOW_PROTOCOL": "", "GIT_NO_LAZY_FETCH": "1"}


class Asked:
    """Answers what grader.cohort.contents asks of an archive.

    So the paths and links of a commit are read with the same distrust.
    """

    def __init__(self, repository: Repository, commit: Commit,
                 kinds: tuple[str, ...]) -> None:
        self._repository = repository
        self._files = list(repository.listed(commit.id, kinds))
        links = [each[2] for each in self._files if each[1] == "link"]
        # One git for all: there may be thousands.
        self._targets = dict(zip(links, map(os.fsdecode, repository.contents(
            links, _LONGEST_LINK) if links else ())))

    def __call__(self, request: dict[str, Any]) -> list[dict[str, Any]]:
        if "read" not in request:
            return [{"files": [self._entry(number, *file) for number, file
                               in enumerate(self._files)], "folders": []}]
        numbers: list[int] = request["read"]
        contents = self._repository.contents(
            [self._files[number][2] for number in numbers], request["most"])
        return [{"number": number,
                 "content": base64.b64encode(content).decode()}
                for number, content in zip(numbers, contents)]

    def _entry(self, number: int, path: str, kind: str, object: str,
               mode: str) -> list[object]:
        target = self._targets[object] if kind == "link" else ""
        return [path, number, kind, mode == "100755", 0, target]
