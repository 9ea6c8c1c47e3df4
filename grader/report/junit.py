"""Writes a report as JUnit XML: a suite a folder, a test case a task.

It keeps to the schema of Jenkins (junit-10.xsd of its xUnit plugin), where
a test case has no properties, file or line. So points are properties of
the suite.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from xml.etree import ElementTree

from grader.report import wording
from grader.report.wording import Data

# The characters that XML 1.0 cannot have, not even escaped.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(data: Data) -> str:
    """Return the report as JUnit XML."""
    root = _element("testsuites", name=data["submission"],
                    **_counts(data["tasks"], "tests", "failures", "errors",
                              "time"))
    for folder, tasks in groupby(data["tasks"], lambda task: task["folder"]):
        root.append(_suite(folder, list(tasks), data))
    ElementTree.indent(root)
    xml = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{xml}\n'


def _suite(folder: str, tasks: Sequence[Data],
           data: Data) -> ElementTree.Element:
    suite = _element("testsuite", name=folder, **_counts(
        tasks, "tests", "failures", "errors", "skipped", "time"))
    known = {name: data[name] for name in ("caution",) if name in data}
    points = {f"{wording.heading(task)} {name}": task[name]
              for task in tasks for name in ("points", "max_points")}
    suite.append(_properties({
        "isolation": data["isolation"], "python": data.get("python", ""),
        **known, **points}))
    suite.extend(_case(task) for task in tasks)
    return suite


def _case(task: Data) -> ElementTree.Element:
    case = _element("testcase", classname=task["folder"],
                    name=wording.name(task), time=task["seconds"])
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
    line = wording.first_line(task)
    at = f"{task['folder']}/{task['file']}{f':{line}' if line else ''}"
    element.text = _legal(f"{at}\n{wording.message(task)}")
    return element


def _properties(values: Mapping[str, object]) -> ElementTree.Element:
    element = ElementTree.Element("properties")
    element.extend(_element("property", name=name, value=value)
                   for name, value in values.items())
    return element


def _counts(tasks: Sequence[Data], *names: str) -> dict[str, object]:
    statuses = [task["status"] for task in tasks]
    counts = {"tests": len(tasks), "failures": statuses.count("fail"),
              "errors": statuses.count("error"), "skipped": 0,
              "time": round(sum(task["seconds"] for task in tasks), 3)}
    return {name: counts[name] for name in names}


def _element(tag: str, **attributes: object) -> ElementTree.Element:
    return ElementTree.Element(tag, {
        name: _legal(str(value)) for name, value in attributes.items()})


def _legal(words: str) -> str:
    return _ILLEGAL.sub("\ufffd", words)
