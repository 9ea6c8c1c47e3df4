"""Which paths are shown and hidden, where some lie in others."""

from __future__ import annotations

import os
import sys

import pytest

from grader.inside.jail import readablepaths

SITE = "/usr/lib/app/.venv/site-packages"


@pytest.mark.parametrize("shown, hidden, arranged", [
    (["/usr/lib"], [], ["+/usr/lib"]),
    (["/usr/lib", "/usr/lib/python3"], [], ["+/usr/lib"]),
    (["/usr/lib"], ["/home/app"], ["+/usr/lib"]),
    (["/usr/lib"], ["/usr/lib/app", "/usr/lib/app/tests"],
     ["+/usr/lib", "-/usr/lib/app"]),
    (["/usr/lib", SITE], ["/usr/lib/app", f"{SITE}/grader"],
     ["+/usr/lib", "-/usr/lib/app", f"+{SITE}", f"-{SITE}/grader"]),
    # Without Python there would be no run.
    (["/usr/lib"], ["/usr/lib", "/usr", "/"], ["+/usr/lib"]),
    (["/usr/lib"], ["/usr/library"], ["+/usr/lib"]),
])
def test_the_nearest_folder_around_decides(
        shown: list[str], hidden: list[str], arranged: list[str]) -> None:
    assert [f"{'-+'[way]}{path}" for path, way in
            readablepaths.boundaries(shown, hidden)] == arranged


def test_python_is_shown_without_what_lies_beside_it() -> None:
    if sys.platform != "linux":
        pytest.skip("nothing is hidden elsewhere")
    paths = readablepaths.python_paths()
    assert readablepaths.is_below(os.path.realpath(sys.executable), paths)
    assert readablepaths.is_below(os.path.realpath(os.__file__), paths)
    assert not {"/", "/usr", "/usr/local", sys.base_prefix} & {*paths}
