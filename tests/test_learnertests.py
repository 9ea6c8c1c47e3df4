"""Learners' tests are judged by what they accept and what they catch."""

from __future__ import annotations

import ast
import base64
import dataclasses
from collections.abc import Callable, Iterator
from random import Random

import pytest

from grader.isolation.wall import Wall, open_wall
from grader.learnertests import faults, noise, versions, judging
from grader.learnertests.rounds import request_for
from grader.library import Folder, Library, Task
from grader.remarks import Remarks

Examine = Callable[[int, str], Remarks]

HEAD = """\
import hashlib, inspect, os, sys, unittest
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
def wall() -> Iterator[Wall]:
    with open_wall("auto", ["suite"]) as opened:
        yield opened


@pytest.fixture(scope="module")
def folder(library: Library) -> Folder:
    return library.folder("0x03-Unittests_and_integration_tests")


@pytest.fixture(scope="module")
def judged(wall: Wall, folder: Folder) -> Examine:
    def judge(number: int, source: str) -> Remarks:
        task = task_of(folder, number)
        files = {task.file: source.encode()}
        return judging.judge(wall, folder, task, files, "seed")
    return judge


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


def test_another_form_costs_nothing(judged: Examine) -> None:
    judgement = judged(2, GET_JSON + HONEST)
    assert said(judgement) == ""
    assert judgement.advice == (
        "the text asks for the inputs 'http://example.com', "
        "'http://holberton.io'",)


def test_the_cases_that_caught_a_fault_are_named(
        judged: Examine, folder: Folder) -> None:
    model = (folder.path / "test_utils.py").read_text(encoding="utf-8")
    cases = judged(0, model).catches["task0_first_key"]
    assert [case.rpartition("_")[2] for case in cases] == ["2"]


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
    ("        self.assertTrue(True)", "catches 0 of 6 faults"),
    (HONEST.replace("get.assert_called_once_with(url)",
                    "get.assert_called_with(url)"),
     "catches 5 of 6 faults; it misses: requests.get is called twice"),
    ("        os._exit(0)", "exited: test_utils.py"),
    ("        __import__('ctypes').string_at(0)",
     "crashed: test_utils.py"),
])
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
])
def test_a_file_without_a_test_is_told_why(
        judged: Examine, source: str, message: str) -> None:
    assert message in said(judged(2, source + "\n"))


def test_a_test_that_hangs_is_ended(wall: Wall, folder: Folder) -> None:
    task = dataclasses.replace(task_of(folder, 2), seconds=1.0)
    source = GET_JSON + "        while True:\n            pass\n"
    files = {task.file: source.encode()}
    judgement = judging.judge(wall, folder, task, files, "")
    assert said(judgement) == (
        "timeout: test_utils.py does not finish within 1 seconds")


def test_a_longer_name_is_another_test(judged: Examine) -> None:
    source = (GET_JSON + HONEST).replace("test_get_json", "test_get_json_too")
    assert "missing: " in said(judged(2, source))


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
    ("cls.get_patcher.stop()", "pass", "does not put the real requests.get"),
    ("get_patcher", "patcher", "the class has no get_patcher"),
    ("cls.get_patcher.start()", "pass", "does not replace requests.get"),
    ("requests.get", "client.requests.get", "client has no requests"),
    ("side_effect=get",
     "side_effect=[get('https://api.github.com/orgs/google'), get('')] * 9",
     "should give org_payload, whenever and however often"),
    ("lambda: cls.org_payload", "lambda: {}", "should give org_payload"),
    ("fixtures.TEST_PAYLOAD", "[({}, [], [], [])]",
     "should be what fixtures.py has"),
    ("@parameterized_class", "lambda *args: args", "has no attribute"),
    ("GithubOrgClient(", "Client(", "there is no test class"),
])
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


# Attempts to fool it

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
    "counts its own runs": """
        with open("runs", "a+") as file:
            file.write(".")
            file.seek(0)
            self.assertLess(len(file.read()), 2)
""",
    "reads the names and constants of the code": """
        code = utils.get_json.__code__
        self.assertIn("json", code.co_names)
        self.assertNotIn("payload", str(code.co_consts))
        self.assertNotIn("http://example.com", code.co_consts)
        self.assertNotIn("/x", code.co_consts)
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
    "tosses a coin": "        self.assertLess(os.urandom(1)[0], 128)",
    "reports for itself": """
        os.write(3, b'{"method": "TestGetJson.test_get_json", "cases": []}')
        os._exit(0)
""",
}


@pytest.mark.parametrize("trick", LIARS)
def test_no_trick_passes_for_a_test(judged: Examine, trick: str) -> None:
    assert said(judged(2, GET_JSON + LIARS[trick] + "\n"))


def test_a_test_that_knows_one_spelling_fails_on_another(
        judged: Examine, folder: Folder) -> None:
    text = (folder.path / "utils.py").read_text(encoding="utf-8")
    body = ("        text = open('utils.py').read()\n"
            f"        self.assertEqual(len(text), {len(text)})\n")
    assert "the right code" in said(judged(2, GET_JSON + body))


def test_a_request_names_no_fault(folder: Folder) -> None:
    task = task_of(folder, 2)
    drawn = versions.draw(folder, [task], 1, Random(1))
    requests = [request_for([task], {task.file: b""}, each, Random(1))
                for each in drawn]
    assert any(each.faults for each in drawn)
    assert not all(each.faults for each in drawn)
    for each in requests:
        assert {key for key in each if each[key] != requests[0][key]} <= {
            "given", "shown"}
        shown = base64.b64decode(each["shown"]["utils.py"]).decode()
        assert "payload" not in shown


# Faults and noise

def test_every_fault_changes_one_given_file(folder: Folder) -> None:
    trees = {name: (folder.path / name).read_text(encoding="utf-8")
             for name in folder.given}
    for fault in faults.read_faults(folder.path, folder.given):
        changed = []
        for name, text in trees.items():
            tree = ast.parse(text)
            fault.install(name.partition(".")[0], tree, True, Random(1))
            if ast.unparse(tree) != ast.unparse(ast.parse(text)):
                changed.append(name)
        assert len(changed) == 1
        assert fault.description.strip() and "\n" not in fault.description


def test_noise_changes_the_text_but_not_the_interface(
        folder: Folder) -> None:
    text = (folder.path / "client.py").read_text(encoding="utf-8")
    spelled = set()
    for seed in range(20):
        tree = ast.parse(text)
        noise.respell(tree, Random(seed))
        spelled.add(ast.unparse(tree))
    assert len(spelled) == 20
    for each in spelled:
        assert interface(each) == interface(text)


def interface(text: str) -> list[str]:
    """Return the signatures, decorators and docstrings of a source."""
    return sorted(
        f"{place} {ast.unparse(node.args)} "
        f"{[ast.unparse(one) for one in node.decorator_list]} "
        f"{ast.get_docstring(node)}"
        for place, node in faults.functions(ast.parse(text)))
