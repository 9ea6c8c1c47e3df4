"""Judges each annotation of a file by the model's in the same place.

An annotation is right if it is the same type, a type that is as good (see
sametype), or one of the variants that tasks.toml accepts.
"""

from __future__ import annotations

import re
import typing
from typing import NamedTuple

from mypy.types import Type

from grader.inside import prototype
from grader.inside.toolfailure import Failure, failure
from grader.inside.typecheck import sametype, mypytree
from grader.inside.typecheck.checker import Checked
from grader.inside.typecheck.sametype import Match, Side
from grader.inside.typecheck.staging import FREE, StagedFile, Variant


_UNDEFINED = re.compile(r'Name "(\w+)" is not defined')


class Place(NamedTuple):
    """A parameter, a return or a variable that is annotated.

    `words` name it in messages, `key` in tasks.toml; `side` says whether
    the function takes the value or gives it.
    """

    words: str
    key: str
    side: Side


class Annotation(NamedTuple):
    """An annotation: its source text, and the type that mypy read."""

    text: str | None
    type: Type | None


class Annotations:
    """Compares the annotations of one file; collects failures and advice.

    mypy's complaints on the lines `explained` need not be passed on: the
    advice on an accepted variant covers them.
    """

    def __init__(self, file: StagedFile, checked: Checked) -> None:
        self._known = file.variants
        self._variants = checked.trees.get(file.variants_module)
        self._complaints = checked.complaints[file.learner.module]
        self.explained: set[int] = set()
        self.failures: list[Failure] = []
        self.advice: list[str] = []

    def judge(self, place: Place, got: Annotation, want: Annotation,
              match: Match, where: prototype.Definition) -> Match:
        """Judge one annotation of a function or variable, in order.

        `match` is the result of the annotation before it, since type
        variables must be used in the same way throughout; returns that of
        this one.
        """
        # The model does not demand an annotation here.
        if want.text is None or want.type is None:
            return match
        if got.text is None:
            self.failures.append(failure(
                f"{place.words} has no annotation: it should be {want.text}",
                cause="missing", expected=want.text, line=where.lineno))
            return match
        found = None
        if got.type is not None:
            found = sametype.compare(got.type, want.type, place.side, match)
            # A variant is tried only where the demanded type does not fit.
            if not (found and self._is_borne_out(found, match, where)):
                found = self._as_variant(got.type, place, match, where)
        if found is None:
            self.failures.append(
                self._undefined(place, got, want, where) or failure(
                    self._other(place, got, want), expected=want.text,
                    got=got.text, line=where.lineno))
        return found or match

    def _other(self, place: Place, got: Annotation, want: Annotation) -> str:
        """Return the message on an annotation other than the one demanded."""
        is_free = any(each.annotation == FREE
                      for each in self._known.get(place.key, ()))
        if is_free and got.type and sametype.is_vague(got.type):
            return (f"{place.words} is annotated {got.text}, which tells a "
                    f"checker nothing: {want.text}, for example, does")
        return (f"{place.words} should be annotated {want.text}, not "
                f"{got.text}")

    def _undefined(self, place: Place, got: Annotation, want: Annotation,
                   where: prototype.Definition) -> Failure | None:
        """Return the failure of an annotation with an undefined name.

        None where mypy complains of no such name. The file does not load for
        this reason, and the failure of its behaviour says so.
        """
        lines = prototype.header_lines(where)
        for one in self._complaints:
            found = _UNDEFINED.search(one.message)
            if not found or one.line not in lines or not re.search(
                    rf"\b{re.escape(found[1])}\b", got.text or ""):
                continue
            remedy = ("import it from typing" if found[1] in typing.__all__
                      else f"it should be {want.text}")
            return failure(
                f"{place.words} is annotated {got.text}, and {found[1]} is "
                f"not defined: {remedy}", cause="broken", got=got.text,
                expected=want.text, line=where.lineno)
        return None

    def _as_variant(self, got: Type, place: Place, match: Match,
                    where: prototype.Definition) -> Match | None:
        """Return the match with the first variant that fits; note advice."""
        for variant in self._known.get(place.key, []):
            found = self._compare(got, variant, place.side, match)
            if found is not None:
                if variant.advice:
                    self.advice.append(variant.advice)
                    self.explained |= set(prototype.header_lines(where))
                return found
        return None

    def _compare(self, got: Type, variant: Variant, side: Side,
                 match: Match) -> Match | None:
        # Not even inside of a union: `int | Any` is as good as Any.
        if variant.annotation == FREE:
            return None if sametype.has_any(got) else match
        assert self._variants is not None
        node = mypytree.function(self._variants.defs, variant.function, None)
        want = mypytree.argument(node, 0) if node else None
        # A name that the variants module does not know is Any to mypy, and
        # would accept everything.
        if want is None or sametype.is_vague(want):
            return None
        return sametype.compare(got, want, side, match)

    def _is_borne_out(self, found: Match, before: Match,
                      where: prototype.Definition) -> bool:
        """Return whether mypy accepts the function with a wider type.

        def f(x: Sequence[int]) is fine for list[int], unless the body calls
        x.append, which mypy complains of.
        """
        if found.is_wider == before.is_wider:
            return True
        lines = range(where.lineno, (where.end_lineno or where.lineno) + 1)
        return not any(one.line in lines for one in self._complaints)
