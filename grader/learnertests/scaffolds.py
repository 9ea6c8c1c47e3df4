"""Whether an integration class stands between the client and GitHub."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from grader.findings.untrusted import Untrustworthy, line_number, text
from grader.kit.packing import unpack
from grader.kit.values import same
from grader.learnertests import messages
from grader.learnertests.testrun import Why

ATTRIBUTES = ("org_payload", "repos_payload", "expected_repos",
              "apache2_repos")
ORG_URL = "https://api.github.com/orgs/"
REPOS_URL = "https://api.github.com/orgs/google/repos"
CALLS = 4
MAX_NAMES = 8
# As in orgs/google, GithubOrgClient("google"), ORG = "google", "org": "a".
# No word is begun in its middle and none is read twice: the file is the
# learner's, and this is not behind the wall.
_IN_URL = re.compile(rb"orgs/([\w.-]{1,40})", re.IGNORECASE)
_AFTER_WORD = re.compile(
    rb"""(?<!\w)(\w++)(?=['"]?+\s*+[:=(]\s*+['"]([\w.-]{1,40}))""")


def request(class_name: str, source: bytes, random: Random
            ) -> dict[str, Any]:
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


def complaints(class_name: str, asked: Mapping[str, Any],
               answers: Sequence[Any],
               fixtures: Mapping[str, object]) -> list[str]:
    """Return what is wrong, in words; raises Untrustworthy.

    `fixtures` are the values of the four attributes in this run.
    """
    if not answers:
        return [f"there is no test class {class_name}"]
    found = [complaint for answer in answers
             for complaint in _one(class_name, asked, answer, fixtures)]
    return list(dict.fromkeys(found))


def _one(name: str, asked: Mapping[str, Any], answer: Any,
         fixtures: Mapping[str, object]) -> Iterator[str]:
    if not isinstance(answer, dict):
        raise Untrustworthy("a class is no object")
    try:
        other = list(_attributes(name, answer["attributes"], fixtures))
        yield from other
        if "trouble" in answer:
            yield _trouble(text(answer["trouble"]), text(answer["step"]),
                           line_number(answer["line"]))
            return
        yield from _patching(answer)
        if answer["replaced"] and not other:
            yield from _replies(asked["urls"], answer["replies"], fixtures)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise Untrustworthy("half an answer about a class") from error


def _trouble(said: str, step: str, line: int | None) -> str:
    step = "tearDownClass" if step == "tearDownClass" else "setUpClass"
    if "there is no network here" in said:
        return f"{step} reaches for the network"
    where = f", line {line}," if line else ""
    explained = messages.explain(Why(kind="", text=said))
    return f"{step}{where} fails: {explained}"


def _attributes(name: str, said: Mapping[str, Any],
                fixtures: Mapping[str, object]) -> Iterator[str]:
    absent = [each for each in ATTRIBUTES if each not in said]
    if absent:
        yield (f"{name} has no attribute {', '.join(absent)}: parameterize "
               "the class with the fixtures")
    other = [each for each in ATTRIBUTES
             if each in said and not _is(fixtures[each], said[each])]
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
             fixtures: Mapping[str, object]) -> Iterator[str]:
    """Name the wrong replies for google, if no organization's are right."""
    said = list(zip(urls, replies, strict=True))
    wrong = [{url: reply for url, reply in said[place:place + CALLS]
              if not _is(fixtures[_answer(url)], reply)}
             for place in range(0, len(said), CALLS)]
    if all(wrong):
        for url, reply in sorted(wrong[0].items()):
            yield (f"requests.get({url!r}).json() should give {_answer(url)}, "
                   "whenever and however often it is called, and "
                   f"{_instead(reply, fixtures)}")


def _instead(reply: Mapping[str, Any], fixtures: Mapping[str, object]) -> str:
    """Say what came in the place of a right reply."""
    if "raised" in reply:
        return f"raised {text(reply['raised'])}"
    other = [name for name in ATTRIBUTES if _is(fixtures[name], reply)]
    return f"gave {other[0] if other else 'something else'}"


def _answer(url: str) -> str:
    return "repos_payload" if url == REPOS_URL else "org_payload"


def _is(expected: object, said: Mapping[str, Any]) -> bool:
    return "value" in said and same(expected, unpack(said["value"]))
