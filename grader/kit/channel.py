"""What a check tells the grader beside its looks."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType, ModuleType

from grader.kit.traits import Traits, traits_of

# Filled while a check runs, taken by what runs it; on its own a suite just
# fills them.
_advice: list[str] = []
_handed: list[tuple[str, object, object]] = []
_called: list[Traits] = []
_doing: list[Callable[[], str]] = []


def advise(remark: str) -> None:
    """Report a remark that never costs points."""
    _advice.append(remark)


def hand_out(name: str, value: object, module: ModuleType) -> None:
    """Note what the suite takes out of a module, to know it again by."""
    # Most checks read one name again and again.
    code = value.__code__ if type(value) is FunctionType else None
    if not any(each[0] == name and each[1] is value and each[2] is code
               for each in _handed):
        _handed.append((name, value, code))
        traits = traits_of(name, value, module)
        if traits not in _called:
            _called.append(traits)


def called() -> list[Traits]:
    """Return what the suite took since the last call, and forget it."""
    taken = list(_called)
    _called.clear()
    _handed.clear()
    return taken


def do(call: Callable[[], str]) -> None:
    """Note which call of the submission is under way, by its text."""
    _doing[:] = [call]


def doing() -> str | None:
    """Return the text of the call under way, if one is known."""
    return _doing[0]() if _doing else None


def take() -> list[str]:
    """Return the remarks since the last call, and forget all of it."""
    taken = list(_advice)
    _advice.clear()
    _doing.clear()
    return taken
