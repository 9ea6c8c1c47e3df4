"""Finds out which user the processes of a run become if root grades.

Root should become the user nobody: the kernel exempts root from limits. In
a container or a user namespace that is not always possible.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from enum import Enum, auto
from pathlib import Path

from grader.inside.jail.readablepaths import site_folders

# The user and the group nobody, by their usual number.
NOBODY = 65534
_PACKAGE = Path(__file__).resolve().parents[1]

AS_ROOT = "runs would be root, who cannot become another user here"

# Bits of capabilities, from linux/capability.h.
_SETGID, _SETUID, _READ_SEARCH = 1 << 6, 1 << 7, 1 << 2


class RunsAs(Enum):
    """The user that a run has.

    SELF is the user who grades, NOBODY the user nobody. READER is nobody,
    too, but with the right to read every file that the other layers leave
    open. ROOT means that root cannot become another user here.
    """

    SELF = auto()
    NOBODY = auto()
    READER = auto()
    ROOT = auto()


def walled() -> RunsAs:
    """Return the user of runs behind bubblewrap.

    There the user nobody can read all that a run needs.
    """
    if sys.platform == "win32" or os.geteuid() != 0:
        return RunsAs.SELF
    if _may_become_nobody():
        return RunsAs.NOBODY
    return RunsAs.SELF if _is_user_outside() else RunsAs.ROOT


def unwalled() -> RunsAs:
    """Return the user of runs in the tiers "reduced" and "none".

    There the user nobody must be allowed to read this Python, or have the
    right of a READER.
    """
    found = walled()
    if found is not RunsAs.NOBODY or _is_open_to_all():
        return found
    return (RunsAs.READER if _capabilities() & _READ_SEARCH
            else RunsAs.ROOT)


def _may_become_nobody() -> bool:
    """Return whether this root, maybe of a namespace, can change users."""
    if sys.platform != "linux":
        return True
    both = _SETGID | _SETUID
    return (_capabilities() & both == both
            and _read("/proc/self/setgroups") != "deny"
            and any(first <= NOBODY < first + count
                    for first, _, count in _user_map()))


def _is_user_outside() -> bool:
    """Return whether root is an ordinary user outside this namespace."""
    return any(first == 0 and outside != 0
               for first, outside, _ in _user_map())


def _user_map() -> Iterator[tuple[int, int, int]]:
    """Yield ranges of user ids: the first one here, the first one outside,
    and how many there are."""
    for line in _read("/proc/self/uid_map").splitlines():
        first, outside, count = map(int, line.split())
        yield first, outside, count


def _capabilities() -> int:
    for line in _read("/proc/self/status").splitlines():
        if line.startswith("CapEff:"):
            return int(line.split()[1], 16)
    return 0


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _is_open_to_all() -> bool:
    """Return whether any user can enter the folders of this Python."""
    needed = [os.path.realpath(sys.executable), str(_PACKAGE), *site_folders()]
    return all(_may_enter(Path(path)) for path in needed)


def _may_enter(path: Path) -> bool:
    return all(step.stat().st_mode & 0o001 for step in
               (path, *path.parents))
