"""Makes report.html: one page with all results, which fetches nothing.

The results are JSON within the page, written so that no text in it can end
its element. The page's script inserts texts as text, never as markup. A
policy names the hashes of its one script and its one style sheet, so that
nothing else can run.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import (
    Callable, Collection, Iterable, Iterator, Sequence)
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader import __version__
from grader.cohort import copies
from grader.cohort.alike import Alike
from grader.cohort.copies import Copy
from grader.cohort.gradestable import Column
from grader.cohort.stats import Stats, status_of, to_look_at
from grader.kit.values import clipped
from grader.report.records import by_task, is_settled
from grader.report.wording import Data, judged

# Groups whose files are worded alike, pairs of one, and the code of all.
MOST_GROUPS, MOST_IN_GROUP, MAX_CODE = 100, 40, 6 << 20
STATUSES = ("pass", "fail", "error", "absent")
# The most that texts take up in the page; results.jsonl has all of them.
MAX_TEXTS = 16 << 20
MAX_SAID = 400
MAX_FAILURES = 3

# They make up one script, in this order.
_SCRIPTS = ("base.js", "grid.js", "learner.js", "overview.js", "alike.js",
            "start.js")
_PARTS = Path(__file__).resolve().parent / "report_page"


def page(tasks: Sequence[Column], records: Callable[[], Iterable[Data]],
         is_ordered: bool = False,
         beside: Beside | None = None) -> Iterator[str]:
    """Yield the page in parts, with no more than one record in memory.

    `is_ordered` says that the records have an order of their own, which is
    then that of the rows at first; `beside` is what else is known of a class.
    """
    known = beside or Beside()
    names: list[str] = []
    stats, texts = Stats(), Texts()
    headings = [task.id for task in tasks]
    style = _part("style.css")
    script = "".join(map(_part, _SCRIPTS))
    before, after = _part("page.html").split("{{rows}}")
    yield (before.replace("{{style-hash}}", _hash(style))
           .replace("{{script-hash}}", _hash(script))
           .replace("{{style}}", style))
    yield "[0"
    with Alike(tasks, known.given) as alike:
        for number, record in enumerate(records()):
            stats.add(record)
            alike.add(number, record)
            names.append(record["submission"])
            yield ",\n" + embed(row(record, headings, texts))
        yield "]"
        size = len(names)
        for label, record in known.earlier():
            alike.add_earlier(len(names), record)
            names.append(label)
        data = embed(_data(tasks, stats, alike, texts)
                     | _copies(alike.copies(size), tasks, names, size, known)
                     | {"ordered": is_ordered})
    # The data last: a text in it may look like a placeholder.
    yield after.replace("{{script}}", script).replace("{{data}}", data)


def _copies(found: Sequence[Copy], tasks: Sequence[Column],
            names: Sequence[str], size: int, beside: Beside
            ) -> dict[str, Any]:
    """Return groups whose files are worded alike, and what the files hold.

    A group is its learners and its pairs, each with the shares by file. Of
    learners beyond `size`, those of earlier classes, the labels are given.
    """
    pairs: dict[tuple[int, int], list[tuple[int, float]]] = {}
    for each in found:
        pairs.setdefault((each.one, each.two), []).append(
            (each.file, round(each.share, 2)))
    groups = copies.groups(pairs)[:MOST_GROUPS]
    ordered = sorted(pairs.items(), key=lambda each: (-len(each[1]), each[0]))
    shown = [[(one, two, files) for (one, two), files in ordered
              if one in members][:MOST_IN_GROUP]
             for members in map(frozenset, groups)]
    codes: dict[str, str] = {}
    room = MAX_CODE
    for learner, file in sorted({
            (learner, file) for some in shown for one, two, files in some
            for learner in (one, two) for file, _ in files}):
        if room > 0:
            code = beside.code(names[learner], tasks[file])
            codes[f"{learner}/{file}"] = code
            room -= len(code)
    used = {learner for members in groups for learner in members}
    return {"groups": list(zip(groups, shown)),
            "codes": {key: code for key, code in codes.items() if code},
            "others": {learner: names[learner] for learner in sorted(used)
                       if learner >= size}}


def _data(tasks: Sequence[Column], stats: Stats, alike: Alike,
          texts: Texts) -> dict[str, Any]:
    return {
        "version": __version__, "texts": texts.all, "cut": texts.is_full,
        "tasks": [[task.id, task.file, task.title, task.points]
                  for task in tasks],
        "stats": stats.summary(), "clusters": alike.clusters(),
        "pairs": alike.pairs(),
    }


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What is known of a class besides its records.

    `given` returns marks of what all learners were given, `earlier` the
    results of other classes with a label each, and `code` what a submission
    holds for a task, "" where that cannot be had.
    """

    given: Callable[[], Collection[int]] = frozenset
    earlier: Callable[[], Iterable[tuple[str, Data]]] = lambda: ()
    code: Callable[[str, Column], str] = lambda name, task: ""


class Texts:
    """Every message once; a row holds only its number."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._numbers: dict[str, int] = {}
        self._size = 0

    @property
    def is_full(self) -> bool:
        """Return whether later texts are left out."""
        return self._size > MAX_TEXTS

    @property
    def is_filling(self) -> bool:
        """Return whether there is room for the necessary texts alone."""
        return self._size > MAX_TEXTS // 4

    def number(self, text: str) -> int:
        """Return the number of a text, or -1 where there is no room."""
        if text not in self._numbers:
            if self.is_full:
                return -1
            self._size += len(text) + 8
            self._numbers[text] = len(self.all)
            self.all.append(text)
        return self._numbers[text]


def row(record: Data, headings: Sequence[str], texts: Texts) -> list[Any]:
    """Return [name, points, max, seconds, judged, reasons, cells, more].

    What judged is the isolation and the Python. A cell is null for a task
    that the record lacks, 0 for all points, or [status, points, text, ...].
    Points are null where a task could not be judged, and so is their sum.
    More is what the class adds, if it adds anything.
    """
    found = by_task(record)
    is_judged = all(map(is_settled, record["tasks"]))
    return [record["submission"],
            record["score"]["points"] if is_judged else None,
            record["score"]["max"], record["seconds"],
            texts.number(judged(record)),
            [texts.number(each) for each in to_look_at(record)],
            [_cell(found.get(each), texts) for each in headings],
            *_more(record, texts)]


def _more(record: Data, texts: Texts) -> Iterator[dict[str, Any]]:
    """Yield what a row shows besides points: learner, mark, absence."""
    learner, mark = record.get("learner", {}), record.get("mark")
    facts = [record["submission"], *(
        learner[each] for each in ("id", "email", "section")
        if each in learner)]
    if record.get("handed_in"):
        facts.append(f"handed in {record['handed_in']}")
    more: dict[str, Any] = {}
    if learner:
        more |= {"name": learner.get("name") or record["submission"],
                 "facts": "; ".join(dict.fromkeys(facts))}
    if mark:
        more |= {"mark": mark["points"], "of": mark["max"],
                 "notes": [texts.number(each) for each in mark["notes"]]}
    if "absent" in record:
        more["absent"] = True
    if more:
        yield more


def _cell(task: Data | None, texts: Texts) -> Any:
    if task is None:
        return None
    if task["status"] == "pass":
        return 0
    status = status_of(task)
    return [STATUSES.index(status),
            None if status == "error" else task["points"],
            *(texts.number(_said(each) + _code(each, texts))
              for each in task["failures"][:MAX_FAILURES])]


def _code(failure: Data, texts: Texts) -> str:
    """Return the line it is about, while there is much room for texts."""
    if not failure.get("code") or texts.is_filling:
        return ""
    return f"\n{failure['line']:>4} | {failure['code']}"


def _said(failure: Data) -> str:
    prefix = "" if failure["dimension"] == "behaviour" else (
        f"{failure['dimension']}: ")
    line = f" (line {failure['line']})" if failure["line"] else ""
    return f"{prefix}{clipped(failure['message'], MAX_SAID)}{line}"


def embed(value: object) -> str:
    """Return JSON that no HTML parser can take for anything else."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return (text.replace("<", "\\u003c").replace(">", "\\u003e")
            .replace("&", "\\u0026"))


def _part(name: str) -> str:
    return (_PARTS / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
