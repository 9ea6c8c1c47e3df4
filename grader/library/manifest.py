"""Reads TOML tables into dataclasses, with an error for each wrong key.

The fields of a dataclass are the keys of its table, so a new field is a new
key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from difflib import get_close_matches
from typing import Any, ClassVar, Protocol, TypeVar

# By annotation of a field: the types that TOML may have for it, and the
# words for them.
_KINDS: dict[str, tuple[tuple[type, ...], str]] = {
    "str": ((str,), "a text"),
    "bool": ((bool,), "true or false"),
    "int": ((int,), "a whole number"),
    "float": ((int, float), "a number"),
    "tuple[str, ...]": ((list,), "a list of texts"),
    "tuple[str, ...] | None": ((list,), "a list of texts"),
    "Mapping[str, str]": ((dict,), "a table"),
    "Mapping[str, float]": ((dict,), "a table of numbers"),
    "Mapping[str, Any]": ((dict,), "a table"),
}


class Unreadable(ValueError):
    """A table that does not fit its dataclass; the text says why."""


class _Dataclass(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


Record = TypeVar("Record", bound=_Dataclass)


def tables(data: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """Remove the tables [[key]] from `data` and return them.

    Raises Unreadable if there are none.
    """
    found = data.pop(key, None)
    if not (isinstance(found, list)
            and all(isinstance(each, dict) for each in found)):
        raise Unreadable(f"there is no [[{key}]]")
    return found


def record(kind: type[Record], table: Mapping[str, Any],
           **others: Any) -> Record:
    """Return an instance of a dataclass, from a table; raises Unreadable.

    `others` are the values of fields that are no keys.
    """
    known = {each.name: each for each in fields(kind)
             if each.name not in others}
    for key, value in table.items():
        if key not in known:
            close = get_close_matches(key, known, 1)
            raise Unreadable(f"there is no key {key!r}" + (
                f", but {close[0]!r}" if close else ""))
        _demand(known[key], value)
    for name, each in known.items():
        if name not in table and (
                each.default is each.default_factory is MISSING):
            raise Unreadable(f"the key {name!r} is missing")
    return kind(**others, **{
        key: tuple(value) if isinstance(value, list) else value
        for key, value in table.items()})


def _demand(field: Field[Any], value: object) -> None:
    kinds, what = _KINDS[str(field.type)]
    # By type, since True is an int to isinstance.
    if type(value) not in kinds or isinstance(value, list) and not all(
            isinstance(each, str) for each in value) or (
            field.type == "Mapping[str, float]" and isinstance(value, dict)
            and not {*map(type, value.values())} <= {int, float}):
        raise Unreadable(f"{field.name!r} should be {what}")
