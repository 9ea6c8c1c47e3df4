"""report.html: one page that holds everything, and fetches nothing.

The results travel in it as JSON, in which no text can end the element it
is in; the page's script puts texts in place as text, never as markup. A
policy in the page names the hashes of its one script and one style sheet,
so that nothing else would run.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from grader import __version__
from grader.cohort.alike import Alike
from grader.cohort.gradebook import Column
from grader.cohort.records import by_task, is_settled
from grader.cohort.stats import Stats, status_of, to_look_at
from grader.kit.values import clipped
from grader.report.wording import Data, judged

STATUSES = ("pass", "fail", "error", "absent")
# What texts may take up in the page; beyond that results.jsonl has them.
MAX_TEXTS = 16 << 20
MAX_SAID = 400
MAX_FAILURES = 3

# They make up one script, in this order.
_SCRIPTS = ("base.js", "grid.js", "learner.js", "overview.js", "alike.js",
            "start.js")
_PARTS = Path(__file__).resolve().parent / "report_page"


def page(tasks: Sequence[Column], records: Callable[[], Iterable[Data]],
         is_ordered: bool = False) -> Iterator[str]:
    """Yield the page in parts, with no more than one record in memory.

    `is_ordered` says that the records have an order of their own, which is
    then that of the rows at first.
    """
    stats, texts = Stats(), Texts()
    headings = [task.id for task in tasks]
    style = _part("style.css")
    script = "".join(map(_part, _SCRIPTS))
    before, after = _part("page.html").split("{{rows}}")
    yield (before.replace("{{style-hash}}", _hash(style))
           .replace("{{script-hash}}", _hash(script))
           .replace("{{style}}", style))
    yield "[0"
    with Alike(tasks) as alike:
        for number, record in enumerate(records()):
            stats.add(record)
            alike.add(number, record)
            yield ",\n" + embed(row(record, headings, texts))
        yield "]"
        data = embed(_data(tasks, stats, alike, texts)
                     | {"ordered": is_ordered})
    # The data last: a text in it may look like a placeholder.
    yield after.replace("{{script}}", script).replace("{{data}}", data)


def _data(tasks: Sequence[Column], stats: Stats, alike: Alike,
          texts: Texts) -> dict[str, Any]:
    return {
        "version": __version__, "texts": texts.all, "cut": texts.is_full,
        "tasks": [[task.id, task.file, task.title, task.points]
                  for task in tasks],
        "stats": stats.summary(), "clusters": alike.clusters(),
        "pairs": alike.pairs(),
    }


class Texts:
    """Every message once; a row holds only its number."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._numbers: dict[str, int] = {}
        self._size = 0

    @property
    def is_full(self) -> bool:
        """Tell whether later texts are left out."""
        return self._size > MAX_TEXTS

    @property
    def is_filling(self) -> bool:
        """Tell whether there is room for the necessary texts alone."""
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
    """Yield the name, who it is, the mark, its reasons, and the absence."""
    who, mark = record.get("learner", {}), record.get("mark")
    facts = [record["submission"], *(
        who[each] for each in ("id", "email", "section") if each in who)]
    if record.get("handed_in"):
        facts.append(f"handed in {record['handed_in']}")
    more: dict[str, Any] = {}
    if who:
        more |= {"name": who.get("name") or record["submission"],
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
