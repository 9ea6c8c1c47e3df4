"""What the tests of how learners' tests are judged share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grader.library.library import Folder, Library
from grader.wall.forking import Purpose, Wall, open_wall


@pytest.fixture(scope="package")
def wall(library: Library) -> Iterator[Wall]:
    with open_wall("auto", Purpose(
            kinds=["learnertests"], packages=library.packages,
            modules=library.modules)) as opened:
        yield opened


@pytest.fixture(scope="package")
def folder(library: Library) -> Folder:
    return library.folder("0x03-Unittests_and_integration_tests")
