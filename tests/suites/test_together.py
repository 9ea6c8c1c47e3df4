"""Several tasks of a folder share a run, and none gains or loses by it."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Barrier
from typing import Any

import pytest

from grader.findings.untrusted import Remarks
from grader.grading.grading import Grader
from grader.grading.verdict import Report
from grader.library.library import Library
from grader.submission.submission import collect
from grader.suites.bench import Bench
from tests.conftest import RIGHT_FLOOR, Grade

FOLDER = "0x00-python_variable_annotations"
ADD, FLOOR, TEXT = (f"{FOLDER}/{name}" for name in (
    "0-add.py", "2-floor.py", "3-to_str.py"))
RIGHT_ADD = '''\
#!/usr/bin/env python3
"""Add numbers."""


def add(a: float, b: float) -> float:
    """Return the sum of two numbers."""
    return a + b
'''
RIGHT_TEXT = '''\
#!/usr/bin/env python3
"""Turn numbers into text."""


def to_str(n: float) -> str:
    """Return the text of a number."""
    return str(n)
'''
WRONG_ADD = RIGHT_ADD.replace("a + b", "a - b")
WRONG_FLOOR = RIGHT_FLOOR.replace("math.floor(n)", "7")


def statuses(report: Report) -> list[str]:
    return [each.status for each in report.tasks]


def graded(grade: Grade, *, add: str = RIGHT_ADD, floor: str = RIGHT_FLOOR,
           text: str = RIGHT_TEXT) -> Report:
    """Grade three tasks of one folder."""
    return grade({ADD: add, FLOOR: floor, TEXT: text},
                 "0x00/0", "0x00/2", "0x00/3")


@pytest.fixture
def runs(grader: Grader, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that gets the number of suites in each run."""
    counts: list[int] = []
    wall = type(grader._suites)
    run = wall.run

    def counted(self: Any, job: str, request: Any, *details: Any,
                **others: Any) -> Any:
        if job == "suite":
            counts.append(len(request["suites"]))
        return run(self, job, request, *details, **others)

    monkeypatch.setattr(wall, "run", counted)
    return counts


def test_a_folder_that_passes_takes_one_run(
        grader: Grader, library: Library, runs: list[int]) -> None:
    for folder in (each for each in library.folders
                   if each.judge == "suite"):
        runs.clear()
        report = grader.grade(
            collect(library.root, library), folder.tasks)

        assert statuses(report) == ["pass"] * len(folder.tasks)
        # The second run, where there is one, is that of the models.
        assert runs[0] == len(folder.tasks)
        assert len(runs) <= 2


def test_a_wrong_answer_is_judged_again_by_itself(
        grade: Grade, runs: list[int]) -> None:
    report = graded(grade, floor=WRONG_FLOOR)

    assert statuses(report) == ["pass", "fail", "pass"]
    assert runs[0] == 3
    assert 1 in runs


def test_wrong_answers_are_judged_again_at_the_same_time(
        grade: Grade, monkeypatch: pytest.MonkeyPatch) -> None:
    both = Barrier(2, timeout=60)
    judge = Bench.judge

    def judged(bench: Bench, files: Mapping[str, bytes], seed: str) -> Remarks:
        both.wait()
        return judge(bench, files, seed)

    monkeypatch.setattr(Bench, "judge", judged)
    report = graded(grade, floor=WRONG_FLOOR, add=WRONG_ADD)

    assert statuses(report) == ["fail", "fail", "pass"]


def add_after(first: str) -> str:
    """Return the right file for the sum, with some code before the rest."""
    head, _, rest = RIGHT_ADD.partition("\n\n\n")
    return f"{head}\n{first}\n\n{rest}"


# What the first file leaves behind for the others.
LEFT = {
    "a broken module": "import math\ndel math.floor\n",
    "a broken class": "import random\nrandom.Random.random = None\n",
    "another folder": "import os\nos.mkdir('x')\nos.chdir('x')\n",
    "no file of the others": "import os\nos.remove('2-floor.py')\n",
    "wrong files of the others":
        "open('2-floor.py', 'w').write('def floor(n): return 7\\n')\n",
    "files that are in the way":
        "import os\nos.remove('2-floor.py')\nos.mkdir('2-floor.py')\n",
    "a module of the same name":
        "import sys, types\nsys.modules['2-floor'] = types.ModuleType('x')\n",
    "no memory": "kept = bytearray(400 << 20)\n",
    "no more checks":
        "import unittest\nunittest.TestSuite.run = 0\n",
    "a thread that ends the run":
        "import os, threading\n"
        "threading.Timer(0.02, os._exit, [0]).start()\n",
}


@pytest.mark.parametrize("first", LEFT.values(), ids=LEFT)
def test_what_a_task_leaves_behind_costs_no_other(
        grade: Grade, first: str) -> None:
    report = graded(grade, add=add_after(first))

    assert statuses(report)[1:] == ["pass", "pass"]


# Ways in which the first file would have the second one pass.
HELP = {
    "a right file in its place":
        f"open('2-floor.py', 'w').write({RIGHT_FLOOR!r})\n",
    "its right file, kept as it was":
        "import os\nat = os.stat('2-floor.py')\n"
        f"open('2-floor.py', 'w').write({RIGHT_FLOOR!r})\n"
        "os.utime('2-floor.py', ns=(at.st_atime_ns, at.st_mtime_ns))\n",
    "a right module in its place":
        "import math, sys, types\nmade = types.ModuleType('2-floor')\n"
        "made.floor = math.floor\nsys.modules['2-floor'] = made\n",
    "the messages of its checks":
        "import json, os, sys\nframe = sys._getframe()\n"
        "while 'request' not in frame.f_locals:\n    frame = frame.f_back\n"
        "for part in frame.f_locals['request']['suites']:\n"
        "    for test in part['tests']:\n"
        "        os.write(3, json.dumps({'check': test, 'seen': [], 'problem':"
        " None, 'advice': [], 'called': []}).encode() + b'\\n')\n"
        "os.write(3, b'{\"done\": true}\\n')\nos._exit(0)\n",
}


@pytest.mark.parametrize("first", HELP.values(), ids=HELP)
def test_no_task_passes_for_what_another_does(
        grade: Grade, first: str) -> None:
    report = graded(grade, add=add_after(first),
                    floor=WRONG_FLOOR)

    # Its types would fail anyway: what ran is not what stands there.
    assert report.tasks[1].dimensions["behaviour"] == "fail"
    assert report.tasks[2].status == "pass"


# What the first file makes without meaning harm, and what needs it.
HANDED_ON = {
    "a setting":
        ("import os\nos.environ['WAY'] = 'x'\n",
         "__import__('os').environ['WAY']"),
    "a module of a package":
        ("import xml.dom.minidom\n", "__import__('xml').dom"),
    "a module that is no file":
        ("import sys, types\nsys.modules['own'] = types.ModuleType('own')\n",
         "__import__('own')"),
    "a name of Python's":
        ("import builtins\nbuiltins.digits = 3\n", "digits"),
    "a deeper stack":
        ("import sys\nsys.setrecursionlimit(9000)\n",
         "(lambda down: down(down, 3000))("
         "lambda down, n: n and down(down, n - 1))"),
    "longer numbers":
        ("import sys\nsys.set_int_max_str_digits(0)\n", "str(10 ** 5000)"),
    "a locale":
        ("import locale\nlocale.setlocale(locale.LC_ALL, 'C.UTF-8')\n",
         "import locale; "
         "1 / ('UTF' in locale.setlocale(locale.LC_NUMERIC))"),
    "a place to import from":
        ("import sys\nsys.path.append('lib')\n",
         "__import__('sys').path.index('lib')"),
    "a precision":
        ("import decimal\ndecimal.getcontext().prec = 3\n",
         "1 / (__import__('decimal').getcontext().prec == 3)"),
    "a folder":
        ("import os\nos.makedirs('out', exist_ok=True)\n",
         "open('out/x', 'w').close()"),
    "a link to a folder":
        ("import os\nif not os.path.islink('way'):\n"
         "    os.symlink('.given', 'way')\n", "__import__('os').stat('way')"),
    "a hidden file":
        ("open('.settings', 'w').close()\n", "open('.settings').close()"),
    "a thread":
        ("import threading as t\n"
         "t.Thread(target=t.Event().wait, daemon=True).start()\n",
         "__import__('threading').enumerate()[1]"),
}


@pytest.mark.parametrize("first, needs", HANDED_ON.values(), ids=HANDED_ON)
def test_no_task_passes_with_what_another_has_made(
        grade: Grade, first: str, needs: str) -> None:
    report = graded(grade, add=add_after(first),
                    floor=RIGHT_FLOOR.replace(
                        "return", f"{needs}\n    return"))

    assert [each.dimensions["behaviour"] for each in report.tasks] == [
        "pass", "fail", "pass"]


# Runs the model answer of its task, where that is to be found.
FINDS_ITS_ANSWER = """\
import base64, os, sys
frame = sys._getframe()
while "request" not in frame.f_locals:
    frame = frame.f_back
for text in frame.f_locals["request"]["given"].values():
    text = base64.b64decode(text)
    if b"def insert_data" in text:
        exec(text)
given = os.path.join(os.environ["GRADE_WORKSPACE"], ".given", "seed.py")
if os.path.exists(given):
    exec(open(given).read())
"""


def test_no_task_finds_its_answer_among_the_props(
        grade: Grade, library: Library) -> None:
    folder = "python-generators-0x00"
    report = grade({
        f"{folder}/seed.py": FINDS_ITS_ANSWER,
        f"{folder}/0-stream_users.py":
            (library.root / folder / "0-stream_users.py").read_text()},
        "gen/0", "gen/1")

    assert statuses(report) == ["fail", "pass"]
