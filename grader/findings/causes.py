"""What is told of all that fails: one cause, one failure; pure.

A wrong answer fails many checks for one reason. What follows from a failure
that is told is left out, in every form of the report.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

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
_DEEPEST = 4


def causes(failures: Sequence[Finding]) -> list[Finding]:
    """Return the failures of a task without those that follow from others.

    What is missing or does not load has no types and no style; what fixed
    inputs show wrong need not be told again of fresh ones; and no sentence
    is told twice that differs in values only.
    """
    first = [each.cause for each in failures[:1]
             if each.dimension == BEHAVIOUR]
    is_fixed = any(each.dimension == BEHAVIOUR and FRESH not in each.check
                   for each in failures)
    told: dict[tuple[str, str], Finding] = {}
    for each in failures:
        if each.dimension == BEHAVIOUR:
            if is_fixed and FRESH in each.check:
                continue
            key = BEHAVIOUR, shape(each.message)
        elif each.cause in first and each.cause in _OF_THE_FILE:
            continue
        else:
            key = each.dimension, each.message
        told.setdefault(key, each)
    return list(told.values())


def shape(message: str) -> str:
    """Return a sentence without its values: no texts, numbers, arguments."""
    text = _TEXT.sub("S", _PLACE.sub("", message))
    for _ in range(_DEEPEST):
        shorter = _GROUP.sub("V", text)
        if shorter == text:
            break
        text = shorter
    text = _AFTER.sub("", _NUMBER.sub("N", text))
    return re.sub(r"\b(?:[SNV]|None|True|False)\b", "V", text)
