"""The style dimension: asks the wall's style job about files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from grader.findings.untrusted import Remarks
from grader.inside import source
from grader.library.library import Task
from grader.tools import tools
from grader.tools.tools import Tool


@dataclass(frozen=True, kw_only=True)
class StyledFile:
    """One file of a submission; is_executable is None if unknown.

    A file in a package is imported and never run, so it is no program.
    """

    id: str
    source: bytes
    is_executable: bool | None = None
    is_program: bool = True


def judge(files: Sequence[StyledFile], tool: Tool) -> dict[str, Remarks]:
    """Return the style remarks on files, by id."""
    return tools.judge(files, tool, request, "style", "the style checker",
                       control=StyledFile(id="", source=b""))


def request(files: Sequence[StyledFile]) -> dict[str, Any]:
    """Return the request for grader.inside.style.style.run."""
    return {"files": [{"id": one.id, "source": source.encode(one.source),
                       "executable": one.is_executable,
                       "program": one.is_program} for one in files]}


def of_task(reply: Remarks, task: Task, tasks: Sequence[Task]) -> Remarks:
    """Return the remarks on one task of several that share a file.

    A failure in a class or method that only other tasks demand is theirs;
    one of the module counts for each task.
    """
    demanded = {place for each in tasks if each.file == task.file
                for place in each.methods}
    return replace(reply, failures=tuple(
        each for each in reply.failures
        if not (owners := _owners(each.call or "", demanded))
        or owners & {*task.methods}))


def _owners(place: str, demanded: set[str]) -> set[str]:
    """Return the demanded places that a place belongs to.

    A method belongs to itself or its class, a class to its methods. It is
    empty for what no task demands.
    """
    class_name = place.partition(".")[0]
    if narrow := {place, class_name} & demanded:
        return {place} if place in narrow else narrow
    return {each for each in demanded if each.startswith(f"{class_name}.")}
