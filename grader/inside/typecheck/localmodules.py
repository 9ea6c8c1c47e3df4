"""Gives mypy the learner's own modules that a file imports.

All folders of a submission are checked in one build, where one folder's
queue.py must not be taken for the standard library's, or for another
folder's. So each module gets a name of its own in the build, and the
imports in the learner's files are rewritten to these names. No line moves.
"""

from __future__ import annotations

import _imp
import ast
import secrets
import sys
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from grader.inside.source import Broken, parse, read
from grader.inside.typecheck.rewriting import apply_edits, span_of

Import = ast.Import | ast.ImportFrom


class LocalModules:
    """The modules and packages of one folder, given by path in base64."""

    def __init__(self, files: Mapping[str, str]) -> None:
        # Random, so that no submission can name another folder's modules.
        self._prefix = f"beside_{secrets.token_hex(8)}_"
        self._files = {module_at(path): (path, source)
                       for path, source in files.items()}
        self._local = {name for name in
                       {each.partition(".")[0] for each in self._files}
                       if self._is_found_first(name)}

    def _is_found_first(self, name: str) -> bool:
        """Return whether an import finds the folder's module of that name.

        Builtin and frozen modules, such as sys and os, are found before
        any folder; of the others, a file hides the standard library's.
        """
        if name in sys.builtin_module_names or _imp.is_frozen(name):
            return False
        return name in self._files or name not in sys.stdlib_module_names

    def rewritten(self, text: str, tree: ast.Module,
                  package: str = "") -> str:
        """Return a text in which imports of this folder have the new names.

        `package` is the package that the file is in, or "". In the build
        the file is in none, so its relative imports become absolute.
        """
        edits = {span_of(node): ast.unparse(
                    self._with_new_names(node, package))
                 for node in _imports(tree)
                 if self._imports_local(node, package)}
        return apply_edits(text, edits) if edits else text

    def _imports_local(self, node: Import, package: str) -> bool:
        if isinstance(node, ast.ImportFrom):
            return bool(not node.level or package) and (
                _first_name(_base(node, package)) in self._local)
        return any(_first_name(each.name) in self._local
                   for each in node.names)

    def _with_new_names(self, node: Import, package: str) -> Import:
        if isinstance(node, ast.ImportFrom):
            return ast.ImportFrom(f"{self._prefix}{_base(node, package)}",
                                  node.names, 0)
        return ast.Import([new for each in node.names
                           for new in self._aliases(each)])

    def _aliases(self, alias: ast.alias) -> Iterator[ast.alias]:
        top = _first_name(alias.name)
        if top not in self._local:
            yield alias
        elif alias.asname or top == alias.name:
            yield ast.alias(self._prefix + alias.name,
                            alias.asname or alias.name)
        else:
            # `import a.b` binds the name a, so a needs its alias, too.
            yield ast.alias(self._prefix + alias.name)
            yield ast.alias(self._prefix + top, top)

    def needed_by(self, tree: ast.Module, package: str = "") -> dict[str, str]:
        """Return the modules of this folder that a file imports, by path.

        Modules that these import are among them; modules that cannot be
        parsed are not. The paths have the new names.
        """
        found: dict[str, str] = {}
        # Grows while it is worked off, by what each module imports.
        left = list(self._needed(tree, package))
        for name in left:
            path, source = self._files.get(name, (_package(name), ""))
            path = self._prefix + path
            if path in found or _first_name(name) not in self._local:
                continue
            try:
                text = read(source)
                inner = parse(text)
            except Broken:
                continue
            found[path] = self.rewritten(text, inner)
            package = (name if path.endswith("/__init__.py")
                       else name.rpartition(".")[0])
            left += self._needed(inner, package)
        return found

    def _needed(self, tree: ast.Module, package: str) -> Iterator[str]:
        """Yield the modules here that a module of `package` imports."""
        for node in _imports(tree):
            for name in _imported_names(node, package):
                yield from self._with_parents(name)

    def _with_parents(self, name: str) -> Iterator[str]:
        parts = name.split(".")
        for number in range(1, len(parts) + 1):
            part = ".".join(parts[:number])
            if part in self._files or any(
                    each.startswith(f"{part}.") for each in self._files):
                yield part


def _imports(tree: ast.Module) -> Iterator[Import]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node


def _imported_names(node: Import, package: str) -> Iterator[str]:
    """Yield the absolute names of the modules that an import may load."""
    if isinstance(node, ast.Import):
        yield from (each.name for each in node.names)
        return
    base = _base(node, package)
    yield base
    # `from a import b` loads the module a.b if there is one.
    yield from (f"{base}.{each.name}" for each in node.names)


def _base(node: ast.ImportFrom, package: str) -> str:
    """Return the absolute name of the module after "from"."""
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    above = parts[:len(parts) - node.level + 1]
    return ".".join(filter(None, [*above, node.module]))


def module_at(path: str) -> str:
    """Return the name of the module at a path, as lib.sums."""
    return path.removesuffix(".py").removesuffix("/__init__").replace(
        "/", ".")


def _package(name: str) -> str:
    """Return the path of a package's __init__.py, also if there is none."""
    return str(PurePosixPath(*name.split("."), "__init__.py"))


def _first_name(name: str) -> str:
    return name.partition(".")[0]
