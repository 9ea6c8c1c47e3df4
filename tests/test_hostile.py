"""Hostile and broken submissions, each graded whole, in two tiers."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from grader.errors import UserError
from grader.grading import Grader, Options
from grader.library import Library, Task, load_library
from grader.report import as_json, as_text
from grader.submission import collect
from grader.verdict import Report
from tests.conftest import RIGHT_FLOOR

if sys.platform != "linux":
    pytest.skip("these tiers are Linux's", allow_module_level=True)

ENTRIES: dict[str, dict[str, Any]] = {
    each["id"]: each for each in tomllib.loads(
        Path(__file__).with_name("hostile.toml").read_text(encoding="utf-8")
    )["entry"]}
TIERS = ("full", "reduced")
FOLDER = "0x00-python_variable_annotations"
NAME = "2-floor.py"
MARK = "hostile-mark"
OUTSIDE = ("/tmp", "/dev/shm", "/var/tmp", "/usr", "/")
# What is meant to hang may do so for a second, the others have time.
HANGS, ENDS = 1.0, 5.0
PATIENCE = 5.0

MANIFEST = """
title = "Rounding"
dimensions = ["behaviour"]
[[task]]
number = 2
file = "2-floor.py"
title = "Floor"
hints = []
"""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What came of all entries in one tier, and what is left behind."""

    reports: Mapping[str, Report]
    processes: set[str]
    files: set[str]


@pytest.fixture(scope="module")
def small(library: Library, tmp_path_factory: pytest.TempPathFactory
          ) -> Library:
    """Return a library of one task that is about behaviour alone."""
    folder = tmp_path_factory.mktemp("library") / FOLDER
    real = library.root / FOLDER
    (folder / "checks").mkdir(parents=True)
    (folder / "tasks.toml").write_text(MANIFEST)
    for name in (NAME, "checks/test_2_floor.py"):
        shutil.copy(real / name, folder / name)
    return load_library(folder.parent)


@pytest.fixture(scope="module", params=TIERS)
def seen(request: pytest.FixtureRequest, library: Library, small: Library,
         tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """Grade every entry in one tier, several at a time."""
    os.environ["HOSTILE_SECRET"] = "secret"
    root = tmp_path_factory.mktemp(request.param)
    options = Options(isolation=request.param, jobs=6)
    files = _strays()
    try:
        with Grader(small, options) as some, Grader(library, options) as all_:
            processes = _descendants()

            def run(entry: dict[str, Any]) -> Report:
                grader, of = ((all_, library) if "dimension" in entry
                              else (some, small))
                return _grade(grader, of, entry, root)

            with ThreadPoolExecutor(6) as pool:
                reports = dict(zip(ENTRIES, pool.map(run, ENTRIES.values())))
            # What has just ended may still be on its way out.
            deadline = time.monotonic() + PATIENCE
            while (_descendants() - processes
                   and time.monotonic() < deadline):
                time.sleep(0.05)
            yield Seen(reports=reports, files=_strays() - files,
                       processes=_descendants() - processes)
    except UserError as error:
        pytest.skip(f"{request.param}: {error.what}")


def _grade(grader: Grader, library: Library, entry: dict[str, Any],
           root: Path) -> Report:
    path = root / entry["id"]
    folder = path / FOLDER
    folder.mkdir(parents=True)
    for name, text in entry.get("files", {}).items():
        (folder / name).write_text(text)
    PLACES[entry.get("place", "file")](folder / NAME, _content(entry))
    task, = library.select(["0x00/2"])
    hangs = entry.get("cause") == "timeout"
    chosen: Task = replace(task, seconds=HANGS if hangs else ENDS)
    return grader.grade(collect(path, library), [chosen])


def _content(entry: dict[str, Any]) -> bytes:
    if "hex" in entry:
        return bytes.fromhex(entry["hex"])
    if "source" in entry:
        return str(entry["source"]).encode()
    pieces = {"right": RIGHT_FLOOR, "right, cr": _right("\r"),
              "right, crlf": _right("\r\n")}
    made = "".join(pieces.get(text, text) * number
                   for text, number in entry.get("make", [["right", 1]]))
    body = entry.get("body", "return math.floor(n)")
    made = made.replace("return math.floor(n)", body)
    return (f"{entry['before']}\n{made}" if "before" in entry
            else made).encode()


def _right(end: str) -> str:
    return RIGHT_FLOOR.replace("\n", end)


def _symlink(path: Path, content: bytes) -> None:
    target = path.parent.parent / "elsewhere.py"
    target.write_bytes(content)
    path.symlink_to(target)


def _socket(path: Path, content: bytes) -> None:
    # The name of a socket must be short, so it is made from within.
    with socket.socket(socket.AF_UNIX) as made:
        folder = os.open(path.parent, os.O_RDONLY)
        made.bind(f"/proc/self/fd/{folder}/{path.name}")
        os.close(folder)


def _sparse(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    os.truncate(path, 10 << 30)


def _setuid(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.chmod(0o4000)


def _crowd(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    for number in range(100):
        (path.parent / f"z{number}.py").write_text("1/0")


def _names(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    for name in ("a\nb.py", "\033[2J.py", "\u202egnp.py", "x\udcff.py"):
        (path.parent / name).write_text("")


PLACES: dict[str, Callable[[Path, bytes], object]] = {
    "file": Path.write_bytes, "symlink": _symlink, "socket": _socket,
    "sparse": _sparse, "setuid": _setuid, "crowd": _crowd, "names": _names,
    "fifo": lambda path, _: os.mkfifo(path),
    "folder": lambda path, _: path.mkdir(),
    "loop": lambda path, _: path.symlink_to(path.name),
    "absent": lambda path, _: None,
}


def _descendants() -> set[str]:
    """Return the processes below this one, as "id command"."""
    parents: dict[int, tuple[int, str]] = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            text = Path(f"/proc/{entry}/stat").read_text()
        except OSError:
            continue
        command, _, rest = text.rpartition(")")
        parents[int(entry)] = (int(rest.split()[1]), command)
    return {f"{pid} {command}" for pid, (_, command) in parents.items()
            if _is_below(pid, parents)}


def _is_below(pid: int, parents: Mapping[int, tuple[int, str]]) -> bool:
    while pid in parents:
        pid = parents[pid][0]
        if pid == os.getpid():
            return True
    return False


def _strays() -> set[str]:
    """Return files that a run has left where it should not."""
    return {f"{place}/{name}" for place in OUTSIDE
            for name in os.listdir(place)
            if name == MARK or name.startswith("mark-of-")}


@pytest.mark.parametrize("name", ENTRIES)
def test_it_gets_its_verdict(seen: Seen, name: str) -> None:
    entry, report = ENTRIES[name], seen.reports[name]
    verdict, = report.tasks
    entry = entry | entry.get(report.isolation, {})
    dimension = entry.get("dimension", "behaviour")
    failures = [each for each in verdict.failures
                if each.dimension == dimension]

    assert verdict.status != "error", failures
    if entry.get("status", "pass") != "any":
        assert verdict.dimensions[dimension] == entry.get(
            "status", "pass"), failures
    if "cause" in entry:
        assert failures[0].cause == entry["cause"], failures
    assert entry.get("says", "") in "".join(
        each.message for each in failures)


@pytest.mark.parametrize("name", ENTRIES)
def test_what_is_said_about_it_is_harmless(seen: Seen, name: str) -> None:
    report = seen.reports[name]
    for text in (as_text(report), as_json(report)):
        text.encode()
        assert all(char.isprintable() for char in text if char != "\n")
        assert "/home/somebody" not in text
        assert len(text) < 60_000


def test_nothing_is_left_behind(seen: Seen) -> None:
    assert seen.processes == set()
    assert seen.files == set()
