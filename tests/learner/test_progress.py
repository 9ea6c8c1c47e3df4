"""Progress: what is remembered, listed, and hinted at next."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.cli import main
from grader.learner import hints, listing, progress
from grader.library.library import Library
from grader.submission.submission import collect
from tests.conftest import RIGHT_FLOOR

NAME = "0x00-python_variable_annotations"


def statuses(root: Path, library: Library) -> dict[str, str]:
    known = progress.load(root)
    submission = collect(root, library)
    return {task.id: progress.status(known, submission, task)
            for task in library.tasks}


def test_a_pass_is_remembered_until_the_file_changes(
        made: Path, library: Library,
        capsys: pytest.CaptureFixture[str]) -> None:
    file = made / NAME / "2-floor.py"
    assert statuses(made, library)["0x00/2"] == progress.BLANK

    file.write_text(RIGHT_FLOOR)
    assert statuses(made, library)["0x00/2"] == progress.STARTED
    assert main(["check", str(made), "0x00/2"]) == 0
    assert (f"1 of {len(library.tasks)} tasks pass.\nNext: "
            in capsys.readouterr().out)
    assert statuses(made, library)["0x00/2"] == progress.PASSED

    file.write_text(RIGHT_FLOOR + "\n")
    assert statuses(made, library)["0x00/2"] == progress.CHANGED
    file.unlink()
    assert statuses(made, library)["0x00/2"] == progress.MISSING


def test_a_file_of_several_tests_grows_without_losing_a_pass(
        made: Path, library: Library) -> None:
    file = made / "0x03-Unittests_and_integration_tests" / "test_utils.py"
    test = "class TestAccessNestedMap: test_access_nested_map = 1\n"
    file.write_text(test)
    task = library.select(["0x03/0"])[0]
    known = progress.Progress(passed={
        task.id: progress.digest(collect(made, library), task)})
    for text, status in ((test + "\n\nclass TestGetJson: 0\n",
                          progress.PASSED),
                         ("class TestGetJson: 0\n", progress.CHANGED)):
        file.write_text(text)
        assert progress.status(
            known, collect(made, library), task) == status


def test_what_comes_next_lies_behind_what_passed(
        made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (made / NAME / "2-floor.py").write_text(RIGHT_FLOOR)
    assert main(["check", str(made), "0x00/2"]) == 0
    assert f"Next: {NAME}/3-to_str.py" in capsys.readouterr().out


def test_check_leaves_no_trace_in_a_folder_that_keeps_none(
        submission: Path) -> None:
    main(["check", str(submission), "0x00/2"])
    assert not (submission / progress.STATE).exists()


def test_a_link_is_neither_read_nor_written_through(
        made: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text('{"passed": {"0x00/2": "a"}}')
    (made / progress.STATE).unlink()
    (made / progress.STATE).symlink_to(tmp_path / "precious")

    assert progress.load(made) == progress.Progress()
    assert not progress.is_kept(made)
    progress.save(made, progress.Progress())
    assert "0x00/2" in (tmp_path / "precious").read_text()


@pytest.mark.parametrize("text", [
    "", "[]", "{", "null", '{"passed": 3, "hints": {}}', "[" * 100_000])
def test_nonsense_is_no_progress(tmp_path: Path, text: str) -> None:
    (tmp_path / progress.STATE).write_text(text)
    assert progress.load(tmp_path) == progress.Progress()


def test_the_list_names_what_is_next(
        made: Path, library: Library,
        capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", str(made)]) == 0
    out = capsys.readouterr().out

    assert f"Next: {NAME}/0-add.py" in out
    assert f"0 of {len(library.folder(NAME).tasks)}" in out
    assert "[ ]   2  2-floor.py" in out
    assert all(len(line) <= 80 for line in out.splitlines())


def test_where_nothing_is_kept_nothing_is_claimed(
        submission: Path, capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(submission)
    for words in ["list"], []:
        main(words)
        out = capsys.readouterr().out
        assert "Nothing is known of what passes here" in out
        assert "tasks pass" not in out and "Next:" not in out


def test_the_next_task_comes_after_the_one_at_hand(library: Library) -> None:
    tasks = library.tasks[:3]
    done = {tasks[1].id: progress.PASSED}

    assert listing.next_task(tasks, done, tasks[0]) == tasks[2]
    assert listing.next_task(tasks, done, tasks[2]) == tasks[0]
    assert listing.next_task(
        tasks, {task.id: progress.PASSED for task in tasks}) is None


def test_a_hint_asks_first_and_never_quotes_the_answer(
        library: Library) -> None:
    for task in library.tasks:
        model = (library.root / task.folder / task.file).read_text()
        answer = [line.strip() for line in model.splitlines()
                  if len(line.strip()) > 15]
        assert "?" in task.hints[0], task.id
        assert len(set(task.hints)) == len(task.hints) >= 2, task.id
        assert not [line for line in answer for each in task.hints
                    if line in each], task.id


def test_hints_come_one_after_the_other(made: Path,
                                        library: Library) -> None:
    task, = library.select(["0x00/2"])
    said = [hints.next_hint(made, task) for _ in range(3)]

    assert "Hint 1 of 2" in said[0]
    assert "Hint 2 of 2" in said[1] and said[1] == said[2]
    assert said[0].split("\n")[2].strip() in task.hints[0]


def test_outside_a_workspace_a_hint_leaves_no_trace(
        tmp_path: Path, library: Library) -> None:
    task, = library.select(["0x00/2"])
    said = hints.next_hint(tmp_path, task)
    assert said == hints.next_hint(tmp_path, task)
    assert "grade hint 0x00/2 --all" in said
    assert not list(tmp_path.iterdir())


def test_all_hints_can_be_had_at_once(
        capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hint", "0x00/2", "--all"]) == 0
    out = capsys.readouterr().out
    assert "Hint 1 of 2" in out and "Hint 2 of 2" in out
