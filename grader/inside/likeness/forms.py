"""The job "forms": computes what shows that two learners' files are alike.

Two files with the same form are one answer with other names and another
layout. Marks are a sketch of a file, by which the code that two files share
is estimated. The job runs inside the wall, and never runs the learner's
files.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from grader.inside.likeness import normalform, phrasing, sketch
from grader.inside.likeness.normalform import Word
from grader.inside.likeness.ownnames import FUNCTIONS
from grader.inside.source import Broken, parse, read

# The length of a passage in words; the passages that a file needs to have
# any marks, since short answers all look alike; the most marks of a file.
PASSAGE, MIN_PASSAGES, MOST_MARKS = 12, 80, 64


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Return forms, marks and wording of request["files"], by id.

    "forms" are by task; "marks" are those of the code, "wording" those of
    how the file is worded.
    """
    return {"files": {entry["id"]: _likeness(entry)
                      for entry in request["files"]}}


def _likeness(entry: dict[str, Any]) -> dict[str, Any]:
    try:
        text = read(entry["source"])
        tree = parse(text)
        return {"forms": dict(_forms(tree, entry)),
                "marks": marks(normalform.words(tree, tree.body)),
                "wording": phrasing.marks(text)}
    except (Broken, RecursionError, ValueError):
        return {"forms": {}, "marks": "", "wording": ""}


def _forms(tree: ast.Module,
           entry: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the form of each task: of the whole file, or its methods."""
    for task, methods in entry["tasks"].items():
        nodes = _methods(tree, methods) if methods else tree.body
        if nodes:
            yield task, form(normalform.words(tree, nodes, entry["typed"]))


def _methods(tree: ast.Module, wanted: Sequence[str]) -> list[ast.stmt]:
    """Return the classes and methods named like "TestX.test_y"."""
    found: dict[str, ast.stmt] = {}
    for case in tree.body:
        if isinstance(case, ast.ClassDef):
            found[case.name] = case
            found |= {f"{case.name}.{method.name}": method
                      for method in case.body
                      if isinstance(method, FUNCTIONS)}
    return [found[name] for name in wanted if name in found]


def form(words: Sequence[Word]) -> str:
    """Return the hash of a normal form, 16 hexadecimal digits."""
    text = "\n".join(word.exact for word in words)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def marks(words: Sequence[Word]) -> str:
    """Return the marks, 4 bytes each, as base64; "" for a short text."""
    coarse = [word.coarse for word in words if word.coarse]
    passages = sketch.passages(coarse, PASSAGE)
    if len(passages) < MIN_PASSAGES:
        return ""
    return sketch.sketch(passages, MOST_MARKS)
