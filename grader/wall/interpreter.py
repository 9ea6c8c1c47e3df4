"""The command of the Python that runs inside, and what it can import."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from grader.inside.jail.readablepaths import site_folders
from grader.wall import unixuser
from grader.wall.unixuser import NOBODY, RunsAs

# Where bubblewrap mounts the grader's package.
CODE = "/code"
PACKAGE = Path(__file__).resolve().parents[1]

_DROPS = {
    RunsAs.SELF: "", RunsAs.ROOT: "",
    RunsAs.NOBODY: f"jail.drop_root({NOBODY}, {NOBODY}); ",
    RunsAs.READER: f"jail.drop_root({NOBODY}, {NOBODY}, reads=True); ",
}


def inside_argv(entry: str, arguments: Sequence[str] = (), *,
                walled: bool = True) -> list[str]:
    """Return the Python command that calls `entry`, a "module:function".

    The function gets the arguments as a list. Only the standard library,
    installed packages and the grader can be imported: -I and -S leave out
    the current folder, .pth files, sitecustomize and PYTHON variables.
    """
    module, function = entry.split(":")
    paths = [CODE if walled else str(PACKAGE.parent), *site_folders()]
    who = unixuser.walled() if walled else unixuser.unwalled()
    text = (f"import sys; sys.path += {paths!r}; "
            f"from grader.inside.jail import jail; {_DROPS[who]}"
            f"from {module} import {function} as start; "
            "start(sys.argv[1:])")
    python = os.path.realpath(sys.executable)
    return [python, "-I", "-S", "-B", "-X", "utf8", "-c", text, *arguments]


@contextmanager
def safe_children() -> Iterator[None]:
    """Let Pythons started meanwhile import nothing from the current folder.

    For processes that multiprocessing starts, with options of its own. They
    ignore PYTHONPATH, too. Changes the environment of this process, so no
    other thread may depend on that.
    """
    saved = dict(os.environ)
    for name in [name for name in saved if name.startswith("PYTHON")]:
        del os.environ[name]
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(saved)
