"""What grading leaves behind on this machine, and what it holds on to."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

if sys.platform != "linux":
    raise ImportError("only Linux has /proc")

MARK = "hostile-mark"
OUTSIDE = ("/tmp", "/dev/shm", "/var/tmp", "/usr", "/")
_QUEUES = ("shm", "sem", "msg")
_PATIENCE = 10.0
# Seconds of processor time that show a run to be in its endless loop.
_LOOPING = 0.05


@contextmanager
def folder_for_runs() -> Iterator[Path]:
    """Make a folder that runs without a wall keep their files in."""
    path = Path(tempfile.mkdtemp(prefix="grade-test-"))
    path.chmod(0o1777)
    old, at_first = os.environ.get("TMPDIR"), tempfile.tempdir
    # This process has looked at TMPDIR before, and does so once only.
    os.environ["TMPDIR"] = tempfile.tempdir = str(path)
    try:
        yield path
    finally:
        tempfile.tempdir = at_first
        os.environ.pop("TMPDIR")
        if old is not None:
            os.environ["TMPDIR"] = old
        shutil.rmtree(path, ignore_errors=True)


@dataclass(frozen=True, kw_only=True)
class Traces:
    """Everything of ours that can be seen at one time, by name."""

    processes: frozenset[str]
    files: frozenset[str]
    mounts: frozenset[str]
    descriptors: frozenset[str]
    threads: int
    queues: frozenset[str]

    def __sub__(self, before: Traces) -> list[str]:
        """Return what is there now and was not before."""
        new = [each for name in ("processes", "files", "mounts",
                                 "descriptors", "queues")
               for each in sorted(getattr(self, name)
                                  - getattr(before, name))]
        more = self.threads - before.threads
        return new + ([f"{more} threads"] if more > 0 else [])


def look(folder: Path) -> Traces:
    """Return what there is, with `folder` as that of runs."""
    return Traces(
        processes=frozenset(_processes(str(folder))),
        files=frozenset(_files(folder)),
        mounts=frozenset(Path("/proc/self/mountinfo").read_text()
                         .splitlines()),
        descriptors=frozenset(_descriptors()),
        threads=threading.active_count(),
        queues=frozenset(line for name in _QUEUES for line in
                         Path(f"/proc/sysvipc/{name}").read_text()
                         .splitlines()[1:]))


def left_behind(before: Traces, folder: Path) -> list[str]:
    """Return what is left once that which just ended is gone."""
    deadline = time.monotonic() + _PATIENCE
    while (left := look(folder) - before) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def wait_for_ends(folder: Path, walls: frozenset[str]) -> None:
    """Wait until no processes are left but these, or for long enough."""
    deadline = time.monotonic() + _PATIENCE
    while (look(folder).processes - walls) and time.monotonic() < deadline:
        time.sleep(0.05)


def memory(processes: set[str]) -> int:
    """Return the bytes that these processes alone hold in memory."""
    return sum(_private(each.split()[0]) for each in processes)


def _private(pid: str) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return sum(int(line.split()[1]) << 10 for line in text.splitlines()
               if line.startswith("Private_"))


def below(parent: int) -> list[int]:
    """Return the processes that descend from another one."""
    parents = _parents()
    return [pid for pid in parents if _is_below(pid, parent, parents)]


def words(pid: int) -> list[str]:
    """Return the command line of a process, nothing once it has ended.

    A process that has lost its parent stays, without words, until the first
    process of the system asks for its status, which may take seconds.
    """
    try:
        text = Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return []
    return text.rstrip("\0").split("\0") if text else []


def around_runs(parent: int, kind: str) -> list[int]:
    """Return the Pythons around the runs of a kind of wall, parents first.

    Where a run is under way: its wall's zygote, the runner, and one more. A
    wall of suites may be one of learners' tests as well.
    """
    parents = _parents()
    found = [pid for pid in parents if _is_below(pid, parent, parents)
             and not "".join(words(pid)[:1]).endswith("bwrap")
             and kind in words(pid)[-2:]]
    # Not by their numbers: the system begins with small ones again.
    return sorted(found, key=lambda pid: sum(
        _is_below(pid, each, parents) for each in found))


def is_looping(found: list[int]) -> bool:
    """Return whether the last of these processes is a runner that loops.

    What tries the tier first has as many processes around it, but is at
    work for a few milliseconds only.
    """
    return len(found) >= 3 and _seconds(found[-1]) >= _LOOPING


def _seconds(pid: int) -> float:
    """Return the processor time that a process has had."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2]
    except OSError:
        return 0.0
    return int(fields.split()[11]) / os.sysconf("SC_CLK_TCK")


def _processes(mark: str) -> Iterator[str]:
    """Yield "id command" of what is below us, or was started by us.

    A stray may have no parent any more, but it keeps the environment, in
    which the folder of runs stands.
    """
    parents = _parents()
    for pid, (_, command) in parents.items():
        if pid != os.getpid() and (_is_below(pid, os.getpid(), parents)
                                   or mark in _environment(pid)):
            yield f"{pid} {command}"


def _parents() -> dict[int, tuple[int, str]]:
    """Return the parent and the command of each process."""
    parents: dict[int, tuple[int, str]] = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            text = Path(f"/proc/{entry}/stat").read_text()
        except OSError:
            continue
        command, _, rest = text.rpartition(")")
        parents[int(entry)] = (int(rest.split()[1]), command)
    return parents


def _is_below(pid: int, parent: int,
              parents: Mapping[int, tuple[int, str]]) -> bool:
    while pid in parents:
        pid = parents[pid][0]
        if pid == parent:
            return True
    return False


def _environment(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().decode(
            errors="replace")
    except OSError:
        return ""


def _files(folder: Path) -> Iterator[str]:
    """Yield files of runs, and those put where they should not be."""
    yield from map(str, folder.iterdir())
    for place in OUTSIDE:
        for name in os.listdir(place):
            if name == MARK or name.startswith("mark-of-"):
                yield f"{place}/{name}"


def _descriptors() -> Iterator[str]:
    for name in os.listdir("/proc/self/fd"):
        try:
            yield f"{name} {os.readlink(f'/proc/self/fd/{name}')}"
        except OSError:
            pass  # that of the listing itself
