"""Gives submissions names that are printable, unique and stay the same.

A submission is named after its folder or archive. Where two share that name,
each gets as much of its path as is needed to distinguish them. Results keep
the place of their submission, so that it keeps its name when another one comes
to the class or leaves it.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from grader.cohort import kinds

LONGEST = 150
_HASH = 8
# The name of a second "work" was "work (2)" where results do not say where
# their submission lay.
_NUMBERED = re.compile(r".* \(\d+\)")
_ESCAPED = re.compile(
    r"\\(?:\\|x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))")


def encoded(text: str) -> str:
    """Return a text in characters that can be printed; `decoded` undoes it.

    A byte that is no UTF-8 is "\\xff", a control character "\\x09" or
    "\\u202e", a backslash two: no two texts become one.
    """
    return "".join(map(_escape, text))


def _escape(char: str) -> str:
    code = ord(char)
    if char == "\\":
        return r"\\"
    if char.isprintable():
        return char
    if 0xdc80 <= code <= 0xdcff:
        # How Python keeps a byte that it cannot decode.
        return f"\\x{code - 0xdc00:02x}"
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def decoded(text: str) -> str:
    """Return the text that was `encoded`."""
    return _ESCAPED.sub(_unescape, text)


def _unescape(found: re.Match[str]) -> str:
    byte, *others = found.groups()
    if byte:
        code = int(byte, 16)
        return chr(code if code < 0x80 else code + 0xdc00)
    return next((chr(int(each, 16)) for each in others if each), "\\")


def short(text: str) -> str:
    """Return a name cut to LONGEST characters, the rest of it as a hash."""
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST - _HASH - 1]}~{_hash(text)}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_HASH]


@dataclass(frozen=True, kw_only=True)
class Lying:
    """A submission of a class: where it lies, absolute and resolved.

    `plain` is its name where no other has it.
    """

    plain: str
    place: Path

    def called(self, parts: int) -> str:
        """Return the name that the last `parts` names of its path make.

        0 is the plain name; more parts than there are add a hash.
        """
        own = self.place.parts[1:]
        if not parts:
            return self.plain
        name = "/".join(map(encoded, own[-parts:]))
        if parts <= len(own):
            return short(name)
        return f"{self.plain[:LONGEST // 2]}~{_hash(f'{name} {parts}')}"


def plain(name: str, is_file: bool) -> str:
    """Return what a submission in a folder or archive of that name is called.
    """
    return short(encoded(kinds.stem(name) if is_file else name))


def source(place: PurePath, out: PurePath) -> str:
    """Return where a submission lies, as results remember it.

    The path from the results to it, of at least two names of its own, so
    that both can be moved together. Both are absolute and resolved.
    """
    try:
        parts = PurePath(os.path.relpath(place, out)).parts
    except ValueError:
        # Windows: they are on two drives.
        parts = place.parts
    ups = sum(part == ".." for part in parts)
    names = min(max(len(parts) - ups, 2), len(place.parts) - 1)
    ups += names - (len(parts) - ups)
    return "/".join(encoded(part) for part in
                    (*[".."] * ups, *place.parts[-names:]))


def given(found: Sequence[Lying], known: Mapping[str, str], out: Path,
          is_there: Callable[[Path], bool] = os.path.lexists) -> list[str]:
    """Return the names of submissions, each at another place.

    `known` are the `source`s of the results in `out` by their names, ""
    for those without one. The order does not matter. Raises ValueError for
    two at one place, which no name can distinguish.
    """
    if len({lying.place for lying in found}) < len(found):
        raise ValueError("two submissions lie at one place")
    return _Names(found, _Known(known, out, is_there)).given()


class _Known:
    """Results, and which of them a submission may be the next state of."""

    def __init__(self, sources: Mapping[str, str], out: Path,
                 is_there: Callable[[Path], bool]) -> None:
        self._sources, self._out, self._is_there = sources, out, is_there
        self.at = {self._place(each): name
                   for name, each in sources.items() if each}
        self.by_tail: dict[str, list[str]] = defaultdict(list)
        self._by_plain: dict[str, list[str]] = defaultdict(list)
        for name, each in sources.items():
            self._by_plain[self._plain(name)].append(name)
            if each:
                self.by_tail[_tail(each.split("/"))].append(name)

    def _place(self, source: str) -> Path:
        parts = map(decoded, source.split("/"))
        return Path(os.path.normpath(self._out.joinpath(*parts)))

    def _plain(self, name: str) -> str:
        source = self._sources[name]
        return short(kinds.stem(source.split("/")[-1])) if source else name

    def is_gone(self, name: str) -> bool:
        """Return whether its submission may lie elsewhere by now."""
        if source := self._sources[name]:
            return not self._is_there(self._place(source))
        # Where there was a second one, nothing says which is which.
        return not (_NUMBERED.fullmatch(name)
                    or f"{name} (2)" in self._sources)

    def bars(self, lying: Lying, name: str, used: Iterable[str]) -> bool:
        """Return whether a submission cannot be called that.

        `used` are the results of the others in the class.
        """
        if name in self._sources and (self._plain(name) != lying.plain
                                      or not self.is_gone(name)):
            return True
        return name == lying.plain and any(
            not self.is_gone(each) for each in self._by_plain[name]
            if each not in used)


class _Names:
    """Gives names to the submissions of a class."""

    def __init__(self, found: Sequence[Lying], known: _Known) -> None:
        self._found, self._known = found, known
        self._names: dict[int, str] = {}

    def given(self) -> list[str]:
        """Return the names, in the order of what was found."""
        self._keep()
        self._recognise()
        self._call_the_rest()
        return [self._names[number] for number in range(len(self._found))]

    def _rest(self) -> list[int]:
        return [number for number in range(len(self._found))
                if number not in self._names]

    def _keep(self) -> None:
        """Let those that lie where they lay keep their names."""
        for number, lying in enumerate(self._found):
            if name := self._known.at.get(lying.place):
                self._names[number] = name

    def _recognise(self) -> None:
        """Let those that were moved, with the folder around them, too."""
        used = set(self._names.values())
        tails = {number: _tail([*map(encoded, self._found[number]
                                     .place.parts)])
                 for number in self._rest()}
        counts = Counter(tails.values())
        for number, tail in tails.items():
            names = [name for name in self._known.by_tail.get(tail, ())
                     if name not in used]
            if counts[tail] == len(names) == 1 and (
                    self._known.is_gone(names[0])):
                self._names[number] = names[0]

    def _call_the_rest(self) -> None:
        """Lengthen all names that more than one would have, at once."""
        used = set(self._names.values())
        plain = Counter(lying.plain for lying in self._found)
        parts = dict.fromkeys(self._rest(), 0)
        while True:
            names = {number: self._found[number].called(count)
                     for number, count in parts.items()}
            counts = Counter(names.values())
            longer = [number for number, name in names.items()
                      if counts[name] > 1 or name in used
                      or not parts[number] and plain[name] > 1
                      or self._known.bars(self._found[number], name, used)]
            if not longer:
                self._names |= names
                return
            for number in longer:
                parts[number] += 1


def _tail(parts: Sequence[str]) -> str:
    return "/".join(parts[-2:])
