"""Makes sure that the definitions mypy judges are those that the suite calls.

A demanded name must be defined at the left margin and not be bound again.
A name can still be rebound in ways that no reading of the file finds, such
as globals()["f"] = g. So the traits of each judged definition go with the
answer, and grader.grading.identity compares them with the traits of the
object that the suite called.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterable

from mypy.nodes import FuncDef
from mypy.types import Instance, TupleType, Type

from grader.inside.prototype import Function
from grader.inside.toolfailure import Failure, failure
from grader.inside.typecheck import rebinding, sametype, typenames, mypytree
from grader.inside.typecheck.checker import Checked
from grader.inside.typecheck.staging import StagedFile
from grader.kit import traits
from grader.kit.traits import Annotation, Traits

# Decorators that call the decorated function itself, and how many layers of
# __wrapped__ each adds.
_LAYERS = {"functools.lru_cache": 1, "functools.cache": 1,
           "typing.final": 0, "typing.override": 0,
           "typing_extensions.final": 0, "typing_extensions.override": 0}
# The name of what is annotated, its annotation, and what mypy makes of it.
Annotated = tuple[str, ast.expr | None, Type | None]
# Classes for which the type of the value at run time must be just that one.
_EXACT_KINDS = {"builtins.list": "list", "builtins.tuple": "tuple"}


class RuntimeNames:
    """Collects failures about names, and the traits of judged definitions."""

    def __init__(self, file: StagedFile, checked: Checked) -> None:
        self._file = file
        self._tree = checked.trees[file.learner.module]
        self.failures: list[Failure] = []
        self.traits: list[Traits] = []

    def judge_function(self, node: Function, typed: FuncDef) -> None:
        """Judge whether a function is what its name means at run time.

        `node` is Python's tree of the function, `typed` is mypy's.
        """
        code = rebinding.function_code(self._file.code, node)
        why = self._objection(node, typed)
        if why is not None or code is None:
            self.failures.append(failure(
                why or _conditional(node.name), line=node.lineno))
            return
        layers = sum(_LAYERS[each] for each in self._decorators(typed))
        types = [mypytree.argument(typed, index)
                 for index in range(len(typed.arguments))]
        pairs = [(each.arg, each.annotation, typ)
                 for each, typ in zip(_arguments(node), types)]
        self.traits.append(Traits(
            name=node.name, line=code.co_firstlineno, layers=layers,
            code=traits.digest(code), annotations=_annotations(
                [*pairs, ("return", node.returns, mypytree.returned(typed))])))

    def judge_result(self, name: str, typed: FuncDef) -> None:
        """Record that results should be a list or tuple, if annotated so."""
        typ = mypytree.returned(typed)
        if typ is not None and (kind := _exact_kind(typ)):
            self.traits.append(Traits(name=f"{name}()", kind=kind,
                                      line=typed.line))

    def judge_variable(self, name: str, node: ast.AnnAssign) -> None:
        """Judge whether a variable gets its annotation in every run."""
        if rebinding.is_unconditional(self._file.learner.tree, node):
            self.traits.append(Traits(
                name=name, line=node.lineno, annotations=_annotations(
                    [(name, node.annotation,
                      mypytree.variable(self._tree, name))])))
        else:
            self.failures.append(failure(_conditional(name), line=node.lineno))

    def judge_value(self, name: str,
                    node: ast.Assign | ast.AnnAssign) -> None:
        """Judge whether mypy knows the type of a value; record it."""
        typ = mypytree.variable(self._tree, name)
        if typ is not None and sametype.has_any(typ):
            self.failures.append(failure(
                f"the checker cannot tell what {name} is: it is given a "
                "value of type Any", line=node.lineno, cause="refused"))
        elif typ is not None and (kind := _exact_kind(typ)):
            self.traits.append(Traits(name=name, kind=kind,
                                      line=node.lineno))

    def _objection(self, node: Function, typed: FuncDef) -> str | None:
        if not rebinding.is_unconditional(self._file.learner.tree, node):
            return _conditional(node.name)
        for name, written in itertools.zip_longest(
                self._decorators(typed), node.decorator_list):
            if name not in _LAYERS:
                return (f"{node.name} is decorated with "
                        f"{ast.unparse(written)[:60]}: what is called is what "
                        "that returns, not what is annotated here")
        line = rebinding.line_of_rebinding(
            self._file.learner.tree, self._file.code, node)
        if line is None:
            return None
        return (f"{node.name} is bound again at line {line}: what is called "
                "is not what is annotated here")

    def _decorators(self, typed: FuncDef) -> list[str]:
        return mypytree.decorators(self._tree.defs, typed)


def _annotations(annotated: Iterable[Annotated]) -> dict[str, Annotation]:
    """Return each annotation as text and as class names, by parameter."""
    return {name: Annotation(text=traits.plain(ast.unparse(written)),
                             words=typenames.words(typ))
            for name, written, typ in annotated if written is not None}


def _conditional(name: str) -> str:
    return (f"{name} is not defined at the left margin: what stands under "
            "if, for, while, try, with or match need not be what is called")


def _exact_kind(typ: Type) -> str | None:
    match sametype.resolve(typ):
        case Instance(type=info):
            return _EXACT_KINDS.get(info.fullname)
        case TupleType(partial_fallback=base):
            return _EXACT_KINDS.get(base.type.fullname)
    return None


def _arguments(node: Function) -> list[ast.arg]:
    """Return all parameters, in mypy's order: as in the source."""
    spec = node.args
    stars = [[each] if each else [] for each in (spec.vararg, spec.kwarg)]
    return [*spec.posonlyargs, *spec.args, *stars[0], *spec.kwonlyargs,
            *stars[1]]
