"""Edits of a suite's source, and copies that have some; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum, auto

from grader.behaviour.checks import Check


class Kind(StrEnum):
    """How a spoiled expectation differs from the genuine one.

    VALUE: another literal stands for an expected value. BOXED: the
    expected value stands in a list. OPPOSITE: it holds where the genuine
    one does not. END: the check fails at its end, on a line that is added.
    OTHER: anything else.
    """

    VALUE = auto()
    BOXED = auto()
    OPPOSITE = auto()
    END = auto()
    OTHER = auto()


@dataclass(frozen=True)
class Edit:
    """Another text for a part of a source, given by offsets in UTF-8."""

    start: int
    end: int
    text: str
    kind: Kind = Kind.OTHER


def apply(source: str, edits: Sequence[Edit]) -> str:
    """Return the source with the edits made.

    Lines keep their numbers but for those that edits of the kind END add.
    """
    data = source.encode()
    end = len(data) + 1
    for edit in sorted(edits, key=lambda edit: -edit.start):
        if edit.end <= end:  # else it lies within another one
            data = data[:edit.start] + edit.text.encode() + data[edit.end:]
            end = edit.start
    return data.decode()


@dataclass(frozen=True, kw_only=True)
class Copy:
    """A source with edits, moved down by some lines.

    `ends` has the lines that let a check fail once it has got to its end.
    """

    name: str
    source: str
    shift: int
    added: tuple[int, ...]
    ends: Mapping[str, int]

    def as_before(self, check: Check) -> Check:
        """Return a check with its place as in the source before."""
        if check.at is None or check.at[0] != self.name:
            return check
        line = check.at[1] - self.shift
        for place in self.added:
            line -= line > place
        return replace(check, at=(self.name, line))


def copied(name: str, source: str, edits: Sequence[Edit], shift: int,
           ends: Mapping[str, Edit] | None = None) -> Copy:
    """Return a copy of the source of that file name.

    `ends` are edits of the kind END, by check.
    """
    ends = ends or {}
    made = [*edits, *ends.values()]
    data = source.encode()
    after = {edit: data.count(b"\n", 0, edit.start) + 1
             for edit in made if edit.kind is Kind.END}
    added = sorted(after.values())
    return Copy(
        name=name, shift=shift, added=tuple(added),
        source="\n" * shift + apply(source, made),
        ends={check: shift + after[edit] + added.index(after[edit]) + 1
              for check, edit in ends.items()})
