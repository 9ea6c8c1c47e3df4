"""Functions that are kept do what they say, step by step."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from grader.inside.learnertests import steps
from grader.inside.learnertests.bodies import (
    ProtocolError, parameters, unhandled)
from grader.inside.learnertests.bodyserver import BodyServer, read
from grader.wall.bodysocket import BodySocket

# Each is called with `log`, which notes what it is called with and returns
# its last argument; "boom" it raises as a KeyError.
FUNCTIONS = {
    "nothing": "pass",
    "a constant": "return -1.5",
    "names and attributes": "return log.__class__.__name__ + str(len('abc'))",
    "an order of arguments":
        "return log(log(1), *[log(2), 3], key=log(4), **{'b': log(5)})",
    "an order within": "x = [log(1)]\nx[log(0)] = log(7)\nreturn x",
    "attributes that are set": "log.seen = log(3)\nreturn log.seen",
    "several targets": "a = b, [c, d] = log(1), (log(2), log(3))\n"
                       "return a, b, c, d",
    "too few to unpack": "a, b = log([1])\n",
    "too many to unpack": "a, b = log([1, 2, 3])\n",
    "arithmetic": "a = 7\na += 2\na -= 1\na *= 3\na //= 2\na %= 7\n"
                  "return -a, +a, ~a, a ** 2, a / 4, a & 4, a | 1, a ^ 2",
    "operators that do not fit": "return log(1) + 'a'",
    "comparisons": "return [1 < 2, 1 > 2, 1 <= 1, 1 >= 2, 1 == 1.0, 1 != 1,"
                   " None is None, None is not None, 1 in [1], 1 not in [1]]",
    "slices": "a = 'abcdef'\nreturn a[1:], a[:2], a[::2], a[-1:], a[:]",
    "texts": "return f'{log(1)!r:>4}|{log(2.5):.2f}|{{{log(\"a\")!s}}}'",
    "collections": "return [{log(1), 2}, {log('a'): log(2)}, (), [], {}]",
    "comprehensions":
        "a = 9\nb = [a + log(c) for a in [1, 2] for c in (3, 4) if c > a]\n"
        "return a, b, {x: y for x, y in {'p': 1}.items()}, {len(x) for x in "
        "['a', 'b']}",
    "a shadowed name": "x = 1\ny = [x for x in [x, 5] if x]\nreturn x, y",
    "closures in a comprehension":
        "return [f() for f in [lambda: x for x in (1, 2, 3)]]",
    "and, or": "return [log(0) and log(1), log(2) and log(3), log(0) or "
               "log(4), log(5) or log(6), log(7) and log(0) or log(8)]",
    "not": "return not log(0), not (log(1) and log(0))",
    "if": "if log(0) or not log(1):\n    return 1\n"
          "elif log(2) and log(3):\n    return 2\nelse:\n    return 3",
    "a choice": "return log(1) if log(0) else log(2)",
    "for": "for x in log([1, 2, 3, 4]):\n    if x == 2:\n        continue\n"
           "    if x == 4:\n        break\n    log(x)\n"
           "else:\n    log('else')\nreturn x",
    "for and else": "for x in iter([1, 2]):\n    log(x)\n"
                    "else:\n    return log('else')",
    "a list that grows while it is read":
        "a = [1]\nfor x in a:\n    if len(a) < 3:\n        b = a.append\n"
        "    log(x)\nreturn a",
    "for over nothing": "for x in log(()):\n    log(x)\nreturn 1",
    "for over much": "n = 0\nfor x in range(3):\n"
                     "    for y in log(list(range(120))):\n        n += y\n"
                     "    for y in list(range(90)):\n        n += y\nreturn n",
    "for over pairs": "for key, value in {'a': 1, 'b': 2}.items():\n"
                      "    log(key, value)",
    "for over what has no items": "for x in log(3):\n    pass",
    "an iterator that fails":
        "for x in map(log, [1, 'boom']):\n    log(x)",
    "while": "a = 3\nwhile a:\n    a -= 1\n    if a == 1:\n        break\n"
             "else:\n    return 1\nreturn a",
    "raising": "raise ValueError(log(1))",
    "raising from": "raise ValueError(log(1)) from KeyError(log(2))",
    "raising a type": "raise ValueError",
    "a failing call": "log(1)\nlog('boom')\nlog(2)",
    "assertions": "assert log(1), log('no')\nassert log(0), log('message')",
    "a bare assertion": "assert log(0)",
    "try": "try:\n    log(1)\n    log('boom')\n    log(2)\n"
           "except (ValueError, KeyError) as error:\n"
           "    return log(type(error).__name__)\nelse:\n    log('else')",
    "try and else": "try:\n    a = log(1)\nexcept KeyError:\n    a = 2\n"
                    "else:\n    a = log(3)\nfinally:\n    log(4)\nreturn a",
    "try that does not fit": "try:\n    log('boom')\nexcept ValueError:\n"
                             "    log(1)\nexcept TypeError:\n    log(2)",
    "a bare except": "try:\n    log('boom')\nexcept:\n    raise",
    "raised again": "try:\n    log('boom')\nexcept KeyError as error:\n"
                    "    try:\n        log('boom')\n"
                    "    except LookupError:\n        log(1)\n"
                    "    raise error",
    "raised from another": "try:\n    log('boom')\nexcept KeyError as error:"
                           "\n    raise ValueError('a') from error",
    "finally": "try:\n    return log(1)\nfinally:\n    log(2)",
    "finally and an error": "try:\n    log('boom')\nfinally:\n    log(2)",
    "finally that returns": "try:\n    log('boom')\nfinally:\n    return 3",
    "nested tries": "try:\n    try:\n        log('boom')\n    finally:\n"
                    "        log(1)\nexcept KeyError:\n    log(2)\n"
                    "finally:\n    log(3)\nreturn log(4)",
    "leaving a loop from a try":
        "for x in [1, 2, 3]:\n    try:\n        if x == 2:\n"
        "            continue\n        if x == 3:\n            break\n"
        "        log(x)\n    finally:\n        log('end', x)\nreturn x",
    "an error in a comprehension":
        "x = 5\ntry:\n    [log(x) for x in [1, 'boom']]\n"
        "except KeyError:\n    return x",
    "functions": "def double(a, *b, c, **d):\n    return log(a), b, c, d, x\n"
                 "x = 1\nlog(double(1, 2, 3, c=4, e=5))\nx = 2\n"
                 "return double(6, c=7)",
    "a function's name": "def inner(a):\n    return a\n"
                         "return inner.__name__, inner.__module__",
    "a decorated function":
        "def twice(f):\n    return lambda a: f(f(a))\n@log\n@twice\n"
        "def inner(a):\n    return a + 1\nreturn inner(1)",
    "recursion": "def f(n):\n    return n and n + f(n - 1)\nreturn f(5)",
    "a lambda": "return (lambda a, b: log(a) and b)(1, 2)",
    "arguments that do not fit": "def f(a):\n    return a\nreturn f(1, 2)",
    "a name that is not there": "return nowhere",
    "an unknown method": "return log.nothing()",
}


class Log:
    """Notes calls; see FUNCTIONS."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.calls.append(ascii((args, kwargs)).partition("<")[0])
        if args[-1] == "boom":
            raise KeyError(*args)
        return args[-1]


Answer = tuple[str, list[str]]


def outcome(function: Callable[[Log], Any]) -> Answer:
    """Return what a function gives or raises, and what it does."""
    log = Log()
    try:
        said = repr(function(log))
    except Exception as error:
        said = f"{error!r} from {error.__cause__!r}"
    return said.partition(" at 0x")[0], log.calls


def text_of(body: str) -> str:
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    return f"def f(log):\n{lines}"


def natively(body: str) -> Answer:
    names: dict[str, Any] = {"__name__": "given"}
    exec(text_of(body), names)
    return outcome(names["f"])


def in_steps(body: str) -> Answer:
    steps.connection.connect(through_json(server_of(body)))
    names: dict[str, Any] = {"__name__": "given"}
    exec("", names)
    return outcome(lambda log: steps.perform("f", names, log))


def server_of(body: str) -> BodyServer:
    return BodyServer(read({"f": text_of(body)}))


def through_json(bodies: BodyServer) -> steps.Ask:
    def ask(message: list[Any]) -> dict[str, Any]:
        said = bodies.answer(json.loads(json.dumps(message)))
        return dict(json.loads(json.dumps(said)))
    return ask


@pytest.fixture(autouse=True)
def no_connection() -> Iterator[None]:
    ask = steps.connection.ask
    yield
    steps.connection.ask = ask


@pytest.mark.parametrize("body", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_kept_function_does_what_it_does_in_python(body: str) -> None:
    function = ast.parse(text_of(body)).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert unhandled(function) is None
    expected = natively(body)
    for _ in range(12):
        assert in_steps(body) == expected


@pytest.mark.parametrize("body", [
    "return super().a", "yield 1", "with log:\n    pass", "del log",
    "return 1 < log < 3", "return {**log}", "import os", "global log",
    "return (x for x in log)", "def inner(a=1):\n    pass", "log.a += 1",
    "return log.__secret", "return b'a'", "return [*log]",
    "match log:\n    case 1:\n        pass",
    "try:\n    pass\nexcept* KeyError:\n    pass"])
def test_what_no_steps_are_known_for_is_named(body: str) -> None:
    function = ast.parse(text_of(body)).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert unhandled(function)


def test_every_run_is_told_in_steps_of_its_own() -> None:
    servers = [server_of("return log(1)") for _ in range(50)]
    told = {json.dumps(each.answer(["call", "f", [-1]])) for each in servers}
    assert len(told) > 40


def test_to_call_again_tells_nothing_more() -> None:
    bodies = server_of("return [log(x) for x in log([1, 2])]")
    assert len({json.dumps(bodies.answer(["call", "f", [-1]])["steps"])
                for _ in range(50)}) == 1


def test_a_run_is_told_nothing_of_what_it_does_not_do() -> None:
    body = "if log(0):\n    return log('secret')\nreturn log('public')"
    bodies = server_of(body)
    said: list[str] = []

    def ask(message: list[Any]) -> dict[str, Any]:
        answer = bodies.answer(message)
        said.append(json.dumps(answer))
        return answer

    steps.connection.connect(ask)
    log = Log()
    assert steps.perform("f", {"__builtins__": {}}, log) == "public"
    assert "public" in "".join(said)
    assert "secret" not in "".join(said)


@pytest.mark.parametrize("message", [
    None, [], "call", ["call", "nowhere", [-1]], ["call", "f", 1],
    ["call", "f", [-1, -1]], ["call", "f", [[]]], ["call", ["f"], [-1]],
    ["on", 1, True], ["on", "1", True], ["call", "f", [-1], 1],
    {"call": "f"}])
def test_nonsense_is_not_answered(message: object) -> None:
    bodies = server_of("return log(1)")
    with pytest.raises(ProtocolError):
        bodies.answer(message)
    assert not bodies.called


def test_answers_that_cannot_be_are_nonsense() -> None:
    bodies = server_of("for x in log:\n    pass")
    said = bodies.answer(["call", "f", [-1]])
    with pytest.raises(ProtocolError):
        while True:
            said = bodies.answer(["on", said["talk"], 10 ** 9])


def test_a_call_counts_once_it_is_handed_out_to_its_end() -> None:
    bodies = server_of("return 1 if log(0) else log(2)")
    steps.connection.connect(bodies.answer)
    called = []

    def log(number: int) -> int:
        called.append("f" in bodies.called)
        return number

    assert steps.perform("f", {"__builtins__": {}}, log) == 2
    assert called == [False, True]


@pytest.mark.parametrize("said", [
    b"", b"{", b"[1e999]", b"[" * 5000,
    b'["call", "' + b"f" * 5000 + b'", [-1]]'])
def test_who_asks_for_nonsense_is_not_served_again(said: bytes) -> None:
    with BodySocket(server_of("pass")) as bodies:
        bodies.theirs.send(said)
        assert not bodies.serve()


def test_who_does_not_listen_is_not_served_again() -> None:
    with BodySocket(server_of("pass")) as bodies:
        for _ in range(10_000):
            bodies.theirs.send(b'["call", "f", [-1]]')
            if not bodies.serve():
                break
        else:
            pytest.fail("it is waited for")


def test_parameters_are_named_in_their_order() -> None:
    node = ast.parse("def f(a, /, b, *c, d, **e): pass").body[0]
    assert isinstance(node, ast.FunctionDef)
    assert parameters(node) == ["a", "b", "c", "d", "e"]
