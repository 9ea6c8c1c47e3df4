"""Builds the command that starts a process behind bubblewrap (bwrap).

Only what is mounted here exists inside: there is no home, no task folder,
no configuration, no network and no other process.
"""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grader import executables
from grader.inside.jail import readablepaths
from grader.inside.jail.jail import SCRATCH
from grader.wall import unixuser
from grader.wall.interpreter import CODE, PACKAGE, inside_argv
from grader.wall.proberesult import ProbeResult
from grader.wall.unixuser import AS_ROOT, RunsAs

_DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
_PROBE_SECONDS = 30

_NAMESPACES = ("--unshare-ipc", "--unshare-pid", "--unshare-net",
               "--unshare-uts", "--unshare-cgroup-try")
_ENVIRONMENT = {"HOME": SCRATCH, "TMPDIR": SCRATCH, "LANG": "C.UTF-8",
                "PATH": "/usr/bin"}


def command(argv: Sequence[str], *, readable: Sequence[Path] = (),
            hidden: Sequence[Path] = ()) -> list[str]:
    """Return the command that runs `argv` behind a new wall.

    `readable` paths are the same inside, read-only; `hidden` ones are
    empty, also within a readable folder. If root starts the command, `argv`
    must first call jail.drop_root, as the result of `inside_argv` does.
    Start it from a thread that lives as long as the wall: the kernel kills
    the wall when that thread ends, since bwrap asks for the signal with
    PR_SET_PDEATHSIG. Raises OSError where bwrap is missing.
    """
    program = executables.find("bwrap")
    if program is None:
        # subprocess would search the current folder, too, where a learner
        # may have a file of that name.
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT),
                                "bwrap")
    words = [program, *_privileges(), *_NAMESPACES, "--hostname", "wall",
             "--die-with-parent", "--new-session", "--clearenv"]
    for name, value in _ENVIRONMENT.items():
        words += ["--setenv", name, value]
    words += _mounts([*readablepaths.python_paths(),
                      *readablepaths.site_folders(),
                      *(str(path.resolve()) for path in readable)],
                     [str(path.resolve()) for path in (PACKAGE, *hidden)])
    words += _grader_mounts() + _devices()
    words += ["--dir", SCRATCH, "--proc", "/proc", "--remount-ro", "/",
              "--chdir", "/", "--"]
    return [*words, *argv]


def probe() -> ProbeResult:
    """Start a run behind a wall; return the result for `grade doctor`."""
    answer = try_wall()
    if "error" in answer:
        return ProbeResult("wall", False, answer["error"],
                           _advice(answer["error"]))
    private = answer["private"]
    if "error" in private:
        return ProbeResult("wall", False, "a run inside: " + private["error"],
                           _advice(private["error"]))
    return ProbeResult("wall", True,
                       "bubblewrap; " + ", ".join(private["layers"]))


def try_wall() -> dict[str, Any]:
    """Return the answer of grader.inside.jail.probe inside the wall.

    It is {"error": why} where the wall cannot be put up.
    """
    if sys.platform != "linux":
        return {"error": "only Linux has it"}
    if unixuser.walled() is RunsAs.ROOT:
        return {"error": AS_ROOT}
    if executables.find("bwrap") is None:
        return {"error": "the program bwrap is not installed"}
    return run_probe(command(inside_argv("grader.inside.jail.probe:main",
                                         [SCRATCH])))


def run_probe(argv: Sequence[str]) -> dict[str, Any]:
    """Run a command that starts the probe; return its answer.

    It is {"error": why} where the command gives none.
    """
    try:
        done = subprocess.run(argv, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL,
                              timeout=_PROBE_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        return {"error": str(error)}
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        lines = done.stderr.strip().splitlines()
        return {"error": lines[-1] if lines else "it said nothing"}
    return answer


def _advice(reason: str) -> str:
    """Return what to do about an error of bwrap or of the kernel."""
    if "only Linux" in reason:
        return "grade what others hand in on Linux"
    if "not installed" in reason:
        return "sudo apt install bubblewrap"
    if reason == AS_ROOT:
        return "run grade as an ordinary user"
    if "uid map" in reason or "uid_map" in reason:
        return ("let bwrap make user namespaces: an AppArmor profile, or "
                "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0")
    if "ermi" in reason or "No space" in reason:
        return ("allow user namespaces; in a container: --security-opt "
                "seccomp=unconfined --security-opt systempaths=unconfined")
    return "see whether `bwrap --ro-bind / / true` works"


def _privileges() -> list[str]:
    """Return the privilege options: root and other users need different ones.

    For root there is no user namespace: in one the kernel still takes the
    user for root and does not limit the number of processes. Root keeps the
    two capabilities to become the user nobody, and no other.
    """
    if unixuser.walled() is RunsAs.NOBODY:
        return ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID",
                "--cap-add", "CAP_SETGID"]
    return ["--unshare-user", "--uid", "1000", "--gid", "1000",
            "--cap-drop", "ALL"]


def _mounts(shown: Sequence[str], hidden: Sequence[str]) -> list[str]:
    """Return the options that mount the paths `shown` without `hidden` ones.

    A hidden folder becomes an empty file system. A shown path may lie in
    one, so it can be written to until all is mounted, and is made read-only
    at the end.
    """
    # Links stay links, since programs may be started by either path.
    links = [path for path in shown if os.path.islink(path)]
    words = [word for path in links for word in
             (*_parents(path), "--symlink", os.readlink(path), path)]
    closed = []
    real = dict.fromkeys(map(os.path.realpath, shown))
    for path, is_shown in readablepaths.boundaries(real, hidden):
        if is_shown:
            words += [*_parents(path), "--ro-bind", path, path]
        elif os.path.isdir(path):
            words += ["--tmpfs", path]
            closed += ["--remount-ro", path]
        elif os.path.exists(path):
            # A hidden file is there, and empty.
            words += ["--ro-bind", os.devnull, path]
    return words + closed


def _parents(path: str) -> list[str]:
    """Return the options that make the folders above a path.

    bwrap makes them by itself, but with a mode that lets only root enter.
    """
    above = [str(step) for step in reversed(Path(path).parents)][1:]
    return [word for step in above for word in ("--dir", step)]


def _grader_mounts() -> list[str]:
    # Not the whole package: the installed one holds the task folders.
    words = ["--dir", CODE, "--dir", f"{CODE}/grader"]
    for part in readablepaths.GRADER_PARTS:
        words += ["--ro-bind", str(PACKAGE / part), f"{CODE}/grader/{part}"]
    return words


def _devices() -> list[str]:
    words = ["--dir", "/dev"]
    for path in _DEVICES:
        words += ["--dev-bind", path, path]
    return words
