"""A stamp shows whether a file was written to."""

from __future__ import annotations

from pathlib import Path

from grader.kit import stamp


def test_a_file_is_untouched_until_it_is_written_or_removed(
        tmp_path: Path) -> None:
    path = tmp_path / "users.csv"
    path.write_text("Ada")
    assert not stamp.is_untouched(path, 1.0)

    stamp.put(path, 1.0)
    assert stamp.is_untouched(path, 1.0)
    assert not stamp.is_untouched(path, 0.0)

    path.write_text("Ada")
    assert not stamp.is_untouched(path, 1.0)

    stamp.put(path, 1.0)
    path.unlink()
    assert not stamp.is_untouched(path, 1.0)
