"""Notices changes of files in a workspace.

The folders are compared with their last state every now and then. The
package watchfiles, if it works, only makes this earlier.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from grader.errors import UserError
from grader.library.library import Library
from grader.submission.submission import Disk, Submission, collect
from grader.submission.tree import task_folders
from grader.submission.neededfiles import find_files, kinds_of

# How often to look: alone, and beside watchfiles, which sees no new folder
# and little on a network's file systems.
POLL_SECONDS, SAFETY_SECONDS = 0.15, 1.0
SETTLE_SECONDS, SETTLE_STEPS = 0.04, 8

Fingerprint = dict[str, tuple[int, int, int]]


class Changes:
    """Calls `wake` from a thread when something below changes."""

    def __init__(self, root: Path, library: Library,
                 wake: Callable[[], None]) -> None:
        self._root, self._library = root, library
        self._paths = [root, *self._folders()]
        self._wake = wake
        self._stop = threading.Event()
        self._seen = self._fingerprint()
        self.seconds = POLL_SECONDS

    def __enter__(self) -> Self:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *details: object) -> None:
        self._stop.set()

    def _listen(self) -> None:
        try:
            from watchfiles import watch

            self.seconds = SAFETY_SECONDS
            for _ in watch(*self._paths, recursive=False, step=10,
                           debounce=100, stop_event=self._stop,
                           raise_interrupt=False, watch_filter=None,
                           rust_timeout=500):
                self._wake()
        except Exception:
            pass  # Not installed, or out of watches: looking is enough.
        self.seconds = POLL_SECONDS

    def noticed(self) -> bool:
        """Return whether anything is other than the last time."""
        now = self._fingerprint()
        changed, self._seen = now != self._seen, now
        return changed

    def _folders(self) -> dict[Path, tuple[str, ...]]:
        """Return where the task folders are, and the kinds that count."""
        known = self._library.names
        try:
            there = task_folders(Disk(self._root), (), known)
        except OSError:
            return {}
        return {self._root / name: kinds_of(self._library.folder(folder))
                for folder, names in known.fitting(there).items()
                for name in names}

    def _fingerprint(self) -> Fingerprint:
        found: Fingerprint = {}
        for folder, kinds in self._folders().items():
            try:
                names = find_files(Disk(folder), (), kinds)
            except OSError:
                continue
            for name in names:
                _add(found, folder / name)
        return found


def _add(found: Fingerprint, path: Path) -> None:
    try:
        status = path.lstat()
    except OSError:
        return
    found[str(path)] = (status.st_mtime_ns, status.st_size, status.st_ino)


def settled(root: Path, library: Library,
            before: Submission | None = None) -> Submission | None:
    """Return the submission once no file is half gone; None without one.

    An editor may empty or remove a file for a moment before the new text is
    there, so what was there before gets a third of a second to come back.
    """
    found = None
    for _ in range(SETTLE_STEPS):
        try:
            found = collect(root, library)
        except UserError:
            found = None
        if found is not None and not _lacks(found, before):
            break
        if before is None:
            break
        time.sleep(SETTLE_SECONDS)
    return found


def _lacks(now: Submission, before: Submission | None) -> bool:
    if before is None:
        return False
    return any(file.content and not (
        name in now.folders.get(folder, {})
        and now.folders[folder][name].content)
        for folder, files in before.folders.items()
        for name, file in files.items())
