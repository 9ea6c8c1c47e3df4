"""Finds where a function's name is bound to something else later on.

mypy judges the definition that it reads, but what is called is the object
that the name was bound to last. Bindings are read from the compiled code,
where those of for, with, import, except, :=, match and global statements
are all the same few instructions.
"""

from __future__ import annotations

import ast
import dis
from collections.abc import Iterator
from types import CodeType

from grader.inside.prototype import Function

# The instructions that bind or delete a global name: in the module's own
# code, and in the code of functions and classes.
_BINDS = {"STORE_NAME", "DELETE_NAME", "STORE_GLOBAL", "DELETE_GLOBAL"}
_BINDS_GLOBAL = {"STORE_GLOBAL", "DELETE_GLOBAL"}


def is_unconditional(tree: ast.Module, node: ast.stmt) -> bool:
    """Return whether a statement runs in every run of its module.

    That is, whether it is in no block of another statement.
    """
    return node in tree.body


def line_of_rebinding(tree: ast.Module, code: CodeType,
                      node: Function) -> int | None:
    """Return the first line that binds a function's name again, or None.

    In the module's own code that is a line after the function. Lines in
    functions and classes count wherever they are, since they may run at
    any time. Lines under `if __name__ == "__main__"` do not count: suites
    import the module.
    """
    end = node.end_lineno or node.lineno
    guarded = {line for each in tree.body if _is_main_guard(each)
               for line in range(each.lineno, (each.end_lineno or 0) + 1)}
    lines = [line for line in _binding_lines(code, node.name, _BINDS)
             if line > end]
    lines += [line for each in nested_code(code)
              for line in _binding_lines(each, node.name, _BINDS_GLOBAL)]
    # The instruction of `from x import *` does not say which names it binds.
    lines += [each.lineno for each in tree.body
              if isinstance(each, ast.ImportFrom)
              and each.names[0].name == "*" and each.lineno > end]
    return min(set(lines) - guarded, default=None)


def function_code(code: CodeType, node: Function) -> CodeType | None:
    """Return the compiled code of a function.

    None for one that the compiler leaves out, as under `if False`.
    """
    # A code object begins at its first decorator.
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
    return next((each for each in nested_code(code)
                 if each.co_name == node.name
                 and each.co_firstlineno == first), None)


def nested_code(code: CodeType) -> Iterator[CodeType]:
    """Yield the code of the functions and classes in some code."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from nested_code(constant)


def _binding_lines(code: CodeType, name: str,
                   steps: set[str]) -> Iterator[int]:
    """Yield the lines where code itself binds or deletes a global name."""
    if name not in code.co_names:
        return
    for step in dis.get_instructions(code):
        if step.opname in steps and step.argval == name:
            positions = step.positions
            yield positions.lineno or 1 if positions else 1


def _is_main_guard(node: ast.stmt) -> bool:
    """Return whether a statement is `if __name__ == "__main__"`, with no else.
    """
    match node:
        case ast.If(test=ast.Compare(
                left=left, ops=[ast.Eq()], comparators=[right]), orelse=[]):
            return {ast.unparse(left), ast.unparse(right)} == {
                "__name__", "'__main__'"}
    return False
