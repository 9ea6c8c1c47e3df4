#!/usr/bin/env python3
"""Tests of the helpers in utils.py."""

import unittest
from typing import Any
from unittest.mock import Mock, patch

from parameterized import parameterized

from utils import access_nested_map, get_json, memoize


class TestAccessNestedMap(unittest.TestCase):
    """access_nested_map follows a path of keys."""

    @parameterized.expand([
        ({"a": 1}, ("a",), 1),
        ({"a": {"b": 2}}, ("a",), {"b": 2}),
        ({"a": {"b": 2}}, ("a", "b"), 2),
    ])
    def test_access_nested_map(self, nested_map: dict[str, Any],
                               path: tuple[str, ...], expected: Any) -> None:
        """The value at the end of the path comes back."""
        self.assertEqual(access_nested_map(nested_map, path), expected)

    @parameterized.expand([
        ({}, ("a",), "a"),
        ({"a": 1}, ("a", "b"), "b"),
    ])
    def test_access_nested_map_exception(self, nested_map: dict[str, Any],
                                         path: tuple[str, ...],
                                         key: str) -> None:
        """A path that leads nowhere raises KeyError with the bad key."""
        with self.assertRaises(KeyError) as caught:
            access_nested_map(nested_map, path)
        self.assertEqual(caught.exception.args, (key,))


class TestGetJson(unittest.TestCase):
    """get_json fetches a URL once and decodes the answer."""

    @parameterized.expand([
        ("http://example.com", {"payload": True}),
        ("http://holberton.io", {"payload": False}),
    ])
    def test_get_json(self, test_url: str,
                      test_payload: dict[str, bool]) -> None:
        """The URL is asked for once, and its JSON comes back."""
        answer = Mock()
        answer.json.return_value = test_payload
        with patch("requests.get", return_value=answer) as get:
            self.assertEqual(get_json(test_url), test_payload)
        get.assert_called_once_with(test_url)


class TestMemoize(unittest.TestCase):
    """memoize computes a property once."""

    def test_memoize(self) -> None:
        """Two reads give the value of a single call."""

        class TestClass:
            """Has a method, and a memoized property that calls it."""

            def a_method(self) -> int:
                """Return the value."""
                return 42

            @memoize
            def a_property(self) -> int:
                """Return the value, from the method."""
                return self.a_method()

        with patch.object(TestClass, "a_method", return_value=7) as a_method:
            subject = TestClass()
            self.assertEqual(subject.a_property, 7)
            self.assertEqual(subject.a_property, 7)
        a_method.assert_called_once_with()


if __name__ == "__main__":
    unittest.main()
