"""The wall on Linux: one zygote process, of which every run is a fork.

Each run has two pipes back to the grader. Results are written by the
process that runs the submission's code, so they are untrusted. The status
is written by the parent of that process, so it is trusted.
"""

from __future__ import annotations

import dataclasses
import json
import os
import socket
import subprocess
import threading
from collections.abc import Sequence
from contextlib import ExitStack, nullcontext, suppress
from dataclasses import dataclass
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

__all__ = ["FORKS", "ForkingWall", "NoWall", "Purpose", "Wall", "open_wall",
           "open_walls"]

LAYERS = {"full": ("rlimits", "landlock", "seccomp"),
          "reduced": ("rlimits", "landlock", "seccomp"), "none": ()}


class ForkingWall(Wall):
    """Runs jobs of some kinds in forks of one zygote.

    The arguments are those of a Purpose; `kinds` are keys of
    grader.inside.preload.KINDS. Raises NoWall.
    """

    def __init__(self, tier: str, kinds: Sequence[str] = ("suite",),
                 readable: Sequence[Path] = (),
                 hidden: Sequence[Path] = (),
                 packages: Sequence[Path] = (),
                 modules: Sequence[str] = ()) -> None:
        # 1. What the runs may be, and may see.
        readable = (*readable, *packages)
        self.tier = tier
        who = unixuser.walled() if tier == "full" else unixuser.unwalled()
        if tier == "full" and who is RunsAs.ROOT:
            raise NoWall(AS_ROOT)
        self.caution = tiers.caution(tier, who is RunsAs.ROOT)
        self._readable = [str(path) for path in readable]
        self._hidden = [] if tier == "full" else _in_sight(hidden, readable)
        self._lock = threading.Lock()
        # 2. The zygote. Each request is a message on this socket with the
        #    descriptors of one run.
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
                # Ctrl-C goes to the whole process group. The zygote must
                # not get it: it ends, and cleans up, after the grader.
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
        """Raise NoWall unless every layer of the tier is on.

        `hello` is the first line of the zygote; no submission is there yet.
        """
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
                message, limits.wall_seconds,
                served.theirs if served else file)
            return collect(results, status, limits, served)

    def _begin(self, message: dict[str, Any], seconds: float,
               given: IO[bytes] | socket.socket | None) -> tuple[int, int]:
        """Start a run; return the descriptors of its results and status.

        `given` becomes the standard input of the run.
        """
        results, results_write = os.pipe()
        status, status_write = os.pipe()
        request, request_write = os.pipe()
        # 1. Hand the far ends of the three pipes to the zygote.
        try:
            with self._lock:
                wire.send(self._socket, wire.Call(
                    seconds=seconds, results=results_write,
                    status=status_write, request=request,
                    given=given.fileno() if given else None))
        except OSError as error:
            for fd in results, status, request_write:
                os.close(fd)
            raise GraderError(f"the wall is down: {error}",
                              "run grade doctor") from error
        finally:
            # A pipe ends once all its writers are closed, ours included.
            for fd in results_write, status_write, request:
                os.close(fd)
        # 2. The request goes to the run directly, past the zygote.
        with suppress(BrokenPipeError), open(request_write, "wb") as pipe:
            pipe.write(json.dumps(message).encode())
        return results, status


@dataclass(frozen=True, kw_only=True)
class Purpose:
    """What a wall is opened for.

    Runs of these `kinds` may read what is below `readable`, and nothing
    `hidden`, even where that lies in a folder of Python's. `packages` are
    folders of packages that they may import, `modules` are installed
    modules that are imported before the first run.
    """

    kinds: Sequence[str]
    readable: Sequence[Path] = ()
    hidden: Sequence[Path] = ()
    packages: Sequence[Path] = ()
    modules: Sequence[str] = ()


def open_wall(wanted: str, purpose: Purpose) -> Wall:
    """Open a wall of the tier `wanted`, or of the best one for "auto".

    Raises UserError where the tier does not work on this machine.
    """
    wall, = open_walls(wanted, purpose)
    return wall


def open_walls(wanted: str, *purposes: Purpose) -> list[Wall]:
    """Open walls of one tier at the same time; otherwise like `open_wall`.
    """
    reasons = []
    for tier in TIERS if wanted == "auto" else (wanted,):
        try:
            with ExitStack() as stack:
                walls = [stack.enter_context(_started(tier, each))
                         for each in purposes]
                for wall in walls:
                    wall.wait_ready()
                stack.pop_all()
                return walls
        except NoWall as error:
            reasons.append(f"{tier}: {error}")
    raise UserError(f"no isolation to be had: {'; '.join(reasons)}",
                    "grade doctor explains what is missing")


def _started(tier: str, purpose: Purpose) -> Wall:
    if not FORKS:
        return FreshWall(tier, purpose.packages, purpose.modules)
    return ForkingWall(tier, purpose.kinds, purpose.readable, purpose.hidden,
                       purpose.packages, purpose.modules)


def _in_sight(hidden: Sequence[Path], readable: Sequence[Path]) -> list[str]:
    """Return the real paths of those hidden ones that a run could read.

    The others need not be mentioned to the run.
    """
    shown = [os.path.realpath(path) for path in
             (*readablepaths.python_paths(), *readablepaths.site_folders(),
              *map(str, readable))]
    real = [os.path.realpath(path) for path in hidden]
    return [path for path, is_shown in readablepaths.boundaries(shown, real)
            if not is_shown]
