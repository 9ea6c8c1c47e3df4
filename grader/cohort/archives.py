"""Opens archives of submissions, in a process behind a wall.

An archive may be made to hang, fill or crash the program that opens it. So
none is parsed in this process, and nothing is unpacked to the disk: a run
returns the list of files, and the content of those that are needed.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Self

from grader.cohort.contents import Archive, Unfit, listed
from grader.errors import GraderError, UserError
from grader.findings.untrusted import Untrustworthy, text
from grader.inside.limits import Limits
from grader.library.foldernames import FolderNames
from grader.submission.submission import NO_FILE
from grader.wall.forking import Purpose, Wall, open_wall
from grader.wall.outcome import Outcome

MAX_ARCHIVE = 200 << 20
SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2",
            ".tar.xz", ".txz")
# Seconds on the clock for a second of processor time: a run itself never
# waits, but on a busy machine it waits for a processor.
LIMITS = Limits(cpu_seconds=10.0, wall_seconds=60.0, memory_mb=512,
                results_mb=32)
_ATTEMPTS = 2


class Refused(UserError):
    """An archive that is refused, and is to blame for that itself."""


class Unpacker:
    """Looks into archives behind a wall of its own, of the tier asked for.

    `known` are the folders that archives hold. What is `hidden` cannot be
    seen from there. Use it from one thread, as a context manager.
    """

    def __init__(self, isolation: str, known: FolderNames,
                 hidden: Sequence[Path] = ()) -> None:
        self._isolation, self._hidden = isolation, hidden
        self._known = known
        self._wall: Wall | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    def open(self) -> Wall:
        """Put up the wall if it is not; raises UserError if none can be."""
        if self._wall is None:
            self._wall = open_wall(self._isolation, Purpose(
                kinds=["intake"], hidden=self._hidden))
        return self._wall

    def close(self) -> None:
        """Take the wall down; the next archive gets another one."""
        wall, self._wall = self._wall, None
        if wall:
            wall.close()

    @contextmanager
    def tree(self, path: Path) -> Iterator[Archive]:
        """Yield what an archive holds, to be read before the block ends.

        Raises Refused for an archive that is broken, too large or hostile,
        and UserError for one that the grader cannot read.
        """
        with _open(path) as file:
            try:
                if os.fstat(file.fileno()).st_size > MAX_ARCHIVE:
                    raise Unfit(f"is larger than {MAX_ARCHIVE >> 20} MiB")
                yield listed(_Asking(self, file).ask, self._known)
            except Unfit as why:
                raise Refused(f"{text(path.name)} {why}",
                              "hand in an archive of only the task folders"
                              ) from None
            except Untrustworthy as error:
                raise GraderError(f"what {text(path.name)} holds makes no "
                                  f"sense: {error}", "look into it by hand"
                                  ) from None

    def run(self, file: IO[bytes], request: dict[str, Any]) -> Outcome:
        """Run a request, and once more if its failure was not the archive's.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                outcome = self.open().run("unpack", request, LIMITS,
                                          file=file)
                if outcome.ended.cause != "crashed":
                    break
            except GraderError:
                self.close()
                if attempt == _ATTEMPTS:
                    raise
        return outcome


class _Asking:
    """Asks about one archive, several times but not for ever."""

    def __init__(self, unpacker: Unpacker, file: IO[bytes]) -> None:
        self._unpacker, self._file = unpacker, file
        self._seconds = 0.0

    def ask(self, request: dict[str, Any]) -> list[dict[str, Any]]:
        """Return what a run says; raises Unfit where it says no."""
        if self._seconds > LIMITS.wall_seconds:
            raise Unfit(f"takes more than {LIMITS.wall_seconds:.0f} seconds "
                        "to unpack")
        outcome = self._unpacker.run(self._file, request)
        self._seconds += outcome.ended.seconds
        messages = _believed(outcome)
        last = messages.pop() if messages else {}
        if "refused" in last:
            raise Unfit(text(last["refused"]))
        if last.get("done") is not True:
            raise Untrustworthy("the end is missing")
        return messages


def _open(path: Path) -> IO[bytes]:
    """Open a file; raises UserError for what is none or cannot be read."""
    try:
        file = open(path, "rb", opener=_at_once)
        if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return file
        file.close()
        why = NO_FILE
    except OSError as error:
        why = f"cannot be read: {error.strerror}"
    raise UserError(f"{text(path.name)} {why}",
                    "give yourself the right to read it")


def _at_once(path: str, flags: int) -> int:
    # Opening a FIFO would wait for a writer.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _believed(outcome: Outcome) -> list[dict[str, Any]]:
    """Return what a run wrote, if it came to its own end."""
    ended = outcome.ended
    if ended.cause == "timeout":
        raise Unfit(f"takes more than {LIMITS.cpu_seconds:.0f} seconds to "
                    "unpack")
    if ended.cause == "crashed":
        raise Unfit("crashes the program that unpacks it")
    if ended.cause == "output":
        raise Unfit("holds more than is ever looked at")
    if ended.cause:
        raise GraderError(f"the archive could not be read: {ended.detail}",
                          "run it again")
    return outcome.messages
