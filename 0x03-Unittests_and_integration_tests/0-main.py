#!/usr/bin/env python3
"""Run test_access_nested_map and count the cases."""

import sys
import unittest

try:
    tests = __import__("test_utils")
except (ImportError, NameError, SyntaxError) as error:
    name = getattr(error, "name", None)
    if isinstance(error, ModuleNotFoundError) and name != "test_utils":
        sys.exit(f"test_utils.py imports {name}, which this Python lacks: "
                 "grade run 0x03/0 has what the tests need")
    sys.exit(f"Write test_utils.py first: {error}")

loader = unittest.TestLoader()
loader.testNamePatterns = [
    "*.TestAccessNestedMap*.test_access_nested_map",
    "*.TestAccessNestedMap*.test_access_nested_map_[0-9]*",
]
result = unittest.TestResult()
loader.loadTestsFromModule(tests).run(result)
if not result.testsRun:
    sys.exit("Write test_access_nested_map in test_utils.py first")
for case, trouble in result.failures + result.errors:
    print(f"{case.id()}: {trouble.splitlines()[-1]}")
print(f"{result.testsRun} run, {len(result.failures + result.errors)} failed")
