"""Loading a submission's file next to what is left of the one before."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from grader.kit.failure import Failure
from grader.kit.loading import forget, load


class Litter:
    """Imports a module when it is collected, and leaves more litter."""

    left = 200

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        Litter.left -= 1
        if Litter.left > 0:
            name = f"imported_late_{Litter.left}"
            sys.modules[name] = ModuleType(name)
            Litter()


@pytest.fixture
def litter() -> Iterator[None]:
    before, thresholds = set(sys.modules), gc.get_threshold()
    # So many that the interpreter has no spare pairs: a new one is counted.
    pairs = list(zip(range(5000), range(5000)))
    Litter()
    gc.set_threshold(10)
    yield
    gc.set_threshold(*thresholds)
    del pairs
    Litter.left = 0
    for name in set(sys.modules) - before:
        del sys.modules[name]


@pytest.mark.usefixtures("litter")
def test_a_module_imported_meanwhile_is_no_trouble(tmp_path: Path) -> None:
    module = ModuleType("stale")
    module.__file__ = str(tmp_path / "stale.py")
    sys.modules["stale"] = module

    forget(tmp_path)

    assert "stale" not in sys.modules


def test_no_module_of_a_package_is_left(tmp_path: Path) -> None:
    bare, inner = ModuleType("bare"), ModuleType("bare.inner")
    bare.__path__ = [str(tmp_path / "bare")]
    inner.__file__ = str(tmp_path / "bare" / "inner.py")
    sys.modules |= {"bare": bare, "bare.inner": inner}

    forget(tmp_path)

    assert not {"bare", "bare.inner"} & sys.modules.keys()


@pytest.fixture
def place(tmp_path: Path,
          monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder as a submission's, with a package in it."""
    monkeypatch.setenv("GRADE_WORKSPACE", str(tmp_path))
    monkeypatch.setattr(sys, "path", [*sys.path])
    (tmp_path / "lib").mkdir()
    yield tmp_path
    forget(tmp_path)


def test_a_file_in_a_folder_is_a_module_of_a_package(place: Path) -> None:
    (place / "lib" / "sums.py").write_text(
        "from .parts import ONE\nfrom lib import parts\n"
        "total = ONE + parts.ONE\n")
    (place / "lib" / "parts.py").write_text("ONE = 1\n")

    module = load("lib/sums.py")

    assert (module.__name__, module.total) == ("lib.sums", 2)


def test_a_stand_in_takes_the_place_of_a_file_beside_it(place: Path) -> None:
    (place / "lib" / "sums.py").write_text("from .parts import ONE\n")

    assert load("lib/sums.py", {"lib.parts": {"ONE": 7}}).ONE == 7


def test_a_package_that_does_not_load_is_told(place: Path) -> None:
    (place / "lib" / "__init__.py").write_text("1 / 0\n")
    (place / "lib" / "sums.py").write_text("")

    with pytest.raises(Failure, match="lib/sums.py does not load: ZeroDiv"):
        load("lib/sums.py")


@pytest.mark.parametrize("line", [
    "from 0-add import add", "import 0-add", "from  0-add import *"])
def test_a_name_that_starts_with_a_digit_is_told_how_to_import(
        place: Path, line: str) -> None:
    (place / "1-a.py").write_text(f"if True:\n    {line}\n")
    with pytest.raises(Failure, match=r"takes __import__\('0-add'\)"):
        load("1-a.py")
