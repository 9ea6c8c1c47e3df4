"""Fixtures that several test modules share."""

from __future__ import annotations

import compileall
import gc
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.cohort import fingerprint
from grader.cohort.archives import Unpacker
from grader.cohort.fingerprint import library_digest
from grader.grading import grading
from grader.grading.grading import Grader, Options
from grader.grading.verdict import Report
from grader.kit.virtualtime.clock import Clock
from grader.kit.virtualtime.patches import virtual_time
from grader.learner import workspace
from grader.library.library import Library, load_library
from grader.submission.file import SubmittedFile
from grader.submission.submission import Submission
from grader.tools import typecheck
from tests.helpers.keptwalls import KeptWalls

if TYPE_CHECKING:
    from tests.helpers.browser import Browser

# A library that tests take, with tests in it that are answers.
collect_ignore = ["foreign"]
ROOT = Path(__file__).parents[1]
Grade = Callable[..., Report]


def pytest_configure(config: pytest.Config) -> None:
    """Prepare what the tests start."""
    # Nothing of what is imported and collected is garbage, and to look for
    # some takes a quarter of the time.
    gc.disable()
    # A job in the background ignores interrupts, and hands that on.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # Nothing inside a wall can write compiled files, so every wall that is
    # opened would compile the grader again. The workers of xdist need not.
    if not hasattr(config, "workerinput"):
        for package in "grader", "alx", "more":
            compileall.compile_dir(ROOT / package, quiet=2)


def pytest_collection_finish() -> None:
    """Keep what is there by now out of the search for garbage.

    Thousands of tests stay to the end; each search would look at them all.
    """
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library()


@pytest.fixture(scope="session")
def grader(library: Library) -> Iterator[Grader]:
    with Grader(library, Options(jobs=2)) as open_grader:
        yield open_grader


@pytest.fixture(scope="session")
def walls() -> Iterator[KeptWalls]:
    with KeptWalls() as kept:
        yield kept


@pytest.fixture
def kept_walls(walls: KeptWalls, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all graders of this process share walls that stay open."""
    monkeypatch.setattr(grading, "open_walls", walls.open)


@pytest.fixture(scope="session")
def digest() -> Callable[[Library, str], str]:
    """Return `library_digest`, which reads all files only once."""
    known: dict[tuple[int, str], tuple[Library, str]] = {}

    def found(library: Library, tier: str) -> str:
        key = id(library), tier
        if key not in known:
            # Kept as well, so that no other one gets its number.
            known[key] = library, library_digest(library, tier)
        return known[key][1]
    return found


@pytest.fixture
def digest_once(digest: Callable[[Library, str], str],
                monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the cohorts of this process take the library as unchanging."""
    monkeypatch.setattr(fingerprint, "library_digest", digest)


@pytest.fixture(scope="session")
def unpacker(library: Library) -> Iterator[Unpacker]:
    """Return what looks into archives, behind the best wall there is."""
    with Unpacker("auto", library.names) as opened:
        yield opened


@pytest.fixture
def grade(grader: Grader, library: Library) -> Grade:
    """Grade sources, given as {"folder/path": source}, on some tasks."""
    def run(files: dict[str, str | bytes], *selectors: str) -> Report:
        folders: dict[str, dict[str, SubmittedFile]] = {}
        for path, source in files.items():
            folder, _, name = path.partition("/")
            content = source.encode() if isinstance(source, str) else source
            folders.setdefault(folder, {})[name] = SubmittedFile(
                content=content, executable=True)
        submission = Submission(name="test", folders=folders)
        # A second of work is plenty for what the tests hand in.
        return grader.grade(submission, [
            replace(task, seconds=1.0) for task in library.select(selectors)])
    return run


@pytest.fixture(scope="module")
def mypy_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache of mypy that is good for a whole module.

    It is a copy of this user's, which takes long to make.
    """
    return Path(shutil.copytree(typecheck.warm_cache(),
                                tmp_path_factory.mktemp("mypy") / "cache"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a browser; without one on this machine the test is skipped."""
    # It needs what Windows lacks.
    from tests.helpers import browser

    program = browser.find()
    if program is None:
        pytest.skip("there is no Chromium on this machine")
    with browser.Browser(program) as opened:
        yield opened


@pytest.fixture(scope="module")
def chromium(browser: Browser) -> Browser:
    """Return the browser with nothing left of what others opened in it."""
    browser.begin()
    return browser


@pytest.fixture
def clock() -> Iterator[Clock]:
    """Return a virtual clock; what takes real time with it fails."""
    started = time.monotonic()
    with virtual_time() as clock:
        yield clock
    assert time.monotonic() - started < 5


@pytest.fixture
def made(library: Library, tmp_path: Path) -> Path:
    """Return a workspace that nobody has worked in."""
    workspace.start(tmp_path, library)
    return tmp_path


@pytest.fixture
def submission(tmp_path: Path) -> Path:
    """Return a folder that holds one right task."""
    folder = tmp_path / "learner" / "0x00-python_variable_annotations"
    folder.mkdir(parents=True)
    (folder / "2-floor.py").write_text(RIGHT_FLOOR)
    return folder.parent


RIGHT_FLOOR = '''\
#!/usr/bin/env python3
"""Round numbers down."""
import math


def floor(n: float) -> int:
    """Return the whole number below n."""
    return math.floor(n)
'''
