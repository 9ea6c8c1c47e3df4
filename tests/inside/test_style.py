"""The style dimension: shebang, docstrings, pycodestyle, and traps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pycodestyle  # type: ignore[import-untyped]
import pytest

from grader.findings.untrusted import Remarks, Untrustworthy, decode
from grader.inside import source
from grader.inside.style import pep8, style
from grader.library.library import Library
from grader.submission import submission
from grader.tools import style as outside
from grader.tools.style import StyledFile
from grader.tools.tools import Lost
from tests.helpers.toolbox import Here

HEAD = '#!/usr/bin/env python3\n"""A module of its own."""\n'
ADD = ('\n\ndef add(a: float, b: float) -> float:\n'
       '    """Return the sum of two numbers."""\n    return a + b\n')
GOOD = HEAD + ADD
DOC = '"""Say what it does."""'
LONG = "x = '" + "a" * 80 + "'\n"


def judge(text: str | bytes, is_executable: bool | None = None) -> Remarks:
    data = text if isinstance(text, bytes) else text.encode()
    file = StyledFile(id="it", source=data, is_executable=is_executable)
    return outside.judge([file], Here(style.run))["it"]


def test_a_good_file_has_no_remarks() -> None:
    assert judge(GOOD, is_executable=True) == Remarks()


CASES: dict[str, tuple[str, str]] = {
    "empty file": ("", "first line should be #!/usr/bin/env python3"),
    "no shebang": (GOOD.partition("\n")[2], "first line should be"),
    "other shebang": (GOOD.replace("env python3", "python3"), "first line"),
    "misspelt": (GOOD.replace("env", "emv"), "first line should be"),
    "blank in it": (GOOD.replace("#!", "#! "), "first line should be"),
    "shebang second": ("\n" + GOOD, "first line should be"),
    "no module docstring": (GOOD.replace('"""A module of its own."""\n', ""),
                            "the module has no docstring"),
    "late docstring": (HEAD.replace('"""A', 'import os\n"""A') + ADD,
                       "the module has no docstring: the text in line 3 "
                       "does not come first"),
    "comment instead": (GOOD.replace('"""A module of its own."""',
                                     "# A module of its own"),
                        "the module has no docstring"),
    "one word": (GOOD.replace("A module of its own.", "Module"),
                 "docstring of the module should be a sentence"),
    "empty docstring": (GOOD.replace("Return the sum of two numbers.", " "),
                        "function add has no docstring"),
    "no docstring": (GOOD.replace(
        '    """Return the sum of two numbers."""\n', ""),
        "function add has no docstring"),
    "one word with an accent": (GOOD.replace(
        "Return the sum of two numbers.", "R\u00e9sum\u00e9"),
        "docstring of function add should be a sentence"),
    "one-word function": (GOOD.replace("Return the sum of two numbers.",
                                       "add"),
                          "docstring of function add should be a sentence"),
    "async function": (HEAD + "\n\nasync def f():\n    return 1\n",
                       "function f has no docstring"),
    "class": (HEAD + "\n\nclass Thing:\n    x = 1\n",
              "class Thing has no docstring"),
    "method": (HEAD + f"\n\nclass Thing:\n    {DOC}\n\n"
               "    def act(self):\n        return 1\n",
               "method Thing.act has no docstring"),
    "under if": (HEAD + "\nif True:\n    def f():\n        return 1\n",
                 "function f has no docstring"),
    "long line": (GOOD + LONG, "line 8, column 80: the line is longer than "
                               "79 characters [E501]"),
    "noqa": (GOOD + LONG.replace("\n", "  # noqa\n"), "[E501]"),
    "noqa code": (GOOD + "x=1  # NoQA: E225\n", "[E225]"),
    "nopep8": (GOOD + "x = None\ny = x == None  # nopep8\n", "[E711]"),
    "file noqa": (GOOD.replace("\n", "\n# flake8: noqa\n", 1) + "x=1\n",
                  "[E225]"),
    "no newline": (GOOD.rstrip("\n"),
                   "the file does not end in a newline [W292]"),
    "blank end": (GOOD + "\n\n", "blank lines at the end of the file"),
    "trailing blank": (GOOD.replace("a + b", "a + b "),
                       "blanks at the end of the line [W291]"),
    "tabs": (GOOD.replace("    return", "\treturn").replace("    ", "\t"),
             "[W191]"),
    "one blank line": (GOOD.replace("\n\n\ndef", "\n\ndef"),
                       "line 4, column 1: a top-level definition needs two "
                       "blank lines before it [E302]"),
    "operator": (GOOD + "x=1\n", "[E225]"),
    "comma": (GOOD + "x = [1,2]\n", "a comma or colon lacks the blank"),
    "beside an f-string": (GOOD + "x = [f'{1}',f'{2}']\n", "[E231]"),
    "long f-string": (GOOD + LONG.replace("'", "f'", 1), "[E501]"),
    "bare except": (GOOD + "try:\n    x = 1\nexcept:\n    pass\n", "[E722]"),
    "one long word in a comment": (
        GOOD + "# " + "x" * 5000 + "\n", "line 8, column 80: the line is"),
    "one long word in a docstring": (
        GOOD.replace("numbers.", "numbers.\n\n" + "x" * 5000), "[E501]"),
    "docstring without a letter": (
        GOOD.replace("A module of its own.", ". ."),
        "docstring of the module should be a sentence, and has no letter"),
    "docstring of numbers": (
        GOOD.replace("Return the sum of two numbers.", "1 + 2 = 3"),
        "docstring of function add should be a sentence"),
    "docstring that is invisible": (
        GOOD.replace("A module of its own.", "\u200b \u200b"), "no letter"),
    "exec": (GOOD + "exec('x=1')\n",
             "line 8: code in a text escapes the style checker"),
    "exec of a variable": (GOOD + "CODE = 'x=1'\nexec(CODE)\n", "line 9"),
    "exec from builtins": (
        GOOD + "builtins.exec(compile('x=1', 'x', 'exec'))\n", "line 8"),
    "exec under another name": (GOOD + "run = exec\nrun('x=1')\n",
                                "line 8: code in a text"),
    "exec imported": (HEAD + "from builtins import exec as run\n" + ADD,
                      "line 3: code in a text"),
    "syntax": (GOOD + "x = (\n", "line 8: '(' was never closed"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_fault_is_named(name: str) -> None:
    text, says = CASES[name]
    messages = [one.message for one in judge(text).failures]
    assert any(says in message for message in messages), messages


CLEAN = {
    "private function": GOOD + "\n\ndef _help():\n    return 1\n",
    "dunder method": (HEAD + f"\n\nclass Thing:\n    {DOC}\n\n"
                      "    def __init__(self):\n        self.x = 1\n"),
    "private class": HEAD + "\n\nclass _Thing:\n    x = 1\n",
    "setter": (HEAD + f"\n\nclass Thing:\n    {DOC}\n\n    @property\n"
               f"    def x(self):\n        {DOC}\n        return 1\n\n"
               "    @x.setter\n    def x(self, value):\n        pass\n"),
    "no blanks in the script": GOOD.replace(
        "Return the sum of two numbers.", "\u8fd4\u56de\u548c\u3002"),
    "single quotes": GOOD.replace('"""', "'''"),
    "line of 79": HEAD + "x = '" + "a" * 73 + "'\n",
    "break before operator": HEAD + "x = (1\n     + 2)\n",
    "break after operator": HEAD + "x = (1 +\n     2)\n",
    "f-string": HEAD + "x = [1]\ny = f'{ x[0] }{x[0]:d}{[1,2]!r}'\n",
    "f-string in an f-string": HEAD + "x = f'{f\"{ [1,2] }\"}'\n",
    "a long address": GOOD + "# https://example.org/" + "x" * 200 + "\n",
    "a long rule": GOOD + "# " + "-" * 100 + "\n",
    "docstring of a word and a number": GOOD.replace(
        "A module of its own.", "Task 0"),
    "exec of a sibling": HEAD + "exec(open('0-add.py').read())\n",
    "a pattern": HEAD + "import re\n\nWORD = re.compile('a b')\n",
    "non-ascii": HEAD + "x = 'é 漢字'\n",
}


@pytest.mark.parametrize("name", CLEAN)
def test_what_is_not_demanded_does_not_fail(name: str) -> None:
    assert judge(CLEAN[name]).failures == ()


def test_a_fault_is_reported_once() -> None:
    assert len(judge(GOOD.rstrip("\n")).failures) == 1
    assert len(judge(GOOD.replace("python3\n", "python3 \n", 1)).failures) \
        == 1


def test_a_failure_has_its_line_and_what_was_found() -> None:
    found, = judge(GOOD.replace("env python3", "env python")).failures
    assert (found.dimension, found.cause, found.line) == ("style", "wrong", 1)
    assert found.expected == "#!/usr/bin/env python3"
    assert found.got == "#!/usr/bin/env python"


def test_line_ends_of_windows_are_advice_only() -> None:
    remarks = judge(GOOD.replace("\n", "\r\n"))
    assert remarks.failures == ()
    advice, = remarks.advice
    assert "CRLF" in advice


def test_a_byte_order_mark_is_advice_only() -> None:
    remarks = judge(b"\xef\xbb\xbf" + GOOD.encode())
    assert remarks.failures == ()
    assert "byte order mark" in remarks.advice[0]


def test_the_exec_bit_is_advice_only() -> None:
    remarks = judge(GOOD, is_executable=False)
    assert remarks.failures == ()
    assert "chmod" in remarks.advice[0]
    assert judge(GOOD, is_executable=None) == Remarks()


def test_the_text_of_an_expression_is_advice_only() -> None:
    remarks = judge(HEAD + "x = eval('1+2')\n")
    assert remarks.failures == ()
    advice, = remarks.advice
    assert advice.startswith("line 3: what eval works out")


def test_an_inner_function_needs_no_docstring() -> None:
    text = GOOD.replace("    return a + b", "    def inner():\n"
                        "        return a + b\n    return inner()")
    assert judge(text) == Remarks()


@pytest.mark.parametrize("data", [
    b"\0", b"# \xe9\n", b"(" * 5000, b"x = " + b"-" * 100_000 + b"1\n",
    b"# coding: no-such\n", b"return 1\n"])
def test_a_broken_file_costs_only_itself(data: bytes) -> None:
    files = [StyledFile(id="bad", source=data),
             StyledFile(id="good", source=GOOD.encode())]
    remarks = outside.judge(files, Here(style.run))
    assert [one.cause for one in remarks["bad"].failures] == ["broken"]
    assert remarks["good"] == Remarks()


def test_planted_configuration_is_not_read(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("setup.cfg", "tox.ini", ".config/pycodestyle"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("[pycodestyle]\nignore = E,W\n"
                        "max-line-length = 200\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / ".config"))
    pep8._guide.cache_clear()
    codes = [slip.code for slip in pep8.slips(HEAD + LONG + "x=1\n")]
    pep8._guide.cache_clear()
    assert codes == ["E501", "E225"]


def test_failures_are_bounded() -> None:
    assert 0 < len(judge(HEAD + "x=1\n" * 5000).failures) <= 50


def test_a_file_that_ends_the_run_costs_only_itself() -> None:
    def run(request: dict[str, Any]) -> object:
        if any(one["id"] == "d" for one in request["files"]):
            raise Lost("memory")
        return style.run(request)

    files = [StyledFile(id=id, source=GOOD.encode()) for id in "abcde"]
    remarks = outside.judge(files, Here(run))
    assert {id: [one.cause for one in remarks[id].failures]
            for id in remarks} == {"a": [], "b": [], "c": [], "e": [],
                                   "d": ["memory"]}


def test_an_answer_in_another_form_is_not_believed() -> None:
    with pytest.raises(Untrustworthy):
        decode({"files": {"it": {"failures": []}}}, ["it"], "style")


def test_every_rule_is_stated_in_every_folder_that_demands_it(
        library: Library) -> None:
    for folder in library.folders:
        if "style" in folder.dimensions:
            words = (folder.path / "README.md").read_text("utf-8").split()
            statement = " ".join(words)
            for rule, text in style.RULES.items():
                assert text in statement, (folder.name, rule)
            assert "ends with a newline" in statement
            assert ("inner functions and names that start with `_` may do "
                    "without" in statement)


def test_pycodestyle_complains_as_it_does_for_anybody() -> None:
    assert set(pep8.IGNORED) == set(pycodestyle.DEFAULT_IGNORE.split(","))
    assert pep8.MAX_LINE_LENGTH == pycodestyle.MAX_LINE_LENGTH
    assert source.MAX_BYTES == submission.MAX_BYTES == 256 << 10


LATER = {
    "yield(": ("def f() -> None:\n    yield(1)\n", "E275"),
    "not(": ("x = not(1)\n", "E275"),
    "word": ("x = (1)and 2\n", "E225"),
    "parameter": ("def f(l: int) -> None:\n    pass\n", "E741"),
    "lambda": ("x = sorted([], key=lambda l: 1)\n", "E741"),
    "loop": ("for l in []:\n    pass\n", "E741"),
    "type": ("x = type(1) == int\n", "E721"),
    "decorator": ("@ staticmethod\ndef f() -> None:\n    pass\n", "E204"),
}
EARLIER = {
    "from x import(y)": ("from os import(path)\n", "E275"),
    "name": ("l = 1\n", "E741"),
    "with as": ("with open('x') as l:\n    pass\n", "E741"),
    "types": ("x = 1 == type(1)\n", "E721"),
    "operator": ("x=1\n", "E225"),
}


@pytest.mark.parametrize("text, code", [*LATER.values(), *EARLIER.values()],
                         ids=[*LATER, *EARLIER])
def test_only_what_the_version_of_the_course_finds_fails(
        text: str, code: str) -> None:
    found = {slip.is_later for slip in pep8.slips(text) if slip.code == code}
    assert found == {(text, code) in LATER.values()}


def test_a_later_rule_advises() -> None:
    said = judge(GOOD.replace("return a + b", "return(a + b)"))
    assert not said.failures
    assert "newer versions of pycodestyle" in said.advice[0]


SHARED = HEAD + '''import unittest


class TestOne(unittest.TestCase):
    """The tests of the one."""

    def test_a(self) -> None:
        """Say what it does."""
        x=1

    def test_b(self) -> None:
        """Say what it does."""


class TestTwo(unittest.TestCase):
    """The tests of the other."""
    def setUp(self) -> None:
        pass
'''


@pytest.mark.parametrize("methods, codes", [
    (["TestOne.test_a"], ["E225"]), (["TestOne.test_b"], []),
    (["TestTwo"], ["no docstring"]), (["TestTwo.test_c"], [])])
def test_a_fault_counts_for_the_task_whose_test_has_it(
        library: Library, methods: list[str], codes: list[str]) -> None:
    tasks = [replace(library.folders[3].tasks[0], methods=tuple(each))
             for each in (["TestOne.test_a"], ["TestOne.test_b"],
                          ["TestTwo"], ["TestTwo.test_c"])]
    task, = [each for each in tasks if list(each.methods) == methods]
    found = outside.of_task(judge(SHARED), task, tasks).failures
    assert [code for code in codes if code in found[0].message] == codes
    assert len(found) == len(codes)


def test_a_fault_of_the_module_counts_for_each_task(
        library: Library) -> None:
    task = replace(library.folders[3].tasks[0], methods=("TestOne.test_b",))
    text = SHARED.replace("import unittest", "import unittest;import os")
    found = outside.of_task(judge(text), task, [task]).failures
    assert found
