"""Set a learner's integration class up, use it, and take it down again."""

from __future__ import annotations

import importlib
import unittest
from collections.abc import Iterator, Sequence
from typing import Any

from grader.kit.exceptions import describe, line_in
from grader.kit.packing import pack

Message = dict[str, Any]


def ask(kinds: Sequence[type[unittest.TestCase]],
        request: Message) -> Iterator[Message]:
    """Report on each class what setUpClass and tearDownClass do.

    request["attributes"] are those to report; for every URL in
    request["urls"], in order, the given get_json is asked.
    """
    for kind in kinds:
        report = _use(kind, request["urls"])
        # As they are when tests run: setUpClass may have changed them.
        yield report | _attributes(kind, request)


def _attributes(kind: type, request: Message) -> Message:
    return {"attributes": {
        name: _data(getattr(kind, name)) for name in request["attributes"]
        if hasattr(kind, name)}}


def _use(kind: type[unittest.TestCase], urls: Sequence[str]) -> Message:
    requests = importlib.import_module("requests")
    genuine, step = requests.get, "setUpClass"
    try:
        kind.setUpClass()
        report = {"replaced": requests.get is not genuine,
                  "patcher": callable(getattr(getattr(
                    kind, "get_patcher", None), "stop", None)),
                  "replies": [_reply(url) for url in urls]}
        step = "tearDownClass"
        kind.tearDownClass()
    except BaseException as error:
        return {"trouble": describe(error)[:500], "step": step,
                "line": line_in(error, f"{kind.__module__}.py")}
    return report | {"restored": requests.get is genuine}


def _reply(url: str) -> Message:
    try:
        return _data(importlib.import_module("utils").get_json(url))
    except BaseException as error:
        return {"raised": describe(error)[:500]}


def _data(value: object) -> Message:
    try:
        return {"value": pack(value)}
    except (TypeError, RecursionError):
        return {"raised": f"it is a {type(value).__name__}"}
