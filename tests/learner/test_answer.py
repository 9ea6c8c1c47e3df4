"""`grade answer`: when it opens, and what it compares."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.cli import main
from grader.learner import versus, answer, progress
from grader.library.library import Library
from grader.submission.submission import collect
from tests.conftest import RIGHT_FLOOR

NAME = "0x00-python_variable_annotations"
LEARNER_TESTS = "0x03-Unittests_and_integration_tests"
SPOILT = "seeing this spoils it"


def asked(capsys: pytest.CaptureFixture[str], *words: str
          ) -> tuple[int, str, str]:
    status = main(["answer", *words])
    said = capsys.readouterr()
    return status, said.out, said.err


def let_pass(root: Path, library: Library, name: str, text: str) -> None:
    """Note a pass, as check and watch do."""
    task, = library.select([name])
    (root / task.folder / task.file).write_text(text)
    known = progress.load(root)
    known.passed[task.id] = progress.digest(collect(root, library), task)
    known.once.add(task.id)
    progress.save(root, known)


def test_an_answer_opens_with_the_pass_and_stays_open(
        made: Path, library: Library, monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(made)
    status, out, err = asked(capsys, "0x00/2")
    assert (status, out) == (2, "")
    assert "0x00/2 has not passed in this workspace yet" in err
    assert len(err.splitlines()) == 2
    assert max(map(len, err.splitlines())) <= 80

    let_pass(made, library, "0x00/2", RIGHT_FLOOR)
    status, out, _ = asked(capsys, "2-floor.py")
    assert status == 0
    assert SPOILT not in out
    assert "    def floor(n: float) -> int:" in out
    assert '-    """Return the whole number below n."""' in out
    assert "Why it is written so" in out

    main(["check", ".", "0x00/2"])
    assert "grade answer 0x00/2\n" in capsys.readouterr().out
    (made / NAME / "2-floor.py").write_text("x = 1\n")
    main(["check", ".", "0x00/2"])
    assert progress.load(made).passed == {}
    assert asked(capsys, "0x00/2")[0] == 0


def test_anyway_opens_it_and_says_what_that_costs(
        made: Path, monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(made)
    status, out, _ = asked(capsys, "dec/0", "--anyway")
    assert status == 0
    assert SPOILT in out
    assert "From yours" not in out


def test_every_answer_has_its_model_and_no_other_tasks(
        library: Library) -> None:
    for folder in library.folders:
        for task in folder.tasks:
            text = "\n".join(answer.lines(folder, task, "", True))
            for mate in folder.tasks:
                for name in mate.methods if mate.file == task.file else ():
                    method = name.rpartition(".")[2]
                    assert (f"def {method}(" in text
                            or f"class {method}(" in text) == (
                                name in task.methods
                                or _is_common(method, task.methods)), (
                                    task.id, method)


def _is_common(method: str, names: tuple[str, ...]) -> bool:
    """Two classes have a method of one name."""
    return any(name.rpartition(".")[2] == method
               or name.partition(".")[0] == method for name in names)


@pytest.mark.parametrize("own, model", [
    ("a = 'x'\n", 'a = "x"\n'), ("a = f'{b}'\n", 'a = f"{b}"\n'),
    ("'''Doc.'''\nimport a\n\nimport b", '"""Doc."""\nimport a\n\n\n'
     "import b\n\n"),
    ("a = 1  \n", "a = 1\n"), ("if a:\n\tb()\n", "if a:\n    b()\n"),
    ("\ufeffa = 1\r\n", "a = 1\n"), ("x = ('a', 'b' 'c')\n",
                                     'x = ("a", "b" "c")\n')])
def test_formatting_makes_no_difference(own: str, model: str) -> None:
    assert versus.difference(own, model) == []


@pytest.mark.parametrize("own, model", [
    ("a = 'x\"'\n", 'a = "x"\n'), ("a = 1  # one\n", "a = 1\n"),
    ("a = '\\n'\n", 'a = "n"\n'), ("a\n", "a\n\nb\n"), ("x = 'a", "x = 'a'")])
def test_all_else_does(own: str, model: str) -> None:
    assert versus.difference(own, model) != []


def test_what_python_cannot_read_is_compared_as_it_is() -> None:
    assert versus.normalised("def x(:\n    'a'\n") == ["def x(:", "    'a'"]


def test_an_excerpt_has_the_parts_of_one_task(library: Library) -> None:
    folder = library.folder(LEARNER_TESTS)
    task, = library.select(["0x03/5"])
    source = ("import unittest\n\n\n"
              "class TestGithubOrgClient(unittest.TestCase):\n"
              "    def helper(self):\n        pass\n\n"
              "    @staticmethod\n    def test_org():\n        pass\n\n"
              "    def test_public_repos_url(self):\n        pass\n\n\n"
              "class TestIntegrationGithubOrgClient:\n    pass\n")

    assert versus.excerpt(source, task, folder.tasks) == (
        "import unittest\n\n\n"
        "class TestGithubOrgClient(unittest.TestCase):\n"
        "    def helper(self):\n        pass\n\n"
        "    def test_public_repos_url(self):\n        pass\n\n\n")
    assert versus.excerpt("def x(:", task, folder.tasks) == "def x(:"
