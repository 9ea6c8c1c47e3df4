"""What a check reports to the grader beside its looks."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType, ModuleType

from grader.kit.traits import Traits, traits_of

# Lists of the module, since a suite has no object of the grader's to report
# to. They are filled while a check runs and emptied by what runs it; in a
# suite that runs on its own they are only filled.
_advice: list[str] = []
_handed: list[tuple[str, object, object]] = []
_called: list[Traits] = []
_doing: list[Callable[[], str]] = []


def advise(remark: str) -> None:
    """Report a remark that never costs points."""
    _advice.append(remark)


def hand_out(name: str, value: object, module: ModuleType) -> None:
    """Record what the suite reads from a module, with its traits.

    The grader compares them with the definition that its types are about.
    """
    # Most checks read one name many times.
    code = value.__code__ if type(value) is FunctionType else None
    if not any(each[0] == name and each[1] is value and each[2] is code
               for each in _handed):
        _handed.append((name, value, code))
        traits = traits_of(name, value, module)
        if traits not in _called:
            _called.append(traits)


def called() -> list[Traits]:
    """Return what was recorded since the last call, and clear it."""
    taken = list(_called)
    _called.clear()
    _handed.clear()
    return taken


def do(call: Callable[[], str]) -> None:
    """Record which call of the submission is running, by its text."""
    _doing[:] = [call]


def doing() -> str | None:
    """Return the text of the call that is running, if one is known."""
    return _doing[0]() if _doing else None


def take() -> list[str]:
    """Return the remarks since the last call, and clear everything."""
    taken = list(_advice)
    _advice.clear()
    _doing.clear()
    return taken
