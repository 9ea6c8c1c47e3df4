"""Finds failures that come from given files which the learner has changed.

Tests are judged with the library's given files, never with the learner's
copies. A test that passes only with the copies fails for no visible reason,
so the failure gets a remark.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from random import Random

from grader.inside.learnertests.bodyserver import BodyServer
from grader.inside.limits import Limits
from grader.inside.source import encode
from grader.learnertests import versions
from grader.learnertests.rounds import methods, request_for
from grader.learnertests.testrun import TestRun, read_run
from grader.library.library import Folder, Task
from grader.wall.forking import Wall


def own_copies(folder: Folder, files: Mapping[str, bytes]) -> list[str]:
    """Return the names of given files that differ in a submission."""
    return [name for name in folder.given if name in files
            and files[name] != (folder.path / name).read_bytes()]


def run_with_own(wall: Wall, folder: Folder, task: Task,
                 files: Mapping[str, bytes], own: Collection[str],
                 random: Random) -> TestRun:
    """Run a task's tests once, with the submission's copies of some files.

    `own` are the names of these given files.
    """
    version, = versions.chosen(folder, (), [None], random)
    request = request_for(folder, [task], files, version, random)
    request.pop("scaffold", None)
    request["files"] |= {name: encode(files[name]) for name in own}
    for each in ("given", "code"):
        request[each] = {name: text for name, text in request[each].items()
                         if name not in own}
    outcome = wall.run("learnertests", request, Limits.within(task.seconds),
                       bodies=BodyServer(version.kept))
    return read_run(outcome, methods(task))


def remark(names: list[str]) -> str:
    """Return the remark for a failure that the given files cause."""
    stems = ", ".join(Path(name).name for name in names)
    return (f"; it passes with your own {stems}, which "
            f"{'is' if len(names) == 1 else 'are'} not used: tests are "
            "judged with the given files")
