"""Writes the feedback for one learner, as HTML and as Markdown.

A page names no other learner, fetches nothing and has no script. What comes
from a submission is escaped, or stands between fences that it cannot close.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from grader.grading.verdict import PASS
from grader.marks.marking import TODO
from grader.report.records import is_settled
from grader.report.wording import Data, heading, max_points, located_message

_TICKS = re.compile("`+")
_SAFE = re.compile(r"[^\w.-]+")
_LONGEST_NAME = 100
_MOST_FAILURES = 3
_STYLE = """\
:root { color-scheme: light dark; }
body { margin: 0 auto; max-width: 52rem; padding: 1rem 1.25rem 4rem;
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
pre { margin: .25rem 0; padding: .5rem .75rem; white-space: pre-wrap;
  overflow-wrap: anywhere; border-left: 3px solid; unicode-bidi: plaintext;
  font: 14px/1.45 ui-monospace, monospace; }
pre.code { border-left-style: dotted; }
.sum { font-size: 1.2rem; } .soft { opacity: .8; }
"""


def file_name(submission: str) -> str:
    """Return a name for the files of a submission, of safe characters."""
    safe = _SAFE.sub("_", submission).strip("._")[:_LONGEST_NAME]
    if safe == submission:
        return safe
    digest = hashlib.sha256(submission.encode()).hexdigest()[:8]
    return f"{safe or 'submission'}-{digest}"


def sums(data: Data) -> list[str]:
    """Return the mark and the score of a report, as a learner reads them."""
    judged = all(map(is_settled, data["tasks"]))
    score = (f"{data['score']['points']:g} of {data['score']['max']:g}"
             if judged else "not judged in full")
    mark = data.get("mark")
    if not mark:
        return [f"Points: {score}"]
    value = "not decided" if mark["points"] is None else (
        f"{mark['points']:g} of {mark['max']:g}")
    return [f"Mark: {value}", f"Points: {score}",
            *(note for note in mark["notes"] if not note.endswith(TODO))]


def as_html(data: Data, title: str) -> str:
    """Return the page of one learner."""
    digest = base64.b64encode(
        hashlib.sha256(_STYLE.encode()).digest()).decode()
    first, *others = sums(data)
    body = "\n".join((
        f"<h1>{_html(title)}</h1>", f'<p class="sum">{_html(first)}</p>',
        *(f"<p>{_html(each)}</p>" for each in others),
        *(line for name, tasks in groupby(
            data["tasks"], lambda task: task["folder"])
          for line in _folder_html(name, list(tasks)))))
    return f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
style-src 'sha256-{digest}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{_html(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
{body}
</body>
</html>
"""


def _folder_html(name: str, tasks: Sequence[Data]) -> Iterator[str]:
    yield f"<h2>{_html(name)}: {_passed(tasks)}</h2>"
    for task in tasks:
        yield f"<h3>{_html(_title(task))}</h3>"
        for failure in task["failures"][:_MOST_FAILURES]:
            yield f"<pre>{_html(located_message(failure))}</pre>"
            if code := _code(failure):
                yield f'<pre class="code">{_html(code)}</pre>'
        for hint in _hints(task):
            yield f'<p class="soft">{_html(hint)}</p>'


def as_markdown(data: Data, title: str) -> str:
    """Return the same as Markdown."""
    lines = [f"# {_plain(title)}", "",
             *(f"- {_plain(each)}" for each in sums(data))]
    for name, tasks in groupby(data["tasks"], lambda task: task["folder"]):
        some = list(tasks)
        lines += ["", f"## {_plain(name)}: {_passed(some)}"]
        for task in some:
            lines += ["", f"### {_plain(_title(task))}"]
            for failure in task["failures"][:_MOST_FAILURES]:
                lines += ["", *_fenced(located_message(failure))]
                if code := _code(failure):
                    lines += ["", *_fenced(code)]
            lines += [each for hint in _hints(task)
                      for each in ("", _plain(hint))]
    return "\n".join(lines) + "\n"


def _passed(tasks: Sequence[Data]) -> str:
    passed = sum(task["status"] == PASS for task in tasks)
    points = sum(task["points"] for task in tasks)
    return (f"{passed} of {len(tasks)} pass, {round(points, 2):g} of"
            f" {max_points({'tasks': tasks}):g} points")


def _title(task: Data) -> str:
    return (f"{heading(task)} {task['file']}: {task['status']}, "
            f"{task['points']:g} of {task['max_points']:g}")


def _code(failure: Data) -> str:
    code = failure.get("code") or ""
    return f"{failure['line']:>4} | {code}" if code.strip() else ""


def _hints(task: Data) -> list[str]:
    """Return a hint, once, and the advice."""
    hints = [f"Hint: {each['hint']}" for each in task["failures"]
             if each.get("hint")]
    more = len(task["failures"]) - _MOST_FAILURES
    return [*([f"And {more} more like these."] if more > 0 else []),
            *hints[:1], *(f"Advice: {each}"
                          for each in task.get("advice", ()))]


def _html(text: str) -> str:
    return html.escape(text)


def _plain(text: str) -> str:
    """Return one line of text in which Markdown finds nothing to do."""
    flat = " ".join(text.split())
    return re.sub(r"([\\`*_\[\]<>#|~!&])", r"\\\1", flat)


def _fenced(text: str) -> list[str]:
    longest = max(map(len, _TICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [fence, text, fence]
