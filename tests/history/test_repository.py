"""Repositories as they stood: the right commit, and no trust in them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

import pytest

from grader.cohort.archives import Unpacker
from grader.cohort.sources import Source
from grader.cohort.taking import TooLate, take, take_dated
from grader.errors import UserError
from grader.history import repository
from grader.history.moment import moment
from grader.library.library import Library
from tests.cohort.test_sources import FOLDER, learner

FILE = f"{FOLDER}/2-floor.py"


def git(repo: Path, *words: str, day: int = 1) -> str:
    date = f"2026-11-{day:02}T12:00:00+00:00"
    return subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@x", "-c",
         "init.defaultBranch=main", "-c", "commit.gpgsign=false", *words],
        cwd=repo, check=True, capture_output=True, text=True, env={
            **os.environ, "GIT_AUTHOR_DATE": date,
            "GIT_COMMITTER_DATE": date, "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1"}).stdout.strip()


def commit(repo: Path, day: int, text: str) -> str:
    (repo / FILE).write_text(text)
    git(repo, "add", ".", day=day)
    git(repo, "commit", "-qm", text, day=day)
    return git(repo, "rev-parse", "HEAD")


def on(day: int) -> datetime:
    return datetime(2026, 11, day, 23, tzinfo=timezone.utc)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """Return a repository with a commit on the first and on the third."""
    path = learner(tmp_path / "class" / "jane")
    git(path, "init", "-q")
    commit(path, 1, "one")
    commit(path, 3, "three")
    return path


Stood = Callable[[int], bytes]


@pytest.fixture
def stood(repo: Path, library: Library, unpacker: Unpacker) -> Stood:
    """Return what the file held on a day."""
    def read(day: int) -> bytes:
        taken = take_dated(Source.at(repo), library, unpacker, on(day))
        return taken.submission.contents(FOLDER)["2-floor.py"]
    return read


def test_it_is_graded_as_it_stood(repo: Path, stood: Stood) -> None:
    (repo / FILE).write_text("not committed")

    assert [stood(day) for day in (1, 2, 3, 9)] == [
        b"one", b"one", b"three", b"three"]
    assert (repo / FILE).read_text() == "not committed"
    assert git(repo, "status", "--porcelain") == f"M {FILE}"


def test_before_its_first_commit_nothing_was_handed_in(
        repo: Path, library: Library, unpacker: Unpacker) -> None:
    with pytest.raises(TooLate, match="nothing was handed in by 2026-10-"):
        take_dated(Source.at(repo), library, unpacker,
                   datetime(2026, 10, 1, tzinfo=timezone.utc))


def test_what_is_no_repository_says_so(
        tmp_path: Path, library: Library, unpacker: Unpacker) -> None:
    with pytest.raises(UserError, match="ada is no git repository"):
        take_dated(Source.at(learner(tmp_path / "ada")), library, unpacker,
                   on(1))


def test_packed_and_merged_and_deep_repositories_are_read(
        repo: Path, stood: Stood, library: Library,
        unpacker: Unpacker) -> None:
    git(repo, "checkout", "-qb", "side", "HEAD~1")
    (repo / "other").write_text("x")
    git(repo, "add", ".", day=2)
    git(repo, "commit", "-qm", "side", day=2)
    git(repo, "checkout", "-q", "main")
    git(repo, "merge", "-q", "--no-ff", "-m", "m", "side", day=5)
    git(repo, "gc", "-q")
    git(repo, "pack-refs", "--all")

    # The commit of the second was on the other branch by then.
    assert [stood(day) for day in (2, 4)] == [b"one", b"three"]
    taken = take_dated(Source.at(repo.parent), library, unpacker, on(4))
    assert taken.submission.folders.keys() == {FOLDER}


def test_when_it_was_handed_in_is_that_of_the_last_commit(
        repo: Path, library: Library, unpacker: Unpacker) -> None:
    taken = take_dated(Source.at(repo), library, unpacker)

    assert taken.when == datetime(2026, 11, 3, 12, tzinfo=timezone.utc)
    assert taken.commit == git(repo, "rev-parse", "HEAD")
    assert taken.submission == take(Source.at(repo), library, unpacker)


def test_nothing_that_the_repository_says_is_run(
        repo: Path, stood: Stood, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "core.sshCommand",
                "filter.x.smudge", "diff.external", "uploadpack.packObjects"
                "Hook", "core.gitProxy", "credential.helper", "alias.cat-fil"
                "e", "core.alternateRefsCommand"):
        git(repo, "config", key, str(trap))
    git(repo, "config", "extensions.partialClone", "origin")
    git(repo, "config", "remote.origin.url", f"ext::{trap}")
    git(repo, "config", "remote.origin.promisor", "true")
    (repo / ".git" / "info").mkdir(exist_ok=True)
    (repo / ".git" / "info" / "attributes").write_text("* filter=x\n")
    for name in ("post-checkout", "reference-transaction"):
        (repo / ".git" / "hooks" / name).write_bytes(trap.read_bytes())
        (repo / ".git" / "hooks" / name).chmod(0o755)

    assert stood(2) == b"one"
    blob = git(repo, "rev-parse", f"HEAD~1:{FILE}")
    (repo / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(UserError, match="git cannot read its history"):
        stood(2)
    assert not (tmp_path / "sprung").exists()


def test_replaced_objects_have_no_say(repo: Path, stood: Stood) -> None:
    git(repo, "replace", f"HEAD~1:{FILE}", f"HEAD:{FILE}")

    assert stood(2) == b"one"


def _worktree(repo: Path) -> None:
    (repo / ".git").rename(repo.parent / "elsewhere")
    (repo / ".git").write_text(f"gitdir: {repo.parent}/elsewhere\n")


def _linked(repo: Path) -> None:
    (repo / ".git").rename(repo.parent / "elsewhere")
    (repo / ".git").symlink_to(repo.parent / "elsewhere")


def _linked_objects(repo: Path) -> None:
    objects = repo / ".git" / "objects"
    objects.rename(repo.parent / "objects")
    objects.symlink_to(repo.parent / "objects")


def _linked_pack(repo: Path) -> None:
    (repo / ".git" / "objects" / "pack" / "x.pack").symlink_to("/etc/passwd")


def _borrowed(repo: Path) -> None:
    (repo / ".git" / "objects" / "info").mkdir(exist_ok=True)
    (repo / ".git" / "objects" / "info" / "alternates").write_text("/x\n")


def _headless(repo: Path) -> None:
    (repo / ".git" / "HEAD").write_text("ref: ../../../etc/passwd\n")


def _linked_head(repo: Path) -> None:
    (repo / ".git" / "HEAD").unlink()
    (repo / ".git" / "HEAD").symlink_to("/etc/hostname")


def _damaged(repo: Path) -> None:
    for path in (repo / ".git" / "objects").rglob("*"):
        if path.is_file():
            path.chmod(0o644)
            path.write_bytes(b"\0")


@pytest.mark.parametrize("spoil, says", [
    (_worktree, "keeps its history elsewhere"),
    (_linked, "keeps its history elsewhere"),
    (_linked_objects, "keeps its history elsewhere"),
    (_linked_pack, "has links among its objects"),
    (_borrowed, "borrows its history"), (_headless, "no branch checked out"),
    (_linked_head, "has a link in the place of HEAD"),
    (_damaged, "git cannot read its history")])
def test_a_spoiled_repository_is_refused(
        repo: Path, stood: Stood, library: Library, unpacker: Unpacker,
        spoil: Callable[[Path], None], says: str) -> None:
    spoil(repo)

    with pytest.raises(UserError, match=says):
        stood(2)
    # What lies there now can be graded all the same.
    assert take_dated(Source.at(repo), library, unpacker).when is None


def test_links_in_a_commit_lead_to_nothing_outside(
        repo: Path, library: Library, unpacker: Unpacker) -> None:
    (repo / FILE).unlink()
    (repo / FILE).symlink_to("/etc/passwd")
    (repo / "0x01-python_async_function").symlink_to("../../x")
    git(repo, "add", ".", day=4)
    git(repo, "commit", "-qm", "links", day=4)
    taken = take_dated(Source.at(repo), library, unpacker, on(5)).submission

    assert not taken.contents(FOLDER)
    assert "leads out" in taken.refused["0x01-python_async_function"]


def test_more_than_is_ever_looked_at_is_not_read(
        repo: Path, stood: Stood, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "_MOST_LISTED", 10)

    with pytest.raises(UserError, match="more than is ever looked at"):
        stood(2)


def test_a_moment_is_a_date_or_a_time() -> None:
    assert moment("2026-11-30T18:00+03:00") == datetime(
        2026, 11, 30, 15, tzinfo=timezone.utc)
    assert moment("2026-11-30").replace(tzinfo=None) == datetime(
        2026, 11, 30, 23, 59, 59)
    assert moment("2026-11-30 18:00").tzinfo is not None
    for text in ("", "tomorrow", "2026-13-01", "9999999999"):
        with pytest.raises(UserError, match="is no date"):
            moment(text)
