"""What was judged by its types is what was called, or it fails in words."""

from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader.findings.finding import Finding
from grader.findings.untrusted import Remarks
from grader.grading.identity import confirmed
from grader.inside.typecheck import typecheck
from grader.kit import channel
from grader.kit.case import Subject
from grader.kit.loading import compile_source
from grader.kit.traits import Annotation, Traits, traits_of, words
from grader.kit.transcript import Alone
from grader.tools import typecheck as types
from grader.tools.typecheck import TypedFile
from tests.helpers.annotations import MODELS, ROWS, typed_file
from tests.helpers.toolbox import Here

FLOOR = typed_file("floor", "floor", MODELS["floor"])
RIGHT = [file for file, says in ROWS if says is None]


@pytest.fixture(scope="module")
def judged(mypy_cache: Path) -> dict[str, Remarks]:
    return types.judge([*RIGHT, FLOOR], Here(typecheck.run), mypy_cache)


def loaded(source: bytes) -> ModuleType:
    module = ModuleType("submission")
    exec(compile_source(source, "2-floor.py"), vars(module))
    return module


def called(source: bytes, *names: str) -> Remarks:
    """Return what the behaviour says once a suite has taken the names."""
    module = loaded(source)
    channel.called()
    for name in names:
        getattr(Subject(module, "2-floor.py", Alone()), name)
    return Remarks(traits=tuple(channel.called()))


def said(judged: Remarks, source: str, name: str = "floor") -> list[str]:
    found = confirmed(judged, called(source.encode(), name))
    return [each.message for each in found.failures]


@pytest.mark.parametrize("file", RIGHT, ids=[file.id for file in RIGHT])
def test_right_annotations_are_the_same_once_the_file_has_run(
        file: TypedFile, judged: dict[str, Remarks]) -> None:
    wanted = judged[file.id]
    names = [each.name for each in wanted.traits]
    assert names
    try:
        behaviour = called(file.source, *names)
    except Exception:
        pytest.skip("it does not load")

    assert confirmed(wanted, behaviour).failures == ()


OTHERS = {
    "def floor(n: float) -> int:\n    return 0\n":
        "floor is not the function of line 1 once the file has run, but "
        "another",
    "\n" + MODELS["floor"]: "but another",
    "import math\nfloor = math.floor\n": "but of type builtin_function",
    MODELS["floor"] + "floor = type('Other', (), {})()\n":
        "but of type Other",
    MODELS["floor"] + "import functools\nfloor = functools.cache(floor)\n":
        "but another",
    MODELS["floor"] + "del floor.__annotations__['n']\n":
        "parameter n of floor is annotated float, but that is gone once the "
        "file has run",
    MODELS["floor"] + "floor.__annotations__['return'] = str\n":
        "the return of floor is annotated int, but that is str once the "
        "file has run",
    MODELS["floor"] + "floor.__annotations__['n'] = 'List[int]'\n":
        "parameter n of floor is annotated float, but that is List[int]",
    MODELS["floor"] + "float = str\nfloor.__annotations__['n'] = 'float'\n":
        "parameter n of floor is annotated float, but that is made of str",
}


@pytest.mark.parametrize("source", OTHERS)
def test_another_function_is_told_apart_in_words(
        source: str, judged: dict[str, Remarks]) -> None:
    assert any(OTHERS[source] in message
               for message in said(judged["floor"], source))


def test_a_difference_is_said_once_with_its_line(
        judged: dict[str, Remarks]) -> None:
    behaviour = called(b"floor = abs", "floor")
    twice = replace(behaviour, traits=behaviour.traits * 2)

    assert confirmed(judged["floor"], twice).failures == (Finding(
        dimension="types", check="types", cause="wrong", line=1,
        message="floor is not the function of line 1 once the file has run, "
                "but of type builtin_function_or_method"),)


def test_a_pass_that_shows_nothing_of_what_it_called_is_not_believed(
        judged: dict[str, Remarks]) -> None:
    found, = confirmed(judged["floor"], Remarks()).failures
    assert found.cause == "untrusted"


def test_a_failure_need_not_show_what_was_called(
        judged: dict[str, Remarks]) -> None:
    failed = Remarks(failures=(Finding(
        dimension="behaviour", check="test_it", cause="broken",
        message="it does not load"),))
    assert confirmed(judged["floor"], failed).failures == ()
    lost = Remarks(error="the grader could not tell")
    assert confirmed(judged["floor"], lost).failures == ()


def test_a_cache_is_the_function_that_it_calls() -> None:
    module = loaded(b"import functools\n\n@functools.cache\n"
                    + MODELS["floor"].encode())
    traits = traits_of("floor", module.floor, module)
    assert (traits.line, traits.layers) == (3, 1)

    other: Any = functools.cache(abs)
    other.__wrapped__ = module.floor.__wrapped__
    assert traits_of("floor", other, module) == Traits(
        name="floor", kind="_lru_cache_wrapper", annotations={})


def test_the_traits_of_a_variable_are_its_annotation() -> None:
    module = loaded(b"a: int = 1\nb: str = ''\n")
    assert traits_of("a", module.a, module) == Traits(
        name="a", kind="int",
        annotations={"a": Annotation(text="int", words=["int"])})


def test_a_class_of_a_known_name_is_another() -> None:
    module = loaded(b"class float:\n    __module__ = 'builtins'\n")
    assert list(words(module.float, {})) == ["own.float"]
    assert list(words(float, {})) == ["float"]


def test_an_annotation_in_a_text_runs_no_calls() -> None:
    module = loaded(b"def floor(n: 'print(1)') -> 'int': ...\n")
    found = traits_of("floor", module.floor, module).annotations
    assert found == {"n": Annotation(text="print(1)", words=None),
                     "return": Annotation(text="int", words=["int"])}
