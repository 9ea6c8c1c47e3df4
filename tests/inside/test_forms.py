"""The normal form: what it takes for the same, and what it does not."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from grader.inside.likeness import forms
from grader.inside.source import encode

MEAN = '''\
import math
from typing import List


def mean(values: List[float]) -> float:
    """Return the mean."""
    total = 0
    for value in values:
        total += value  # one by one
    return math.floor(total / len(values))
'''
# Long enough to have marks.
LONG = MEAN + "".join(
    f"\n\ndef step{number}(rows, limit={number}):\n"
    f"    return [row for row in rows if row.size_{number} > limit]\n"
    for number in range(8))


def asked(text: str, *methods: str, typed: bool = False) -> dict[str, Any]:
    request = {"files": [{"id": "f", "source": encode(text.encode()),
                          "typed": typed, "tasks": {"t": list(methods)}}]}
    answer: dict[str, Any] = forms.run(request)["files"]["f"]
    return answer


def form(text: str, *methods: str, typed: bool = False) -> str | None:
    found: str | None = asked(text, *methods, typed=typed)["forms"].get("t")
    return found


SAME = {
    "names": MEAN.replace("total", "result").replace("value", "number"),
    "parameters": MEAN.replace("values", "rows"),
    "comments": MEAN.replace("  # one by one", ""),
    "docstrings": MEAN.replace('    """Return the mean."""\n', ""),
    "annotations": MEAN.replace(": List[float]", "").replace(
        " -> float", ""),
    "an annotated variable": MEAN.replace("total = 0", "total: int = 0"),
    "imports": MEAN.replace("import math", "from math import floor"
                            ).replace("math.floor", "floor"),
    "import as": MEAN.replace("import math", "import math as m").replace(
        "math.floor", "m.floor"),
    "layout": MEAN.replace("total / len(values)",
                           "(total\n        / len(values))"),
    "numbers": MEAN.replace("= 0", "= 0x0"),
    "a pass": MEAN.replace("    total = 0", "    pass\n    total = 0"),
}


@pytest.mark.parametrize("what", SAME)
def test_wording_makes_no_other_form(what: str) -> None:
    assert SAME[what] != MEAN
    assert form(SAME[what]) == form(MEAN)


OTHER = {
    "another function": MEAN.replace("floor", "ceil"),
    "another operator": MEAN.replace("+=", "-="),
    "another number": MEAN.replace("= 0", "= 1"),
    "a float": MEAN.replace("= 0", "= 0.0"),
    "names swapped": MEAN.replace("total / len(values)",
                                  "total / len(total)"),
    "a decorator": MEAN.replace("def mean", "@print\ndef mean"),
    "a coroutine": MEAN.replace("def mean", "async def mean"),
    "a default": MEAN.replace("List[float])", "List[float] = ())"),
}


@pytest.mark.parametrize("what", OTHER)
def test_another_meaning_is_another_form(what: str) -> None:
    assert form(OTHER[what]) != form(MEAN)


def test_names_are_their_functions_own() -> None:
    one = ("def f(a):\n    return [i for i in a]\n"
           "def g(b):\n    return [i for i in b]\n")
    other = one.replace("i for i in b", "j for j in b")

    assert form(one) == form(other)


def test_a_loop_in_another_scope_is_another_form() -> None:
    nested = "def f(a):\n    def g():\n        return {}\n    return g\n"

    assert form(nested.format("a")) == form(
        nested.format("a").replace("a", "rows"))
    assert form(nested.format("a")) != form(nested.format("g"))


def test_attributes_of_self_are_ones_own_where_one_stores_them() -> None:
    case = ("class A:\n    def f(self, path):\n        self.base = path\n"
            "        self.base.cursor()\n        self.run(path=1)\n")

    assert form(case) == form(case.replace("self.base", "self.cursor"))
    assert form(case) != form(case.replace("run", "walk"))
    assert form(case) != form(case.replace(".cursor", ".close"))


def test_a_demanded_type_counts_by_the_names_in_it() -> None:
    modern = MEAN.replace("List[float]", "list[float]")
    wrong = MEAN.replace("List[float]", "list[int]")
    union = MEAN.replace("List[float]", "Union[int, float]")

    assert form(MEAN, typed=True) == form(modern, typed=True)
    assert form(MEAN, typed=True) != form(wrong, typed=True)
    assert form(union, typed=True) == form(
        MEAN.replace("List[float]", "int | float"), typed=True)


TESTS = '''\
class TestMean(unittest.TestCase):
    def test_one(self):
        self.assertEqual(mean([1]), 1)

    async def test_two(self):
        self.assertEqual(mean([1, 2]), 1)
'''


def test_a_task_of_methods_has_the_form_of_those() -> None:
    longer = TESTS + "\n    def test_three(self):\n        self.fail()\n"

    assert form(TESTS, "TestMean.test_one") == form(
        longer, "TestMean.test_one")
    assert form(TESTS, "TestMean.test_one") != form(
        TESTS, "TestMean.test_two")
    assert form(TESTS, "TestMean") != form(longer, "TestMean")
    assert form(TESTS, "TestOther.test_one") is None


@pytest.mark.parametrize("text", [
    "def f(:\n", "x = " + "-" * 5000 + "1", "\0", f"x = 0x{'f' * 5000}",
    "x = " + "(" * 150 + ")" * 150, "f" + "(1)" * 3000])
def test_what_nobody_would_write_has_no_form_and_does_no_harm(
        text: str) -> None:
    answer = asked(text)

    assert set(answer) == {"forms", "marks", "wording"}
    assert answer["marks"] == ""


def marks(text: str) -> set[bytes]:
    data = base64.b64decode(asked(text)["marks"])
    return {data[start:start + 4] for start in range(0, len(data), 4)}


def test_only_a_long_file_has_marks_and_never_many() -> None:
    assert marks(MEAN) == set()
    assert len(marks(LONG)) == forms.MOST_MARKS


def test_marks_last_where_the_code_does() -> None:
    renamed = LONG.replace("rows", "items").replace("limit", "most")
    longer = LONG + "\n\ndef more(a):\n    return {a: a, **a}\n"

    assert marks(renamed) == marks(LONG)
    assert len(marks(longer) & marks(LONG)) > 40
