"""A short soak: the worst of hostile.toml twice over, in each tier."""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("these tiers are Linux's", allow_module_level=True)

from grader.errors import UserError
from grader.library.library import load_library
from tests.attacks import hostile
from tests.tools import soak
from tests.tools.soak import Soaked

WORST = ("C01", "C02", "C03", "D01", "D02", "D03", "D05", "D10", "I06",
         "I08b", "M01", "C07")


def soaked_in(tier: str, path: Path) -> Soaked | str:
    """Soak, or say why the tier cannot be had."""
    drawn = [hostile.ENTRIES[name] for name in WORST] * 2
    try:
        return soak.soak(tier, hostile.one_task(load_library(), path), drawn)
    except UserError as error:
        return error.what


@pytest.mark.parametrize("tier", soak.TIERS)
def test_the_worst_leave_nothing_behind(tmp_path: Path, tier: str) -> None:
    # In a process of its own: what other tests have left in this one gives
    # and takes more memory than is looked for.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        soaked = pool.submit(soaked_in, tier, tmp_path).result()
    if isinstance(soaked, str):
        pytest.skip(f"{tier}: {soaked}")

    assert soaked.errors == []
    assert soaked.left == []
    assert soaked.after - soaked.before < soak.GROWTH
