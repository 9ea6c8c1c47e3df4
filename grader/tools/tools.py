"""Tools in the wall that read the files of a submission and run none.

A file of few lines can keep mypy busy for hours, or take all memory. So a
tool has an allowance of processor time for all files of a submission. Where
one run over all of them is lost, each file is read alone: first by itself
for as long as ordinary files take many times over, then, if that is not
enough, for longer, while there is time left. Who is lost alone is to blame.
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

# Seconds of processor time that a job may take for one submission, all runs
# together. Models take less than a tenth of a second, all in one run; a file
# of 256 KiB takes one.
ALLOWANCE = {"typecheck": 15, "style": 10, "forms": 5}
# What a run over all files may take of it.
_SHARE_TOGETHER = 3
# How long one file is read alone, at first and then.
QUICK, PATIENT = 1, 5
# What is left for a last run over all the files that were not read alone.
_RESERVE = 2
# mypy takes 60 MB for all the models, and 120 MB for a file of 256 KiB.
MEMORY_MB = 768
# How much longer than its processor time a run may take: on a machine with
# much else to do it has to wait for its turn.
_PATIENCE = 24


class Lost(Exception):
    """A run of a tool gave no answer.

    `cause` is timeout, memory or crashed; None where nothing tells that
    the files are to blame. It was given `seconds`, 0 if it was not begun.
    """

    def __init__(self, cause: str | None, detail: str = "",
                 seconds: int = 0) -> None:
        super().__init__(cause, detail, seconds)
        self.cause = cause
        self.detail = detail
        self.seconds = seconds


class Asked(Protocol):
    """One file that a tool is asked about."""

    @property
    def id(self) -> str: ...

    @property
    def source(self) -> bytes: ...


class Tool(Protocol):
    """What answers a request, within that many seconds of processor time.

    `left` is what there is of them for further ones. Raises Lost.
    """

    left: float

    def answer(self, request: dict[str, Any], seconds: int) -> object: ...


class WalledTool:
    """A job of the wall, for the files of one submission."""

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
    # Where the time is not known, on Windows, the clock has to do.
    return ended.cpu >= CPU_SHARE * seconds or ended.cpu <= 0


File = TypeVar("File", bound=Asked)
T = TypeVar("T")
# Asks about files in one run; raises Lost or Untrustworthy.
Query = Callable[[Sequence[File], int], Mapping[str, T]]


def survey(files: Sequence[File], query: Query[File, T],
           tool: Tool) -> dict[str, T | Lost]:
    """Return what is said of each file, by id, or how it was lost alone."""
    if not files:
        return {}
    together = max(QUICK, int(tool.left / _SHARE_TOGETHER))
    lost = _try(files, query, together)
    if not isinstance(lost, Lost):
        return lost
    if len(files) == 1:
        return {files[0].id: lost}
    reply: dict[str, T | Lost] = {}
    waiting = deque(sorted(files, key=lambda file: len(file.source)))
    while waiting and tool.left >= QUICK + _RESERVE:
        reply |= _alone(waiting.popleft(), query, QUICK)
    reply |= _rest(list(waiting), query)
    # Those come first whose length is a reason to take long.
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
    """Ask about the files for which the time does not do one by one."""
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
          bare: Callable[[File], File] = lambda file: file
          ) -> dict[str, Remarks]:
    """Return what a tool of that name says of files, by id.

    Who exhausts the tool or makes it crash fails, unless the tool is lost
    on the `control` as well, a file that is known to be right. `bare` is a
    file without what else is read for it, which is not its fault.
    """
    def ask(some: Sequence[File], seconds: int) -> dict[str, Remarks]:
        return decode(tool.answer(request(some), seconds),
                      [one.id for one in some], dimension)

    def query(some: Sequence[File], seconds: int) -> dict[str, Remarks]:
        try:
            return ask(some, seconds)
        except Lost:
            one = bare(some[0])
            if len(some) > 1 or one == some[0]:
                raise
        return ask([one], min(seconds, max(QUICK, int(tool.left))))

    reply = survey(files, query, tool)
    is_well = all(isinstance(each, Remarks) for each in reply.values()) or (
        not isinstance(_try([control], query, PATIENT), Lost))
    return {id: each if isinstance(each, Remarks)
            else _remarks(each, dimension, name, PurePath(id).name, is_well)
            for id, each in reply.items()}


def _remarks(lost: Lost, dimension: str, name: str, file: str,
             is_well: bool) -> Remarks:
    if lost.cause is None or not is_well:
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
