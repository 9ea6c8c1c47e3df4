"""The wall: a zygote process, isolated as far as the tier goes.

Every run is a fork of the zygote. Two pipes come back from it: results,
written by the same process as the submission's code and therefore never
believed without checking, and status, written by the warden alone.
"""

from __future__ import annotations

import dataclasses
import json
import os
import socket
import subprocess
import threading
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import IO, Any

from grader.errors import GraderError, UserError
from grader.inside import wire
from grader.inside.jail import readablepaths
from grader.inside.learnertests.bodyserver import BodyServer
from grader.inside.limits import Limits
from grader.wall import bubblewrap, tiers, unixuser
from grader.wall.bodysocket import BodySocket
from grader.wall.fresh import FreshWall
from grader.wall.interpreter import inside_argv
from grader.wall.outcome import Outcome, collect
from grader.wall.tiers import FORKS, TIERS
from grader.wall.unixuser import AS_ROOT, RunsAs
from grader.wall.wall import START_SECONDS, NoWall, Wall, environment

__all__ = ["FORKS", "ForkingWall", "NoWall", "Wall", "open_wall"]

LAYERS = {"full": ("rlimits", "landlock", "seccomp"),
          "reduced": ("rlimits", "landlock", "seccomp"), "none": ()}


class ForkingWall(Wall):
    """A zygote, for `kinds` of job, whose forks they are run in."""

    def __init__(self, tier: str, kinds: Sequence[str] = ("suite",),
                 readable: Sequence[Path] = (),
                 hidden: Sequence[Path] = (),
                 packages: Sequence[Path] = (),
                 modules: Sequence[str] = ()) -> None:
        readable = (*readable, *packages)
        self.tier = tier
        who = unixuser.walled() if tier == "full" else unixuser.unwalled()
        if tier == "full" and who is RunsAs.ROOT:
            raise NoWall(AS_ROOT)
        self.caution = tiers.caution(tier, who is RunsAs.ROOT)
        self._readable = [str(path) for path in readable]
        self._hidden = [] if tier == "full" else _in_sight(hidden, readable)
        self._lock = threading.Lock()
        self._socket, theirs = socket.socketpair()
        argv = inside_argv("grader.inside.jail.zygote:main",
                           [str(theirs.fileno()), tier,
                            json.dumps([self._readable, self._hidden]),
                            json.dumps([[str(path) for path in packages],
                                        list(modules)]),
                            *kinds],
                           walled=tier == "full")
        try:
            if tier == "full":
                argv = bubblewrap.command(argv, readable=readable,
                                          hidden=hidden)
            self._process = subprocess.Popen(
                argv, pass_fds=[theirs.fileno()], env=environment(),
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                # It ends when we do, and then cleans up: a signal to our
                # group, such as Ctrl-C, must not come before that.
                stderr=subprocess.PIPE, start_new_session=True)
        except OSError as error:
            self._socket.close()
            raise NoWall(f"{error.filename or argv[0]}: {error.strerror}"
                         ) from None
        finally:
            theirs.close()

    def wait_ready(self) -> None:
        answer = b""
        self._socket.settimeout(START_SECONDS)
        try:
            while not answer.endswith(b"\n"):
                part = self._socket.recv(4096)
                if not part:
                    raise NoWall(self._last_words())
                answer += part
        except TimeoutError:
            raise NoWall("it did not start in time") from None
        self._socket.settimeout(None)
        self._check(json.loads(answer))

    def _check(self, hello: dict[str, Any]) -> None:
        """Believe in a tier only once each of its layers is on."""
        if "error" in hello:
            raise NoWall(hello["error"])
        layers = {name.split()[0] for name in hello["layers"]}
        if lacking := [name for name in LAYERS[self.tier]
                       if name not in layers]:
            raise NoWall(f"this system has no {' and no '.join(lacking)}")

    def _last_words(self) -> str:
        assert self._process.stderr
        lines = self._process.stderr.read().decode(errors="replace").strip()
        return lines.splitlines()[-1][:300] if lines else "no reason given"

    def close(self) -> None:
        self._socket.close()
        try:
            self._process.wait(1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        assert self._process.stderr
        self._process.stderr.close()

    def run(self, job: str, request: dict[str, Any],
            limits: Limits = Limits(), *,
            file: IO[bytes] | None = None,
            bodies: BodyServer | None = None) -> Outcome:
        message = request | {
            "job": job, "tier": self.tier, "readable": self._readable,
            "hidden": self._hidden, "limits": dataclasses.asdict(limits)}
        with BodySocket(bodies) if bodies else nullcontext() as served:
            results, status = self._begin(
                message, served.theirs if served else file)
            return collect(results, status, limits, served)

    def _begin(self, message: dict[str, Any],
               given: IO[bytes] | socket.socket | None) -> tuple[int, int]:
        """Ask for a run; return where its results and its status arrive."""
        results, results_write = os.pipe()
        status, status_write = os.pipe()
        asked, asked_write = os.pipe()
        try:
            with self._lock:
                wire.send(self._socket,
                          [results_write, status_write, asked,
                           *([given.fileno()] if given else [])])
        except OSError as error:
            for fd in results, status, asked_write:
                os.close(fd)
            raise GraderError(f"the wall is down: {error}",
                              "run grade doctor") from error
        finally:
            for fd in results_write, status_write, asked:
                os.close(fd)
        with suppress(BrokenPipeError), open(asked_write, "wb") as pipe:
            pipe.write(json.dumps(message).encode())
        return results, status


def open_wall(asked: str, kinds: Sequence[str],
              readable: Sequence[Path] = (),
              hidden: Sequence[Path] = (),
              packages: Sequence[Path] = (),
              modules: Sequence[str] = ()) -> Wall:
    """Open a wall of the asked tier, or of the best one for "auto".

    Runs may read what is below `readable`, and nothing `hidden`, even if it
    lies where Python or a package does; `packages` are folders of packages
    that they may import, `modules` what of the installed ones is imported
    beforehand. Raises UserError where a tier asked
    for by name cannot be had.
    """
    reasons = []
    for tier in TIERS if asked == "auto" else (asked,):
        try:
            wall = (ForkingWall(tier, kinds, readable, hidden, packages,
                                modules) if FORKS
                    else FreshWall(tier, packages, modules))
            try:
                wall.wait_ready()
            except NoWall:
                wall.close()
                raise
            return wall
        except NoWall as error:
            reasons.append(f"{tier}: {error}")
    raise UserError(f"no isolation to be had: {'; '.join(reasons)}",
                    "grade doctor explains what is missing")


def _in_sight(hidden: Sequence[Path], readable: Sequence[Path]) -> list[str]:
    """Return what of it lies where a run could read, by its real path.

    The rest need not be mentioned to the run.
    """
    shown = [os.path.realpath(path) for path in
             (*readablepaths.python_paths(), *readablepaths.site_folders(),
              *map(str, readable))]
    real = [os.path.realpath(path) for path in hidden]
    return [path for path, is_shown in readablepaths.boundaries(shown, real)
            if not is_shown]
