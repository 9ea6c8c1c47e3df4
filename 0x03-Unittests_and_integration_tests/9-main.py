#!/usr/bin/env python3
"""Run the integration tests and count the cases."""

import sys
import unittest

try:
    tests = __import__("test_client")
except (ImportError, NameError, SyntaxError) as error:
    name = getattr(error, "name", None)
    if isinstance(error, ModuleNotFoundError) and name != "test_client":
        sys.exit(f"test_client.py imports {name}, which this Python lacks: "
                 "grade run 0x03/9 has what the tests need")
    sys.exit(f"Write test_client.py first: {error}")

loader = unittest.TestLoader()
loader.testNamePatterns = [
    "*.TestIntegrationGithubOrgClient*",
]
result = unittest.TestResult()
loader.loadTestsFromModule(tests).run(result)
if not result.testsRun:
    sys.exit("Write the integration tests in test_client.py first")
for case, trouble in result.failures + result.errors:
    print(f"{case.id()}: {trouble.splitlines()[-1]}")
print(f"{result.testsRun} run, {len(result.failures + result.errors)} failed")
