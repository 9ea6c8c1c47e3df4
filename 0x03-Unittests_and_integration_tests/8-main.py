#!/usr/bin/env python3
"""Set the integration class up and ask for the two URLs."""

import sys

try:
    import requests

    tests = __import__("test_client")
    kind = tests.TestIntegrationGithubOrgClient_0
except (AttributeError, ImportError, NameError, SyntaxError) as error:
    name = getattr(error, "name", None)
    if isinstance(error, ModuleNotFoundError) and name != "test_client":
        sys.exit(f"test_client.py imports {name}, which this Python lacks: "
                 "grade run 0x03/8 has what the tests need")
    sys.exit(f"Write the class in test_client.py first: {error}")

URL = "https://api.github.com/orgs/google"
genuine = requests.get
kind.setUpClass()
print(requests.get(URL + "/repos").json() == kind.repos_payload)
print(requests.get(URL).json() == kind.org_payload)
kind.tearDownClass()
print(requests.get is genuine)
