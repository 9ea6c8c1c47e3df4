#!/usr/bin/env python3
"""Tests of the GitHub client: first alone, then with its helpers."""

import unittest
from typing import Any
from unittest.mock import Mock, PropertyMock, patch

from parameterized import parameterized, parameterized_class

from client import GithubOrgClient
from fixtures import TEST_PAYLOAD


class TestGithubOrgClient(unittest.TestCase):
    """GithubOrgClient, with everything that it calls replaced."""

    @parameterized.expand([("google",), ("abc",)])
    @patch("client.get_json")
    def test_org(self, org_name: str, get_json: Mock) -> None:
        """The organization's URL is fetched once, and its JSON returned."""
        get_json.return_value = {"login": org_name}
        self.assertEqual(GithubOrgClient(org_name).org, {"login": org_name})
        get_json.assert_called_once_with(
            f"https://api.github.com/orgs/{org_name}")

    def test_public_repos_url(self) -> None:
        """The URL is the one that the organization's payload holds."""
        payload = {"repos_url": "https://example.com/repos"}
        with patch("client.GithubOrgClient.org", new_callable=PropertyMock,
                   return_value=payload):
            self.assertEqual(GithubOrgClient("abc")._public_repos_url,
                             "https://example.com/repos")

    @patch("client.get_json")
    def test_public_repos(self, get_json: Mock) -> None:
        """The names come from one fetch of the one URL."""
        get_json.return_value = [{"name": "alpha"}, {"name": "beta"}]
        with patch("client.GithubOrgClient._public_repos_url",
                   new_callable=PropertyMock,
                   return_value="https://example.com/repos") as url:
            self.assertEqual(GithubOrgClient("abc").public_repos(),
                             ["alpha", "beta"])
        url.assert_called_once_with()
        get_json.assert_called_once_with("https://example.com/repos")

    @parameterized.expand([
        ({"license": {"key": "my_license"}}, "my_license", True),
        ({"license": {"key": "other_license"}}, "my_license", False),
    ])
    def test_has_license(self, repo: dict[str, Any], license_key: str,
                         expected: bool) -> None:
        """A repository has the license of its own key, and no other."""
        self.assertIs(GithubOrgClient.has_license(repo, license_key),
                      expected)


@parameterized_class(
    ("org_payload", "repos_payload", "expected_repos", "apache2_repos"),
    TEST_PAYLOAD)
class TestIntegrationGithubOrgClient(unittest.TestCase):
    """GithubOrgClient and utils together; only requests.get is replaced."""

    org_payload: dict[str, Any]
    repos_payload: list[dict[str, Any]]
    expected_repos: list[str]
    apache2_repos: list[str]
    get_patcher: Any

    @classmethod
    def setUpClass(cls) -> None:
        """Answer every URL of GitHub with the fixture that belongs to it."""
        payloads = {
            "https://api.github.com/orgs/google": cls.org_payload,
            cls.org_payload["repos_url"]: cls.repos_payload,
        }

        def get(url: str) -> Mock:
            return Mock(json=Mock(return_value=payloads[url]))

        cls.get_patcher = patch("requests.get", side_effect=get)
        cls.get_patcher.start()

    @classmethod
    def tearDownClass(cls) -> None:
        """Put the real requests.get back."""
        cls.get_patcher.stop()

    def test_public_repos(self) -> None:
        """All the repositories are listed."""
        self.assertEqual(GithubOrgClient("google").public_repos(),
                         self.expected_repos)

    def test_public_repos_with_license(self) -> None:
        """With a license, only the repositories under it are listed."""
        client = GithubOrgClient("google")
        self.assertEqual(client.public_repos(license="apache-2.0"),
                         self.apache2_repos)


if __name__ == "__main__":
    unittest.main()
