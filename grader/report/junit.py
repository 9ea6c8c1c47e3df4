"""JUnit XML: a suite for each folder, a test case for each task."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree

from grader.report import wording
from grader.report.wording import Data

# All that XML 1.0 has no way to write, escaped or not.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(data: Data) -> str:
    """Return the report as JUnit XML."""
    root = _element("testsuites", name=data["submission"],
                    **_counts(data["tasks"]))
    for folder, tasks in groupby(data["tasks"], lambda task: task["folder"]):
        root.append(_suite(folder, list(tasks), data))
    ElementTree.indent(root)
    xml = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{xml}\n'


def _suite(folder: str, tasks: Sequence[Data],
           data: Data) -> ElementTree.Element:
    suite = _element("testsuite", name=folder, **_counts(tasks))
    known = {name: data[name] for name in ("caution",) if name in data}
    suite.append(_properties(isolation=data["isolation"],
                             python=data.get("python", ""), **known))
    suite.extend(_case(task) for task in tasks)
    return suite


def _case(task: Data) -> ElementTree.Element:
    case = _element(
        "testcase", classname=task["folder"], name=wording.name(task),
        file=wording.path(task), time=task["seconds"])
    if line := wording.first_line(task):
        case.set("line", str(line))
    case.append(_properties(points=task["points"],
                            max_points=task["max_points"]))
    if task["status"] != "pass":
        case.append(_failure(task))
    if task["advice"]:
        advice = ElementTree.SubElement(case, "system-out")
        advice.text = _legal("\n".join(task["advice"]))
    return case


def _failure(task: Data) -> ElementTree.Element:
    first = task["failures"][0] if task["failures"] else {}
    element = _element(
        "error" if task["status"] == "error" else "failure",
        type=first.get("cause", "unfinished"),
        message=first.get("message", task["status"]))
    element.text = _legal(wording.message(task))
    return element


def _properties(**values: object) -> ElementTree.Element:
    element = ElementTree.Element("properties")
    element.extend(_element("property", name=name, value=value)
                   for name, value in values.items())
    return element


def _counts(tasks: Sequence[Data]) -> dict[str, object]:
    statuses = [task["status"] for task in tasks]
    return {"tests": len(tasks), "failures": statuses.count("fail"),
            "errors": statuses.count("error"), "skipped": 0,
            "time": round(sum(task["seconds"] for task in tasks), 3)}


def _element(tag: str, **attributes: object) -> ElementTree.Element:
    return ElementTree.Element(tag, {
        name: _legal(str(value)) for name, value in attributes.items()})


def _legal(words: str) -> str:
    return _ILLEGAL.sub("\ufffd", words)
