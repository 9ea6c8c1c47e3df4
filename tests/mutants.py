"""Mutate every model answer and see whether its suite notices.

Run by `make mutants`. Prints each mutant that no check fails and that
equivalent_mutants.toml does not explain, and each check that no mutant
fails; exits with 1 if there is any.
"""

from __future__ import annotations

import ast
import copy
import os
import sys
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from grader import learnertests, suites
from grader.library import Folder, Library, Task, load_library
from grader.remarks import Remarks
from grader.wall import Wall, open_wall

EQUIVALENT = Path(__file__).with_name("equivalent_mutants.toml")

_SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add,
    ast.Div: ast.Mult, ast.Pow: ast.Mult, ast.Mod: ast.Mult,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot,
    ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.And: ast.Or, ast.Or: ast.And,
}


class Mutant:
    """One change of a model: where, what, and the text that results."""

    def __init__(self, task: Task, what: str, line: int,
                 text: str) -> None:
        self.task = task
        self.text = text
        self.name = f"{task.folder}/{task.file}:{line} {what}"


def mutants(task: Task, source: str) -> Iterator[Mutant]:
    """Yield every mutant of a model, each with one change."""
    tree = ast.parse(source)
    for place, node in enumerate(ast.walk(tree)):
        for what, changed in _changes(node):
            spoiled = copy.deepcopy(tree)
            target = list(ast.walk(spoiled))[place]
            _replace(spoiled, target, changed)
            text = ast.unparse(ast.fix_missing_locations(spoiled))
            if text != ast.unparse(tree):
                yield Mutant(task, what, getattr(node, "lineno", 0), text)


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.AST | None]]:
    """Yield (what, replacement); None stands for dropping a statement."""
    if type(node) in _SWAPS:
        other = _SWAPS[type(node)]
        yield f"{type(node).__name__} -> {other.__name__}", other()
    if isinstance(node, ast.Constant):
        yield from _constants(node)
    if isinstance(node, (ast.If, ast.While, ast.IfExp)):
        negated = copy.deepcopy(node)
        negated.test = ast.UnaryOp(ast.Not(), negated.test)
        yield "negate the condition", negated
    if isinstance(node, ast.Return) and node.value is not None:
        yield "return None", ast.Return(ast.Constant(None))
    if isinstance(node, (ast.Raise, ast.AugAssign, ast.Assert)) or (
            isinstance(node, ast.Expr)
            and not isinstance(node.value, (ast.Constant, ast.Yield))):
        yield "drop the statement", ast.Pass()
    if isinstance(node, ast.Await):
        yield "drop the await", node.value
    if isinstance(node, ast.Yield) and node.value is not None:
        yield "yield None", ast.Yield(ast.Constant(None))


def _constants(node: ast.Constant) -> Iterator[tuple[str, ast.AST]]:
    value = node.value
    if isinstance(value, bool):
        yield f"{value} -> {not value}", ast.Constant(not value)
    elif isinstance(value, (int, float)):
        yield f"{value} -> {value + 1}", ast.Constant(value + 1)
    elif isinstance(value, str) and value.isidentifier():
        yield f"{value!r} -> 'x'", ast.Constant("x" + value)


def _replace(tree: ast.AST, target: ast.AST,
             changed: ast.AST | None) -> None:
    for parent in ast.walk(tree):
        for name, field in ast.iter_fields(parent):
            if field is target:
                setattr(parent, name, changed)
            elif isinstance(field, list):
                field[:] = [changed if each is target else each
                            for each in field]


class Session:
    """Judges mutants and remembers which checks ever failed."""

    def __init__(self, wall: Wall, library: Library) -> None:
        self._wall = wall
        self._library = library
        self.failed: set[tuple[str, str]] = set()

    def survives(self, mutant: Mutant) -> bool:
        """Tell whether no check notices the mutant."""
        task = mutant.task
        folder = self._library.folder(task.folder)
        files = suites.model_files(folder) | {
            task.file: mutant.text.encode()}
        said = self._judge(folder, task, files)
        self.failed |= {(task.id, each.check) for each in said.failures}
        return not said.failures

    def _judge(self, folder: Folder, task: Task,
               files: dict[str, bytes]) -> Remarks:
        if folder.judge == "learnertests":
            return learnertests.judge(self._wall, folder, task, files, "1")
        return suites.judge(self._wall, folder, task, files, "1")


def idle_checks(library: Library, tasks: tuple[Task, ...],
                session: Session) -> Iterator[str]:
    """Yield every check that no mutant failed."""
    for task in tasks:
        folder = library.folder(task.folder)
        if folder.judge == "learnertests":
            continue
        for test in suites.suite_of(folder, task).checks:
            if (task.id, test.split(".")[1]) not in session.failed:
                yield f"{task.id} {test}"


def main(selectors: list[str]) -> int:
    """Judge the mutants of the selected tasks; exit status 0 or 1."""
    library = load_library()
    tasks = library.select(selectors)
    explained = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))
    every = [mutant for task in tasks for mutant in mutants(
        task, (library.root / task.folder / task.file).read_text(
            encoding="utf-8"))]
    with open_wall("auto", ["suite"]) as wall, \
            ThreadPoolExecutor(os.cpu_count()) as pool:
        session = Session(wall, library)
        survivors = [mutant.name for mutant, survives in zip(
            every, pool.map(session.survives, every)) if survives]
    unexplained = [name for name in survivors if name not in explained]
    idle = list(idle_checks(library, tasks, session))
    for name in unexplained:
        print(f"survives: {name}")
    for name in idle:
        print(f"never fails: {name}")
    caught = len(every) - len(survivors)
    print(f"{len(every)} mutants: {caught} caught, "
          f"{len(survivors) - len(unexplained)} equivalent with a reason, "
          f"{len(unexplained)} not explained; {len(idle)} checks never fail")
    return 1 if unexplained else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
