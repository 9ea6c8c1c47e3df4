"""Given code, written differently for every run, but doing the same.

Whoever compares sources, code objects, sizes or hashes with what they
expect to find is then wrong about the right code too.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator, Sequence
from random import Random

from grader.parsing import parse

Function = ast.FunctionDef


def choice(module: str, right: str, wrong: str, is_on: bool,
           random: Random) -> str:
    """Return a body that holds both, of which the wrong one runs if `is_on`.

    Which one runs follows from the name of the module. Within each of them
    may stand the other, once more, where it never runs.
    """
    factor, modulus = random.randrange(2, 99), random.randrange(101, 999)
    border = random.randrange(modulus)
    holds = len(module) * factor % modulus < border
    bodies = [_decoyed(wrong, right, random), _decoyed(right, wrong, random)]
    first, second = bodies if holds == is_on else reversed(bodies)
    return (f"if len(__name__) * {factor} % {modulus} < {border}:\n"
            f"{_indent(first)}\nelse:\n{_indent(second)}")


def _decoyed(body: str, other: str, random: Random) -> str:
    return (_never(other, random) if random.random() < 0.6 else "") + body


def _never(body: str, random: Random) -> str:
    """Return code that would run a body if a constant were another one."""
    name, value = _name(random), random.randrange(1000)
    return (f"{name} = {value}\n"
            f"if {name} > {value + random.randrange(1, 1000)}:\n"
            f"{_indent(body)}\n")


def _indent(body: str) -> str:
    return textwrap.indent(body, "    ")


def respell(tree: ast.Module, random: Random) -> None:
    """Rename locals, reorder definitions, and add what has no effect."""
    _shuffle(tree.body, random)
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            _shuffle(node.body, random)
        for item in node.body if isinstance(node, ast.ClassDef) else [node]:
            if isinstance(item, Function):
                nodes = list(ast.walk(item))
                _rename(nodes, random)
                _litter(item, nodes, random)


def _shuffle(body: list[ast.stmt], random: Random) -> None:
    """Reorder functions among themselves; the rest stays in its place."""
    places = [place for place, node in enumerate(body)
              if isinstance(node, Function)]
    nodes = [body[place] for place in places]
    random.shuffle(nodes)
    for place, node in zip(places, nodes):
        body[place] = node


def _rename(nodes: Sequence[ast.AST], random: Random) -> None:
    """Give new names to the variables of a function, inner ones too."""
    names = [node for node in nodes if isinstance(node, ast.Name)]
    stored = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    taken = {node.arg for node in nodes if isinstance(node, ast.arg)}
    new = {name: _name(random) for name in sorted(stored - taken)}
    for node in names:
        node.id = new.get(node.id, node.id)


def _name(random: Random) -> str:
    letters = "".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=5))
    return f"{letters}_{random.randrange(100)}"


def _litter(function: Function, nodes: Sequence[ast.AST],
            random: Random) -> None:
    """Put what has no effect into every block of a function."""
    for node in nodes:
        first = len(docstring(node))
        for block in _blocks(node):
            for _ in range(random.randrange(3)):
                # Never behind a return, where it would change nothing seen.
                place = random.randint(first, max(first, len(block) - 1))
                block[place:place] = _idle(function, random)


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    if isinstance(node, (Function, ast.If, ast.For)):
        yield from filter(None, (node.body, getattr(node, "orelse", None)))


def docstring(node: ast.AST) -> list[ast.stmt]:
    """Return the docstring of a function, as the start of a body."""
    return node.body[:1] if (isinstance(node, Function)
                             and ast.get_docstring(node)) else []


def _idle(function: Function, random: Random) -> list[ast.stmt]:
    """Return a constant, used or not, or a decoy that looks like a fault."""
    results = ["None", "{}", "[]", "True", "False", '"/x"',
               *(arg.arg for arg in function.args.args)]
    name, value = _name(random), random.randrange(1000)
    return parse(random.choice([
        f"{name} = {value}", f"{name} = {value}\n{name} + 1",
        _never(f"return {random.choice(results)}", random)])).body


def mark(text: str, random: Random) -> str:
    """Give every repository that a text describes a fresh id."""
    return re.sub(r'("full_name": "[^"]*",)', lambda match: (
        f'{match[1]} "node_id": "R_{random.getrandbits(48):x}",'), text)
