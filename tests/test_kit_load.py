"""Loading a submission's file next to what is left of the one before."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from grader.kit.load import forget


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
