"""Loops are counted as the course counts them."""

from __future__ import annotations

import pytest

from grader.kit.loops import has_functions, lines_of_loops


def test_loops_outside_functions_and_in_main_do_not_count() -> None:
    source = b"""
for one in []: pass
def main():
    for two in []: pass
def f():
    while [three for three in ()]:
        for four in (): pass
"""
    assert lines_of_loops(source) == [6, 7]


@pytest.mark.parametrize("source, has_one", [
    (b"", False), (b"for n in []:\n    pass\n", False),
    (b"def rows():\n    yield 1\n", True),
    (b"class Rows:\n    def __iter__(self):\n        yield 1\n", True),
])
def test_a_file_without_a_function_keeps_no_limit(source: bytes,
                                                  has_one: bool) -> None:
    assert has_functions(source) is has_one
