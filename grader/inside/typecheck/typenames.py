"""What mypy's types are made of, in the words of grader.kit.traits."""

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

# Larger types, and those that hold themselves, are not looked into.
_MAX_PARTS = 300


class Unknown(ValueError):
    """A type that has no words, or that mypy itself does not know."""


def words(typ: Type | None) -> list[str] | None:
    """Return the names of the classes that a type is made of, or None.

    A class that is not Python's is "own.Name". Any and type variables have
    no words; None stands for a type that mypy does not know.
    """
    if typ is None:
        return None
    try:
        return sorted(set(_words(typ)))
    except Unknown:
        return None


def _words(typ: Type) -> Iterator[str]:
    left = [typ]
    for _ in range(_MAX_PARTS):
        if not left:
            return
        proper = sametype.resolve(left.pop())
        yield from _own(proper)
        left += _parts(proper)
    raise Unknown("a type that is too large")


def _own(typ: ProperType) -> Iterator[str]:
    """Yield what the type itself is called, without its parts."""
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
    """Return the arguments of a class, where those left out are known.

    Whether mypy has filled in a default, or it is written, cannot be told
    from the type; for generators the other side fills in the same.
    """
    if info.name not in traits.DEFAULTS and any(
            each.has_default() and is_same_type(each.default, arg)
            for each, arg in zip(info.defn.type_vars, args)):
        raise Unknown(info.fullname)
    return list(args)
