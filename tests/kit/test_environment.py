"""What a suite lends a file of environment is taken back."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from grader.kit.environment import environment


def test_settings_are_there_as_long_as_they_are_lent(
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_HOST", "theirs")
    monkeypatch.delenv("DB_USER", raising=False)
    with environment({"DB_HOST": "localhost", "DB_USER": "root"}):
        lent = os.environ["DB_HOST"], os.environ["DB_USER"]

    assert lent == ("localhost", "root")
    assert os.environ["DB_HOST"] == "theirs"
    assert "DB_USER" not in os.environ


def test_what_a_file_did_to_the_environment_is_undone(
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEPT", "1")
    monkeypatch.delenv("LEFT", raising=False)
    before = dict(os.environ)
    with environment({}):
        os.environ["LEFT"] = "1"
        del os.environ["KEPT"]

    assert dict(os.environ) == before


def test_a_child_process_gets_no_more_than_before(
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEPT", "1")
    monkeypatch.delenv("LEFT", raising=False)
    with environment({"LENT": "1"}):
        os.environ["LEFT"] = "1"
        os.environ["KEPT"] = "2"
    shown = subprocess.run(
        [sys.executable, "-c", "import os; print(*map(os.getenv, "
         "('KEPT', 'LEFT', 'LENT')))"], capture_output=True, check=True)

    assert shown.stdout.split() == [b"1", b"None", b"None"]
