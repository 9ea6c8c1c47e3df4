"""The editor that `watch` opens."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import UserError
from grader.watch import programs

FILE = Path("/w/2-floor.py")


@pytest.mark.parametrize("chosen, line, words", [
    ("vim", 7, ["vim", "+7", "/w/2-floor.py"]),
    ("/usr/bin/emacs -nw", 7, ["/usr/bin/emacs", "-nw", "+7",
                               "/w/2-floor.py"]),
    ("code --wait", 7, ["code", "--wait", "-g", "/w/2-floor.py:7"]),
    ("ed", 7, ["ed", "/w/2-floor.py"]),
    ("vim", None, ["vim", "/w/2-floor.py"]),
    ("'my editor' -x", 7, ["my editor", "-x", "/w/2-floor.py"]),
])
def test_the_editor_is_the_learners_own_and_goes_to_the_line(
        monkeypatch: pytest.MonkeyPatch, chosen: str, line: int | None,
        words: list[str]) -> None:
    monkeypatch.setenv("EDITOR", "another")
    monkeypatch.setenv("VISUAL", chosen)
    assert programs.editor(FILE, line) == words
    monkeypatch.delenv("VISUAL")
    assert programs.editor(FILE, line)[0] == "another"


def test_an_easy_one_is_used_where_none_is_chosen(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="no editor is known"):
        programs.editor(FILE, None)

    nano = tmp_path / "nano"
    nano.write_text("#!/bin/sh\n")
    nano.chmod(0o755)
    assert programs.editor(FILE, 3) == [str(nano), "+3", str(FILE)]


@pytest.mark.parametrize("chosen", ["'unclosed", ""])
def test_words_that_make_no_sense_are_no_editor(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
        chosen: str) -> None:
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.setenv("VISUAL", chosen)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError):
        programs.editor(FILE, None)
