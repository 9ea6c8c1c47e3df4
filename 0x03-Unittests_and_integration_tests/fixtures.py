#!/usr/bin/env python3
"""What GitHub would answer, cut down to what the tests need."""

from typing import Any

Json = dict[str, Any]

org_payload: Json = {
    "login": "google",
    "repos_url": "https://api.github.com/orgs/google/repos",
}

repos_payload: list[Json] = [
    {
        "id": 1,
        "name": "episodes.dart",
        "full_name": "google/episodes.dart",
        "private": False,
        "owner": {"login": "google", "type": "Organization"},
        "url": "https://api.github.com/repos/google/episodes.dart",
        "fork": False,
        "license": {"key": "bsd-3-clause", "name": "BSD 3-Clause"},
    },
    {
        "id": 2,
        "name": "cpp-netlib",
        "full_name": "google/cpp-netlib",
        "private": False,
        "owner": {"login": "google", "type": "Organization"},
        "url": "https://api.github.com/repos/google/cpp-netlib",
        "fork": True,
        "license": {"key": "bsl-1.0", "name": "Boost Software License 1.0"},
    },
    {
        "id": 3,
        "name": "dagger",
        "full_name": "google/dagger",
        "private": False,
        "owner": {"login": "google", "type": "Organization"},
        "url": "https://api.github.com/repos/google/dagger",
        "fork": True,
        "license": {"key": "apache-2.0", "name": "Apache License 2.0"},
    },
    {
        "id": 4,
        "name": "ios-webkit-debug-proxy",
        "full_name": "google/ios-webkit-debug-proxy",
        "private": False,
        "owner": {"login": "google", "type": "Organization"},
        "url": "https://api.github.com/repos/google/ios-webkit-debug-proxy",
        "fork": True,
        "license": {"key": "other", "name": "Other"},
    },
    {
        "id": 5,
        "name": "google.github.io",
        "full_name": "google/google.github.io",
        "private": False,
        "owner": {"login": "google", "type": "Organization"},
        "url": "https://api.github.com/repos/google/google.github.io",
        "fork": False,
        "license": None,
    },
    {
        "id": 6,
        "name": "kratu",
        "full_name": "google/kratu",
        "private": False,
        "owner": {"login": "google", "type": "Organization"},
        "url": "https://api.github.com/repos/google/kratu",
        "fork": False,
        "license": {"key": "apache-2.0", "name": "Apache License 2.0"},
    },
    {
        "id": 7,
        "name": "build-debian-cloud",
        "full_name": "google/build-debian-cloud",
        "private": False,
        "owner": {"login": "google", "type": "Organization"},
        "url": "https://api.github.com/repos/google/build-debian-cloud",
        "fork": True,
        "license": {"key": "other", "name": "Other"},
    },
    {
        "id": 8,
        "name": "traceur-compiler",
        "full_name": "google/traceur-compiler",
        "private": False,
        "owner": {"login": "google", "type": "Organization"},
        "url": "https://api.github.com/repos/google/traceur-compiler",
        "fork": True,
        "license": {"key": "apache-2.0", "name": "Apache License 2.0"},
    },
    {
        "id": 9,
        "name": "firmata.py",
        "full_name": "google/firmata.py",
        "private": False,
        "owner": {"login": "google", "type": "Organization"},
        "url": "https://api.github.com/repos/google/firmata.py",
        "fork": False,
        "license": {"key": "apache-2.0", "name": "Apache License 2.0"},
    },
]

expected_repos = [
    "episodes.dart",
    "cpp-netlib",
    "dagger",
    "ios-webkit-debug-proxy",
    "google.github.io",
    "kratu",
    "build-debian-cloud",
    "traceur-compiler",
    "firmata.py",
]

apache2_repos = ["dagger", "kratu", "traceur-compiler", "firmata.py"]

TEST_PAYLOAD = [
    (org_payload, repos_payload, expected_repos, apache2_repos),
]
