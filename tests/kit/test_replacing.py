"""What is replaced for a while is put back."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from grader.kit.replacing import replaced


def test_old_values_come_back_after_an_error() -> None:
    place = SimpleNamespace(one=1, two=2)
    with pytest.raises(ZeroDivisionError):
        with replaced((place, "one", 10), (place, "two", 20)):
            assert (place.one, place.two) == (10, 20)
            place.one = 1 / 0

    assert (place.one, place.two) == (1, 2)


def test_nothing_is_replaced_where_a_name_is_missing() -> None:
    place = SimpleNamespace(one=1)
    with pytest.raises(AttributeError):
        with replaced((place, "one", 10), (place, "two", 20)):
            pass

    assert place == SimpleNamespace(one=1)
