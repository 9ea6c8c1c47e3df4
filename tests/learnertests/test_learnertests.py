"""Learners' tests are judged by what they accept and what they catch."""

from __future__ import annotations

import ast
import base64
import dataclasses
import marshal
import types
from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from random import Random
from typing import Any

import pytest

from grader.errors import GraderError
from grader.findings.untrusted import Remarks
from grader.learnertests import faults, instruments, judging, rounds, versions
from grader.learnertests.evidence import Evidence
from grader.learnertests.rounds import request_for
from grader.learnertests.testfile import read_file
from grader.library.library import Folder, Task
from grader.wall.forking import Wall
from grader.wall.outcome import Outcome

Examine = Callable[[int, str], Remarks]
Message = dict[str, Any]

HEAD = """\
import dis, gc, hashlib, inspect, os, sys, tempfile, time, types, unittest
from unittest import mock
from unittest.mock import Mock, PropertyMock, patch
from parameterized import parameterized, parameterized_class
import client, fixtures, utils
"""
GET_JSON = HEAD + """
class TestGetJson(unittest.TestCase):
    def test_get_json(self):
"""
HONEST = """
        for url, payload in (("http://a", {"a": 1}), ("http://b", {})):
            got = Mock(json=Mock(return_value=payload))
            with patch("utils.requests.get", return_value=got) as get:
                self.assertEqual(utils.get_json(url), payload)
            get.assert_called_once_with(url)
"""


@pytest.fixture(scope="module")
def judged(wall: Wall, folder: Folder) -> Examine:
    def judge(number: int, source: str) -> Remarks:
        task = task_of(folder, number)
        files = {task.file: source.encode()}
        return judging.judge(wall, folder, task, files, "seed")
    return judge


@pytest.fixture
def fewest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw every fault once and the right code once.

    What is said of a test that does not decide by chance is the same.
    """
    monkeypatch.setattr(judging, "LEAST", 1)


in_few_rounds = pytest.mark.usefixtures("fewest")


def task_of(folder: Folder, number: int) -> Task:
    return next(task for task in folder.tasks if task.number == number)


def said(judgement: Remarks) -> str:
    return "\n".join(f"{each.cause}: {each.message}"
                     for each in judgement.failures)


# What is accepted

@pytest.mark.parametrize("number", range(10))
def test_the_model_passes_and_catches_every_fault(
        judged: Examine, folder: Folder, number: int) -> None:
    task = task_of(folder, number)
    model = (folder.path / task.file).read_text(encoding="utf-8")
    judgement = judged(number, model)
    assert said(judgement) == ""
    assert judgement.advice == ()
    assert sorted(judgement.catches) == sorted(
        fault.name for fault in faults.faults_of(folder, task))
    assert all(judgement.catches.values())


@in_few_rounds
def test_another_form_costs_nothing(judged: Examine) -> None:
    judgement = judged(2, GET_JSON + HONEST)
    assert said(judgement) == ""
    assert judgement.advice == (
        "the text asks for the inputs 'http://example.com', "
        "'http://holberton.io'",)


@pytest.mark.parametrize("use, advice", [
    ("org()", "compare the value, with assertEqual"),
    ("org\n            self.assertIs(got, get.return_value)", "")])
@in_few_rounds
def test_a_value_is_to_be_compared_not_only_called(
        judged: Examine, use: str, advice: str) -> None:
    source = HEAD + f"""
class TestGithubOrgClient(unittest.TestCase):
    @parameterized.expand([("google",), ("abc",)])
    @patch("client.get_json")
    def test_org(self, name, get):
        if name:
            got = client.GithubOrgClient(name).{use}
        get.assert_called_once_with("https://api.github.com/orgs/" + name)
"""
    judgement = judged(4, source)
    assert said(judgement) == ""
    assert [each.partition(":")[0] for each in judgement.advice] == (
        [advice] if advice else [])


def test_the_cases_that_caught_a_fault_are_named(
        judged: Examine, folder: Folder) -> None:
    model = (folder.path / "test_utils.py").read_text(encoding="utf-8")
    cases = judged(0, model).catches["task0_first_key"]
    assert [case.rpartition("_")[2] for case in cases] == ["2"]


@in_few_rounds
def test_a_guarded_main_is_not_run(judged: Examine) -> None:
    guarded = "\nif __name__ == '__main__':\n    raise RuntimeError\n"
    assert said(judged(2, GET_JSON + HONEST + guarded)) == ""


# What is not, and what is said about it

@pytest.mark.parametrize("body, message", [
    ("        pass", "wrong: test_get_json makes no assertion"),
    ("        self.skipTest('later')", "wrong: test_get_json is skipped"),
    ("        self.assertEqual(1, 2)",
     "wrong: test_get_json fails on the right code: 1 != 2"),
    ("        utils.get_json('http://example.com')",
     "network: test_get_json reaches for the network"),
    ("        try:\n            utils.get_json('http://example.com')\n"
     "        except OSError:\n            pass",
     "network: test_get_json reaches for the network"),
    ("        with patch('client.requests.get'):\n            pass",
     "client has no requests: patch requests.get instead"),
    ("        self.assertTrue(True)", "never runs the given get_json"),
    (HONEST.replace("get.assert_called_once_with(url)",
                    "get.assert_called_with(url)"),
     "catches 5 of 6 faults; it misses: requests.get is called twice"),
    ("        raise KeyboardInterrupt",
     "wrong: test_get_json fails on the right code: KeyboardInterrupt"),
    ("        pass\n    def __init__(self):\n        pass",
     "fails on the right code: TypeError: TestGetJson.__init__() takes 1"),
    ("        self.assertEqual(self.id, 1)",
     "<bound method TestCase.id of <test_utils.TestGetJson "
     "testMethod=test_get_json>> != 1 (a method has a result once"),
    ("        client.GithubOrgClient('a')._public_repos_url = 'b'",
     "has no setter (a property is replaced in its class"),
    ("        with patch('utils.get_json') as got:\n"
     "            self.assertEqual(utils.get_json('http://a'), 1)",
     "!= 1 (a mock came where a value belongs"),
    ("        method = Mock(name='a_method()')\n"
     "        self.assertEqual(method(), 42)",
     "!= 42 (org, _public_repos_url and whatever memoize made are"),
    ("        patch('client.utils.get_json').start()",
     "client has no utils: patch a name where it is looked up"),
    ("        os._exit(0)", "exited: test_utils.py"),
    ("        __import__('ctypes').string_at(0)",
     "crashed: test_utils.py"),
])
@in_few_rounds
def test_a_test_that_will_not_do_is_told_why(
        judged: Examine, body: str, message: str) -> None:
    assert message in said(judged(2, GET_JSON + body + "\n"))


@pytest.mark.parametrize("source, message", [
    ("", "missing: test_utils.py runs no test_get_json"),
    ("class TestGetJson(:", "broken: test_utils.py cannot be read: line 1"),
    ("from fixtures import nothing",
     "broken: test_utils.py does not load: fixtures.py defines no nothing"),
    ("import fixtures\nfixtures.PAYLOAD",
     "broken: test_utils.py does not load: fixtures has no PAYLOAD"),
    ("raise SystemExit", "broken: test_utils.py does not load: it calls"),
    ("import numpy_is_not_here", "it needs numpy_is_not_here"),
    (HEAD + "class TestGetJson(unittest.TestCase):\n"
            "    @parameterized.expand([], skip_on_empty=True)\n"
            "    def test_get_json(self, url):\n        pass\n", "is skipped"),
    (HEAD + "class TestGetJson:\n    def test_get_json(self):\n"
            "        pass\n", "missing: "),
    (GET_JSON + HONEST + "class TestGetJson(unittest.TestCase):\n    pass\n",
     "missing: test_utils.py defines TestGetJson again below the one"),
])
@in_few_rounds
def test_a_file_without_a_test_is_told_why(
        judged: Examine, source: str, message: str) -> None:
    assert message in said(judged(2, source + "\n"))


def test_a_test_that_hangs_is_ended(wall: Wall, folder: Folder) -> None:
    task = dataclasses.replace(task_of(folder, 2), seconds=0.2)
    source = GET_JSON + "        while True:\n            pass\n"
    files = {task.file: source.encode()}
    judgement = judging.judge(wall, folder, task, files, "")
    assert said(judgement) == (
        "timeout: test_utils.py does not finish within 0.2 seconds")


@in_few_rounds
def test_a_failure_names_the_method_that_it_is_about(
        judged: Examine) -> None:
    for source in (GET_JSON + "        pass\n", HEAD):
        failure, = judged(2, source).failures
        assert failure.call == "TestGetJson.test_get_json"


@in_few_rounds
def test_a_longer_name_is_another_test(judged: Examine) -> None:
    source = (GET_JSON + HONEST).replace("test_get_json", "test_get_json_too")
    assert "missing: " in said(judged(2, source))


# However the cases of a method are made and called

MAPS = """[({"a": 1}, ("a",), 1), ({"a": {"b": 2}}, ("a",), {"b": 2}),
         ({"a": {"b": 2}}, ("a", "b"), 2)]"""
FOLLOWS = """(self, nested_map, path, expected):
        self.assertEqual(utils.access_nested_map(nested_map, path), expected)
"""
NAMED = """
def by_path(func, number, params):
    return f"{func.__name__}_{'_'.join(params.args[1])}"
def by_number(func, number, params):
    return f"test_case_{'abc'[int(number)]}"
"""
GENERATED = {
    "by a function for names": f"""
class TestAccessNestedMap(unittest.TestCase):
    @parameterized.expand({MAPS}, name_func=by_path)
    def test_access_nested_map{FOLLOWS}""",
    "by a function for wholly other names": f"""
class TestAccessNestedMap(unittest.TestCase):
    @parameterized.expand({MAPS}, name_func=by_number,
                          doc_func=lambda func, number, params: "A case.")
    def test_access_nested_map{FOLLOWS}""",
    "with patches of the class and of the method": f"""
@patch.dict(os.environ, {{}})
@patch("os.sep", "/")
class TestAccessNestedMap(unittest.TestCase):
    @parameterized.expand({MAPS}, name_func=by_path)
    @patch("os.pathsep", ":")
    def test_access_nested_map{FOLLOWS}""",
    "by a decorator of one's own": f"""
import functools
def data(kind):
    method = kind.test_access_nested_map
    for number, case in enumerate({MAPS}):
        @functools.wraps(method)
        def run(self, case=case):
            method(self, *case)
        setattr(kind, f"test_map_{{number}}", run)
    del kind.test_access_nested_map
    return kind
@data
class TestAccessNestedMap(unittest.TestCase):
    def test_access_nested_map{FOLLOWS}""",
    "as sub-tests": f"""
class TestAccessNestedMap(unittest.TestCase):
    def test_access_nested_map(self):
        for nested_map, path, expected in {MAPS}:
            with self.subTest(path=path):
                self.assertEqual(
                    utils.access_nested_map(nested_map, path), expected)
""",
    "by a class for each": f"""
@parameterized_class(("nested_map", "path", "expected"), {MAPS},
    class_name_func=lambda kind, number, values: f"Maps{{number}}")
class TestAccessNestedMap(unittest.TestCase):
    def test_access_nested_map(self):
        self.assertEqual(utils.access_nested_map(
            self.nested_map, self.path), self.expected)
""",
    "as coroutines": f"""
class TestAccessNestedMap(unittest.IsolatedAsyncioTestCase):
    @parameterized.expand({MAPS}, name_func=by_path)
    async def test_access_nested_map{FOLLOWS}""",
}


@pytest.mark.parametrize("how", GENERATED)
@in_few_rounds
def test_cases_are_found_however_they_are_made(judged: Examine,
                                               how: str) -> None:
    judgement = judged(0, HEAD + NAMED + GENERATED[how])

    assert said(judgement) == ""
    assert all(judgement.catches.values())


@pytest.mark.parametrize("how", ["by a function for names", "as sub-tests"])
@in_few_rounds
def test_cases_by_other_names_catch_what_they_catch(judged: Examine,
                                                    how: str) -> None:
    source = (HEAD + NAMED + GENERATED[how]).replace(
        ', ({"a": {"b": 2}}, ("a",), {"b": 2}),', ",").replace(
        '({"a": {"b": 2}}, ("a", "b"), 2)', "")

    assert "it misses: access_nested_map follows only" in said(
        judged(0, source))


@pytest.mark.parametrize("base, before, name, body, message", [
    ("TestCase", "async ", "test_get_json(self)", "pass",
     "wrong: test_get_json is an async def in a plain unittest.TestCase, so "
     "it never runs"),
    ("TestCase", "@parameterized.expand([(1,)])\n    async ",
     "test_get_json(self, one)", "pass",
     "test_get_json is an async def in a plain unittest.TestCase"),
    ("TestCase", "@patch('os.sep')\n    async ", "test_get_json(self, sep)",
     "pass", "test_get_json is an async def in a plain unittest.TestCase"),
    ("TestCase", "", "test_get_json(self)", "yield",
     "test_get_json has a yield, so it never runs"),
    ("TestCase", "@parameterized.expand([(1,)])\n    ",
     "test_get_json(self, one)", "yield", "has a yield, so it never runs"),
    ("IsolatedAsyncioTestCase", "async ", "test_get_json(self)", "yield",
     "test_get_json has a yield, so it never runs"),
    ("IsolatedAsyncioTestCase", "async ", "test_get_json(self)",
     "self.assertEqual(1, 2)", "fails on the right code: 1 != 2"),
    ("TestCase", "@parameterized.expand([(1,)], "
     "name_func=lambda *of: 'case')\n    ", "test_get_json(self, one)",
     "pass", "missing: test_utils.py runs no test_get_json"),
])
@in_few_rounds
def test_a_method_that_never_runs_is_told_so(
        judged: Examine, base: str, before: str, name: str, body: str,
        message: str) -> None:
    source = HEAD + (f"class TestGetJson(unittest.{base}):\n"
                     f"    {before}def {name}:\n        {body}\n")

    assert message in said(judged(2, source))


# The scaffold

SCAFFOLD = HEAD + """
@parameterized_class(
    ("org_payload", "repos_payload", "expected_repos", "apache2_repos"),
    fixtures.TEST_PAYLOAD)
class TestIntegrationGithubOrgClient(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        def get(url):
            if url == "https://api.github.com/orgs/google":
                return Mock(json=lambda: cls.org_payload)
            return Mock(json=lambda: cls.repos_payload)
        cls.get_patcher = patch("requests.get", side_effect=get)
        cls.get_patcher.start()

    @classmethod
    def tearDownClass(cls):
        cls.get_patcher.stop()
"""


@pytest.mark.parametrize("old, new, message", [
    ("", "", ""),
    ("orgs/google", "orgs/some-other_name", ""),
    ('            if url == "https://api.github.com/orgs/google"',
     '            org = "mine"\n            if url.endswith("orgs/" + org)',
     ""),
    ("cls.get_patcher.stop()", "pass", "does not put the real requests.get"),
    ("get_patcher", "patcher", "the class has no get_patcher"),
    ("cls.get_patcher.start()", "pass", "does not replace requests.get"),
    ("requests.get", "client.requests.get", "client has no requests"),
    ("side_effect=get",
     "side_effect=[get('https://api.github.com/orgs/google'), get('')] * 9",
     "should give org_payload, whenever and however often it is called, and "
     "gave repos_payload"),
    ("side_effect=get", "side_effect=[get('')]", "called, and raised Stop"),
    ("Mock(json=lambda: cls.org_payload)", "cls.org_payload",
     "and raised AttributeError: 'dict' object has no attribute 'json'"),
    ("lambda: cls.org_payload", "lambda: {}", "and gave something else"),
    ("fixtures.TEST_PAYLOAD", "[({}, [], [], [])]",
     "should be what fixtures.py has"),
    ("@parameterized_class", "lambda *args: args", "has no attribute"),
    ("GithubOrgClient(", "Client(", "there is no test class"),
])
@in_few_rounds
def test_the_scaffold_is_used_and_taken_down(
        judged: Examine, old: str, new: str, message: str) -> None:
    if new.startswith("lambda *args"):
        source = SCAFFOLD.replace(
            "@parameterized_class(", "unused = (")
    else:
        source = SCAFFOLD.replace(old, new) if old else SCAFFOLD
    complaints = said(judged(8, source))
    assert message in complaints
    assert bool(message) == bool(complaints)


LYING_SCAFFOLD = """
import json, os, sys
import fixtures
from grader.kit.packing import pack

frame = sys._getframe()
while "methods" not in frame.f_locals.get("request", ()):
    frame = frame.f_back
asked = frame.f_locals["request"]["scaffold"]
values = dict(zip(asked["attributes"], fixtures.TEST_PAYLOAD[0]))
said = {
    "replaced": True, "patcher": True, "restored": True,
    "attributes": {name: {"value": pack(value)}
                   for name, value in values.items()},
    "replies": [{"value": pack(values[
        "repos_payload" if url.endswith("/repos") else "org_payload"])}
        for url in asked["urls"]]}
for line in {"loads": True}, {"scaffold": [said]}, {"done": True}:
    os.write(3, json.dumps(line).encode() + b"\\n")
os._exit(0)
"""


def test_a_class_that_reports_for_itself_is_not_believed(
        judged: Examine) -> None:
    assert said(judged(8, LYING_SCAFFOLD)) == (
        "untrusted: what TestIntegrationGithubOrgClient answers does not "
        "come from the given code, so it cannot be believed: a person "
        "should look")


LIST_OF_ANSWERS = HEAD + """
class TestIntegrationGithubOrgClient(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.answers = [fixtures.org_payload, fixtures.repos_payload] COUNT
        cls.get_patcher = patch("requests.get", side_effect=[
            Mock(json=Mock(return_value=each)) for each in cls.answers])
        cls.get_patcher.start()

    @classmethod
    def tearDownClass(cls):
        cls.get_patcher.stop()

    def test_public_repos(self):
        self.assertEqual(client.GithubOrgClient("google").public_repos(),
                         fixtures.expected_repos)

    def test_public_repos_with_license(self):
        self.assertEqual(
            client.GithubOrgClient("google").public_repos("apache-2.0"),
            fixtures.apache2_repos)
"""


@pytest.mark.parametrize("count, says", [
    ("", "wrong: test_public_repos_with_license fails on the right code: "
         "StopIteration (a list in side_effect is used up"),
    ("* 2", "")])
def test_a_class_is_set_up_once_for_all_its_tests(
        judged: Examine, count: str, says: str) -> None:
    told = said(judged(9, LIST_OF_ANSWERS.replace("COUNT", count)))
    assert told.startswith(says)
    assert bool(told) == bool(says)


TOLD = {
    "expected call not found. Expected: get('http://b') Actual: "
    "get('http://a')": """
        got = Mock(json=Mock(return_value={}))
        with patch("utils.requests.get", return_value=got) as get:
            utils.get_json("http://a")
        get.assert_called_with("http://b")
""",
    "line 8 defines it, but what unittest finds is no test": """
        pass
    test_get_json = None
""",
    "never runs the given get_json": """
        with patch("utils.get_json", return_value={}) as get:
            self.assertEqual(utils.get_json("http://a"), {})
        get.assert_called_once_with("http://a")
"""}


@pytest.mark.parametrize("says", TOLD)
@in_few_rounds
def test_what_is_wrong_with_a_test_is_told(judged: Examine,
                                           says: str) -> None:
    assert says in said(judged(2, GET_JSON + TOLD[says]))


MOCKED = HEAD + """
class TestGithubOrgClient(unittest.TestCase):
    DECORATORS
    def test_org(ARGUMENTS):
        get.return_value = {"a": 1}
        self.assertEqual(client.GithubOrgClient(name).org, {"a": 1})
"""
EXPANDED = '@parameterized.expand(["google", "abc"])'
PATCHED = '@patch("client.get_json")'


@pytest.mark.parametrize("first, second, arguments, says", [
    (PATCHED, EXPANDED, "self, name, get",
     "(@parameterized.expand goes above all other decorators"),
    (EXPANDED, PATCHED, "self, get, name",
     "passes the mock after all other arguments)")])
@in_few_rounds
def test_a_wrong_order_of_decorators_or_arguments_is_told(
        judged: Examine, first: str, second: str, arguments: str,
        says: str) -> None:
    text = MOCKED.replace("DECORATORS", f"{first}\n    {second}")
    assert says in said(judged(4, text.replace("ARGUMENTS", arguments)))


@in_few_rounds
def test_a_class_that_cannot_be_set_up_is_told_where(
        judged: Examine) -> None:
    source = LIST_OF_ANSWERS.replace("COUNT", "").replace(
        "cls.get_patcher.start()", "cls.nothing.start()")
    assert "setUpClass, line 13, fails: AttributeError" in said(
        judged(8, source))


# Several tasks in the same runs

UTILS = HEAD + """
class TestAccessNestedMap(unittest.TestCase):
    def test_access_nested_map(self):
        BEFORE
        self.assertEqual(utils.access_nested_map({"a": {"b": 2}}, "a"),
                         {"b": 2})
        self.assertEqual(utils.access_nested_map({"a": {"b": 2}}, "ab"), 2)

    def test_access_nested_map_exception(self):
        for nested, path in (({}, "a"), ({"a": 1}, "ab")):
            with self.assertRaises(KeyError) as caught:
                utils.access_nested_map(nested, path)
            self.assertEqual(caught.exception.args, (path[-1],))
""" + GET_JSON.removeprefix(HEAD) + HONEST


@pytest.fixture(scope="module")
def together(wall: Wall, folder: Folder) -> Callable[[str], list[str]]:
    """Judge the first three tasks in the same runs; return their causes."""
    def judge(source: str) -> list[str]:
        tasks = [task_of(folder, number) for number in range(3)]
        remarks = judging.judge_together(
            wall, folder, tasks, {"test_utils.py": source.encode()}, "seed")
        return [remarks[task.id].failures[0].cause
                if remarks[task.id].failures else "" for task in tasks]
    return judge


@pytest.mark.parametrize("before, causes", [
    ("pass", ["", "", ""]),
    ("utils.get_json = None", ["", "", ""]),
    ("os._exit(0)", ["exited", "exited", ""]),
    ("self.skipTest('later')", ["wrong", "", ""]),
    ("raise KeyboardInterrupt", ["wrong", "wrong", ""]),
    ("return", ["wrong", "", ""]),
])
def test_no_test_pays_for_one_of_another_class(
        together: Callable[[str], list[str]], before: str,
        causes: list[str]) -> None:
    assert together(UTILS.replace("BEFORE", before)) == causes


def test_a_file_that_does_not_load_is_judged_once(
        together: Callable[[str], list[str]]) -> None:
    assert together("import nowhere\n") == ["broken"] * 3


@pytest.fixture
def runs(wall: Wall, monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """Return the requests of the runs that the test makes."""
    found: list[Message] = []
    genuine = wall.run

    def run(job: str, request: Message, *args: Any,
            **details: Any) -> Outcome:
        found.append(request)
        return genuine(job, request, *args, **details)

    monkeypatch.setattr(wall, "run", run)
    return found


@pytest.mark.parametrize("before, cause, rounds_alone", [
    # It fails with the right code, so twice that is enough.
    ("self.skipTest('later')", "wrong", 2),
    # It misses every fault: all four once, and the right code.
    ("return", "wrong", 5),
    # It notices a fault of another task. Only all rounds can show a pass.
    (HONEST.strip(), "", 10),
])
def test_a_failure_beside_others_is_confirmed_in_few_rounds(
        together: Callable[[str], list[str]], runs: list[Message],
        before: str, cause: str, rounds_alone: int) -> None:
    assert together(UTILS.replace("BEFORE", before))[0] == cause
    assert rounds_alone == sum(
        request.get("methods") == [
            "TestAccessNestedMap.test_access_nested_map"]
        for request in runs)


def test_a_right_version_that_is_chosen_lacks_the_code_under_test(
        folder: Folder) -> None:
    among = faults.faults_of(folder, task_of(folder, 2))
    for version in versions.chosen(folder, among, [None, among[0]],
                                   Random(1)):
        assert b"_perform" in base64.b64decode(version.code["utils.py"])


def test_a_file_is_compiled_once_for_all_its_rounds(
        wall: Wall, folder: Folder) -> None:
    task = task_of(folder, 2)
    right, wrong = (GET_JSON + body for body in (HONEST, "        1 / 0\n"))
    read = read_file(wall, folder, task.file, right.encode())
    run, = rounds.run_all(
        wall, folder, [task],
        {task.file: wrong.encode(), **read.compiled},
        versions.chosen(folder, (), [None], Random(1)), Random(1))
    # What is compiled counts, not the text that lies beside it.
    assert [case.outcome for case in run.result.of(task.methods[0])] == [
        "pass"]


def test_a_file_that_hangs_is_waited_for_once(
        wall: Wall, folder: Folder, runs: list[Message]) -> None:
    tasks = [dataclasses.replace(task_of(folder, number), seconds=0.2)
             for number in range(4)]
    files = {"test_utils.py": b"while True:\n    pass\n"}
    remarks = judging.judge_together(wall, folder, tasks, files, "")
    assert [each.failures[0].cause for each in remarks.values()] == [
        "timeout"] * 4
    # The first one compiles the file.
    assert len(runs) <= 1 + rounds.ROUNDS_AT_A_TIME


def companies(folder: Folder) -> dict[str, list[Task]]:
    found: dict[str, list[Task]] = {}
    for task in folder.tasks:
        found.setdefault(task.together or str(task.number), []).append(task)
    return found


@pytest.mark.parametrize("name", ["utils", "client"])
def test_models_together_do_not_look_at_each_others_code(
        wall: Wall, folder: Folder, name: str) -> None:
    tasks = companies(folder)[name]
    files = {task.file: (folder.path / task.file).read_bytes()
             for task in tasks}
    runs = rounds.run_all(wall, folder, tasks, files, versions.draw(
        folder, tasks, 3, Random(1)), Random(1))
    for task in tasks:
        evidence = Evidence(task=task, rounds=runs,
                            known=instruments.of(folder),
                            faults=faults.faults_of(folder, task))
        assert evidence.is_independent
        assert len(evidence.right) >= 3


def test_who_misses_a_fault_is_judged_again_alone(
        wall: Wall, folder: Folder) -> None:
    tasks = companies(folder)["utils"]
    source = UTILS.replace("        BEFORE\n", "").replace(
        "        self.assertEqual(utils.access_nested_map("
        "{\"a\": {\"b\": 2}}, \"ab\"), 2)\n", "")
    files = {"test_utils.py": source.encode()}
    runs = rounds.run_all(wall, folder, tasks, files, versions.draw(
        folder, tasks, 3, Random(1)), Random(1))
    clear = {task.number: Evidence(
        task=task, rounds=runs, faults=faults.faults_of(folder, task),
        known=instruments.of(folder)).is_independent for task in tasks}

    assert not clear[0]
    assert clear[1] and clear[2]


@pytest.mark.parametrize("least", [1, judging.LEAST])
@pytest.mark.parametrize("name", ["utils", "client"])
def test_each_part_is_right_somewhere_where_its_neighbour_is_wrong(
        folder: Folder, name: str, least: int) -> None:
    tasks = companies(folder)[name]
    wanted = {fault.name: fault for task in tasks
              for fault in faults.faults_of(folder, task)}
    parts = faults.parts(list(wanted.values()))
    for seed in range(20):
        wrong = [{fault.name for fault in each.faults}
                 for each in versions.draw(folder, tasks, least,
                                           Random(seed))]
        for part, other in permutations(parts, 2):
            assert any({each.name for each in other} & names
                       and not {each.name for each in part} & names
                       for names in wrong)


@pytest.mark.parametrize("least", [1, judging.LEAST])
def test_every_method_meets_enough_right_and_wrong_code(
        folder: Folder, least: int) -> None:
    for tasks in companies(folder).values():
        drawn = versions.draw(folder, tasks, least, Random(1))
        wanted = [fault for task in tasks
                  for fault in faults.faults_of(folder, task)]
        met = [fault for each in drawn for fault in each.faults]
        assert {fault.name for fault in met} == {
            fault.name for fault in wanted}
        for fault in wanted:
            assert least <= sum(
                each.task == fault.task and each.caught_by == fault.caught_by
                for each in met)
            assert least <= sum(not any(map(fault.touches, each.faults))
                                for each in drawn)
        for each in drawn:
            assert not any(one.touches(other) for one in each.faults
                           for other in each.faults if one is not other)


# Attempts to fool it

SEARCH = """
        mark = "len(__{}__)".format("name")
        for each in gc.get_objects():
            for part in gc.get_referents(each):
                self.assertFalse(type(part) in (bytes, str)
                                 and mark in str(part))
"""


def test_no_source_of_the_given_code_is_in_memory(judged: Examine) -> None:
    assert said(judged(2, GET_JSON + HONEST + SEARCH)) == ""


DICE = "int.from_bytes(os.urandom(2)) < 59000"
LIARS = {
    "always passes": "        self.assertTrue(True)",
    "replaces the assertions":
        "        unittest.TestCase.assertEqual = lambda *args: None" + HONEST
        .replace("get.assert_called_once_with(url)", "pass"),
    "knows the source by heart": """
        text = open("utils.py").read()
        self.assertEqual(hashlib.sha1(text.encode()).hexdigest(), "HASH")
""",
    "knows the code object by heart": """
        code = utils.get_json.__code__
        self.assertEqual(code.co_consts[1:], ())
        self.assertEqual(code.co_names, ("requests", "get", "json"))
        self.assertEqual(code.co_varnames, ("url", "response"))
""",
    "looks for faults in the source": """
        text = inspect.getsource(utils)
        self.assertNotIn('url + "/x"', text.replace("'", '"'))
        self.assertEqual(text.count("requests.get("), 1)
        self.assertNotIn("http://", text)
""",
    "looks for the mutants": """
        for root, folders, names in os.walk("/"):
            self.assertNotIn("mutants", folders)
            self.assertNotIn("task2_wrong_url.py", names)
""",
    "holds the code against its file": """
        copy = types.ModuleType("utils")
        exec(open("utils.py").read(), vars(copy))
        said = []
        for module in (utils, copy):
            with patch("requests.get") as get:
                get.return_value.json.return_value = {"a": 1}
                said.append((module.get_json("http://a"), get.mock_calls))
        self.assertEqual(said[0], said[1])
""",
    "loads the code again": """
        sys.modules.pop("utils")
        import utils as again
        with patch("requests.get") as get:
            again.get_json("http://a")
        get.assert_called_once_with("http://a")
""",
    "counts its own runs in files": """
        for place in (".", "/tmp", "/dev/shm", "/var/tmp", "/", "/scratch",
                      tempfile.gettempdir(), os.path.expanduser("~")):
            try:
                with open(place + "/runs", "a+") as file:
                    file.write(".")
                    file.seek(0)
                    self.assertLess(len(file.read()), 9)
            except OSError:
                pass
""",
    "counts its own runs in the environment": """
        runs = int(os.environ.get("RUNS", "0"))
        os.environ["RUNS"] = str(runs + 1)
        self.assertLess(runs, 3)
""",
    "counts its own runs in shared memory": """
        from multiprocessing import shared_memory
        try:
            memory = shared_memory.SharedMemory("runs", True, 8)
        except FileExistsError:
            memory = shared_memory.SharedMemory("runs")
        except OSError:
            return
        memory.buf[0] += 1
        self.assertLess(memory.buf[0], 4)
""",
    "takes the number of its process for a count": """
        self.assertLess(os.getpid(), 4)
""",
    "reads the names and constants of the code": """
        code = utils.get_json.__code__
        self.assertIn("json", code.co_names)
        self.assertNotIn("payload", str(code.co_consts))
        self.assertNotIn("http://example.com", code.co_consts)
        self.assertNotIn("/x", code.co_consts)
""",
    "measures the code": """
        code = utils.get_json.__code__
        self.assertEqual((code.co_firstlineno, len(code.co_code)), (34, 60))
""",
    "counts the lines that are run": """
        lines = []
        def trace(frame, event, arg):
            if frame.f_code is utils.get_json.__code__:
                lines.append(event)
                return trace
        with patch("requests.get"):
            sys.settrace(trace)
            utils.get_json("http://a")
            sys.settrace(None)
        self.assertEqual(lines, ["call", "line", "line", "return"])
""",
    "takes the time": """
        with patch("requests.get"):
            start = time.perf_counter()
            for _ in range(50):
                utils.get_json("http://a")
        self.assertLess(time.perf_counter() - start, 1)
""",
    "asks the collector of garbage": """
        for each in gc.get_objects():
            if isinstance(each, dict):
                self.assertFalse({"fault", "caught_by"} & {*map(str, each)})
""",
    "looks for a description of the run": """
        frame = sys._getframe()
        while frame:
            for value in list(frame.f_locals.values()):
                if isinstance(value, dict) and "job" in value:
                    self.assertEqual(
                        {"fault", "mutant", "given"} & value.keys(), set())
            frame = frame.f_back
""",
    "looks for the runner's secrets": """
        for module in list(sys.modules.values()):
            for name in list(vars(module)):
                self.assertNotIn("mutant", name.lower())
""",
    "throws dice": f"        self.assertTrue({DICE})",
    "reports for itself": """
        os.write(3, b'{"method": "TestGetJson.test_get_json", "cases": []}')
        os._exit(0)
""",
}
REPLACING = {
    "how a test is run": """
def run(self, result):
    result.startTest(self)
    result.addSuccess(self)
    result.stopTest(self)
unittest.TestCase.run = run
""",
    "the base of all tests": """
class Base:
    def __init__(self, name):
        pass
    def run(self, result):
        pass
unittest.TestCase = Base
""",
    "unittest": """
unittest = types.ModuleType("unittest")
unittest.TestCase = type("TestCase", (), {"run": lambda self, result: None})
sys.modules["unittest"] = unittest
""",
    "mock": """
class Anything:
    __enter__ = __call__ = lambda self, *args, **kwargs: self
    __exit__ = lambda self, *args: None
    __getattr__ = lambda self, name: self
    __eq__ = lambda self, other: True
mock.patch = patch = Mock = Anything()
""",
    "what notes a failure": """
runner = sys.modules["grader.inside.learnertests.testrun"]
runner.Result._tell = lambda *args: None
""",
}


@pytest.mark.parametrize("trick", LIARS)
def test_no_trick_passes_for_a_test(judged: Examine, trick: str) -> None:
    assert said(judged(2, GET_JSON + LIARS[trick] + "\n"))


@pytest.mark.parametrize("what", REPLACING)
def test_who_replaces_the_tools_has_not_tested(judged: Examine,
                                               what: str) -> None:
    body = GET_JSON.removeprefix(HEAD) + HONEST.replace(
        "get.assert_called_once_with(url)", "self.assertTrue(get.called)")
    assert said(judged(2, HEAD + REPLACING[what] + body))


def test_the_code_can_be_loaded_again(judged: Examine) -> None:
    again = ("        sys.modules.pop('utils')\n"
             "        again = importlib.import_module('utils')\n")
    source = GET_JSON.replace("import dis,", "import importlib, dis,")
    honest = HONEST.replace("utils.get_json", "again.get_json")
    assert said(judged(2, source + again + honest)) == ""


def test_a_request_tells_nothing_of_faults(folder: Folder) -> None:
    task = task_of(folder, 2)
    drawn = versions.draw(folder, [task], 1, Random(1))
    requests = [request_for(folder, [task], {task.file: b""}, each, Random(1))
                for each in drawn]
    assert any(each.faults for each in drawn)
    assert not all(each.faults for each in drawn)
    for each in requests:
        for key in "given", "code":
            each[key] = {name: content for name, content in each[key].items()
                         if name != "fixtures.py"}
        assert each == requests[0]


@pytest.mark.parametrize("name", ["utils", "client"])
def test_nothing_of_a_varied_function_is_in_a_request(
        folder: Folder, name: str) -> None:
    tasks = companies(folder)[name]
    varied = {place for task in tasks
              for fault in faults.faults_of(folder, task)
              for place in fault.bodies}
    for each in versions.draw(folder, tasks, 1, Random(1)):
        for file in folder.given:
            text = base64.b64decode(each.files[file]).decode()
            code = marshal.loads(base64.b64decode(each.code[file]))
            for place, node in faults.functions(ast.parse(text)):
                body = [ast.unparse(one) for one in node.body]
                names = names_in(code, place)
                if place in each.kept:
                    assert len(body) == 2
                    assert body[1].startswith("return _perform(")
                if place in varied:
                    assert names == ("_perform", "globals")


def names_in(code: types.CodeType, place: str) -> tuple[str, ...]:
    """Return the names that a function in a module's code uses."""
    for part in place.split("."):
        code = next(each for each in code.co_consts
                    if isinstance(each, types.CodeType)
                    and each.co_name == part)
    return code.co_names


# Faults

def test_every_fault_changes_what_is_kept_and_nothing_else(
        folder: Folder) -> None:
    for task in folder.tasks:
        drawn = versions.draw(folder, [task], 1, Random(1))
        right = next(each for each in drawn if not each.faults)
        for each in drawn:
            assert each.kept.keys() == right.kept.keys()
            changed = {place for place, node in each.kept.items()
                       if ast.unparse(node) != ast.unparse(
                           right.kept[place])}
            assert changed == {place for fault in each.faults
                               for place in fault.bodies}


def test_a_fault_is_told_in_one_line(folder: Folder) -> None:
    for fault in faults.read_faults(folder.path, folder.given):
        assert fault.description.strip() and "\n" not in fault.description


def test_given_code_that_no_steps_are_known_for_is_refused(
        folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "checks/mutants").mkdir(parents=True)
    (tmp_path / "given.py").write_text("def f(a):\n    yield a\n")
    (tmp_path / "checks/mutants/task0_none.py").write_text(
        '"""it gives nothing"""\ndef f(a):\n    return None\n')
    task = dataclasses.replace(task_of(folder, 0), folder="x")
    folder = dataclasses.replace(folder, path=tmp_path, given=("given.py",))
    with pytest.raises(GraderError, match="f cannot be kept: .*yield a"):
        versions.draw(folder, [task], 1, Random(1))


# The learner's own copies of the given files

@pytest.mark.parametrize("name, text, source, says", [
    ("utils.py", "access_nested_map = memoize = print\n"
     "def get_json(url):\n    return 1\n", GET_JSON
     + "        self.assertEqual(utils.get_json('http://a'), 1)\n",
     "; it passes with your own utils.py, which is not used"),
    ("utils.py", "access_nested_map = get_json = memoize = helper = None\n",
     "from utils import helper\n" + GET_JSON + "        pass\n",
     "test_utils.py does not load: utils.py defines no helper; it passes"),
    ("utils.py", "", GET_JSON + "        self.assertEqual(1, 2)\n",
     "right code: 1 != 2")])
@in_few_rounds
def test_a_changed_given_file_is_named_where_it_matters(
        wall: Wall, folder: Folder, name: str, text: str, source: str,
        says: str) -> None:
    task = task_of(folder, 2)
    files = {task.file: source.encode(), name: text.encode()}
    found = said(judging.judge(wall, folder, task, files, "seed"))
    assert says in found
    assert ("your own" in found) == ("passes" in says)
