"""Finds out which folder of the library a folder of a submission is.

Schools number the same folders in different ways or not at all, so a folder
is known by its subject: `python_async_function`,
`0x09-Python_Async_Function` and `alx-python_async_function` are all
`0x01-python_async_function`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

_NUMBER = r"(?:0x[0-9a-f]+|\d+)"
_NUMBERS_BEFORE = re.compile(rf"(?:{_NUMBER}_)+")
_NUMBERS_BEHIND = re.compile(rf"(?:_{_NUMBER})+$")
_BETWEEN_WORDS = re.compile(r"[\W_]+")


def spelling(name: str) -> str:
    """Return a name in lower case, with "_" between its words."""
    return _BETWEEN_WORDS.sub("_", name.casefold()).strip("_")


def subject(name: str) -> str:
    """Return the spelling of a name without numbers at its ends.

    It is "" for a name that is only a number.
    """
    text = spelling(name)
    found = _NUMBERS_BEFORE.match(f"{text}_")
    return _NUMBERS_BEHIND.sub("", text[found.end():] if found else text)


class FolderNames:
    """The names of a library's folders, and the other names for them.

    `folders` maps each folder to the other names that its manifest lists.
    `shorts` are names for the command line only.
    """

    def __init__(self, folders: Mapping[str, Sequence[str]],
                 shorts: Collection[str] = ()) -> None:
        self.all = tuple(folders)
        self.shorts = frozenset(map(str.casefold, shorts))
        ways = [(each, name) for name, also in folders.items()
                for each in (name, *also)]
        self._spelled = {spelling(each): name
                         for each, name in reversed(ways)}
        subjects = {(subject(each), name) for each, name in ways}
        # "week-1" and "week-2" differ by their numbers, and by those alone.
        common = Counter(each for each, _ in subjects)
        self._subjects = {each: name for each, name in subjects
                          if each and common[each] == 1}
        self._longest_first = sorted(self._subjects, key=len, reverse=True)

    def folder(self, name: str) -> str | None:
        """Return the library's folder that a name means, or None."""
        return self._meaning(name)[1]

    def is_exact(self, name: str) -> bool:
        """Return whether a name is exactly that of a library's folder."""
        return name in self.all

    def fitting(self, found: Iterable[str]) -> dict[str, list[str]]:
        """Return, by folder, the names that mean it, the best one first."""
        fitting: dict[str, list[tuple[int, str]]] = {}
        for name in found:
            rank, meant = self._meaning(name)
            if meant is not None:
                fitting.setdefault(meant, []).append((rank, name))
        return {folder: [name for _, name in sorted(fitting[folder])]
                for folder in self.all if folder in fitting}

    def _meaning(self, name: str) -> tuple[int, str | None]:
        """Return the folder that a name means, or None, and a rank.

        0 is the exact name; the higher the rank, the less sure it is.
        """
        if name in self.all:
            return 0, name
        if name.startswith("."):
            return 0, None
        if meant := self._spelled.get(spelling(name)):
            return 1, meant
        about = subject(name)
        if meant := self._subjects.get(about):
            return 2, meant
        return 3, next((self._subjects[each] for each in self._longest_first
                        if about.endswith(f"_{each}")), None)
