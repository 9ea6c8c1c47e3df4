"""The mutants are many, one small folder's are all noticed, and a suite or
an explanation that no longer holds is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from grader.grading.verdict import FAIL
from grader.library.library import Library, Task
from tests.conftest import Grade
from tests.mutants.judging import Check, Verdict, checks, judge
from tests.mutants.misstyled import misstyled
from tests.mutants.mutant import Mutant, every_mutant
from tests.mutants.mutations import (
    Mutation, misannotations, mutations, weakenings)
from tests.mutants.result import Result, result

Mutate = Callable[[str], Iterator[Mutation]]


@pytest.mark.parametrize("source, changed", [
    ("a < b", "a <= b"), ("a < b", "a != b"), ("a + b", "a - b"),
    ("a + b", "a"), ("a / b", "a // b"), ("a and b", "a or b"),
    ("a and b", "b"), ("not a", "a"), ("a is b", "a is not b"),
    ("a in b", "a not in b"), ("a = 2", "a = 3"), ("a = 2", "a = 1"),
    ("a = 2", "a = None"), ("a = True", "a = False"),
    ("a = 'b'", "a = 'xb'"), ("a = 'b'", "a = 'bx'"),
    ("a = 'b c'", "a = 'b '"), ("a += b", "a -= b"), ("a += b", "a = b"),
    ("f(a)", "pass"), ("b = f(a)", "b = a"), ("b = f(a)", "b = f(None)"),
    ("f(a, b)", "f(b)"), ("f(a, b)", "f(b, a)"), ("f(a=b)", "f()"),
    ("f(a=b)", "f(a=None)"), ("b = a.f()", "b = a"),
    ("a[b:c]", "a[:c]"), ("a[b:c]", "a[b:]"), ("a = (b, c)", "a = (c, b)"),
    ("a = [b, c]", "a = [c]"), ("a = {b: c}", "a = {}"),
    ("[a for a in b if c]", "[a for a in b]"),
    ("for a in b:\n    c", "for a in ():\n    c"),
    ("for a in b:\n    break", "for a in b:\n    continue"),
    ("while a:\n    continue", "while not a:\n    continue"),
    ("try:\n    a\nexcept B:\n    c", "try:\n    a\nexcept "
     "ZeroDivisionError:\n    c"),
    ("raise A('b')", "raise ZeroDivisionError"), ("raise", "pass"),
    ("with a:\n    b", "if True:\n    b"),
    ("@a\ndef b():\n    c", "def b():\n    c"),
    ("def a(b=c):\n    d", "def a(b):\n    d"),
    ("def a():\n    return b", "def a():\n    return None"),
    ("def a():\n    yield b", "def a():\n    yield None"),
    ("def a():\n    b", "async def a():\n    b"),
    ("async def a():\n    await b", "async def a():\n    b"),
])
def test_a_program_is_changed(source: str, changed: str) -> None:
    assert changed in texts(mutations, source)


@pytest.mark.parametrize("changed", [
    "def f(a, b: str) -> list[int]: ...", "def f(a: int, b: str): ...",
    "def f(a: float, b: str) -> list[int]: ...",
    "def f(a: int, b: str) -> list: ...",
    "def f(a: int, b: str) -> typing.Any: ...",
    "def f(a_: int, b: str) -> list[int]: ...",
    "def f(b: str, a: int) -> list[int]: ...",
    "async def f(a: int, b: str) -> list[int]: ..."])
def test_a_prototype_is_changed(changed: str) -> None:
    source = "def f(a: int, b: str) -> list[int]: ..."

    found = texts(misannotations, source)

    assert f"import typing\n{changed.replace(' ...', chr(10) + '    ...')}" \
        in found


def test_a_style_is_changed() -> None:
    found = texts(misstyled, '#!/usr/bin/env python3\n"""It is."""\na = 1\n')

    assert '"""It is."""\na = 1' in found
    assert "#!/usr/bin/env python3\npass\na = 1" in found


def test_a_test_is_weakened() -> None:
    source = "self.assertEqual(a, b)"

    found = texts(weakenings, source)

    assert "self.assertIsNotNone(a)" in found
    assert "self.assertEqual(b, a)" not in found


def test_messages_and_type_variables_are_left_alone() -> None:
    assert texts(mutations, "T = TypeVar('T')") == set()
    assert "print('xa')" not in texts(mutations, "print('a')")


def texts(mutate: Mutate, source: str) -> set[str]:
    return {each.text.strip() for each in mutate(source)}


def test_every_mutant_of_a_small_folder_is_noticed(library: Library) -> None:
    tasks = library.select(["0x02"])

    verdicts = judge(library, list(every_mutant(library, tasks)))

    found = result(library, tasks, verdicts)
    assert found.mutants > 100
    assert found.is_sound, "\n".join(found.lines())


@pytest.fixture
def task(library: Library) -> Task:
    return library.select(["0x02/2"])[0]


def test_a_survivor_without_a_reason_is_told(
        library: Library, task: Task) -> None:
    found = judged(library, task, verdict(task, is_caught=False))

    assert found.unexplained == [f"{path(task)} a change"]
    assert not found.is_sound


def test_a_reason_for_what_is_caught_or_gone_is_told(
        library: Library, task: Task) -> None:
    found = judged(library, task, verdict(task, is_caught=True))

    assert "async_comprehension" in "".join(found.outdated)


def test_a_model_that_fails_unchanged_is_told(
        library: Library, task: Task) -> None:
    control = Verdict(Mutant(tasks=(task,), file=path(task), name="nothing",
                             text="", is_control=True), is_caught=True)

    found = judged(library, task, control)

    assert found.wrong_controls == [f"{path(task)} nothing"]


def test_a_check_that_notices_only_what_all_do_is_told(
        library: Library, task: Task) -> None:
    every = frozenset(checks(library, task))
    some = frozenset(list(every)[:2])

    assert len(judged(library, task, verdict(
        task, is_caught=True, seen_by=every)).idle) == len(every)
    assert len(judged(library, task, verdict(
        task, is_caught=True, seen_by=some)).idle) == len(every) - 2


def path(task: Task) -> str:
    return f"{task.folder}/{task.file}"


def verdict(task: Task, *, is_caught: bool,
            seen_by: frozenset[Check] = frozenset()) -> Verdict:
    mutant = Mutant(tasks=(task,), file=path(task), name="a change", text="")
    return Verdict(mutant, is_caught, seen_by)


def judged(library: Library, task: Task, *verdicts: Verdict) -> Result:
    return result(library, [task], verdicts)


RETRY = "python-decorators-0x01/3-retry_on_failure.py"


@pytest.mark.parametrize("file, old, new, check", [
    ("0x01-python_async_function/0-basic_async_syntax.py", "int = 10",
     "int = 9", "test_waits_up_to_10_seconds_without_an_argument"),
    (RETRY, "return func(*args, **kwargs)\n                except",
     "return func(*args)\n                except",
     "test_passes_arguments_on"),
    (RETRY, "            return func(*args, **kwargs)\n        return",
     "            return func(*args)\n        return",
     "test_passes_arguments_on_in_every_attempt"),
    ("python-decorators-0x01/4-cache_query.py",
     "query_cache[key] = func(conn,", "query_cache[key] = func(None,",
     "test_passes_the_connection_on"),
])
def test_what_once_went_unnoticed_fails(
        library: Library, grade: Grade, file: str, old: str, new: str,
        check: str) -> None:
    source = (library.root / file).read_text()
    assert source.count(old) == 1

    verdict, = grade({file: source.replace(old, new)}, file).tasks

    assert verdict.status == FAIL
    # A check on fresh inputs may notice it, too, after the fixed one.
    assert verdict.failures[0].check == check
