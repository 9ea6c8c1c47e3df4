"""What has changed between two sets of results; pure but for reading."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from grader.cohort.ledger import RESULTS, index, read_at
from grader.errors import UserError
from grader.exports.text import Data, heading
from grader.kit.values import clipped


def compare(old: Path, new: Path) -> Iterator[str]:
    """Yield a line for each submission whose points changed, and why.

    Both are results, or folders that hold them. Raises UserError where
    there are none.
    """
    before, after = _file(old), _file(new)
    entries_before, entries_after = index(before), index(after)
    for name in sorted(entries_before.keys() | entries_after.keys()):
        if name not in entries_before:
            yield f"{name}: new"
        elif name not in entries_after:
            yield f"{name}: gone"
        else:
            yield from _changes(
                name, read_at(before, entries_before[name].offset),
                read_at(after, entries_after[name].offset))


def _file(path: Path) -> Path:
    file = path / RESULTS if path.is_dir() else path
    if not file.is_file():
        raise UserError(f"{path} holds no {RESULTS}",
                        "name what --out was in an earlier run")
    return file


def _changes(name: str, old: Data, new: Data) -> Iterator[str]:
    before = {heading(task): task for task in old["tasks"]}
    after = {heading(task): task for task in new["tasks"]}
    changed = [_change(each, before.get(each), after.get(each))
               for each in before | after
               if _points(before.get(each)) != _points(after.get(each))]
    if changed:
        yield (f"{name}: {old['score']['points']:g} ->"
               f" {new['score']['points']:g}")
        yield from (f"    {each}" for each in changed)


def _change(name: str, old: Data | None, new: Data | None) -> str:
    why = ""
    if (_points(new) or 0) < (_points(old) or 0) and new and new["failures"]:
        why = f"  ({_first_line(new)})"
    elif old and old["failures"]:
        why = f"  (was: {_first_line(old)})"
    return f"{name} {_said(old)} -> {_said(new)}{why}"


def _first_line(task: Data) -> str:
    lines = task["failures"][0]["message"].splitlines()
    return clipped(lines[0] if lines else "", 90)


def _points(task: Data | None) -> float | None:
    return None if task is None else float(task["points"])


def _said(task: Data | None) -> str:
    return "none" if task is None else f"{task['points']:g}"
