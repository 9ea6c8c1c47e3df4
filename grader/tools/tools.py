"""Asks a tool about the files of a submission, within a limit of time.

A tool (mypy, pycodestyle, the normal form) runs inside the wall and reads
files without running them. A file of a few lines can keep mypy busy for
hours, or use up all memory. So a tool has an allowance of processor time
for all files of a submission. If one run over all files gives no answer,
each file is read alone: for a second at first, which is many times what
ordinary files take, then for longer while time is left. A file that gives
no answer alone is to blame.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Protocol, TypeVar

from grader.findings.finding import Finding
from grader.findings.untrusted import Remarks, Untrustworthy, decode, text
from grader.inside.job import CRASH
from grader.inside.limits import Limits
from grader.wall.forking import Wall
from grader.wall.outcome import CPU_SHARE, Ended, Outcome

# Seconds of processor time of a job for one submission, all runs together.
# One run over all models takes less than 0.1 s, one over a file of 256 KiB
# takes 1 s.
ALLOWANCE = {"typecheck": 15, "style": 10, "forms": 5}
# A run over all files may take a third of that.
_SHARE_TOGETHER = 3
# Seconds for a file that is read alone, the first and the second time.
QUICK, PATIENT = 1, 5
# Seconds that are kept for one last run over all files not read alone.
_RESERVE = 2
# mypy takes 60 MB for all the models, and 120 MB for a file of 256 KiB.
MEMORY_MB = 768
# How many seconds on the clock a run gets for each second of processor time:
# on a busy machine it has to wait for a processor.
_PATIENCE = 24


class Lost(Exception):
    """A run of a tool gave no answer.

    `cause` is timeout, memory or crashed, or None if nothing shows that
    the files are to blame. `seconds` is the processor time that the run was
    given, 0 if it was not started.
    """

    def __init__(self, cause: str | None, detail: str = "",
                 seconds: int = 0) -> None:
        super().__init__(cause, detail, seconds)
        self.cause = cause
        self.detail = detail
        self.seconds = seconds


class ToolInput(Protocol):
    """One file that a tool is asked about."""

    @property
    def id(self) -> str: ...

    @property
    def source(self) -> bytes: ...


class Tool(Protocol):
    """Answers requests, each within `seconds` of processor time.

    `left` are the seconds left for further requests. Raises Lost.
    """

    left: float

    def answer(self, request: dict[str, Any], seconds: int) -> object: ...


class WalledTool:
    """A tool that is a job of the wall, for the files of one submission."""

    def __init__(self, wall: Wall, job: str) -> None:
        self._wall, self._job = wall, job
        self.left = float(ALLOWANCE[job])

    def answer(self, request: dict[str, Any], seconds: int) -> object:
        """Return the one message of a run; raises Lost."""
        limits = Limits(cpu_seconds=seconds, memory_mb=MEMORY_MB, file_mb=64,
                        wall_seconds=_PATIENCE * seconds)
        outcome = self._wall.run(self._job, request, limits)
        self.left -= outcome.ended.cpu
        if outcome.ended.cause or len(outcome.messages) != 1:
            raise _lost(outcome, seconds)
        return outcome.messages[0]


def _lost(outcome: Outcome, seconds: int) -> Lost:
    ended = outcome.ended
    if ended.cause == "timeout":
        return Lost("timeout" if _is_spent(ended, seconds) else None,
                    f"there was no processor for it in "
                    f"{_PATIENCE * seconds} seconds", seconds)
    reply = next((each[CRASH] for each in outcome.messages
                  if CRASH in each), ended.detail if ended.cause == "crashed"
                 else "it ended without an answer")
    if str(reply).startswith(MemoryError.__name__):
        return Lost("memory", seconds=seconds)
    return Lost("crashed", text(str(reply).strip(": ")), seconds)


def _is_spent(ended: Ended, seconds: int) -> bool:
    # On Windows the processor time is unknown (0): the clock decides.
    return ended.cpu >= CPU_SHARE * seconds or ended.cpu <= 0


File = TypeVar("File", bound=ToolInput)
T = TypeVar("T")
# Asks about files in one run; raises Lost or Untrustworthy.
Query = Callable[[Sequence[File], int], Mapping[str, T]]


def survey(files: Sequence[File], query: Query[File, T],
           tool: Tool) -> dict[str, T | Lost]:
    """Return the answer on each file, by id, or how it was lost."""
    if not files:
        return {}
    # 1. All files in one run: nearly always enough.
    together = max(QUICK, int(tool.left / _SHARE_TOGETHER))
    lost = _try(files, query, together)
    if not isinstance(lost, Lost):
        return lost
    if len(files) == 1:
        return {files[0].id: lost}
    # 2. Each file alone, the smallest first, so that a large one leaves
    #    them their time.
    reply: dict[str, T | Lost] = {}
    waiting = deque(sorted(files, key=lambda file: len(file.source)))
    while waiting and tool.left >= QUICK + _RESERVE:
        reply |= _alone(waiting.popleft(), query, QUICK)
    # 3. Those left over, in one run.
    reply |= _rest(list(waiting), query)
    # 4. Slow files once more, with more time: the longest first, since
    #    their length is a good reason to be slow.
    for file in sorted(files, key=lambda file: -len(file.source)):
        if _is_slow(reply[file.id]) and tool.left >= QUICK:
            reply |= _alone(file, query, min(PATIENT, int(tool.left)))
    return reply


def _try(files: Sequence[File], query: Query[File, T], seconds: int
         ) -> dict[str, T | Lost] | Lost:
    try:
        return dict(query(files, seconds))
    except Lost as lost:
        return lost
    except Untrustworthy as error:
        return Lost(None, f"the answer makes no sense: {error}", seconds)


def _alone(file: File, query: Query[File, T],
           seconds: int) -> dict[str, T | Lost]:
    reply = _try([file], query, seconds)
    return {file.id: reply} if isinstance(reply, Lost) else reply


def _rest(files: Sequence[File],
          query: Query[File, T]) -> dict[str, T | Lost]:
    """Ask in one run about files for which no time is left one by one."""
    reply = _try(files, query, _RESERVE) if files else {}
    if isinstance(reply, Lost):
        return {file.id: Lost("timeout") for file in files}
    return reply


def _is_slow(reply: object) -> bool:
    return isinstance(reply, Lost) and reply.cause in (None, "timeout") and (
        reply.seconds > 0)


def judge(files: Sequence[File], tool: Tool,
          request: Callable[[Sequence[File]], dict[str, Any]],
          dimension: str, name: str, control: File,
          without_modules: Callable[[File], File] = lambda file: file
          ) -> dict[str, Remarks]:
    """Return what a tool says of files, by id.

    A file fails that uses up the tool's time or makes it crash, unless the
    tool gives no answer on `control` either, a file that is known to be
    right: then the tool is at fault. `without_modules` returns a file
    without the other modules that are read with it, since these are not its
    fault. `name` is that of the tool, for messages.
    """
    def ask(some: Sequence[File], seconds: int) -> dict[str, Remarks]:
        return decode(tool.answer(request(some), seconds),
                      [one.id for one in some], dimension)

    def query(some: Sequence[File], seconds: int) -> dict[str, Remarks]:
        try:
            return ask(some, seconds)
        except Lost:
            one = without_modules(some[0])
            if len(some) > 1 or one == some[0]:
                raise
        return ask([one], min(seconds, max(QUICK, int(tool.left))))

    reply = survey(files, query, tool)
    works = all(isinstance(each, Remarks) for each in reply.values()) or (
        not isinstance(_try([control], query, PATIENT), Lost))
    return {id: each if isinstance(each, Remarks)
            else _remarks(each, dimension, name, PurePath(id).name, works)
            for id, each in reply.items()}


def _remarks(lost: Lost, dimension: str, name: str, file: str,
             works: bool) -> Remarks:
    if lost.cause is None or not works:
        why = lost.detail or "it took too long"
        return Remarks(error=f"{name} did not come to an end: {why}")
    return Remarks(failures=(Finding(
        dimension=dimension, check=dimension, cause=lost.cause,
        message=_sentence(lost, name, file)),))


def _sentence(lost: Lost, name: str, file: str) -> str:
    if lost.cause == "memory":
        return (f"{name} needs more than {MEMORY_MB} MB to read {file}; "
                "ordinary files take a tenth of that")
    if lost.cause == "crashed":
        return (f"{name} itself fails on {file} ({lost.detail}): write it "
                "in a simpler way")
    if not lost.seconds:
        return (f"{name} has no time left for {file}: other files of the "
                "submission have used it up")
    plural = "s" * (lost.seconds > 1)
    return (f"{name} does not finish reading {file} within {lost.seconds} "
            f"second{plural}; a check of ordinary files takes less than one")
