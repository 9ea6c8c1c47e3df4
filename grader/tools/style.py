"""The style dimension, from outside the wall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grader.grading import untrusted
from grader.grading.untrusted import Remarks
from grader.inside import source
from grader.tools import tools
from grader.tools.tools import Tool


@dataclass(frozen=True, kw_only=True)
class StyledFile:
    """One file of a submission; is_executable is None if unknown."""

    id: str
    source: bytes
    is_executable: bool | None = None


def judge(files: Sequence[StyledFile], tool: Tool) -> dict[str, Remarks]:
    """Judge the style of files, by id, if need be one by one."""
    return tools.judge(files, tool, request, "style", "the style checker",
                       control=StyledFile(id="", source=b""))


def request(files: Sequence[StyledFile]) -> dict[str, Any]:
    """Return what the wall's style job is asked."""
    return {"files": [{"id": one.id, "source": source.encode(one.source),
                       "executable": one.is_executable} for one in files]}


def decode(answer: object,
           files: Sequence[StyledFile]) -> dict[str, Remarks]:
    """Read an untrusted answer; raises Untrustworthy."""
    return untrusted.decode(answer, [one.id for one in files], "style")
