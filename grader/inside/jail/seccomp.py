"""Translates the rules for system calls into a seccomp filter of the kernel.

A filter is a program of BPF instructions. It gets the number of a call and
its arguments, and returns what to do with the call.
"""

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

# Codes of BPF instructions, from linux/bpf_common.h.
_LOAD, _JUMP, _RETURN, _EQUAL, _AT_LEAST = 0x20, 0x05, 0x06, 0x15, 0x35
# Offsets in struct seccomp_data: of the number, of the architecture, of the
# first of six arguments of 8 bytes each.
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16
_ARCHES = dict(zip(MACHINES, (0xC000003E, 0xC00000B7)))
# Placeholder for the process id of the run, so that one translation serves
# all runs. No process id is as high.
_PID = 0x5EED_1D5A
# The most instructions that a comparison can skip: its offset has 8 bits.
_FARTHEST = 255

# Code, offset if true, offset if false, operand.
_Step = tuple[int, int, int, int]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_void_p)]


def supported() -> bool:
    """Return whether callnumbers has the system calls of this machine."""
    # A 32-bit Python on a 64-bit kernel speaks another table.
    return platform.machine() in MACHINES and struct.calcsize("P") == 8


def prepare(truncation: bool) -> None:
    """Translate, before any fork, the filters that runs usually get."""
    if supported():
        for alone in True, False:
            program(platform.machine(), Situation(
                pid=1, alone=alone, truncation=truncation))


def _steps(rule: int | Rule) -> list[_Step]:
    """Return the instructions for one call; the last one returns."""
    if isinstance(rule, int):
        return [(_RETURN, 0, 0, rule)]
    steps: list[_Step] = [(_LOAD, 0, 0, _ARGUMENTS + 8 * rule.argument)]
    for test, value, act in rule.tests:
        steps += [(test, 0, 1, value), (_RETURN, 0, 0, act)]
    return steps + _steps(rule.otherwise)


def _tree(points: list[tuple[int, list[_Step]]]) -> list[_Step]:
    """Return a binary search for the number of the call.

    Each point is a number and the instructions from there to the next
    point. When a filter is installed, the kernel runs it once for every
    call that exists, so a linear search would be paid hundreds of times in
    each run.
    """
    if len(points) == 1:
        return points[0][1]
    middle = len(points) // 2
    below, above = _tree(points[:middle]), _tree(points[middle:])
    return [*_skip(points[middle][0], len(below)), *below, *above]


def _skip(first: int, length: int) -> list[_Step]:
    """Return a jump over `length` instructions if the number is at least
    `first`."""
    if length <= _FARTHEST:
        return [(_AT_LEAST, length, 0, first)]
    return [(_AT_LEAST, 0, 1, first), (_JUMP, 0, 0, length)]


def _points(by_number: dict[int, list[_Step]]
            ) -> Iterator[tuple[int, list[_Step]]]:
    """Yield each number from which on other instructions apply, with them.
    """
    allowed = _steps(ALLOW)
    points = {0: allowed} | {each + 1: allowed for each in by_number}
    # Calls newer than the table do not exist for a run.
    points |= by_number | {LAST_KNOWN + 1: _steps(ENOSYS)}
    last: list[_Step] = []
    for first, steps in sorted(points.items()):
        if steps != last:
            yield first, steps
        last = steps


def program(machine: str, situation: Situation) -> bytes:
    """Return the filter for a machine as instructions of 8 bytes each."""
    text = _translated(machine, dataclasses.replace(situation, pid=_PID))
    # kill(-pid) addresses the run's own group.
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
    # A call by the 32-bit interface has other numbers: it ends the process.
    steps: list[_Step] = [
        (_LOAD, 0, 0, _ARCH), (_EQUAL, 1, 0, _ARCHES[machine]),
        (_RETURN, 0, 0, KILL), (_LOAD, 0, 0, _NUMBER),
        *_tree(list(_points(by_number)))]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def install(situation: Situation) -> None:
    """Filter the calls of this process from now on; it cannot be undone.

    Raises OSError on a kernel without filters, or without no_new_privs.
    """
    text = program(platform.machine(), situation)
    steps = ctypes.create_string_buffer(text, len(text))
    record = _Program(len(text) // 8, ctypes.addressof(steps))
    kernel.prctl(kernel.PR_SET_SECCOMP, 2, ctypes.addressof(record))
