"""Reduces the failures of a task to one for each cause.

A wrong answer fails many checks for the same reason. Failures that follow
from another one are left out of every format of the report.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from grader.findings.finding import Finding

BEHAVIOUR = "behaviour"
# Checks on drawn inputs have this word in their names. Whatever they can
# show wrong, a check on fixed inputs shows first.
FRESH = "fresh"

_OF_THE_FILE = ("missing", "broken")
_TEXT = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_PLACE = re.compile(r"^(?:at (?:\[[^]]{0,80}\])+, )+")
_NUMBER = re.compile(r"-?\b\d+(?:\.\d+)?(?:e[+-]?\d+)?\b")
_GROUP = re.compile(r"\([^()]{0,400}\)|\[[^][]{0,400}\]|\{[^{}]{0,400}\}")
_AFTER = re.compile(r" after N\b")
# Several names that are at the same wrong place are one mistake.
_ELSEWHERE = re.compile(r"\bdefines no (\w+): ")
_DEEPEST = 4


def causes(failures: Sequence[Finding],
           explains: Mapping[str, Collection[str]] | None = None
           ) -> list[Finding]:
    """Return the failures of a task without those that follow from others.

    A file that is missing or does not load has no failures of types and
    style. If a check on fixed inputs fails, those on fresh inputs are left
    out. Of messages that differ in values only, the first one stays. If a
    check of `explains` fails, the checks that it lists are left out.
    """
    explained = {check for each in failures for check in (
        explains or {}).get(each.check, ())}
    failures = [each for each in failures if each.check not in explained]
    first = [each.cause for each in failures[:1]
             if each.dimension == BEHAVIOUR]
    is_fixed = any(each.dimension == BEHAVIOUR and FRESH not in each.check
                   for each in failures)
    kept: dict[tuple[str, str], Finding] = {}
    for each in failures:
        if each.dimension == BEHAVIOUR:
            if is_fixed and FRESH in each.check:
                continue
            key = BEHAVIOUR, shape(each.message)
        elif each.cause in first and each.cause in _OF_THE_FILE:
            continue
        else:
            key = each.dimension, each.message
        kept.setdefault(key, each)
    return list(kept.values())


def shape(message: str) -> str:
    """Return a message with placeholders for strings, numbers, arguments."""
    text = _TEXT.sub("S", _PLACE.sub("", message))
    for _ in range(_DEEPEST):
        shorter = _GROUP.sub("V", text)
        if shorter == text:
            break
        text = shorter
    if found := _ELSEWHERE.search(text):
        text = re.sub(rf"\b{found[1]}\b", "V", text)
    text = _AFTER.sub("", _NUMBER.sub("N", text))
    return re.sub(r"\b(?:[SNV]|None|True|False)\b", "V", text)
