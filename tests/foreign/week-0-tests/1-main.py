#!/usr/bin/env python3
"""Run TestTotal and count its cases."""

import unittest

import test_rain

cases = unittest.TestLoader().loadTestsFromTestCase(test_rain.TestTotal)
result = unittest.TestResult()
cases.run(result)
print(f"{result.testsRun} run, {len(result.failures + result.errors)} failed")
