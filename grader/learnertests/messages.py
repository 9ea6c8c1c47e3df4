"""The words for failures of learners' tests, and for advice on their form."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.learnertests.instruments import GENERAL, Instruments
from grader.learnertests.testrun import Why

FORM = {
    "expand": "use @parameterized.expand, so that every case is a test of "
              "its own",
    "two_lines": "the body of this test can be two lines or less",
    "raises_with": "use assertRaises as a context manager",
    "patch_decorator": "patch with a decorator here",
    "patch_with": "patch with a context manager here",
    "compares": "compare the value, with assertEqual: to call it says little "
                "about what it is",
    "class_inside": "define TestClass inside the test",
    "parameterized_class": "use @parameterized_class with the fixtures",
}
_NO_ATTRIBUTE = re.compile(
    r"<module '(\w+)'.*> does not have the attribute '(\w+)'|"
    r"<class '[\w.]*?(\w+)'> does not have the attribute '(\w+)'|"
    r"module '(\w+)' has no attribute '(\w+)'")
_NO_NAME = re.compile(r"cannot import name '(\w+)' from '(\w+)'")
_NO_MOCK = ("this is not the mock: patch as a decorator passes the mock after "
            "all other arguments")
# Explanations of exceptions, by a part of their text; a course may add some.
_REASONS = {
    "StopIteration": "a list in side_effect is used up: an earlier call, or "
                     "an earlier test of the class, took its last item; "
                     "give side_effect a function",
    "object has no setter":
        "a property is replaced in its class: patch it with PropertyMock",
    "<bound method ": "a method has a result once it is called, with "
                      "parentheses",
    "object has no attribute 'return_value'": _NO_MOCK,
    "object has no attribute 'side_effect'": _NO_MOCK,
    "object has no attribute 'assert_called": _NO_MOCK,
    "Mock name='": "a mock came where a value belongs: give a mock its "
                   "return_value, and replace a property by a PropertyMock",
}


def form(rules: Sequence[str]) -> tuple[str, ...]:
    """Return the advice on rules of form that are broken."""
    texts = [rule for rule in rules if rule.startswith("'")]
    advice = [FORM[rule] for rule in rules if rule in FORM]
    if texts:
        advice.append(f"the text asks for the inputs {', '.join(texts)}")
    return tuple(advice)


def explain(why: Why, known: Instruments = GENERAL) -> str:
    """Return an exception's text, with what it means if that is known."""
    line = why.text.removeprefix("AssertionError: ")
    if match := _NO_ATTRIBUTE.search(why.text):
        owner, name = [group for group in match.groups() if group]
        advice = known.NOT_THERE.get(name, "check the spelling")
        return f"{owner} has no {name}: {advice}"
    if match := _NO_NAME.search(why.text):
        return f"{match[2]}.py defines no {match[1]}"
    reason = next((reason for mark, reason in (
        *known.REASONS.items(), *_REASONS.items()) if mark in line), None)
    return f"{line} ({reason})" if reason else line


def broken(file: str, why: Why, known: Instruments) -> str:
    """Return a sentence: why a file does not load."""
    if why.kind == "SyntaxError":
        return f"{file} cannot be read: {why.text}"
    return f"{file} does not load: {explain(why, known)}"


def missing(file: str, method: str, line: int | None = None) -> str:
    """Return the message that a demanded method is missing.

    With its line it is there, but is no test.
    """
    class_name, name = method.split(".")
    start = f"{file} runs no {name} in a test class {class_name}: "
    if line is None:
        return start + "is it there, and does it have at least one case?"
    return (start + f"line {line} defines it, but what unittest finds is no "
            f"test (is it within {class_name}, does that inherit from "
            "unittest.TestCase, do the decorators give a function, and is "
            "their list of cases not empty?)")


def never_runs_code(method: str, code: Sequence[str]) -> str:
    """Return the message that a test does not run what it is to test."""
    return (f"{_name(method)} never runs the given {' or '.join(code)}, so "
            "it cannot notice what is wrong there: import and call it, and "
            "patch only what it calls itself")


def hidden(file: str, method: str) -> str:
    """Return the message that a demanded method's class is replaced."""
    class_name, name = method.split(".")
    return (f"{file} defines {class_name} again below the one that has "
            f"{name}, so that only the last one counts: put its tests into "
            "one class")


def skips(method: str) -> str:
    """Return the message that a test is skipped, or expected to fail."""
    return (f"{_name(method)} is skipped or marked as an expected failure, "
            "so it checks nothing")


_IDLE = {
    "async": "is an async def in a plain unittest.TestCase, so it never "
             "runs: write def, or inherit from IsolatedAsyncioTestCase",
    "yield": "has a yield, so it never runs: to call it only makes a "
             "generator",
}


def never_runs(method: str, how: str) -> str:
    """Return the message that a test is called and yet never runs."""
    return f"{_name(method)} {_IDLE[how]}"


def network(method: str, known: Instruments) -> str:
    """Return the message that a test went for the network."""
    such = f" ({known.REQUESTS})" if known.REQUESTS else ""
    return (f"{_name(method)} reaches for the network: patch what makes the "
            f"request, where it is looked up{such}")


def fails_on_given(method: str, why: Why | None,
                   known: Instruments) -> str:
    """Return the message that a test fails although the code is right."""
    reason = f": {explain(why, known)}" if why else ""
    return f"{_name(method)} fails on the right code{reason}"


def wavers(method: str) -> str:
    """Return the message that a test judges the same behaviour in two ways."""
    return (f"{_name(method)} passes the right code only sometimes: it must "
            "depend on what the code does, not on how it is written")


def asserts_nothing(method: str) -> str:
    """Return the message that a test cannot fail."""
    return (f"{_name(method)} makes no assertion: it passes whatever the "
            "code does")


def answers_itself(class_name: str) -> str:
    """Return the message that the report on a class may be forged."""
    return (f"what {class_name} answers does not come from the given code, "
            "so it cannot be believed: a person should look")


def misses(method: str, missed: Sequence[str], number: int) -> str:
    """Return the message on the faults that a test does not notice."""
    caught = number - len(missed)
    return (f"{_name(method)} passes the right code and catches {caught} of "
            f"{number} faults; it misses: {'; '.join(missed)}")


def _name(method: str) -> str:
    return method.split(".")[1]
