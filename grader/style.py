"""The style dimension, from outside the wall."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from grader import remarks
from grader.inside import source
from grader.remarks import Remarks

# Runs one request in the wall; the answer is untrusted, and None where
# the run did not come to its end.
Run = Callable[[dict[str, Any]], object]


@dataclass(frozen=True, kw_only=True)
class StyledFile:
    """One file of a submission; is_executable is None if unknown."""

    id: str
    source: bytes
    is_executable: bool | None = None


def judge(files: Sequence[StyledFile], run: Run) -> dict[str, Remarks]:
    """Judge the style of files, by id, in one run of the wall.

    Where a run is lost, halves are tried, so that a file that stops the
    tools costs only itself.
    """
    return remarks.ask(files, lambda some: run(request(some)), "style",
                       "the style checker")


def request(files: Sequence[StyledFile]) -> dict[str, Any]:
    """Return what the wall's style job is asked."""
    return {"files": [{"id": one.id, "source": source.encode(one.source),
                       "executable": one.is_executable} for one in files]}


def decode(answer: object,
           files: Sequence[StyledFile]) -> dict[str, Remarks]:
    """Read an untrusted answer; raises Untrustworthy."""
    return remarks.decode(answer, [one.id for one in files], "style")
