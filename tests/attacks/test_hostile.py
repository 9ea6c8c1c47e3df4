"""Hostile and broken submissions, each graded whole, in two tiers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.errors import UserError
from grader.grading.grading import Grader, Options
from grader.grading.verdict import Report
from grader.library.library import Library
from grader.report.report import as_json, as_text
from grader.submission.submission import collect
from grader.tools import tools
from tests.attacks import hostile
from tests.attacks.hostile import ENTRIES, Entry

if sys.platform != "linux":
    pytest.skip("these tiers are Linux's", allow_module_level=True)

from tests.helpers import traces

TIERS = ("full", "reduced")
# How many entries are graded at a time: those that hang wait most of the
# time, for a processor or for nothing.
WIDTH, WIDTH_OF_HANGING = 4, 24
# Seconds that mypy has for a submission: a third of them for a file.
ALLOWANCE = 3


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What came of all entries in one tier, and what is left behind."""

    reports: Mapping[str, Report]
    left: Sequence[str]


@pytest.fixture(scope="module")
def small(library: Library, tmp_path_factory: pytest.TempPathFactory
          ) -> Library:
    """Return a library of one task that is about behaviour alone."""
    return hostile.one_task(library, tmp_path_factory.mktemp("library"))


@pytest.fixture(scope="module", params=TIERS)
def seen(request: pytest.FixtureRequest, library: Library, small: Library,
         tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """Grade every entry in one tier, several at a time."""
    root = tmp_path_factory.mktemp(request.param)
    # Each entry keeps one thread busy with the tools, one with the suite.
    options = Options(isolation=request.param,
                      jobs=2 * (WIDTH + WIDTH_OF_HANGING))
    with traces.folder_for_runs() as folder, \
            pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOSTILE_SECRET", "secret")
        patch.setitem(tools.ALLOWANCE, "typecheck", ALLOWANCE)
        before = traces.look(folder)
        try:
            with Grader(small, options) as some, \
                    Grader(library, options) as all_:

                def run(entry: Entry) -> Report:
                    grader, of = ((some, small) if hostile.is_small(entry)
                                  else (all_, library))
                    return _grade(grader, of, entry, root)

                reports = _reports(run)
        except UserError as error:
            pytest.skip(f"{request.param}: {error.what}")
        yield Seen(reports=reports, left=traces.left_behind(before, folder))


def _reports(run: Callable[[Entry], Report]) -> dict[str, Report]:
    """Return the report on each entry, by id."""
    with ThreadPoolExecutor(WIDTH) as others, \
            ThreadPoolExecutor(WIDTH_OF_HANGING) as hanging:
        started = {name: (hanging if hostile.hangs(entry) else others
                          ).submit(run, entry)
                   for name, entry in ENTRIES.items()}
        return {name: each.result() for name, each in started.items()}


def _grade(grader: Grader, library: Library, entry: Entry,
           root: Path) -> Report:
    path, task = root / entry["id"], hostile.task_of(entry, library)
    hostile.hand_in(entry, task, path)
    return grader.grade(collect(path, library), [task])


@pytest.mark.parametrize("name", ENTRIES)
def test_it_gets_its_verdict(seen: Seen, name: str) -> None:
    entry, report = ENTRIES[name], seen.reports[name]
    verdict, = report.tasks
    entry = entry | entry.get(report.isolation, {})
    dimension = entry.get("dimension", "behaviour")
    failures = [each for each in verdict.failures
                if each.dimension == dimension]

    assert verdict.status != "error", failures
    if entry.get("status", "pass") != "any":
        assert verdict.dimensions[dimension] == entry.get(
            "status", "pass"), failures
    if "cause" in entry:
        assert failures[0].cause == entry["cause"], failures
    assert entry.get("says", "") in "".join(
        each.message for each in failures)


@pytest.mark.parametrize("name", ENTRIES)
def test_what_is_said_about_it_is_harmless(seen: Seen, name: str) -> None:
    report = seen.reports[name]
    for text in (as_text(report), as_json(report)):
        text.encode()
        assert all(char.isprintable() for char in text if char != "\n")
        assert "/home/somebody" not in text
        assert len(text) < 60_000


def test_nothing_is_left_behind(seen: Seen) -> None:
    assert seen.left == []
