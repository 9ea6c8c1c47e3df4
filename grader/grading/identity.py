"""Compares the definitions that mypy judged with the objects that were called.

mypy reads a definition and runs nothing. The suite calls the object that
has the name once the file has run. If the two differ, the verdict on the
types is not about the code that runs, so it becomes a failure. The other
half, inside the wall, is grader.inside.typecheck.runtimenames.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from grader.findings.finding import Finding
from grader.findings.untrusted import Remarks
from grader.kit.traits import Annotation, Traits


def confirmed(types: Remarks, behaviour: Remarks) -> Remarks:
    """Return the remarks on types, with a failure for each difference."""
    found = [finding for judged in types.traits
             for finding in _differences(judged, behaviour)]
    return replace(types, failures=(*types.failures,
                                    *dict.fromkeys(found)))


def _differences(judged: Traits, behaviour: Remarks) -> Iterator[Finding]:
    called = [each for each in behaviour.traits if each.name == judged.name]
    is_defined = judged.code is not None or judged.annotations is not None
    # A suite that failed may have ended before it called the function.
    if is_defined and not (called or behaviour.failures or behaviour.error):
        yield _finding(judged, f"what was called as {judged.name} is not "
                               "known: a person should look", "untrusted")
    for each in called:
        yield from (_finding(judged, words)
                    for words in _other_value(judged, each))


def _other_value(judged: Traits, called: Traits) -> Iterator[str]:
    """Yield a sentence for each difference between two objects."""
    name, line = judged.name, judged.line
    if judged.kind not in (None, called.kind):
        yield (f"{name} is of type {called.kind} once the file has run, but "
               f"the checker takes it for a {judged.kind}")
    if judged.code is None:
        yield from _other_annotations(judged, called)
    elif called.code is None:
        yield (f"{name} is not the function of line {line} once the file "
               f"has run, but of type {called.kind}")
    elif (called.code, called.layers) != (judged.code, judged.layers):
        yield (f"{name} is not the function of line {line} once the file "
               "has run, but another")
    else:
        yield from _other_annotations(judged, called)


def _other_annotations(judged: Traits, called: Traits) -> Iterator[str]:
    for place, wanted in (judged.annotations or {}).items():
        if called.annotations is None:
            return
        got = called.annotations.get(place)
        what = (place if place == judged.name else
                f"the {place} of {judged.name}" if place == "return" else
                f"parameter {place} of {judged.name}")
        if got is None:
            yield (f"{what} is annotated {wanted.text}, but that is gone "
                   "once the file has run")
        elif not _is_same(wanted, got):
            yield (f"{what} is annotated {wanted.text}, but that is "
                   f"{_other_text(wanted, got)} once the file has run")


def _is_same(wanted: Annotation, got: Annotation) -> bool:
    if wanted.words is None:
        return True
    if got.words is None:
        return wanted.text == got.text
    return list(wanted.words) == list(got.words)


def _other_text(wanted: Annotation, got: Annotation) -> str:
    """Return what an annotation is instead, as text or as class names.

    Two annotations may have the same text, where a name was bound again.
    """
    if got.text != wanted.text or not got.words:
        return got.text
    return f"made of {', '.join(got.words)}"


def _finding(judged: Traits, message: str, cause: str = "wrong") -> Finding:
    return Finding(dimension="types", check="types", cause=cause,
                   message=message, line=judged.line)
