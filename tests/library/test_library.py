"""The library is read, and tasks are named, as the contract says."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import GraderError, UserError
from grader.library.library import Library, load_folder

NUMBERS = {
    "0x00-python_variable_annotations": [*range(10), 100, 101, 102],
    "0x01-python_async_function": [0, 1, 2, 3, 4],
    "0x02-python_async_comprehension": [0, 1, 2],
    "0x03-Unittests_and_integration_tests": [*range(10)],
    "python-generators-0x00": [0, 1, 2, 3, 4],
    "python-decorators-0x01": [0, 1, 2, 3, 4],
    "python-context-async-perations-0x02": [0, 1, 3],
}


def test_all_44_tasks_are_there_in_course_order(library: Library) -> None:
    """More may be added; those of the course stay, in its order."""
    found = {folder.name: [task.number for task in folder.tasks
                           if task.number in NUMBERS[folder.name]]
             for folder in library.folders}

    assert found == NUMBERS
    assert list(found) == list(NUMBERS)


@pytest.mark.parametrize("selector, file", [
    ("0x00/102", "102-type_checking.py"), ("0x01/3-tasks.py", "3-tasks.py"),
    ("python-decorators-0x01/2-transactional.py", "2-transactional.py"),
    ("decorators/2", "2-transactional.py"),
])
def test_selectors(library: Library, selector: str, file: str) -> None:
    task, = library.select([selector])

    assert task.file == file


@pytest.mark.parametrize("selector, name", [
    ("0x00", "0x00-python_variable_annotations"),
    ("python-generators-0x00/", "python-generators-0x00"),
])
def test_a_folder_selects_all_of_its_tasks(library: Library, selector: str,
                                           name: str) -> None:
    assert library.select([selector]) == library.folder(name).tasks


def test_selected_tasks_come_in_course_order(library: Library) -> None:
    tasks = library.select(["0x01/0", "0x00/1", "0x00/1"])

    assert [task.id for task in tasks] == ["0x00/1", "0x01/0"]


@pytest.mark.parametrize("selector, ids", [
    ("2-floor.py", ["0x00/2"]), ("floor", ["0x00/2"]),
    ("0X00/2", ["0x00/2"]), ("0x00\\2", ["0x00/2"]),
    ("./0x00/2-floor.py", ["0x00/2"]), ("0x00/2-main.py", ["0x00/2"]),
    ("102", ["0x00/102"]), ("seed", ["python-generators-0x00/0"]),
    ("test_client.py", [f"0x03/{number}" for number in range(4, 10)]),
])
def test_a_task_is_found_by_whatever_names_it_alone(
        library: Library, selector: str, ids: list[str]) -> None:
    assert [task.id for task in library.select([selector])] == ids


@pytest.mark.parametrize("selector, word", [
    ("0x77", "no folder"), ("python", "several"), ("0x00/55", "no task"),
    ("7", "'7' may be several tasks"), ("measure", "several tasks"),
    ("3", "'3' may be several tasks"),
    ("2-measure_runtime.py", "several tasks"), ("zz/y", "no folder 'zz'"),
])
def test_unknown_selectors_say_what_there_is(library: Library, selector: str,
                                             word: str) -> None:
    with pytest.raises(UserError, match=word):
        library.select([selector])


TASK = '[[task]]\nnumber = 0\nfile = "0-a.py"\ntitle = "A"\n'
HEAD = 'title = "T"\ndimensions = ["behaviour"]\n'
HINTS = 'hints = ["a", "b"]\n'


@pytest.mark.parametrize("text, words", [
    ("title = [", "Unclosed|Invalid|value"),
    ('title = "T"\n', r"there is no \[\[task\]\]"),
    (HEAD + TASK.replace("[task]", "[tasks]"), r"there is no \[\[task\]\]"),
    (f"{HEAD}surprise = 1\n{TASK}{HINTS}", "there is no key 'surprise'$"),
    (HEAD + TASK, "task 0: the key 'hints' is missing"),
    (HEAD + TASK.replace("file", "flie") + HINTS,
     "task 0: there is no key 'flie', but 'file'"),
    (f"{HEAD}{TASK}{HINTS}folder = 'x'\n", "there is no key 'folder'"),
    (HEAD + TASK.replace("0\n", "'0'\n") + HINTS,
     "'number' should be a whole number"),
    (f"{HEAD}{TASK}hints = 'a'\n", "'hints' should be a list of texts"),
    (f"{HEAD}{TASK}hints = [1, 2]\n", "'hints' should be a list of texts"),
    (f"{HEAD}{TASK}{HINTS}points = 'ten'\n", "'points' should be a number"),
    (f"{HEAD}{TASK}{HINTS}points = true\n", "'points' should be a number"),
    (f"{HEAD}{TASK}{HINTS}[task.types]\nnaems = ['a']\n",
     "task 0: there is no key 'naems', but 'names'"),
    (f"{HEAD}{TASK}{HINTS}{TASK}{HINTS}", "two tasks have the number 0"),
    (f"{HEAD.replace('behaviour', 'style')}{TASK}{HINTS}",
     "the dimensions should be behaviour and"),
    (f"{HEAD}weights = {{behaviour = 0.9}}\n{TASK}{HINTS}",
     "the weights should be a number for each dimension"),
    (f"{HEAD}weights = {{behaviour = 'all'}}\n{TASK}{HINTS}",
     "'weights' should be a table of numbers"),
    (f"{HEAD}judge = 'me'\n{TASK}{HINTS}",
     "there is no judge 'me', but 'suite' and 'learnertests'"),
])
def test_a_bad_manifest_is_named(tmp_path: Path, text: str,
                                 words: str) -> None:
    (tmp_path / "tasks.toml").write_text(text)

    with pytest.raises(GraderError, match=words):
        load_folder(tmp_path)


def test_a_good_manifest_is_read_and_the_rest_derived(
        tmp_path: Path) -> None:
    (tmp_path / "tasks.toml").write_text(
        f"{HEAD}{TASK}{HINTS}points = 5\n[task.types]\nclean = true\n")

    task, = load_folder(tmp_path).tasks
    assert (task.suite, task.main) == ("test_0_a.py", "0-main.py")
    assert (task.hints, task.points) == (("a", "b"), 5)
    assert task.types.clean
