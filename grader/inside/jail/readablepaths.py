"""The paths that a run may read: Python, its packages, part of the grader.

bubblewrap mounts them in the tier "full", and Landlock allows them in both
tiers with isolation.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

# Folders of shared libraries; some of them are links to others.
LIBRARIES = tuple(f"{above}/{name}" for above in ("", "/usr", "/usr/local")
                  for name in ("lib", "lib64", "lib32", "libx32"))
# Nix and Guix have each package, also Python's libraries, in a folder here.
_STORES = ("/nix/store", "/gnu/store")
_LOOKED_UP = ("/usr/share/zoneinfo", "/etc/ld.so.cache")
_DEVICES = ("/etc/localtime", "/dev/random", "/dev/urandom", "/dev/zero")
# The parts of the grader's package that may be read. The task folders with
# suites and answers are installed in it, too, and are not among them.
GRADER_PARTS = ("__init__.py", "inside", "kit")
_PACKAGE = Path(__file__).parents[2]
_SITES = ("site-packages", "dist-packages")


def python_paths() -> tuple[str, ...]:
    """Return the existing files and folders that Python itself needs.

    They are real paths, but for links among LIBRARIES. The prefix of Python
    is not shown as a whole: it may be a home folder.
    """
    found = [*LIBRARIES, *_STORES, *_LOOKED_UP,
             os.path.realpath(sys.executable),
             os.path.dirname(os.path.realpath(os.__file__)),
             *(os.path.join(os.path.realpath(prefix), name)
               for prefix in (sys.base_prefix, sys.base_exec_prefix)
               for name in ("lib", "lib64"))]
    return tuple(path for path in dict.fromkeys(found)
                 if os.path.exists(path))


def site_folders() -> tuple[str, ...]:
    """Return the folders of installed packages on sys.path, as real paths.
    """
    found = (os.path.realpath(path) for path in sys.path
             if os.path.basename(path) in _SITES)
    return tuple(path for path in dict.fromkeys(found)
                 if os.path.isdir(path))


def is_below(path: str, folders: Iterable[str]) -> bool:
    """Return whether a path is one of the folders, or lies in one."""
    return any(path == folder or path.startswith(folder.rstrip("/") + "/")
               for folder in folders)


def boundaries(shown: Collection[str], hidden: Iterable[str]
               ) -> Iterator[tuple[str, bool]]:
    """Yield the paths at which a tree changes between shown and hidden.

    With each comes True if it is shown from there on, False if hidden;
    outer paths come before those within them. A path that is both shown
    and hidden is shown, and all that is neither is hidden.
    """
    ways = dict.fromkeys(hidden, False) | dict.fromkeys(shown, True)
    for path, way in sorted(ways.items()):
        if way != next((ways[above] for above in _above(path)
                        if above in ways), False):
            yield path, way


def _above(path: str) -> Iterator[str]:
    """Yield the folders around an absolute path, the nearest first."""
    while (above := os.path.dirname(path)) != path:
        yield above
        path = above


@functools.cache
def readable_paths(more: tuple[str, ...] = (),
                   hidden: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the paths below which a run may read everything.

    `more` are shown besides, `hidden` left out. Landlock can only allow,
    so a folder with something hidden in it is given by its other entries.
    """
    package = os.path.realpath(_PACKAGE)
    own = [os.path.join(package, name) for name in GRADER_PARTS]
    shown = [os.path.realpath(path) for path in
             (*python_paths(), *_DEVICES, *site_folders(), *own, *more)
             if os.path.exists(path)]
    arranged = list(boundaries(shown, [package, *hidden]))
    holes = [path for path, is_shown in arranged if not is_shown]
    return tuple(part for path, is_shown in arranged if is_shown
                 for part in _without(path, holes))


def _without(path: str, holes: Collection[str]) -> Iterator[str]:
    """Yield a path, or the parts of a folder that contain no hole.

    Links are left out: Landlock judges the path that a link leads to.
    """
    inner = [hole for hole in holes if is_below(hole, [path])]
    if not inner:
        yield path
    elif path not in holes:
        with os.scandir(path) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if not entry.is_symlink():
                    yield from _without(entry.path, inner)
