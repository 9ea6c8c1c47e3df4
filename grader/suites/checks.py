"""Reads what the checks of a run have observed; nothing of it is trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grader.findings.finding import Finding
from grader.findings.untrusted import (
    Untrustworthy, entries, finding, line_number, mapping, optional, printed,
    text, traits)
from grader.kit.traits import Traits
from grader.kit.transcript import MOST, is_for_model
from grader.wall.outcome import EXITED_EARLY, Ended, Outcome


@dataclass(frozen=True, kw_only=True)
class Observed:
    """What one check has observed inside the wall: untrusted plain data.

    `entries` are those of a grader.kit.transcript.Recorder, one for each
    observation. `problem` is why the check did not run to its end, or None.
    `called` are the traits of the functions that it called.
    """

    entries: tuple[Any, ...] = ()
    problem: Finding | None = None
    advice: tuple[str, ...] = ()
    called: tuple[Traits, ...] = ()

    @property
    def needs_model(self) -> bool:
        """Return whether something is to be compared with the model."""
        return any(is_for_model(entry) for entry in self.entries)


def read_outcome(outcome: Outcome, tests: Sequence[str]
                 ) -> tuple[dict[str, Observed], str, Ended | None]:
    """Return what finished checks observed, which one ended the run, and how.

    `tests` are the names of the checks asked for, "suite.Class.method". The
    messages must be about them, in order, each once, followed by "done".
    Anything else counts as a run that ended badly. A run that is complete
    gives "" and None for the check and the end.
    """
    done: dict[str, Observed] = {}
    ended = outcome.ended
    try:
        complete = _read_messages(outcome.messages, tests, done)
    except (Untrustworthy, KeyError):
        complete = False
        ended = Ended(cause="output", detail="it wrote nonsense where "
                                             "results belong")
    if complete and ended.cause is None and len(done) == len(tests):
        return done, "", None
    culprit = tests[min(len(done), len(tests) - 1)]
    if ended.cause is None:
        ended = Ended(cause="exited", detail=EXITED_EARLY)
    return done, culprit, ended


@dataclass(frozen=True, kw_only=True)
class StuckAt:
    """Where a run was as its time ran out, as it says itself.

    `call` is the call under way, `line` that of the submission's file,
    `output` what the call had printed. What is unknown is None or empty.
    """

    call: str | None = None
    line: int | None = None
    output: str = ""


def where_stuck(outcome: Outcome) -> StuckAt:
    """Return where a run was as its time ran out.

    It may be a lie, so it goes into messages only, not into the verdict.
    """
    where: object = None
    for message in outcome.messages:
        where = message.get("stuck", where)
    try:
        place = mapping(where)
        return StuckAt(call=optional(place.get("call")),
                       line=line_number(place.get("line")) or None,
                       output=printed(place.get("output")))
    except Untrustworthy:
        return StuckAt()


def _read_messages(messages: Sequence[dict[str, Any]], tests: Sequence[str],
                   done: dict[str, Observed]) -> bool:
    """Add what each check observed to `done`; return whether all is there.

    What was added stays if a later message makes no sense, for which it
    raises Untrustworthy or KeyError.
    """
    queue = iter(tests)
    for message in messages:
        if message == {"done": True}:
            return message is messages[-1]
        if message.keys() in ({"start"}, {"stuck"}):
            continue
        if "crash" in message:
            # The last message of a job that raised: see grader.inside.job.
            return False
        test = next(queue, None)
        if test is None or message.get("check") != test:
            raise Untrustworthy("a check that was not asked for")
        done[test] = _observed(message, test)
    return False


def _observed(message: dict[str, Any], test: str) -> Observed:
    problem, observed = message["problem"], message["seen"]
    if not isinstance(observed, list) or len(observed) > MOST:
        raise Untrustworthy("a list is missing")
    return Observed(
        entries=tuple(observed), advice=tuple(
            map(text, entries(message["advice"]))),
        called=tuple(map(traits, entries(message["called"]))),
        problem=None if problem is None else finding(
            mapping(problem), "behaviour", test.rpartition(".")[2]))
