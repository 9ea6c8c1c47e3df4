"""Reduces a type of mypy's to the names of the classes that it is made of.

list[int | None] is list, int, None. grader.kit.traits does the same to an
annotation as Python has it at run time, so that both can be compared.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from mypy.nodes import TypeInfo
from mypy.subtypes import is_same_type
from mypy.types import (
    AnyType, CallableType, Instance, LiteralType, NoneType, ProperType,
    TupleType, Type, TypedDictType, TypeType, TypeVarType, UnionType,
)

from grader.inside.typecheck import sametype
from grader.kit import traits

# Larger types are given up, and with them those that contain themselves.
_MAX_PARTS = 300


class Unknown(ValueError):
    """A type that has no such names, or that mypy itself does not know."""


def words(typ: Type | None) -> list[str] | None:
    """Return the sorted names of the classes in a type, each once.

    A class from outside the standard library is "own.Name". Any and type
    variables have no name. Returns None where mypy does not know the type.
    """
    if typ is None:
        return None
    try:
        return sorted(set(_words(typ)))
    except Unknown:
        return None


def _words(typ: Type) -> Iterator[str]:
    # A recursive alias has no end of parts.
    left = [typ]
    for _ in range(_MAX_PARTS):
        if not left:
            return
        proper = sametype.resolve(left.pop())
        yield from _own(proper)
        left += _parts(proper)
    raise Unknown("a type that is too large")


def _own(typ: ProperType) -> Iterator[str]:
    """Yield the name of the type itself, without those of its parts."""
    match typ:
        case Instance(type=info):
            yield _class(info.fullname)
        case TupleType(partial_fallback=base) | TypedDictType(fallback=base):
            yield _class(base.type.fullname)
        case CallableType():
            yield "Callable"
        case NoneType():
            yield "None"
        case LiteralType():
            yield "Literal"
        case TypeType():
            yield "type"
        # An Any that stands for an unreadable annotation is Unknown.
        case AnyType() if not sametype.is_unknown(typ):
            pass
        case TypeVarType() | UnionType():
            pass
        case _:
            raise Unknown(str(typ))


def _class(fullname: str) -> str:
    is_known = fullname.partition(".")[0] in sys.stdlib_module_names
    name = fullname.rpartition(".")[2]
    return name if is_known else f"own.{name}"


def _parts(typ: ProperType) -> list[Type]:
    match typ:
        case Instance(type=info, args=args):
            return [] if sametype.is_bare(typ) else _filled(info, args)
        case UnionType(items=items):
            return list(items)
        case TupleType(items=items, partial_fallback=base):
            # A named tuple of the file's own shows no items.
            is_plain = base.type.fullname == "builtins.tuple"
            return list(items) if is_plain else []
        case CallableType(is_ellipsis_args=True, ret_type=result):
            return [result]
        case CallableType(arg_types=args, ret_type=result):
            return [*args, result]
        case TypeType(item=item):
            return [item]
    return []


def _filled(info: TypeInfo, args: Sequence[Type]) -> list[Type]:
    """Return the type arguments of a generic class.

    Raises Unknown where one may be a default that mypy filled in: the type
    looks the same as with a written one. For the classes in traits.DEFAULTS
    the run-time side fills in the same defaults.
    """
    if info.name not in traits.DEFAULTS and any(
            each.has_default() and is_same_type(each.default, arg)
            for each, arg in zip(info.defn.type_vars, args)):
        raise Unknown(info.fullname)
    return list(args)
