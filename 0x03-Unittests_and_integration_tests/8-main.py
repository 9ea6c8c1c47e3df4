#!/usr/bin/env python3
"""Set the integration class up and ask for the two URLs."""

import sys

import requests

try:
    tests = __import__("test_client")
    kind = tests.TestIntegrationGithubOrgClient_0
except (AttributeError, ImportError, NameError, SyntaxError) as error:
    sys.exit(f"Write the class in test_client.py first: {error}")

URL = "https://api.github.com/orgs/google"
genuine = requests.get
kind.setUpClass()
print(requests.get(URL + "/repos").json() == kind.repos_payload)
print(requests.get(URL).json() == kind.org_payload)
kind.tearDownClass()
print(requests.get is genuine)
