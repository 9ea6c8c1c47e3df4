"""Hostile and broken submissions, each graded whole, in two tiers."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from grader.errors import UserError
from grader.grading.grading import Grader, Options
from grader.grading.verdict import Report
from grader.library.library import Folder, Library, Task
from grader.report.report import as_json, as_text
from grader.submission.submission import collect
from grader.tools import tools
from tests.attacks import hostile
from tests.attacks.hostile import ENTRIES, Entry

if sys.platform != "linux":
    pytest.skip("these tiers are Linux's", allow_module_level=True)

from tests.helpers import traces

TIERS = ("full", "reduced")
# How many runs there are at a time: those that hang wait most of the time,
# for a processor or for nothing.
WIDTH = 12
# How many entries share a submission, each alone in a folder of its own:
# pycodestyle takes longer to start than to read them.
SHARING = 50
# Seconds that mypy has for a submission: a third of them for a file.
ALLOWANCE = 3


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What came of all entries in one tier, and what is left behind."""

    reports: Mapping[str, Report]
    left: Sequence[str]


@pytest.fixture(scope="module")
def places(library: Library) -> dict[str, tuple[Folder, Task]]:
    """Return a folder and a task for each entry alone, by id."""
    return {name: _place(number, entry, library)
            for number, (name, entry) in enumerate(ENTRIES.items())}


def _place(number: int, entry: Entry,
           library: Library) -> tuple[Folder, Task]:
    task = hostile.task_of(entry, library)
    folder = library.folder(task.folder)
    name = f"{number}-{folder.name}"
    return (replace(folder, name=name, dimensions=("behaviour",)
                    if hostile.is_small(entry) else folder.dimensions),
            replace(task, folder=name))


@pytest.fixture(scope="module", params=TIERS)
def seen(request: pytest.FixtureRequest, library: Library,
         places: dict[str, tuple[Folder, Task]],
         tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """Grade every entry in one tier, several at a time."""
    root = tmp_path_factory.mktemp(request.param)
    crowd = replace(library, folders=tuple(
        folder for folder, _ in places.values()))
    options = Options(isolation=request.param, jobs=WIDTH)
    with traces.folder_for_runs() as folder, \
            pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOSTILE_SECRET", "secret")
        patch.setitem(tools.ALLOWANCE, "typecheck", ALLOWANCE)
        before = traces.look(folder)
        try:
            with Grader(crowd, options) as grader:
                reports = _reports(grader, places, root)
        except UserError as error:
            pytest.skip(f"{request.param}: {error.what}")
        yield Seen(reports=reports, left=traces.left_behind(before, folder))


def _reports(grader: Grader, places: Mapping[str, tuple[Folder, Task]],
             root: Path) -> dict[str, Report]:
    """Return the report on each entry, by id."""
    submissions = list(_submissions())
    with ThreadPoolExecutor(len(submissions)) as pool:
        return {name: report for reports in pool.map(
            lambda names: _grade(grader, places, names, root / names[0]),
            submissions) for name, report in reports.items()}


def _submissions() -> Iterator[list[str]]:
    """Yield the entries that share a submission, those that hang first.

    One that is about a tool is alone: it may use up the time of others.
    """
    hanging_first = sorted(ENTRIES, key=lambda name: not hostile.hangs(
        ENTRIES[name]))
    yield from ([name] for name in ENTRIES if "dimension" in ENTRIES[name])
    for is_small in False, True:
        alike = [name for name in hanging_first
                 if hostile.is_small(ENTRIES[name]) is is_small
                 and "dimension" not in ENTRIES[name]]
        yield from (alike[start:start + SHARING]
                    for start in range(0, len(alike), SHARING))


def _grade(grader: Grader, places: Mapping[str, tuple[Folder, Task]],
           names: Sequence[str], path: Path) -> dict[str, Report]:
    """Grade a submission of entries; return a report for each of them."""
    tasks = [places[name][1] for name in names]
    for name, task in zip(names, tasks):
        hostile.hand_in(ENTRIES[name], task, path)
    library = replace(grader.library, folders=tuple(
        places[name][0] for name in names))
    report = grader.grade(collect(path, library), tasks)
    return {name: replace(report, tasks=(verdict,))
            for name, verdict in zip(names, report.tasks)}


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


def test_what_is_said_about_them_is_harmless(seen: Seen) -> None:
    for name, report in seen.reports.items():
        for text in (as_text(report), as_json(report)):
            text.encode()
            assert all(char.isprintable() for char in text if char != "\n"
                       ), name
            assert "/home/somebody" not in text, name
            assert len(text) < 60_000, name


def test_nothing_is_left_behind(seen: Seen) -> None:
    assert seen.left == []
