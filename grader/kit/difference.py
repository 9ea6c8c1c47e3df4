"""Words a wrong value; of a large one only the place that differs."""

from __future__ import annotations

from grader.kit.values import same, show

# Two values this long still fit a sentence that can be read.
SHORT = 90
_AROUND = 40
# Pairs of keys that are looked at: two dicts of a hundred entries.
_MOST_KEYS = 10_000
_NOTHING = object()


def wording(expected: object, got: object, call: str) -> str:
    """Return the sentence about a call that returns a wrong value."""
    wanted, came = show(expected), show(got)
    place = ""
    if len(wanted) + len(came) > SHORT:
        found = _differs(expected, got, "")
        if found is not None:
            place, wanted, came = found
        else:
            wanted, came = show(expected, SHORT), show(got, SHORT)
    at = f"at {place}, " if place else ""
    return (f"{at}{call} should {_verb(call)} {wanted}, not {came}"
            f"{_guess(call, came)}")


def _verb(call: str) -> str:
    is_call = "(" in call and not call.startswith("the ")
    return "give" if is_call else "be"


def _guess(call: str, came: str) -> str:
    """Return a question about the commonest slips, or ""."""
    if came == "None" and _verb(call) == "give":
        return ": is a return missing?"
    return ": is an await missing?" if came == "<coroutine>" else ""


def _differs(expected: object, got: object,
             place: str) -> tuple[str, str, str] | None:
    """Return the place where two values first differ, and both parts.

    None is for values that have no parts in common to compare.
    """
    if type(expected) is not type(got):
        return None
    if isinstance(expected, str) and isinstance(got, str):
        return _texts(expected, got, place)
    if isinstance(expected, (list, tuple)):
        assert isinstance(got, (list, tuple))
        return _rows(expected, got, place)
    if isinstance(expected, dict) and isinstance(got, dict):
        return _entries(expected, got, place)
    return None


def _entries(expected: dict[object, object], got: dict[object, object],
             place: str) -> tuple[str, str, str] | None:
    """Return which entry differs first, if the keys are the same.

    No key is looked up, since a learner's may have an __eq__ of its own.
    """
    if len(expected) * len(got) > _MOST_KEYS:
        return None
    values = [next((value for other, value in got.items()
                    if key is other or same(key, other)), _NOTHING)
              for key in expected]
    if any(each is _NOTHING for each in values):
        return None
    for (key, wanted), came in zip(expected.items(), values):
        if not same(wanted, came):
            return _inner(wanted, came, f"{place}[{show(key)}]")
    return None


def _rows(expected: list[object] | tuple[object, ...],
          got: list[object] | tuple[object, ...],
          place: str) -> tuple[str, str, str] | None:
    for at, (one, two) in enumerate(zip(expected, got)):
        if not same(one, two):
            return _inner(one, two, f"{place}[{at}]")
    short = min(len(expected), len(got))
    right = f" (the first {short} are right)" if short else ""
    return place, _items(len(expected)), f"{len(got)}{right}"


def _items(number: int) -> str:
    return "1 item" if number == 1 else f"{number} items"


def _inner(expected: object, got: object, place: str) -> tuple[str, str, str]:
    wanted, came = show(expected), show(got)
    if len(wanted) + len(came) > SHORT and len(place) < SHORT:
        found = _differs(expected, got, place)
        if found is not None:
            return found
    return place, show(expected, SHORT), show(got, SHORT)


def _texts(expected: str, got: str, place: str) -> tuple[str, str, str]:
    at = next((index for index, (one, two) in enumerate(zip(expected, got))
               if one != two), min(len(expected), len(got)))
    return (f"{place}[{at}:]", _piece(expected, at), _piece(got, at))


def _piece(text: str, at: int) -> str:
    part = text[at:at + _AROUND]
    return repr(part) + ("..." if len(text) > at + _AROUND else "")
