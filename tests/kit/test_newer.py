"""A text that only a newer Python can read is told from a broken one."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from grader.grading.verdict import Report
from grader.kit import newer
from grader.report.report import summary

Grade = Callable[..., Report]

# Texts, and the first Python that reads what is new in them.
TEXTS: list[tuple[str, tuple[int, int] | None]] = [
    ('print(f"{a["b"]}")', (3, 12)),
    ("x = f'{'\\n'.join(a)}'", (3, 12)),
    ("f'''{a # why\n}'''", (3, 12)),
    ("f'{f'{f'{1}'}'}'", (3, 12)),
    ("f'{a!r:>{width}} {b=} {{}} {c:%Y-%m-%d} {d!=e}'", (3, 12)),
    ("f'\\N{BULLET}{x}' 'and' rf'\\d{n}'", (3, 12)),
    ("f'{(lambda x: x)(1)} {a[1:2]} {b:{'>'}{10}}'", (3, 12)),
    ("def f[T](x: T) -> T: ...", (3, 12)),
    ("async def f[**P](): ...", (3, 12)),
    ("class A[T: int, *Ts](B):\n    def g[U](self): ...", (3, 12)),
    ("type X[T] = list[T]\ntype Y = int", (3, 12)),
    ("class A[T = int]: ...", (3, 13)),
    ("try:\n    f()\nexcept A, b.C:\n    pass", (3, 14)),
    ("try:\n    f()\nexcept* A, C:\n    pass", (3, 14)),
    ("t'hello {name}'", (3, 14)),
    ("try:\n    f()\nexcept A, e:\n    pass", None),
    ("def f(:", None), ("print 'x'", None), ("f'{a'", None),
    ("f'{}'", None), ("f'}'", None), ("f'{a", None), ("f'a\nb'", None),
    ("def f():\nreturn 1", None), ("def f[T(x): ...", None),
    ("f'{a}' def", None), ("f" * 60_000 + "(", None),
    ("f'{" * 100, None), ("(" * 1000, None),
]


@pytest.mark.parametrize("text, version", TEXTS)
def test_the_first_python_that_reads_a_text_is_known(
        text: str, version: tuple[int, int] | None) -> None:
    assert newer.known_from(text) == version


@pytest.mark.parametrize("text, version", [
    each for each in TEXTS if each[1] and each[1] <= sys.version_info[:2]])
def test_the_table_agrees_with_this_python(
        text: str, version: tuple[int, int]) -> None:
    subprocess.run([sys.executable, "-I", "-S", "-c", "import ast, sys\n"
                    "ast.parse(sys.argv[1])", text], check=True)


@pytest.mark.parametrize("text", [
    "x = 1", "def f():\n    return f'{1}'", "return f'{1}'", "def f(: ..."])
def test_nothing_is_said_of_what_no_python_reads_otherwise(
        text: str) -> None:
    assert newer.remark(text) == ""


@pytest.mark.parametrize("text", [
    "def f[" * 4000 + "]" * 4000, "x = f'{a}'\n" * 4000 + "(",
    "(" * 40_000, "f'{" * 15_000, "except A\n" * 5000, "type X[" * 7000,
    "'" * 49_999])
def test_no_text_keeps_it_busy(text: str) -> None:
    started = time.monotonic()

    newer.known_from(text)

    assert time.monotonic() - started < 20


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="it knows all")
@pytest.mark.parametrize("folder, file, task", [
    ("0x00-python_variable_annotations", "0-add.py", "0x00/0"),
    ("0x03-Unittests_and_integration_tests", "test_utils.py", "0x03/0")])
def test_a_learner_is_told_that_the_python_is_too_old(
        grade: Grade, folder: str, file: str, task: str) -> None:
    here = ".".join(map(str, sys.version_info[:2]))
    report = grade({f"{folder}/{file}": "x = t'{1}'\n"}, task)

    assert all(each.message.endswith(
        f" (Python {here} does not know this; 3.14 does)")
        for each in report.tasks[0].failures)
    assert f"; Python {here}." in summary(report)


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="it knows all")
def test_a_helper_that_is_too_new_is_named(grade: Grade) -> None:
    folder = "0x00-python_variable_annotations"
    report = grade({f"{folder}/0-add.py": "import helper\n",
                    f"{folder}/helper.py": "\nx = t'{1}'\n"}, "0x00/0")

    said = report.tasks[0].failures[0].message
    assert "does not load: SyntaxError: helper.py, line 2: " in said
    assert said.endswith("does not know this; 3.14 does)")
