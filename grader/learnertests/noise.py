"""Given code, written differently for every run, but doing the same.

Whoever compares sources, code objects, sizes or hashes with what they
expect to find is then wrong about the right code too.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from random import Random

Function = ast.FunctionDef


def respell(tree: ast.Module, random: Random) -> None:
    """Rename locals, reorder definitions, and add what has no effect."""
    _shuffle(tree.body, random)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            _shuffle(node.body, random)
    for node in tree.body:
        for item in node.body if isinstance(node, ast.ClassDef) else [node]:
            if isinstance(item, Function):
                _Renamer(item, random).visit(item)
                _litter(item, random)


def _shuffle(body: list[ast.stmt], random: Random) -> None:
    """Reorder functions among themselves; the rest stays in its place."""
    places = [place for place, node in enumerate(body)
              if isinstance(node, Function)]
    nodes = [body[place] for place in places]
    random.shuffle(nodes)
    for place, node in zip(places, nodes):
        body[place] = node


class _Renamer(ast.NodeTransformer):
    """Gives new names to the variables of one function, inner ones too."""

    def __init__(self, function: Function, random: Random) -> None:
        stored = {node.id for node in ast.walk(function)
                  if isinstance(node, ast.Name)
                  and isinstance(node.ctx, ast.Store)}
        taken = {node.arg for node in ast.walk(function)
                 if isinstance(node, ast.arg)}
        self._names: Mapping[str, str] = {
            name: _name(random) for name in sorted(stored - taken)}

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self._names.get(node.id, node.id)
        return node


def _name(random: Random) -> str:
    letters = "".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=5))
    return f"{letters}_{random.randrange(100)}"


def _litter(function: Function, random: Random) -> None:
    """Put constants and branches never taken into a function's body."""
    for node in list(ast.walk(function)):
        if isinstance(node, Function):
            first = 1 if ast.get_docstring(node) else 0
            for _ in range(random.randrange(1, 4)):
                # Never behind a return, where it would change nothing seen.
                place = random.randint(first, max(first, len(node.body) - 1))
                node.body[place:place] = _idle(node, random)


def _idle(function: Function, random: Random) -> list[ast.stmt]:
    """Return a constant, and maybe a decoy that looks like a fault."""
    name, value = _name(random), random.randrange(1000)
    text = f"{name} = {value}"
    if random.random() < 0.6:
        results = ["None", "{}", "[]", "True", "False", '"/x"',
                   *(arg.arg for arg in function.args.args)]
        text += (f"\nif {name} > {value + random.randrange(1, 1000)}:"
                 f"\n    return {random.choice(results)}")
    return ast.parse(text).body


def mark(text: str, random: Random) -> str:
    """Give every repository that a text describes a fresh id."""
    return re.sub(r'("full_name": "[^"]*",)', lambda match: (
        f'{match[1]} "node_id": "R_{random.getrandbits(48):x}",'), text)
