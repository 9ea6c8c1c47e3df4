"""The wall on Windows and macOS: a newly started Python for every run.

It offers the tier "none" only. Results come from the process that runs the
submission's code, so they are untrusted. How the run ended is observed by
the grader itself, so that is trusted.
"""

from __future__ import annotations

import compileall
import dataclasses
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from grader.errors import GraderError
from grader.inside.jail import readablepaths
from grader.inside.learnertests.bodyserver import BodyServer
from grader.inside.limits import Limits
from grader.wall import runfolder, tiers, unixuser
from grader.wall.freshrun import FreshRun
from grader.wall.interpreter import PACKAGE
from grader.wall.outcome import Outcome, decode
from grader.wall.unixuser import RunsAs
from grader.wall.wall import NoWall, Wall


class FreshWall(Wall):
    """Starts a process for every run, and kills those left when closed.

    Raises NoWall for every tier but "none".
    """

    def __init__(self, tier: str, packages: Sequence[Path] = (),
                 modules: Sequence[str] = ()) -> None:
        if tier != "none":
            raise NoWall("only Linux has it")
        self.tier = tier
        self.caution = tiers.caution(
            tier, unixuser.unwalled() is RunsAs.ROOT)
        self._packages = [str(path.resolve()) for path in packages]
        self._modules = list(modules)
        self._lock = threading.Lock()
        self._running: set[FreshRun] = set()
        self._is_down = False

    def wait_ready(self) -> None:
        # Runs are started with -B and write no compiled files, so each
        # would compile what it imports.
        own = [str(PACKAGE / name) for name in readablepaths.GRADER_PARTS]
        for path in [*own, *self._packages]:
            compileall.compile_dir(path, quiet=2)

    def close(self) -> None:
        with self._lock:
            self._is_down = True
            for run in self._running:
                run.kill()

    def run(self, job: str, request: dict[str, Any],
            limits: Limits = Limits(), *,
            file: IO[bytes] | None = None,
            bodies: BodyServer | None = None) -> Outcome:
        with runfolder.for_run() as place:
            run = self._start(request | {
                "job": job, "folder": str(place),
                "packages": self._packages, "modules": self._modules,
                "kept": bodies and bodies.texts(),
                "limits": dataclasses.asdict(limits)}, place, file)
            try:
                answer = run.wait(limits)
            finally:
                with self._lock:
                    self._running.remove(run)
                run.close()
        if self._is_down:
            raise GraderError("the wall is down", "run it again")
        return decode(run.results(), answer, run.seconds, limits)

    def _start(self, request: dict[str, Any], place: Path,
               file: IO[bytes] | None) -> FreshRun:
        try:
            with self._lock:
                if self._is_down:
                    raise GraderError("the wall is down", "run it again")
                run = FreshRun(request, place, file)
                self._running.add(run)
        except OSError as error:
            raise GraderError(
                f"{sys.executable} could not be started: {error.strerror}",
                "run grade doctor") from None
        return run
