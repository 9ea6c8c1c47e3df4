"""What a run may read: Python, its libraries and the grader's inside."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

# Shared libraries, in folders of which some are links to others.
LIBRARIES = tuple(f"{above}/{name}" for above in ("", "/usr", "/usr/local")
                  for name in ("lib", "lib64", "lib32", "libx32"))
# Here every package is a folder of its own, Python's libraries too.
_STORES = ("/nix/store", "/gnu/store")
_LOOKED_UP = ("/usr/share/zoneinfo", "/etc/ld.so.cache")
_DEVICES = ("/etc/localtime", "/dev/random", "/dev/urandom", "/dev/zero")
# What of the grader may be read inside: no library, no suite, no answer.
GRADER_PARTS = ("__init__.py", "inside", "kit")
_PACKAGE = Path(__file__).parents[2]
_SITES = ("site-packages", "dist-packages")


def python_paths() -> tuple[str, ...]:
    """Return what Python itself needs, as far as it is there.

    Only real paths, but for links among the folders of libraries. A
    Python may lie in a folder with much else, so not its whole prefix.
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
    """Return the folders of installed packages, where the tools are."""
    found = (os.path.realpath(path) for path in sys.path
             if os.path.basename(path) in _SITES)
    return tuple(path for path in dict.fromkeys(found)
                 if os.path.isdir(path))


def is_below(path: str, folders: Iterable[str]) -> bool:
    """Tell whether a path is one of the folders, or lies in one."""
    return any(path == folder or path.startswith(folder.rstrip("/") + "/")
               for folder in folders)


def boundaries(shown: Collection[str], hidden: Iterable[str]
               ) -> Iterator[tuple[str, bool]]:
    """Yield each path that differs from what lies around it, and how.

    It is shown with True, hidden with False; outer ones come first. What
    is both is shown, and what is neither hidden.
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
    """Return all that a run may read, less what is hidden below it.

    The package's folder has neighbours that are not for the run, so only
    what runs inside is listed.
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
    """Yield a path, or the parts of a folder that no hole is in.

    A link leads to what has a rule of its own, or to what is not shown.
    """
    inner = [hole for hole in holes if is_below(hole, [path])]
    if not inner:
        yield path
    elif path not in holes:
        with os.scandir(path) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if not entry.is_symlink():
                    yield from _without(entry.path, inner)
