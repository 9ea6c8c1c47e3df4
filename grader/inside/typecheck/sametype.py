"""Compares a learner's annotation with the demanded one, as mypy's types.

Right is the demanded type under any of its names. As good are a parameter
that takes more (Sequence[float] for List[float], int | float for float), a
type variable where the demand leaves a type open (Mapping[Any, T] for
Mapping), and a type variable whose bound is the demanded type. `Any` is
right only where `Any` is demanded.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from mypy.maptype import map_instance_to_supertype
from mypy.subtypes import is_same_type, is_subtype
from mypy.types import (
    AnyType, CallableType, Instance, ProperType, TupleType, Type,
    TypeAliasType, TypeOfAny, TypeVarType, UnionType, get_proper_type,
)

# Members of a union are compared in every order: 120 orders for 5 members.
_MAX_UNION = 5
# The kinds of Any by which mypy replaces an annotation that it cannot read.
_UNKNOWN = (TypeOfAny.from_error, TypeOfAny.from_unimported_type)


class Side(Enum):
    """Whether a function takes values of the type, or gives them."""

    TAKEN = "parameter"
    GIVEN = "return"

    def other(self) -> Side:
        """Return the side of the parameters of a callable on this side.

        A function that takes a callback gives values to it.
        """
        return Side.GIVEN if self is Side.TAKEN else Side.TAKEN


@dataclass(frozen=True)
class Match:
    """How the annotations of a function match so far.

    `names` maps the demanded type variables to the learner's. `is_wider`
    means that a type is wider than demanded, so that the body decides
    whether it is right. `is_mixed` means that the learner has different
    type variables for one demanded one, which says less than the demand.
    """

    names: dict[str, str] = field(default_factory=dict)
    is_wider: bool = False
    is_mixed: bool = False

    def bind(self, want: str, got: str) -> Match:
        """Return the match with one more pair of type variables."""
        if want in self.names or got in self.names.values():
            return (self if self.names.get(want) == got
                    else replace(self, is_mixed=True))
        return replace(self, names=self.names | {want: got})


def compare(got: Type, want: Type, side: Side,
            match: Match | None) -> Match | None:
    """Return `match` with what comparing two types adds to it.

    None means that the types do not match, or did not before.
    """
    # The order of the cases matters: a type variable may stand for a union.
    if match is None:
        return None
    got, want = resolve(got), resolve(want)
    if isinstance(want, AnyType):
        return match if _fills(got, side) else None
    if isinstance(got, TypeVarType) and not isinstance(want, TypeVarType):
        return _compare_bound(got, want, side, match)
    if isinstance(want, UnionType):
        return _compare_unions(_items(got), _items(want), side, match)
    if isinstance(want, TypeVarType):
        return (match.bind(want.name, got.fullname)
                if isinstance(got, TypeVarType) else None)
    if isinstance(want, TupleType):
        return (_compare_all(got.items, want.items, side, match)
                if isinstance(got, TupleType) else None)
    if isinstance(want, CallableType):
        return (_compare_callables(got, want, side, match)
                if isinstance(got, CallableType) else None)
    if isinstance(want, Instance):
        return _compare_to_class(got, want, side, match)
    return match if is_same_type(got, want) else None


def is_vague(got: Type) -> bool:
    """Return whether the annotation is Any, or one that mypy cannot read."""
    return isinstance(resolve(got), AnyType)


def has_any(got: Type) -> bool:
    """Return whether the annotation is Any, or a union with Any in it."""
    return any(isinstance(item, AnyType) for item in _items(resolve(got)))


def resolve(typ: Type) -> ProperType:
    """Return the type that an alias stands for, with its type variables.

    After `Maybe = Union[T, None]`, mypy takes a bare `Maybe` for
    Union[Any, None]; for Python, and for a reader, it is Union[T, None].
    """
    while isinstance(typ, TypeAliasType) and typ.alias is not None:
        if not typ.alias.alias_tvars or not all(map(_is_left_out, typ.args)):
            break
        typ = typ.alias.target
    return get_proper_type(typ)


def is_unknown(got: ProperType) -> bool:
    """Return whether the type is Any since mypy could not read it."""
    return isinstance(got, AnyType) and got.type_of_any in _UNKNOWN


def is_bare(got: Instance) -> bool:
    """Return whether a generic class stands without its brackets."""
    return any(map(_is_left_out, got.args))


def _is_left_out(typ: Type) -> bool:
    proper = get_proper_type(typ)
    return (isinstance(proper, AnyType)
            and proper.type_of_any == TypeOfAny.from_omitted_generics)


def _fills(got: ProperType, side: Side) -> bool:
    """Return whether a type is right where the demand says Any."""
    if isinstance(got, AnyType):
        return not is_unknown(got)
    if isinstance(got, TypeVarType):
        return True
    return (side is Side.TAKEN and isinstance(got, Instance)
            and got.type.fullname == "builtins.object")


def _compare_bound(got: TypeVarType, want: ProperType, side: Side,
                   match: Match) -> Match | None:
    """Compare the upper bound of a type variable with a demanded type."""
    # TypeVar("T", int, str) is one of its values, never a wider type.
    if got.values:
        return None
    found = compare(got.upper_bound, want, side, match)
    return found and replace(found, is_wider=True)


def _items(typ: ProperType) -> list[ProperType]:
    """Return the members of a union, each once, or the type alone."""
    if not isinstance(typ, UnionType):
        return [typ]
    found: list[ProperType] = []
    for item in itertools.chain.from_iterable(
            _items(resolve(item)) for item in typ.items):
        if not any(is_same_type(item, other) for other in found):
            found.append(item)
    return found


def _compare_unions(got: list[ProperType], want: list[ProperType],
                    side: Side, match: Match) -> Match | None:
    if len(got) != len(want) or len(want) > _MAX_UNION:
        return None
    # Concrete members first, so that Any does not take their place.
    want = sorted(want, key=lambda item: isinstance(item, AnyType))
    orders: Iterable[Sequence[ProperType]] = itertools.permutations(got)
    return next((found for order in orders
                 if (found := _compare_all(order, want, side, match))), None)


def _compare_all(got: Sequence[Type], want: Sequence[Type], side: Side,
                 match: Match) -> Match | None:
    if len(got) != len(want):
        return None
    result: Match | None = match
    for one, other in zip(got, want):
        result = compare(one, other, side, result)
    return result


def _compare_callables(got: CallableType, want: CallableType, side: Side,
                       match: Match) -> Match | None:
    # Callable[..., T] leaves the parameters open.
    if want.is_ellipsis_args:
        return compare(got.ret_type, want.ret_type, side, match)
    if got.arg_kinds != want.arg_kinds or got.is_ellipsis_args:
        return None
    return compare(got.ret_type, want.ret_type, side,
                   _compare_all(got.arg_types, want.arg_types,
                                side.other(), match))


def _compare_to_class(got: ProperType, want: Instance, side: Side,
                      match: Match) -> Match | None:
    if isinstance(got, Instance) and got.type is want.type:
        return _compare_all(got.args, want.args, side, match)
    if isinstance(got, Instance):
        return _compare_relatives(got, want, side, match)
    if isinstance(got, UnionType) and side is Side.TAKEN:
        # A type checker takes float for int | float (PEP 484).
        is_the_same = (is_subtype(got, want) and is_subtype(want, got)
                       and all(isinstance(item, Instance)
                               and not item.args for item in _items(got)))
        return match if is_the_same else None
    return None


def _compare_relatives(got: Instance, want: Instance, side: Side,
                       match: Match) -> Match | None:
    """Compare related classes: a parameter may have a base class of the
    demanded one, a return a subclass."""
    # A parameter may be of a base class, a return of a subclass; the class
    # must be generic, or object would be right for everything.
    low, high = (want, got) if side is Side.TAKEN else (got, want)
    if not high.args or not low.type.has_base(high.type.fullname):
        return None
    low = map_instance_to_supertype(low, high.type)
    pair = (high, low) if side is Side.TAKEN else (low, high)
    return _compare_all(pair[0].args, pair[1].args, side,
                        replace(match, is_wider=True))
