"""Tables of answers are read as their keys say, and bad ones are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.library.library import Library
from grader.library.manifest import Unreadable
from tests.helpers.answers import Answer, read

FOLDER = "python-generators-0x00"
STREAM = 'task = 1\nname = "it"\n'
TOP = '''
before = "one"
parts = { one = "1\\n", two = "2\\n" }
beside = { "seed.py" = "a seed\\n", "b.py" = "b\\n" }
'''


def written(library: Library, folder: Path, *rows: str,
            top: str = TOP, name: str = FOLDER) -> list[Answer]:
    """Read a table that holds some rows."""
    path = folder / f"{name}.toml"
    path.write_text(top + "".join(f"[[answer]]\n{row}\n" for row in rows))
    return read(path, library.folder(name))


@pytest.mark.parametrize("keys, text", [
    ('source = "x\\n"', "1\nx\n"), ('source = ""', "1\n"),
    ('source = "x\\n"\nbefore = []', "x\n"),
    ('source = "x\\n"\nbefore = ["two", "one"]', "2\n1\nx\n"),
    ('source = "x\\n"\nbefore = "seed.py"', "a seed\nx\n"),
])
def test_parts_stand_in_front_of_a_source(
        library: Library, tmp_path: Path, keys: str, text: str) -> None:
    answer, = written(library, tmp_path, STREAM + keys)

    assert answer.text == text


def test_a_model_is_changed_or_goes_on(library: Library,
                                       tmp_path: Path) -> None:
    model = (library.folder(FOLDER).path / "0-stream_users.py").read_text()
    changed, longer = written(
        library, tmp_path, STREAM + 'old = "def stream_"\nnew = "def s_"',
        'task = 1\nname = "longer"\nadded = "x\\n"\nbefore = "two"')

    assert changed.text == model.replace("def stream_", "def s_") != model
    assert longer.text == model + "2\nx\n"


def test_the_comments_of_a_starter_are_replaced(library: Library,
                                                tmp_path: Path) -> None:
    answer, = written(library, tmp_path, STREAM + 'starter = "x = 1\\n"',
                      name="python-decorators-0x01")

    lines = answer.task.starter.splitlines()
    at = next(at for at, line in enumerate(lines) if line[:2] == "# ")
    assert answer.text.splitlines() == [*lines[:at], "x = 1", *lines[at + 1:]]


def test_files_lie_beside_an_answer(library: Library, tmp_path: Path) -> None:
    answer, = written(library, tmp_path, STREAM + (
        'source = ""\nbeside = { "b.py" = false, "c.py" = "c" }'))

    assert answer.files == {"seed.py": "a seed\n", "c.py": "c",
                            "0-stream_users.py": "1\n"}


@pytest.mark.parametrize("rows, problem", [
    ([STREAM], "should have one of source, starter, old, added, not none"),
    ([STREAM + 'source = ""\nadded = ""'], "not ['source', 'added']"),
    ([STREAM + 'source = ""\nfail = "behaviour"'],
     "there is no key 'fail', but 'fails'"),
    ([STREAM + 'source = ""\nfails = true'], "should be a list of texts"),
    ([STREAM + 'source = ""', STREAM + 'added = ""'],
     "there are two of 'python-generators-0x00/1: it'"),
    ([STREAM.replace("1", "9") + 'source = ""'], "there is no task 9"),
    ([STREAM + 'source = ""\nbefore = "three"'], "there is no part 'three'"),
    ([STREAM + 'source = ""\nfails = ["types"]'],
     "there is no dimension 'types'"),
    ([STREAM + 'source = ""\nbeside = { "b.py" = true }'],
     "'b.py' should be a text or false"),
    ([STREAM + 'source = ""\nnew = "x"'], "`new` goes with `old`"),
    ([STREAM + 'old = "def stream_"\nbefore = "one"'], "`before` with all"),
    ([STREAM + 'old = "user"'], "'user' should stand in the model exactly"),
    ([STREAM + 'starter = "x"'], "one block of comments in the starter"),
    ([], "there is no [[answer]]"),
])
def test_a_bad_table_is_refused(library: Library, tmp_path: Path,
                                rows: list[str], problem: str) -> None:
    with pytest.raises(Unreadable) as raised:
        written(library, tmp_path, *rows)

    assert problem in str(raised.value)


def test_a_key_that_is_none_of_a_table_is_refused(library: Library,
                                                  tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no key 'part', but 'parts'"):
        written(library, tmp_path, STREAM + 'source = ""', top="part = {}\n")
