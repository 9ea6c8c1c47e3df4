"""The filter of a run's system calls, as the kernel's own instructions."""

from __future__ import annotations

import ctypes
import dataclasses
import functools
import platform
import struct
from collections.abc import Iterator

from grader.inside.jail import kernel
from grader.inside.jail.callnumbers import LAST_KNOWN, MACHINES, number
from grader.inside.jail.callrules import (
    ALLOW, ENOSYS, KILL, Rule, Situation, rules)

_LOAD, _JUMP, _RETURN, _EQUAL, _AT_LEAST = 0x20, 0x05, 0x06, 0x15, 0x35
# Where a call's number, architecture and arguments lie.
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16
_ARCHES = dict(zip(MACHINES, (0xC000003E, 0xC00000B7)))
# Stands for the run's own id, which is another each time: no id is as high.
_PID = 0x5EED_1D5A
# How many steps a comparison can skip.
_FARTHEST = 255

_Step = tuple[int, int, int, int]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_void_p)]


def supported() -> bool:
    """Tell whether the numbers of this machine are known."""
    # A 32-bit Python on a 64-bit kernel speaks another table.
    return platform.machine() in MACHINES and struct.calcsize("P") == 8


def prepare(truncation: bool) -> None:
    """Translate once the filters that runs usually get."""
    if supported():
        for alone in True, False:
            program(platform.machine(), Situation(
                pid=1, alone=alone, truncation=truncation))


def _steps(rule: int | Rule) -> list[_Step]:
    """Translate what to do with one call; ends in a return."""
    if isinstance(rule, int):
        return [(_RETURN, 0, 0, rule)]
    steps: list[_Step] = [(_LOAD, 0, 0, _ARGUMENTS + 8 * rule.argument)]
    for test, value, act in rule.tests:
        steps += [(test, 0, 1, value), (_RETURN, 0, 0, act)]
    return steps + _steps(rule.otherwise)


def _tree(points: list[tuple[int, list[_Step]]]) -> list[_Step]:
    """Search by halves; each point holds from its number to the next.

    The kernel tries a new filter on every call it has, so the length of
    the way to an answer is paid hundreds of times per run.
    """
    if len(points) == 1:
        return points[0][1]
    middle = len(points) // 2
    below, above = _tree(points[:middle]), _tree(points[middle:])
    return [*_skip(points[middle][0], len(below)), *below, *above]


def _skip(first: int, length: int) -> list[_Step]:
    """Pass over `length` instructions from the number `first` on."""
    if length <= _FARTHEST:
        return [(_AT_LEAST, length, 0, first)]
    return [(_AT_LEAST, 0, 1, first), (_JUMP, 0, 0, length)]


def _points(by_number: dict[int, list[_Step]]
            ) -> Iterator[tuple[int, list[_Step]]]:
    """Yield from which number on there is something else to do."""
    allowed = _steps(ALLOW)
    points = {0: allowed} | {each + 1: allowed for each in by_number}
    # What is newer than the list of numbers is not there.
    points |= by_number | {LAST_KNOWN + 1: _steps(ENOSYS)}
    last: list[_Step] = []
    for first, steps in sorted(points.items()):
        if steps != last:
            yield first, steps
        last = steps


def program(machine: str, situation: Situation) -> bytes:
    """Return the filter as the kernel's eight-byte instructions."""
    text = _translated(machine, dataclasses.replace(situation, pid=_PID))
    for sign in 1, -1:
        text = text.replace(_word(sign * _PID), _word(sign * situation.pid))
    return text


def _word(value: int) -> bytes:
    return struct.pack("=I", value & 0xFFFFFFFF)


@functools.lru_cache(8)
def _translated(machine: str, situation: Situation) -> bytes:
    by_number = {found: _steps(rule) for name, rule in
                 rules(situation).items()
                 if (found := number(name, machine)) is not None}
    steps: list[_Step] = [
        (_LOAD, 0, 0, _ARCH), (_EQUAL, 1, 0, _ARCHES[machine]),
        (_RETURN, 0, 0, KILL), (_LOAD, 0, 0, _NUMBER),
        *_tree(list(_points(by_number)))]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def install(situation: Situation) -> None:
    """Filter this process; no_new_privs is set, and neither can be undone."""
    text = program(platform.machine(), situation)
    steps = ctypes.create_string_buffer(text, len(text))
    record = _Program(len(text) // 8, ctypes.addressof(steps))
    kernel.prctl(kernel.PR_SET_SECCOMP, 2, ctypes.addressof(record))
