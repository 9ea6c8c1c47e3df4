"""Traits of a value under a name, as data, by which it is recognised.

A type checker reads a definition in a file; a suite calls what has the name
once the file is loaded. Their code and annotations show whether the two are
one function.
"""

from __future__ import annotations

import ast
import builtins
import functools
import gc
import hashlib
import itertools
import sys
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import CodeType, FunctionType, ModuleType
from typing import Any

Names = dict[str, Any]
# The type of the layer that functools.cache puts in front of a function.
LAYER: type = type(functools.cache(lambda: None))
# What an annotation in a string may consist of: to look it up runs no code
# then, except that of subscripts.
_HARMLESS = (ast.Expression, ast.Name, ast.Attribute, ast.Subscript,
             ast.Tuple, ast.List, ast.Constant, ast.BinOp, ast.BitOr,
             ast.Load)
# Forms that hold types and are none themselves.
_AROUND = (typing.Union, types.UnionType, typing.Annotated, typing.Final,
           typing.ClassVar)
# Classes with this many types, of which a None at the end may be left out.
DEFAULTS = {"Generator": 3, "AsyncGenerator": 2}
# As they are before a submission is loaded.
_BUILTINS = dict(vars(builtins))
_MAX_TEXT = 200
_MAX_WORDS = 300
_digests: dict[int, tuple[CodeType, str]] = {}
_functions: dict[tuple[str, str | None, int, int], Traits] = {}


@dataclass(frozen=True, kw_only=True)
class Annotation:
    """An annotation: its text, and what it is made of, if that is known."""

    text: str
    words: Sequence[str] | None


@dataclass(frozen=True, kw_only=True)
class Traits:
    """Traits of what a module has under a name; `kind` is its type's name.

    A function has the line that it starts at, a digest of its code, and a
    number of layers of functools in front of it. `annotations` are those
    of a function, else that of the name; None where that is unknown.
    """

    name: str
    kind: str | None = None
    line: int | None = None
    code: str | None = None
    layers: int = 0
    annotations: Mapping[str, Annotation] | None = None

    def as_data(self) -> dict[str, Any]:
        """Return what dataclasses.asdict does, in a tenth of the time."""
        found = self.annotations
        return {**vars(self), "annotations": None if found is None else {
            name: vars(each) for name, each in found.items()}}


def traits_of(name: str, value: object, module: ModuleType) -> Traits:
    """Return the traits of what a module has under a name."""
    traits = Traits(name=name, kind=_name(type(value)))
    layers = 0
    while type(value) is LAYER and (inner := _wrapped(value)):
        value, layers = inner, layers + 1
    if type(value) is FunctionType:
        return _of_function(replace(traits, layers=layers), value)
    found = _annotations(module, vars(module))
    return replace(traits, annotations=found and {
        each: found[each] for each in found if each == name})


def _of_function(traits: Traits, function: FunctionType) -> Traits:
    """Return traits with those of a function's code and annotations."""
    code = function.__code__
    # Every check loads a file again, and its code stays the same object.
    key = traits.name, traits.kind, traits.layers, id(code)
    if key not in _functions:
        found = _annotations(function, function.__globals__)
        made = replace(traits, line=code.co_firstlineno, code=digest(code),
                       annotations=found)
        if found is None:
            return made
        # The code is kept by its digest, so that no other gets its id.
        _functions[key] = made
    return _functions[key]


def _wrapped(layer: Any) -> object:
    """Return what a layer really calls, None if it claims another."""
    claimed = vars(layer).get("__wrapped__")
    # __wrapped__ can be set to anything. The function that is called has
    # no attribute; only the garbage collector knows the reference.
    called = any(each is claimed for each in gc.get_referents(layer))
    return claimed if called else None


def digest(code: CodeType) -> str:
    """Return a digest that is equal only for equal code at one line."""
    known = _digests.get(id(code))
    if known is None or known[0] is not code:
        text = repr(_frozen(code))
        # The code is kept, so that no other gets its id.
        known = code, hashlib.sha256(text.encode(
            errors="backslashreplace")).hexdigest()[:32]
        _digests[id(code)] = known
    return known[1]


def _frozen(constant: object) -> object:
    """Return code, or one of its constants, as data with a stable repr."""
    if isinstance(constant, CodeType):
        return (constant.co_code, constant.co_firstlineno, constant.co_flags,
                constant.co_name, constant.co_names, constant.co_varnames,
                constant.co_freevars, constant.co_cellvars,
                constant.co_argcount, constant.co_posonlyargcount,
                constant.co_kwonlyargcount, _frozen(constant.co_consts))
    if isinstance(constant, tuple):
        return tuple(map(_frozen, constant))
    if isinstance(constant, frozenset):
        return sorted(repr(_frozen(each)) for each in constant)
    return type(constant).__name__, repr(constant)


def _annotations(owner: FunctionType | ModuleType,
                 names: Names) -> dict[str, Annotation] | None:
    """Return annotations by name.

    None if they cannot be looked up yet, as from Python 3.14 on.
    """
    try:
        found = dict(owner.__annotations__)
    except NameError:
        return None
    except AttributeError:
        return {}
    return {str(each): _described(annotation, names)
            for each, annotation in found.items()}


def _described(annotation: object, names: Names) -> Annotation:
    text = (plain(annotation) if isinstance(annotation, str) else
            _name(annotation) if type(annotation) is type else
            repr(annotation)[:_MAX_TEXT])
    try:
        found = list(itertools.islice(words(annotation, names), _MAX_WORDS))
        return Annotation(text=text, words=sorted(set(found))
                          if len(found) < _MAX_WORDS else None)
    except Exception:
        return Annotation(text=text, words=None)


def plain(annotation: str) -> str:
    """Return the text of an annotation, in one spelling and unquoted."""
    try:
        tree = ast.parse(annotation.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return annotation[:_MAX_TEXT]
    if isinstance(tree, ast.Constant) and isinstance(tree.value, str):
        return plain(tree.value)
    return ast.unparse(tree)[:_MAX_TEXT]


def words(annotation: Any, names: Names) -> Iterator[str]:
    """Yield the names of the classes that an annotation is made of.

    Any and type variables, which stand for all, have none. A class that is
    not Python's is "own.Name". Texts are looked up among `names`; raises
    whatever that comes to.
    """
    origin = typing.get_origin(annotation)
    if isinstance(annotation, typing.ForwardRef):
        annotation = annotation.__forward_arg__
    if isinstance(annotation, str):
        yield from words(_looked_up(annotation, names), names)
    elif isinstance(annotation, list):
        for each in annotation:
            yield from words(each, names)
    elif type(annotation).__name__ == "TypeAliasType":
        yield from words(annotation.__value__, names)
    elif origin is typing.Literal:
        yield "Literal"
    elif origin is not None and origin is not annotation:
        if not any(origin is each for each in _AROUND):
            yield from words(origin, names)
        for each in _arguments(annotation, origin):
            yield from words(each, names)
    elif annotation is None or annotation is type(None):
        yield "None"
    elif not isinstance(annotation, typing.TypeVar) \
            and annotation is not typing.Any and annotation is not ...:
        yield _word(annotation)


def _arguments(annotation: object, origin: object) -> Sequence[object]:
    """Return what stands in the brackets, or would if all were written."""
    found = typing.get_args(annotation)
    if origin is typing.Annotated:
        return found[:1]
    whole = DEFAULTS.get(getattr(origin, "__name__", ""), 0)
    return (*found, *[None] * (whole - len(found))) if found else ()


def _looked_up(text: str, names: Names) -> object:
    tree = ast.parse(text.strip(), mode="eval")
    if not all(isinstance(node, _HARMLESS) for node in ast.walk(tree)):
        raise ValueError("more than names and brackets")
    return eval(compile(tree, "annotation", "eval"), names)


def _word(annotation: Any) -> str:
    name, place = annotation.__name__, annotation.__module__
    if place == "builtins":
        known = _BUILTINS.get(name)
    else:
        known = getattr(sys.modules.get(place), name, None)
    is_known = (known is annotation
                and place.partition(".")[0] in sys.stdlib_module_names)
    return str(name) if is_known else f"own.{name}"


def _name(kind: type) -> str:
    return str(type.__dict__["__name__"].__get__(kind))
