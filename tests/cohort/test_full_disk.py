"""Disks that fill up: one clear message, nothing torn, nothing lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader import files
from tests.tools.stopwatch import ROOT

# In a file system of a megabyte: `full` leaves so many pages of it.
HEAD = """\
import os, sys
from pathlib import Path
from grader.cli import main

ROOM = Path(sys.argv[1])
PAGE = 4096

def full(pages):
    room = os.statvfs(ROOM)
    (ROOM / "filler").write_bytes(bytes(max(
        0, room.f_bavail - pages) * room.f_frsize))

def empty():
    (ROOM / "filler").unlink()

def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}
"""

START = """
for pages in range(0, 90, 4):
    full(pages)
    status = main(["start", str(ROOM / "work")])
    print("first", status, flush=True)
    empty()
    print("second", main(["start", str(ROOM / "work")]), flush=True)
    main(["start", str(ROOM.parent / "whole")])
    assert contents(ROOM / "work") == contents(ROOM.parent / "whole")
    os.system(f"rm -rf {ROOM / 'work'}")
"""

COHORT = """
from grader.cohort import fingerprint, run as run_module
from grader.cohort.run import Cohort, grade
from grader.cohort.sources import find
from grader.errors import GraderError
from grader.library.library import load_library
from tests.cohort.test_cohort import FakeCrew

# They only read, and take most of the time of a run.
fingerprint.library_digest = lambda library, tier: "library"
run_module.given = lambda library: frozenset()
library = load_library()
sources = find([ROOM.parent / "class"], library.names).found

def run(out):
    cohort = Cohort(sources=sources, library=library, out=out,
                    tasks=library.select(["0x00"]))
    crew = FakeCrew()
    grade(cohort, crew, lambda pace: None)
    return crew.graded

WHOLE = ROOM.parent / "whole" / "out"
run(WHOLE)
for pages in range(0, 60):
    full(pages)
    try:
        run(ROOM / "out")
        print("done", flush=True)
    except GraderError as error:
        assert "No space left" in error.what, error.what
        assert "\\n" not in error.what + error.todo
        print("made room" if "make room" in error.todo else error.todo,
              "safe" if "safe" in error.todo else "", flush=True)
    except Exception as error:
        print(type(error), error, getattr(error, "todo", ""), flush=True)
        assert "No space left" in str(error)
    known = (ROOM / "out" / "results.jsonl")
    before = known.read_bytes() if known.exists() else b""
    assert before.endswith(b"\\n") or not before
    left = [each for each in os.listdir(ROOM / "out")
            if each not in ("results.jsonl", "grades.csv", "report.html")
            ] if known.exists() else []
    assert left == [], left
    empty()
    graded = run(ROOM / "out")
    assert len(graded) == 6 - before.count(b"\\n"), graded
    assert contents(ROOM / "out") == contents(WHOLE)
    os.system(f"rm -rf {ROOM / 'out'}")
"""


def in_small_room(tmp_path: Path, script: str,
                  room: int = 1 << 20) -> subprocess.CompletedProcess[str]:
    """Run a script that has a small file system for itself."""
    program = shutil.which("bwrap")
    if program is None:
        pytest.skip("there is no bubblewrap on this machine")
    (tmp_path / "room").mkdir()
    return subprocess.run(
        [program, "--dev-bind", "/", "/", "--size", str(room), "--tmpfs",
         tmp_path / "room", sys.executable, "-c", HEAD + script,
         tmp_path / "room"], cwd=ROOT, capture_output=True, text=True)


def test_start_completes_what_a_full_disk_has_cut_short(
        tmp_path: Path) -> None:
    done = in_small_room(tmp_path, START)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("first 2") > 5
    assert done.stdout.count("second 0") == 23
    messages = done.stderr.splitlines()
    assert len(messages) == 2 * done.stdout.count("first 2")
    assert all("cannot be written: No space left on device" in each
               and str(tmp_path / "room" / "work") in each
               for each in messages[::2])
    assert {each.strip() for each in messages[1::2]} == {
        "make room, and run the same command again"}


def test_a_cohort_loses_nothing_on_a_full_disk(tmp_path: Path) -> None:
    from tests.cohort.test_sources import learner
    for name in "abcdef":
        learner(tmp_path / "class" / name, f"# {name}\n")

    done = in_small_room(tmp_path, COHORT)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines().count("done") > 5
    assert "safe" in done.stdout


@pytest.mark.parametrize("words", [
    ["check", "{class}/ann", "0x00/2", "--output", "{room}/report"],
    ["export", "gradescope", "--output", "{room}/a.zip"],
    ["export", "github", "--package", "a/b", "--output",
     "{room}/grade.yml"]])
def test_what_cannot_be_written_whole_is_not_there_in_part(
        tmp_path: Path, words: list[str]) -> None:
    from tests.cohort.test_sources import learner
    learner(tmp_path / "class" / "ann")
    call = [word.format_map({"class": tmp_path / "class",
                             "room": tmp_path / "room"}) for word in words]

    done = in_small_room(tmp_path, f"""
full(0)
before = os.listdir(ROOM)
status = main({call!r})
print(status, os.listdir(ROOM) == before)
""", room=16 << 10)
    what, todo = done.stderr.splitlines()

    assert done.stdout.splitlines()[-1] == "2 True", done.stderr
    assert "cannot be written: No space left on device" in what
    assert todo.strip() == "make room, and run the same command again"


def test_a_file_keeps_its_mode_and_a_link_its_place(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "real").chmod(0o640)
    (tmp_path / "link").symlink_to("real")
    files.write(tmp_path / "link", b"new")

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"
    assert (tmp_path / "real").stat().st_mode & 0o777 == 0o640


def test_what_is_no_file_is_written_to_and_not_replaced() -> None:
    files.write(Path("/dev/null"), b"text")

    assert Path("/dev/null").is_char_device()


def test_a_file_in_a_folder_of_others_is_written_all_the_same(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "report").write_text("old")

    def refuse(source: Path, target: Path) -> None:
        raise PermissionError(13, "Permission denied", str(target))

    monkeypatch.setattr(os, "replace", refuse)
    files.write(tmp_path / "report", b"new")
    assert (tmp_path / "report").read_bytes() == b"new"
    with pytest.raises(PermissionError, match="other"):
        files.write(tmp_path / "other", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_what_a_killed_process_left_is_swept(tmp_path: Path) -> None:
    for name in (".grades.csv.99", "grades.csv", ".grades.csv", ".x.99"):
        (tmp_path / name).write_text("")
    files.sweep(tmp_path / "grades.csv")

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".grades.csv", ".x.99", "grades.csv"]
