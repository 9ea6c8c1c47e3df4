"""Tries the isolation out, on a process that only writes a file.

What works shows whether a tier can be offered on this machine.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable
from typing import Any

from grader.inside.jail import jail

_MEGABYTES = 8


def main(argv: list[str]) -> None:
    """Try both kinds of run in the folder argv[0]; print a line of JSON.

    "private" is a run with namespaces of its own, "shared" one without,
    each as {"layers": [names]} or {"error": reason}.
    """
    jail.prepare()
    scratch = argv[0]
    reply = {"uid": os.getuid() if hasattr(os, "getuid") else -1,
             "private": _forked(lambda: _private(scratch)),
             "shared": _forked(lambda: _confined(scratch))}
    sys.stdout.write(json.dumps(reply) + "\n")
    sys.stdout.flush()


def attempt(tier: str) -> dict[str, Any]:
    """Try a run of a tier; return {"layers": [names]} or {"error": why}."""
    if tier == "full":
        return _apart(jail.SCRATCH)
    if tier == "none":
        return {"layers": []}
    with tempfile.TemporaryDirectory(prefix="grade-") as scratch:
        return _forked(lambda: _confined(scratch))


def _private(scratch: str) -> dict[str, Any]:
    jail.own_processes()
    return _apart(scratch)


def _apart(scratch: str) -> dict[str, Any]:
    """Try a run in a process that has processes of its own."""
    def unshared() -> dict[str, Any]:
        jail.unshare_run(scratch, _MEGABYTES)
        return _confined(scratch)

    return _forked(unshared, jail.fork_apart)


def _confined(scratch: str) -> dict[str, Any]:
    layers = jail.confine(jail.Limits(), scratch)
    name = os.path.join(scratch, "probe")
    with open(name, "w", encoding="utf-8") as file:
        file.write("written")
    os.unlink(name)
    return {"layers": layers}


def _forked(attempt: Callable[[], dict[str, Any]],
            fork: Callable[[], int] | None = None) -> dict[str, Any]:
    """Return the result of `attempt`, called in a child process.

    `fork` makes the child, os.fork if it is None. The layers cannot
    be taken off again, so this process must not have them.
    """
    if sys.platform == "win32" or sys.platform == "darwin":
        return {"error": "this system cannot fork safely"}
    read, write = os.pipe()
    pid = (fork or os.fork)()
    if pid == 0:
        # `confine` closes all descriptors from 4 on.
        os.dup2(write, 3)
        try:
            reply = attempt()
        except Exception as error:
            reply = {"error": str(error)}
        finally:
            os.write(3, json.dumps(reply).encode())
            os._exit(0)
    os.close(write)
    with open(read, "rb") as pipe:
        text = pipe.read()
    os.waitpid(pid, 0)
    if not text:
        return {"error": "the process died without a word"}
    answer: dict[str, Any] = json.loads(text)
    return answer
