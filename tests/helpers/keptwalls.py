"""Walls that stay open, for commands that are called in one process.

Opening a pair of walls takes longer than most of what tests grade behind
them, and every run has a process of its own, so nothing is left of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import IO, Any, Self

from grader.inside.learnertests.bodyserver import BodyServer
from grader.inside.limits import Limits
from grader.wall import forking
from grader.wall.forking import Purpose, Wall
from grader.wall.outcome import Outcome


class KeptWall(Wall):
    """A wall that is not closed with the grader that has asked for it."""

    def __init__(self, wall: Wall, wanted: str, purpose: Purpose) -> None:
        self.tier, self.caution = wall.tier, wall.caution
        self._wall = wall
        self._wanted, self._purpose = wanted, purpose

    def serves(self, wanted: str, purpose: Purpose) -> bool:
        """Return whether it is as good as a new one.

        What is hidden is not asked: it is another temporary folder of tests
        at each call, and behind the full wall nothing of those is there.
        """
        mine = self._purpose
        return (wanted == self._wanted
                and [*purpose.kinds] == [*mine.kinds]
                and {*purpose.readable} == {*mine.readable}
                and {*purpose.packages} == {*mine.packages}
                and {*purpose.modules} <= {*mine.modules})

    def wait_ready(self) -> None:
        pass

    def run(self, job: str, request: dict[str, Any],
            limits: Limits = Limits(), *,
            file: IO[bytes] | None = None,
            bodies: BodyServer | None = None) -> Outcome:
        return self._wall.run(job, request, limits, file=file, bodies=bodies)

    def close(self) -> None:
        pass


class KeptWalls:
    """Takes the place of `open_walls`; a context manager."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._open: list[KeptWall] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        self._stack.close()

    def open(self, wanted: str, *purposes: Purpose) -> Sequence[Wall]:
        missing = [each for each in purposes if not self._for(wanted, each)]
        if missing:
            walls = forking.open_walls(wanted, *missing)
            self._open += [
                KeptWall(self._stack.enter_context(wall), wanted, purpose)
                for wall, purpose in zip(walls, missing)]
        return [wall for each in purposes for wall in self._for(wanted, each)]

    def _for(self, wanted: str, purpose: Purpose) -> list[KeptWall]:
        return [each for each in self._open
                if each.serves(wanted, purpose)][:1]
