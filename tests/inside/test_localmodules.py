"""Modules and packages that learners keep beside the files of tasks."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.grading.grading import Grader
from grader.grading.verdict import PASS, Report
from grader.library.library import Library
from grader.submission.submission import MAX_FILES, collect

Grade = Callable[..., Report]
FOLDER = "0x00-python_variable_annotations"
HEAD = '#!/usr/bin/env python3\n"""Sums of two floats."""\n\n'
ADD = ('\n\ndef add(a: float, b: float) -> float:\n'
       '    """Return a plus b."""\n    return plus(a, b)\n')
PLUS = ('"""Helpers of my own."""\n\n\n'
        'def plus(a: float, b: float) -> float:\n'
        '    """Return the sum."""\n    return a + b\n')

# What is beside 0-add.py, and how 0-add.py begins.
BESIDE = {
    "a helper": ({"helper.py": PLUS}, "from helper import plus\n"),
    "a helper named like a module": (
        {"queue.py": PLUS}, "from queue import plus\n"),
    "a helper that is named like a module and imports it by a library": (
        {"queue.py": PLUS + "\n\nimport concurrent.futures\n"
                            "concurrent.futures.ThreadPoolExecutor(1)"
                            ".submit(len, '').result()\n"},
        "from queue import plus\n"),
    "a helper that is named like a module that asyncio needs": (
        {"types.py": PLUS, "random.py": PLUS},
        "import asyncio\nfrom types import plus\n\n"
        "asyncio.run(asyncio.sleep(0))\n"),
    "a helper named like a module, imported by a function": (
        {"string.py": PLUS},
        "import importlib\n\nplus = importlib.import_module('string').plus\n"),
    "a helper named like a module, imported by __import__": (
        {"string.py": PLUS}, 'plus = __import__("string").plus\n'),
    "a helper named like a module, imported late": (
        {"string.py": PLUS},
        '\n\ndef plus(a: float, b: float) -> float:\n'
        '    """Return the sum of another."""\n'
        '    from string import plus as other\n    return other(a, b)\n'),
    "a helper named like a library of the grader's": (
        {"requests.py": PLUS, "parameterized.py": ""},
        "from requests import plus\n"),
    "a helper named like the grader": (
        {"grader.py": PLUS}, "from grader import plus\n"),
    "a package": (
        {"lib/__init__.py": "", "lib/sums.py": PLUS},
        "from lib.sums import plus\n"),
    "a package that offers it itself": (
        {"lib/__init__.py": "from .sums import plus\n", "lib/sums.py": PLUS},
        "import lib\n\nplus = lib.plus\n"),
    "a folder": (
        {"lib/sums.py": PLUS}, "import lib.sums\n\nplus = lib.sums.plus\n"),
    "a module of a folder under another name": (
        {"lib/sums.py": PLUS},
        "import lib.sums as own\n\nplus = own.plus\n"),
    "packages in packages": (
        {"a/__init__.py": "", "a/b/__init__.py": "", "a/b/c/sums.py": PLUS},
        "from a.b.c.sums import plus\n"),
    "a package named like a module": (
        {"json/__init__.py": "from .tools import plus\n",
         "json/tools.py": PLUS},
        "import json\nfrom json.tools import plus\n\nassert json.plus\n"),
    "a folder named like a module, which the module hides": (
        {"json/tools.py": PLUS},
        "import json\n\njson.dumps(1)\nplus = float.__add__\n"),
    "a helper named like what is part of Python": (
        {"time.py": "", "sys.py": "", "os.py": ""},
        "import os\nimport sys\nimport time\n\n"
        "assert time.time() and sys.path and os.sep\n"
        "plus = float.__add__\n"),
}


@pytest.mark.parametrize("what", BESIDE)
def test_a_file_finds_beside_it_what_python_finds(
        what: str, grade: Grade) -> None:
    files, head = BESIDE[what]

    report = grade({f"{FOLDER}/0-add.py": HEAD + head + ADD} | {
        f"{FOLDER}/{name}": text for name, text in files.items()}, "0x00/0")

    said = report.tasks[0]
    assert said.dimensions["behaviour"] == PASS, said.failures
    assert said.dimensions["types"] == PASS, said.failures
    assert not [each for each in said.advice if "offers no" in each]


def test_a_type_that_a_helper_defines_is_known(grade: Grade) -> None:
    source = HEAD + ('from typing import List\n\nfrom lib.types import '
                     'Numbers\n\n\ndef sum_list(input_list: Numbers) -> '
                     'float:\n    """Return the sum."""\n'
                     '    return sum(input_list)\n')
    wrong = "from typing import List\n\nNumbers = List[str]\n"

    for helper, status in ((wrong.replace("str", "float"), "pass"),
                           (wrong, "fail")):
        report = grade({f"{FOLDER}/4-sum_list.py": source,
                        f"{FOLDER}/5-sum_list.py": source,
                        f"{FOLDER}/lib/types.py": helper},
                       f"{FOLDER}/5-sum_list.py")
        assert report.tasks[0].dimensions["types"] == status


def test_a_helper_that_mypy_cannot_read_costs_no_types(grade: Grade) -> None:
    report = grade({f"{FOLDER}/0-add.py":
                    HEAD + "from broken import plus\n" + ADD,
                    f"{FOLDER}/broken.py": "def plus(:\n"}, "0x00/0")

    assert report.tasks[0].dimensions == {
        "behaviour": "fail", "types": "pass", "style": "pass"}


def test_a_learners_tests_may_have_helpers_too(grade: Grade) -> None:
    tests = "0x03-Unittests_and_integration_tests"
    report = grade({f"{tests}/test_utils.py": '''\
#!/usr/bin/env python3
"""Tests of the helpers."""

import unittest

from parameterized import parameterized

from lib.cases import FOLLOWED
from queue import NOTHING
from utils import access_nested_map


class TestAccessNestedMap(unittest.TestCase):
    """Nested maps are followed."""

    @parameterized.expand(FOLLOWED)
    def test_access_nested_map(self, nested_map, path, expected):
        """The value comes back."""
        self.assertEqual(access_nested_map(nested_map, path), expected)
        self.assertIsNone(NOTHING)
''',
                    f"{tests}/queue.py": "NOTHING = None\n",
                    f"{tests}/utils/__init__.py": "access_nested_map = len\n",
                    f"{tests}/lib/cases.py": '''\
FOLLOWED = [({"a": 1}, ("a",), 1), ({"a": {"b": 2}}, ("a",), {"b": 2}),
            ({"a": {"b": 2}}, ("a", "b"), 2)]
'''}, "0x03/0")

    assert report.tasks[0].status == PASS, report.tasks[0].failures


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a task folder whose file needs a helper and a page."""
    folder = tmp_path / "ann" / FOLDER
    folder.mkdir(parents=True)
    (folder / "0-add.py").write_text(
        HEAD + "from lib.sums import plus\n\nopen('page.csv').close()\n"
        + ADD)
    (folder / "lib").mkdir()
    (folder / "lib" / "sums.py").write_text(PLUS)
    (folder / "page.csv").write_text("a,b\n")
    return folder


def said(folder: Path, library: Library, grader: Grader) -> list[str]:
    task, = library.select(["0x00/0"])
    report = grader.grade(collect(folder.parent, library), [task])
    return [each.message for each in report.tasks[0].failures
            if each.dimension == "behaviour"]


def test_files_without_number_push_out_none_that_is_needed(
        folder: Path, library: Library, grader: Grader) -> None:
    for number in range(2 * MAX_FILES):
        (folder / f"a{number}.py").write_text("")
        (folder / f"data{number}.csv").write_text("a,b\n")

    assert said(folder, library, grader) == []


def test_a_file_that_is_missed_and_was_not_read_is_named(
        folder: Path, library: Library, grader: Grader) -> None:
    os.rename(folder / "lib" / "sums.py", folder / "lib" / "other.py")
    (folder / "lib" / "sums.py").symlink_to("other.py")

    assert said(folder, library, grader) == [
        "0-add.py, line 4 does not load: it needs lib.sums, which this task "
        "does not offer; lib/sums.py is a symbolic link"]


def test_a_page_too_many_that_is_missed_is_named(
        folder: Path, library: Library, grader: Grader) -> None:
    name = "'p' + 'age' + '.csv'"
    source = (folder / "0-add.py").read_text()
    (folder / "0-add.py").write_text(source.replace("'page.csv'", name))
    (folder / "page.csv").write_text("a,b\n" * 100)
    for number in range(MAX_FILES):
        (folder / f"data{number}.csv").write_text("a,b\n")

    message, = said(folder, library, grader)
    assert "'page.csv'; page.csv was not read: its folder holds" in message
