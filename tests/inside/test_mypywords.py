"""What mypy complains of, told in sentences: real programs, real mypy."""

from __future__ import annotations

import textwrap

import pytest

from grader.inside.typecheck import checker, mypywords

PROGRAMS = {
    "a value of type str is assigned, but the variable is of type int":
        "x: int = 'a'",
    "a value of type float is returned, but int is annotated": """
        def f(x: float) -> int:
            return x
        """,
    "the function can come to its end without a return": """
        def f(x: int) -> int:
            if x:
                return 1
        """,
    "a value is returned, but None is annotated":
        "def f() -> None:\n    return 1",
    "argument 1 of f is of type str, but should be of type int":
        "def f(x: int) -> int: return x\nf('a')",
    "argument x of f is of type str, but should be of type int":
        "def f(x: int) -> int: return x\nf(x='a')",
    "the default of x is of type None, but x is annotated int":
        "def f(x: int = None) -> int: return x",
    "found needs an annotation, such as found: list[<type>] = ...":
        "found = []",
    "+ does not work between int and str": "y = 1 + 'a'",
    "- does not work with str": "def f(x: str) -> None:\n    -x",
    "the type is str | None, and None has no attribute upper":
        "def f(x: str | None) -> str:\n    return x.upper()",
    "the module offers no floored": "import math\nmath.floored(1)",
    "int has no attribute upper": "def f(x: int) -> str: return x.upper()",
    "the name y is not defined": "x = y",
    "f is defined twice, first on line 1":
        "def f() -> None: ...\ndef f() -> None: ...",
    "the call of f lacks x": "def f(x: int) -> None: ...\nf()",
    "the call of f has too many arguments": "def f() -> None: ...\nf(1)",
    "f takes no argument named y": "def f() -> None: ...\nf(y=1)",
    "the result, of type Coroutine[Any, Any, None], is dropped: is an await "
    "missing?": """
        async def f() -> None: ...
        async def g() -> None:
            f()
        """,
    "a value of type int cannot be awaited":
        "async def g() -> None:\n    await 1",
    "a value of type str is yielded, but int is annotated": """
        from typing import Iterator
        def f() -> Iterator[int]:
            yield 'a'
        """,
    "the comprehension gives a List[str], but List[int] is annotated":
        "def f() -> list[int]:\n    return [str(i) for i in range(3)]",
    "brackets alone are no type: list[...] is one":
        "def f(x: [int]) -> None: ...",
    "any is a function; the type is Any, from typing":
        "def f(x: any) -> None: ...",
    "y is not a type": "y = 1\ndef f(x: y) -> None: ...",
    "dict takes 2 types in its brackets, not 1":
        "def f(x: dict[int]) -> None: ...",
    "a value of type int cannot be indexed with [ ]":
        "def f(x: int) -> None:\n    x[0]",
    "a value of type int cannot be called": "def f(x: int) -> None:\n    x()",
    "a function that yields should be annotated Generator or Iterator":
        "def f() -> int:\n    yield 1",
    "an async def that yields should be annotated AsyncGenerator":
        "async def f() -> int:\n    yield 1",
}


@pytest.fixture(scope="module")
def said() -> dict[str, list[str]]:
    """Return what is said of every program, from one build."""
    texts = {f"learner_{number:016x}": textwrap.dedent(program).strip()
             for number, program in enumerate(PROGRAMS.values())}
    checked = checker.check(texts, None)
    return {wanted: [mypywords.sentence(*one)
                     for one in checked.complaints[name]]
            for wanted, name in zip(PROGRAMS, texts)}


@pytest.mark.parametrize("wanted", PROGRAMS)
def test_a_complaint_is_a_sentence_with_its_place(
        wanted: str, said: dict[str, list[str]]) -> None:
    found = [text.split(": ", 1) for text in said[wanted]]

    assert any(words.startswith(wanted) for _, words in found), said[wanted]
    assert all(where.startswith("line ") and ", column " in where
               for where, _ in found)
    assert not [text for text in said[wanted] if "learner_" in text]


def test_what_is_not_known_is_passed_on() -> None:
    assert mypywords.sentence(3, 5, "Something new  [new-code]") == (
        "line 3, column 5: mypy says: Something new [mypy: new-code]")
    assert mypywords.sentence(3, 5, "x [y]") == (
        "line 3, column 5: mypy says: x [y]")
