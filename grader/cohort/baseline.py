"""Compares two sets of results: whose points changed, and why."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.cohort.ledger import RESULTS, index, read_at
from grader.errors import UserError
from grader.kit.values import clipped
from grader.report import records
from grader.report.wording import Data

_LONGEST = 90


def check(old: Path, out: Path) -> None:
    """Raise UserError for a path that has no results to compare with."""
    file = results_file(old)
    if file.resolve() == (out / RESULTS).resolve():
        raise UserError(f"{old} is where the new results go",
                        "name another --out, or compare with a copy")
    try:
        with file.open("rb") as lines:
            is_known = any(records.read(line) for line in lines)
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror}",
                        "give yourself the right to read it") from None
    if not is_known:
        raise UserError(f"{file} holds no results",
                        f"name the {RESULTS} of an earlier run, or the folder"
                        " that it is in")


@contextmanager
def kept(out: Path, is_wanted: bool) -> Iterator[Path | None]:
    """Yield a copy of the results that are there, if that is wanted.

    Those of an unfinished run are the state that it starts from.
    """
    results = out / RESULTS
    if not is_wanted:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="grade-before-") as folder:
        copy = Path(folder, RESULTS)
        try:
            shutil.copyfile(results, copy)
        except FileNotFoundError:
            copy.touch()
        except OSError as error:
            raise UserError(f"{results} cannot be read: {error.strerror}",
                            "give yourself the right to read it") from None
        yield copy


def compare(old: Path, new: Path) -> Iterator[str]:
    """Yield a line for each submission whose points changed, and why.

    Both are results, or folders that hold them. Raises UserError where
    there are none.
    """
    before, after = results_file(old), results_file(new)
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


def results_file(path: Path) -> Path:
    """Return the file of the results that a path means; raises UserError."""
    if not path.exists():
        raise UserError(f"{path} is not there",
                        "name what --out was in an earlier run")
    file = path / RESULTS if path.is_dir() else path
    if not file.is_file():
        raise UserError(f"{path} holds no {RESULTS}",
                        "name what --out was in an earlier run")
    return file


def _changes(name: str, old: Data, new: Data) -> Iterator[str]:
    before, after = records.by_task(old), records.by_task(new)
    changed = [_change(each, before.get(each), after.get(each))
               for each in before | after
               if _points(before.get(each)) != _points(after.get(each))]
    marks = _marks(old, new)
    if changed or marks:
        yield f"{name}: {_total(old)} -> {_total(new)}{marks}"
        yield from (f"    {each}" for each in changed)
    if marks:
        before, after = old["mark"]["notes"], new["mark"]["notes"]
        yield from (f"    {each}" for each in after if each not in before)
        yield from (f"    no more: {each}" for each in before
                    if each not in after)


def _marks(old: Data, new: Data) -> str:
    """Return how the mark differs, if both records have one."""
    if not (old.get("mark") and new.get("mark")):
        return ""
    before, after = (
        "none" if each["mark"]["points"] is None
        else f"{each['mark']['points']:g} of {each['mark']['max']:g}"
        for each in (old, new))
    return f", mark {before} -> {after}" if before != after else ""


def _change(name: str, old: Data | None, new: Data | None) -> str:
    why = ""
    if new and new["failures"] and _is_worse(old, new):
        why = f"  ({_first(new)})"
    elif old and old["failures"]:
        why = f"  (was: {_first(old)})"
    return f"{name} {_points(old)} -> {_points(new)}{why}"


def _is_worse(old: Data | None, new: Data) -> bool:
    return not records.is_settled(new) or (
        new["points"] < (old["points"] if old else 0))


def _first(task: Data) -> str:
    """Return the first line of a task's first failure, cut."""
    message = task["failures"][0]["message"]
    return clipped(next(iter(message.splitlines()), "") or "no reason given",
                   _LONGEST)


def _points(task: Data | None) -> str:
    if task is None:
        return "none"
    return (f"{task['points']:g}" if records.is_settled(task)
            else "not judged")


def _total(record: Data) -> str:
    judged = all(map(records.is_settled, record["tasks"]))
    return f"{record['score']['points']:g}" if judged else "not judged"
