"""Carries out functions whose bodies stay in the grader's process.

Each call gets its steps one list after the other, from a BodyServer, and
keeps none of them. This process has the values; the module `bodies`, on the
other side, has the code.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
# Imported by name, since a learner's test may patch builtins.
from builtins import (
    format, getattr, isinstance, iter, next, setattr, slice,
)
from json import dumps, loads
from os import read, write
from threading import Lock
from types import FunctionType
from typing import Any

from grader.inside.learnertests.bodies import MOST_ITEMS, Fact
from grader.inside.learnertests.counting import COUNTS

Message = dict[str, Any]
Tree = list[Any]
Ask = Callable[[list[Any]], Message]

_MOST_BYTES = 1 << 16
_NEW: dict[str, Callable[[], Any]] = {"list": list, "map": dict, "set": set}
_COUNTED = (type(iter(())), type(iter("")))
_CONVERSIONS: dict[int, Callable[[Any], Any]] = {
    -1: lambda value: value, ord("s"): str, ord("r"): repr, ord("a"): ascii}
_OPERATIONS: dict[str, Callable[..., Any]] = {
    **{name: getattr(operator, name) for name in (
        "add sub mul truediv floordiv mod pow and_ or_ xor iadd isub imul "
        "itruediv ifloordiv imod ipow iand ior ixor not_ neg pos inv eq ne "
        "lt le gt ge is_ is_not getitem").split()},
    "in": lambda value, within: value in within,
    "not in": lambda value, within: value not in within,
    "slice": slice, "join": lambda *parts: "".join(parts),
    "list": lambda *parts: [*parts], "tuple": lambda *parts: parts,
    "set": lambda *parts: {*parts}}


class ConnectionLost(Exception):
    """The BodyServer does not answer any more."""


def _refuse(message: list[Any]) -> Message:
    raise ConnectionLost("the given code cannot be reached")


@cache
def _unpacker(count: int) -> Callable[[Any], list[Any]]:
    """Return a function that unpacks `count` values into a list.

    It is compiled, so that its errors have Python's own words.
    """
    names = ", ".join(f"item_{number}" for number in range(count))
    scope: dict[str, Any] = {}
    exec(f"def unpack(value):\n    [{names}] = value\n    return [{names}]",
         scope)
    unpack: Callable[[Any], list[Any]] = scope["unpack"]
    return unpack


class _Connection:
    """The way to a BodyServer: a function, or a socket."""

    def __init__(self) -> None:
        self.ask: Ask = _refuse

    def connect(self, server: Ask | int) -> None:
        """Use this function from now on, or the socket of a descriptor."""
        self.ask = _through(server) if isinstance(server, int) else server


def _through(descriptor: int) -> Ask:
    """Return a function that asks through a socket of whole messages."""
    lock = Lock()

    def ask(message: list[Any]) -> Message:
        with lock:
            write(descriptor, dumps(message).encode())
            reply = read(descriptor, _MOST_BYTES)
        return loads(reply) if reply else _refuse(message)

    return ask


connection = _Connection()


def perform(place: str, names: Mapping[str, Any], *arguments: Any,
            outer: Frame | None = None) -> Any:
    """Call the function that the server has at a place; return its result.

    `names` are the names of its module, `arguments` its arguments in the
    order of its parameters. `outer` is the call in which the function was
    made, if any. Raises what the function raises.
    """
    COUNTS.calls += 1
    frame = Frame(names, outer)
    reply = connection.ask(
        ["call", place, [_fact(each) for each in arguments]])
    frame.slots = dict(zip(reply["into"], arguments))
    while (number := reply["talk"]) is not None:
        reply = connection.ask(["on", number, frame.answer(reply["steps"])])
    return frame.result(reply["steps"])


def _fact(value: Any) -> Fact:
    if value is None or value is True or value is False:
        return repr(value)
    return _few(len(value)) if type(value) in (tuple, str) else -1


def _few(count: int) -> int:
    return count if count <= MOST_ITEMS else -1


class Frame:
    """The values of one call, by the numbers of their slots."""

    def __init__(self, names: Mapping[str, Any], outer: Frame | None) -> None:
        self.slots: dict[int, Any] = {}
        self._names = names
        self._outer = outer
        self._error: BaseException | None = None

    def answer(self, steps: Sequence[Tree]) -> int | None:
        """Carry out steps; return the answer to the last, True without one.

        Returns None if a step raises an exception, which is kept.
        """
        reply: int | None = None
        try:
            for kind, *details in steps:
                reply = self._STEPS[kind](self, *details)
        except BaseException as error:
            self._error = error
            return None
        return True if reply is None else reply

    def result(self, steps: Sequence[Tree]) -> Any:
        """Carry out the last steps of a call, which return or raise."""
        *others, (kind, *details) = steps
        for other, *more in others:
            self._STEPS[other](self, *more)
        if kind == "return":
            return self._value(*details)
        self._raise(*details)

    # Steps

    def _let(self, slot: int | None, tree: Tree) -> None:
        value = self._value(tree)
        if slot is not None:
            self.slots[slot] = value

    def _test(self, tree: Tree) -> bool:
        return operator.truth(self._value(tree))

    def _next(self, slot: int, source: Tree) -> bool:
        try:
            self.slots[slot] = next(self._value(source))
        except StopIteration:
            return False
        return True

    def _count(self, source: Tree) -> int:
        iterator = self._value(source)
        return _few(operator.length_hint(iterator) if (
            type(iterator) in _COUNTED) else -1)

    def _unpack(self, slots: Sequence[int], tree: Tree) -> None:
        self.slots.update(zip(slots, _unpacker(len(slots))(
            self._value(tree))))

    def _set_attribute(self, owner: Tree, name: str, tree: Tree) -> None:
        setattr(self._value(owner), name, self._value(tree))

    def _set_item(self, owner: Tree, key: Tree, tree: Tree) -> None:
        self._value(owner)[self._value(key)] = self._value(tree)

    def _append(self, owner: Tree, tree: Tree) -> None:
        self._value(owner).append(self._value(tree))

    def _add(self, owner: Tree, tree: Tree) -> None:
        self._value(owner).add(self._value(tree))

    def _raise(self, error: Tree | None = None,
               cause: Tree | None = None) -> None:
        if error is None:
            assert self._error is not None
            raise self._error
        if cause is None:
            raise self._value(error)
        raise self._value(error) from self._value(cause)

    # Trees

    def _value(self, tree: Tree) -> Any:
        return self._TREES[tree[0]](self, *tree[1:])

    def _constant(self, value: Any) -> Any:
        return value

    def _slot(self, slot: int) -> Any:
        frame = self
        while slot not in frame.slots and frame._outer:
            frame = frame._outer
        return frame.slots[slot]

    def _global(self, name: str) -> Any:
        builtins = self._names["__builtins__"]
        for names in (self._names, builtins if isinstance(builtins, dict)
                      else vars(builtins)):
            if name in names:
                return names[name]
        raise NameError(f"name {name!r} is not defined")

    def _attribute(self, owner: Tree, name: str) -> Any:
        return getattr(self._value(owner), name)

    def _call(self, function: Tree, arguments: Sequence[Tree],
              keywords: Sequence[tuple[str | None, Tree]]) -> Any:
        called = self._value(function)
        given: dict[str, Any] = {}
        values = [*self._spread(arguments)]
        for name, tree in keywords:
            value = self._value(tree)
            given |= value if name is None else {name: value}
        return called(*values, **given)

    def _spread(self, trees: Sequence[Tree]) -> Iterator[Any]:
        for tree in trees:
            if tree[0] == "star":
                yield from self._value(tree[1])
            else:
                yield self._value(tree)

    def _do(self, name: str, operands: Sequence[Tree]) -> Any:
        return _OPERATIONS[name](*[self._value(each) for each in operands])

    def _format(self, how: int, parts: Sequence[Tree]) -> str:
        value, form = [self._value(each) for each in parts]
        return format(_CONVERSIONS[how](value), form or "")

    def _map(self, keys: Sequence[Tree], values: Sequence[Tree]) -> Any:
        return {self._value(key): self._value(value)
                for key, value in zip(keys, values)}

    def _new(self, kind: str) -> Any:
        return _NEW[kind]()

    def _iterate(self, tree: Tree) -> Any:
        value = self._value(tree)
        # A copy: the loop may change the list, whose length was sent.
        return iter(tuple(value) if type(value) is list else value)

    def _caught(self) -> Any:
        return self._error

    def _matches(self, error: Tree, kinds: Tree) -> bool:
        return isinstance(self._value(error), self._value(kinds))

    def _function(self, place: str, name: str, qualified: str,
                  parameters: str, given: Sequence[str]) -> Any:
        """Return a function defined in this one; its body is served, too."""
        made: FunctionType = eval(
            f"lambda perform: lambda {parameters}: "
            f"perform({', '.join(given)})")(
                partial(perform, place, self._names, outer=self))
        made.__name__, made.__qualname__ = name, qualified
        made.__module__ = self._names["__name__"]
        return made

    _STEPS: dict[str, Callable[..., Any]] = {
        "let": _let, "test": _test, "next": _next, "count": _count,
        "unpack": _unpack,
        "set attribute": _set_attribute, "set item": _set_item,
        "append": _append, "add": _add, "raise": _raise}
    _TREES: dict[str, Callable[..., Any]] = {
        "constant": _constant, "slot": _slot, "global": _global,
        "attribute": _attribute, "call": _call, "do": _do,
        "format": _format, "map": _map, "new": _new, "iterate": _iterate,
        "caught": _caught, "matches": _matches, "function": _function}
