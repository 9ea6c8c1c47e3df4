"""The common form of an archive's entries, whatever kind the archive is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

MEGABYTE = 1 << 20
MAX_MEMBERS = 50_000
MAX_TOTAL = 512 * MEGABYTE
# No file system has longer names, and no file that a task needs has a
# longer path or lies deeper.
_LONGEST_NAME, LONGEST_PATH, DEEPEST = 255, 2048, 16


class Unreadable(Exception):
    """An archive that is not read any further.

    The text says why and begins with a verb: the archive's name is put
    before it.
    """


@dataclass(frozen=True, kw_only=True)
class Member:
    """One entry of an archive.

    `path` is as the archive has it, with "/" between names. `kind` is file,
    folder, link (to `target`), copy (a hard link to the member at
    `target`), special, locked (needs a password) or packed (in an unknown
    way). `size` is what the archive says, in bytes. `read(most)` returns
    `most` bytes at most; it raises Unreadable for damaged content.
    """

    path: str
    kind: str
    executable: bool
    size: int
    read: Callable[[int], bytes]
    target: str = ""


def names(path: str) -> tuple[str, ...] | None:
    """Return the names on a path; None for a path that no file can have.

    If a path leads out of the archive, the first name is "..".
    """
    if len(path) > LONGEST_PATH or "\0" in path:
        return None
    found = tuple(name for name in path.split("/") if name not in ("", "."))
    if path.startswith("/") or ".." in found or found and _is_drive(found[0]):
        found = ("..", *(name for name in found if name != ".."))
    return None if any(len(name) > _LONGEST_NAME for name in found) else found


def _is_drive(name: str) -> bool:
    return len(name) == 2 and name[0].isalpha() and name[1] == ":"
