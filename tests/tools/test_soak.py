"""A short soak: the worst of hostile.toml twice over, in each tier."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("these tiers are Linux's", allow_module_level=True)

from grader.errors import UserError
from grader.library.library import Library
from tests.attacks import hostile
from tests.tools import soak

WORST = ("C01", "C02", "C03", "D01", "D02", "D03", "D05", "D10", "I06",
         "I08b", "M01", "C07")


@pytest.mark.parametrize("tier", soak.TIERS)
def test_the_worst_leave_nothing_behind(library: Library, tmp_path: Path,
                                        tier: str) -> None:
    drawn = [hostile.ENTRIES[name] for name in WORST] * 2
    try:
        soaked = soak.soak(tier, hostile.one_task(library, tmp_path), drawn)
    except UserError as error:
        pytest.skip(f"{tier}: {error.what}")

    assert soaked.errors == []
    assert soaked.left == []
    assert soaked.after - soaked.before < soak.GROWTH
