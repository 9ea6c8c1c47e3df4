"""Every folder's README: its form, and that its examples are true."""

from __future__ import annotations

import doctest
import re
import runpy
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

# The virtual clock changes what this has imported, so it has to be there.
import aiosqlite  # noqa: F401
import pytest

from grader.inside.source import encode
from grader.inside.style import style
from grader.kit.virtualtime.patches import virtual_time
from grader.learner import statement
from grader.library.library import CHECKS, Folder, load_library

HEADINGS = ("What you will be able to do", "What you need to know first",
            "The idea", "Common mistakes", "Further reading",
            "How it is graded")
WIDTH = 79
# Examples are indented by four in a terminal of 80 columns.
EXAMPLE_WIDTH = 76
FEWEST_WORDS, MOST_WORDS = 300, 700
BUILT_IN = load_library()
FOLDERS = [folder for library in (
    BUILT_IN, *(load_library(BUILT_IN.root / name) for name in BUILT_IN.more))
    for folder in library.folders]
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


class Example(NamedTuple):
    """A block of a README that shows the interpreter.

    `file` is the task's in whose section it stands, "" for none.
    """

    folder: Folder
    line: int
    text: str
    file: str


def examples() -> Iterator[Example]:
    for folder in FOLDERS:
        readme = statement.read(folder)
        begins = [(readme.index(statement.section(readme, task)), task.file)
                  for task in folder.tasks]
        for block in _BLOCK.finditer(readme):
            if block[1] == "pycon":
                *_, file = ["", *(name for begin, name in begins
                                  if begin < block.start())]
                yield Example(folder, readme[:block.start(2)].count("\n"),
                              block[2], file)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Work in a new folder, whose modules are forgotten in the end."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(
                str(tmp_path)):
            del sys.modules[name]


@pytest.mark.parametrize(
    "example", list(examples()),
    ids=lambda each: f"{each.folder.name}:{each.line}")
def test_an_example_is_true(example: Example, here: Path) -> None:
    """Run it in a folder with the models, on a clock that jumps.

    In a task's section it goes on from `python3 -i` and the task's file,
    unless it imports what it needs itself.
    """
    shutil.copytree(example.folder.path, here, dirs_exist_ok=True,
                    ignore=shutil.ignore_patterns(CHECKS, "__pycache__"))
    with virtual_time():
        names = runpy.run_path(str(here / example.file)) if (
            example.file and "__import__(" not in example.text) else {}
        names["__name__"] = "__main__"
        told = false_lines(example, names)

    assert not told, told


def false_lines(example: Example, names: dict[str, Any]) -> str:
    """Run an example; return what comes out otherwise than it says."""
    told: list[str] = []
    doctest.DocTestRunner(verbose=False).run(
        doctest.DocTestParser().get_doctest(
            example.text, names, example.folder.name, "README.md",
            example.line),
        out=told.append)
    return "".join(told)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda each: each.name)
def test_a_readme_teaches_and_then_asks(folder: Folder) -> None:
    readme = statement.read(folder)
    titles = [f"{task.number}. {task.title}" for task in folder.tasks]

    assert readme.startswith(f"# {folder.title}\n")
    assert _HEADING.findall(readme) == [*HEADINGS, *titles]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda each: each.name)
def test_an_idea_is_told_with_examples_in_one_sitting(folder: Folder) -> None:
    idea = statement.introduction(statement.read(folder)).partition(
        "\n## The idea\n")[2].partition("\n## ")[0]

    assert FEWEST_WORDS <= len(idea.split()) <= MOST_WORDS, len(idea.split())
    assert "```pycon\n" in idea


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda each: each.name)
def test_the_rules_fit_ten_bullets(folder: Folder) -> None:
    rules = statement.read(folder).partition(
        "\n## How it is graded\n")[2].partition("\n## ")[0]

    assert 1 <= len(re.findall("^- ", rules, re.MULTILINE)) <= 10


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda each: each.name)
def test_a_whole_file_is_as_the_rules_want_it(folder: Folder) -> None:
    files = [block[2] for block in _BLOCK.finditer(statement.read(folder))
             if block[1] == "python" and block[2].startswith("#!")]
    judged = style.run({"files": [
        {"id": text, "source": encode(text.encode())} for text in files]})

    for text, remarks in judged["files"].items():
        assert not remarks["failures"], text


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda each: each.name)
def test_lines_have_one_width(folder: Folder) -> None:
    """Only what a main prints is as wide as it is."""
    readme = statement.read(folder)
    prose = _BLOCK.sub("", readme)
    code = [line for block in _BLOCK.finditer(readme)
            if block[1] != "console" for line in block[2].splitlines()]

    assert not [line for line in prose.splitlines() if len(line) > WIDTH]
    assert not [line for line in code if len(line) > EXAMPLE_WIDTH]


def test_a_false_example_would_be_noticed() -> None:
    example = Example(FOLDERS[0], 0, ">>> 1 + 1\n3\n", "")

    assert "Expected:\n    3\n" in false_lines(example, {})
