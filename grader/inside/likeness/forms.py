"""What a learner's file has in common with others': its form and marks.

Files of one form are the same answer but for its wording. Marks are
hashes of the short passages of a file, the smallest of them only, as
Broder's sketches have it ("On the resemblance and containment of
documents", 1997): of two files they say how much of the code is alike.
Runs inside the wall; parses the learner's files and never runs them.
"""

from __future__ import annotations

import ast
import base64
import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from grader.inside.likeness import normalform
from grader.inside.likeness.normalform import Word
from grader.inside.likeness.ownnames import FUNCTIONS
from grader.inside.source import Broken, parse, read

# How long a passage is, in words; how many a file needs to be told from
# what every answer has; how many of them are kept.
PASSAGE, MIN_PASSAGES, MOST_MARKS = 12, 80, 64


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Return forms by task, and marks, of each of request["files"]."""
    return {"files": {asked["id"]: _likeness(asked)
                      for asked in request["files"]}}


def _likeness(asked: dict[str, Any]) -> dict[str, Any]:
    try:
        tree = parse(read(asked["source"]))
        return {"forms": dict(_forms(tree, asked)),
                "marks": marks(normalform.words(tree, tree.body))}
    except (Broken, RecursionError, ValueError):
        return {"forms": {}, "marks": ""}


def _forms(tree: ast.Module,
           asked: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the form of each task: of the whole file, or its methods."""
    for task, methods in asked["tasks"].items():
        nodes = _methods(tree, methods) if methods else tree.body
        if nodes:
            yield task, form(normalform.words(tree, nodes, asked["typed"]))


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
    """Return marks of 4 bytes each, as base64; none of a short text."""
    coarse = [word.coarse for word in words if word.coarse]
    passages = {_mark(coarse[start:start + PASSAGE])
                for start in range(len(coarse) - PASSAGE + 1)}
    if len(passages) < MIN_PASSAGES:
        return ""
    return base64.b64encode(
        b"".join(sorted(passages)[:MOST_MARKS])).decode()


def _mark(passage: Sequence[str]) -> bytes:
    text = "\n".join(passage)
    return hashlib.blake2b(text.encode(), digest_size=4).digest()
