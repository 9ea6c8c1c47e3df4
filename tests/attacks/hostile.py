"""Hostile and broken input as data, and what it may leave behind."""

from __future__ import annotations

import os
import shutil
import socket
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from grader.library.library import Library, Task, load_library
from tests.conftest import RIGHT_FLOOR

Entry = dict[str, Any]
ENTRIES: dict[str, Entry] = {
    each["id"]: each for each in tomllib.loads(
        Path(__file__).with_name("hostile.toml").read_text(encoding="utf-8")
    )["entry"]}
FOLDER = "0x00-python_variable_annotations"
NAME = "2-floor.py"
# Seconds of processor time, for what is meant to hang and for the others.
HANGS, ENDS = 0.1, 5.0

_MANIFEST = """
title = "Rounding"
dimensions = ["behaviour"]
[[task]]
number = 2
file = "2-floor.py"
title = "Floor"
hints = []
"""


def one_task(library: Library, folder: Path) -> Library:
    """Return a library, made in a folder, of one task about behaviour."""
    folder = folder / FOLDER
    real = library.root / FOLDER
    (folder / "checks").mkdir(parents=True)
    (folder / "tasks.toml").write_text(_MANIFEST)
    for name in (NAME, "checks/test_2_floor.py"):
        shutil.copy(real / name, folder / name)
    return load_library(folder.parent)


def is_small(entry: Entry) -> bool:
    """Return whether the library of one task is enough for an entry."""
    return not {"task", "dimension"} & entry.keys()


def hangs(entry: Entry) -> bool:
    """Return whether an entry is meant to hang."""
    return bool(entry.get("hangs", entry.get("cause") == "timeout"))


def task_of(entry: Entry, library: Library) -> Task:
    """Return an entry's task, with as much time as it needs."""
    task, = library.select([entry.get("task", "0x00/2")])
    return replace(task, seconds=HANGS if hangs(entry) else ENDS)


def hand_in(entry: Entry, task: Task, path: Path) -> None:
    """Make a submission of an entry."""
    folder = path / task.folder
    folder.mkdir(parents=True)
    for name, text in entry.get("files", {}).items():
        (folder / name).write_text(text)
    _PLACES[entry.get("place", "file")](folder / task.file, _content(entry))


def _content(entry: Entry) -> bytes:
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


_PLACES: dict[str, Callable[[Path, bytes], object]] = {
    "file": Path.write_bytes, "symlink": _symlink, "socket": _socket,
    "sparse": _sparse, "setuid": _setuid, "crowd": _crowd, "names": _names,
    "fifo": lambda path, _: os.mkfifo(path),
    "folder": lambda path, _: path.mkdir(),
    "loop": lambda path, _: path.symlink_to(path.name),
    "absent": lambda path, _: None,
}
