#!/usr/bin/env python3
"""Tests of rain.py."""

import unittest

from rain import total, wettest


class TestTotal(unittest.TestCase):
    """total adds up all days."""

    def test_total(self) -> None:
        """Every day counts."""
        self.assertEqual(total([1.0, 2.5, 0.5]), 4.0)


class TestWettest(unittest.TestCase):
    """wettest counts days from 1."""

    def test_wettest(self) -> None:
        """The highest amount wins, wherever it stands."""
        self.assertEqual(wettest([0.0, 7.0, 2.0]), 2)
