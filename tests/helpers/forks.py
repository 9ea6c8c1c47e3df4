"""Scripts that run each in a fork of one Python, which has imported much.

A Python that starts and imports asyncio or a driver of MySQL takes several
times as long as what most scripts do. This file is both ends: `Forks`, and
the program that forks.
"""

from __future__ import annotations

import importlib
import json
import os
import runpy
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import IO, Self


class Forks:
    """Runs scripts, with `modules` imported before; a context manager."""

    def __init__(self, *modules: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-B", __file__, *modules], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        self._process.communicate()

    def run(self, folder: Path, script: str,
            env: Mapping[str, str] = MappingProxyType({})
            ) -> subprocess.CompletedProcess[str]:
        """Run what `python SCRIPT` would in a folder, with more variables."""
        process = self._process
        assert process.stdin and process.stdout
        print(json.dumps([str(folder), script, dict(env)]),
              file=process.stdin, flush=True)
        return subprocess.CompletedProcess(
            [script], *json.loads(process.stdout.readline()))


def serve() -> tuple[str, str, dict[str, str]] | None:
    """Fork for every request; return it in the fork, and None at the end."""
    for line in sys.stdin:
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            pid = os.fork()
            if not pid:
                with open(os.devnull, "rb") as nothing:
                    for number, file in enumerate((nothing, out, err)):
                        os.dup2(file.fileno(), number)
                folder, script, env = json.loads(line)
                return folder, script, env
            status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            print(json.dumps([status, _text(out), _text(err)]), flush=True)
    return None


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


def begin(folder: str, script: str, env: dict[str, str]) -> int:
    """Run a script as Python does; return its exit status."""
    os.chdir(folder)
    os.environ.update(env)
    sys.path[0], sys.argv[:] = folder, [script]
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as end:
        if isinstance(end.code, int | None):
            return end.code or 0
        print(end.code, file=sys.stderr)
        return 1
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    for name in sys.argv[1:]:
        importlib.import_module(name)
    if request := serve():
        status = begin(*request)
        sys.stdout.flush()
        # To take down all that was imported takes longer than the rest.
        os._exit(status)
