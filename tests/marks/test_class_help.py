"""What the help says of class.toml is what class.toml can say."""

from __future__ import annotations

import textwrap
import tomllib
from dataclasses import fields

import pytest

from grader.cli import main
from grader.library.library import Library
from grader.marks import scheme
from grader.marks.scheme import Override, Scheme


def test_the_class_file_in_the_help_is_one(
        library: Library, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["cohort", "--help"])
    text = capsys.readouterr().out.partition("may be missing:\n")[2]
    data = tomllib.loads(textwrap.dedent(text))

    assert data.keys() == {each.name for each in fields(Scheme)}
    assert data["override"][0].keys() == {
        each.name for each in fields(Override)} - {"mark", "deadline"}
    assert scheme.scheme(data, library).out_of == 20


@pytest.mark.parametrize("command", ["check", "cohort"])
def test_the_help_says_how_points_come_about(
        command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])

    assert "60, 80 or 100 %" in " ".join(capsys.readouterr().out.split())
