"""The given GitHub client of 0x03: what the judging of its tests needs.

That is whether an integration class stands between the client and GitHub, and
the words for errors that the client causes.
"""

from __future__ import annotations

import importlib
import re
import unittest
from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import Any

from grader.kit.exceptions import describe, line_in
from grader.kit.packing import pack, unpack
from grader.kit.values import same

Message = dict[str, Any]

ATTRIBUTES = ("org_payload", "repos_payload", "expected_repos",
              "apache2_repos")
ORG_URL = "https://api.github.com/orgs/"
REPOS_URL = "https://api.github.com/orgs/google/repos"
FIXTURES = "fixtures.py"
CALLS = 4
MAX_NAMES = 8
_MOST_LINES = 1_000_000
# As in orgs/google, GithubOrgClient("google"), ORG = "google", "org": "a".
# No word is begun in its middle and none is read twice: the file is the
# learner's, and this is not behind the wall.
_IN_URL = re.compile(rb"orgs/([\w.-]{1,40})", re.IGNORECASE)
_AFTER_WORD = re.compile(
    rb"""(?<!\w)(\w++)(?=['"]?+\s*+[:=(]\s*+['"]([\w.-]{1,40}))""")

# What to do about a name that a test looks for where it is not.
NOT_THERE = {
    "requests": "patch requests.get instead",
    "get_json": "client is where get_json is looked up: patch "
                "client.get_json",
    "utils": "patch a name where it is looked up, such as client.get_json",
}
_PROPERTIES = ("org, _public_repos_url and whatever memoize made are "
               "properties: read them without parentheses")
REASONS = {
    # What parameterized.expand leaves of the function that it decorates.
    "'NoneType' object is not callable":
        "@parameterized.expand goes above all other decorators; and org, "
        "_public_repos_url and whatever memoize made are read without "
        "parentheses",
    "object is not callable": _PROPERTIES,
    # The mock of a method that was called, and its result once more.
    "()()'": _PROPERTIES,
}
REQUESTS = "requests.get, client.get_json"


def varied(text: str, random: Random) -> str:
    """Give every repository that a given file describes a fresh id."""
    return re.sub(r'("full_name": "[^"]*",)', lambda match: (
        f'{match[1]} "node_id": "R_{random.getrandbits(48):x}",'), text)


# Behind the wall: a learner's class is set up, used, and taken down again.


def ask(kinds: Sequence[type[unittest.TestCase]],
        request: Message) -> Iterator[Message]:
    """Report on each class what setUpClass and tearDownClass do.

    request["attributes"] are those to report; for every URL in
    request["urls"], in order, the given get_json is asked.
    """
    for kind in kinds:
        report = _use(kind, request["urls"])
        # As they are when tests run: setUpClass may have changed them.
        yield report | _values(kind, request)


def _values(kind: type, request: Message) -> Message:
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


# Outside: the class is asked for, and what it has done is judged.


def request(class_name: str, source: bytes, random: Random) -> Message:
    """Ask for the class to be used, in an order that no list foresees.

    The name of the organization is the learner's choice: besides google,
    the fixtures' own, those that the file mentions are tried.
    """
    names = dict.fromkeys(["google", *organizations(source)])
    urls = []
    for name in list(names)[:MAX_NAMES]:
        one, other = random.sample([ORG_URL + name, REPOS_URL], 2)
        urls += [one, other, other, one]
    return {"class": class_name, "attributes": ATTRIBUTES, "urls": urls}


def organizations(source: bytes) -> list[str]:
    """Return the names of organizations that a file seems to mention."""
    found = [(url.start(1), url[1]) for url in _IN_URL.finditer(source)]
    found += [(word.start(2), word[2])
              for word in _AFTER_WORD.finditer(source)
              if b"org" in word[1].lower()]
    return [name.decode() for _, name in sorted(found)]


def complaints(class_name: str, asked: Mapping[str, Any], answer: Any,
               given: Mapping[str, str], text: Callable[[object], str],
               explain: Callable[[object], str]) -> Iterator[str]:
    """Yield what is wrong with one class of that name, in words.

    `answer` is what `ask` returned, which may be forged, and `given` are
    the given files of that run. The text of an exception is made harmless by
    `text`, and explained as well by `explain`. Raises LookupError,
    TypeError or ValueError where the answer makes no sense.
    """
    # The fixtures are our own code, as this run had them.
    fixtures: dict[str, object] = {}
    exec(given[FIXTURES], fixtures)
    other = list(_attributes(class_name, answer["attributes"], fixtures))
    yield from other
    if "trouble" in answer:
        yield _trouble(answer, explain)
        return
    yield from _patching(answer)
    if answer["replaced"] and not other:
        yield from _replies(asked["urls"], answer["replies"], fixtures,
                            text)


def _trouble(answer: Mapping[str, Any],
             explain: Callable[[object], str]) -> str:
    step = ("tearDownClass" if answer["step"] == "tearDownClass"
            else "setUpClass")
    if "there is no network here" in answer["trouble"]:
        return f"{step} reaches for the network"
    line = answer["line"]
    where = (f", line {line}," if type(line) is int and 0 < line < _MOST_LINES
             else "")
    return f"{step}{where} fails: {explain(answer['trouble'])}"


def _attributes(name: str, found: Mapping[str, Any],
                fixtures: Mapping[str, object]) -> Iterator[str]:
    absent = [each for each in ATTRIBUTES if each not in found]
    if absent:
        yield (f"{name} has no attribute {', '.join(absent)}: parameterize "
               "the class with the fixtures")
    other = [each for each in ATTRIBUTES
             if each in found and not _is(fixtures[each], found[each])]
    if other:
        yield (f"{', '.join(other)} of {name} should be what fixtures.py "
               "has under that name")


def _patching(answer: Mapping[str, Any]) -> Iterator[str]:
    if not answer["replaced"]:
        yield "setUpClass does not replace requests.get"
    elif not answer["patcher"]:
        yield ("the class has no get_patcher: keep the patcher of "
               "requests.get under that name")
    if answer["replaced"] and not answer["restored"]:
        yield "tearDownClass does not put the real requests.get back"


def _replies(urls: Sequence[str], replies: Sequence[Any],
             fixtures: Mapping[str, object],
             text: Callable[[object], str]) -> Iterator[str]:
    """Yield the wrong replies for google, if no organization's are right."""
    calls = list(zip(urls, replies, strict=True))
    wrong = [{url: reply for url, reply in calls[place:place + CALLS]
              if not _is(fixtures[_answer(url)], reply)}
             for place in range(0, len(calls), CALLS)]
    if all(wrong):
        for url, reply in sorted(wrong[0].items()):
            yield (f"requests.get({url!r}).json() should give {_answer(url)}, "
                   "whenever and however often it is called, and "
                   f"{_instead(reply, fixtures, text)}")


def _instead(reply: Mapping[str, Any], fixtures: Mapping[str, object],
             text: Callable[[object], str]) -> str:
    """Return words for what came in the place of a right reply."""
    if "raised" in reply:
        return f"raised {text(reply['raised'])}"
    other = [name for name in ATTRIBUTES if _is(fixtures[name], reply)]
    return f"gave {other[0] if other else 'something else'}"


def _answer(url: str) -> str:
    return "repos_payload" if url == REPOS_URL else "org_payload"


def _is(expected: object, reply: Mapping[str, Any]) -> bool:
    return "value" in reply and same(expected, unpack(reply["value"]))
