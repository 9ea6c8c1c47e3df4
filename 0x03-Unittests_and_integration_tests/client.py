#!/usr/bin/env python3
"""A client for the organizations of GitHub."""

# Tests import these from here, as from the file that the course gives.
from typing import Any, Dict, List

from utils import access_nested_map, get_json, memoize


class GithubOrgClient:
    """Asks GitHub about one organization."""

    ORG_URL = "https://api.github.com/orgs/{org}"

    def __init__(self, org_name: str) -> None:
        """Remember which organization to ask about."""
        self._org_name = org_name

    @memoize
    def org(self) -> Any:
        """Return what GitHub says about the organization."""
        return get_json(self.ORG_URL.format(org=self._org_name))

    @property
    def _public_repos_url(self) -> str:
        """Return the URL that lists the public repositories."""
        url: str = self.org["repos_url"]
        return url

    @memoize
    def repos_payload(self) -> Any:
        """Return the public repositories as GitHub describes them."""
        return get_json(self._public_repos_url)

    def public_repos(self, license: str | None = None) -> list[str]:
        """Return the repositories' names, all or those of one license."""
        return [
            repo["name"] for repo in self.repos_payload
            if license is None or self.has_license(repo, license)
        ]

    @staticmethod
    def has_license(repo: dict[str, Any], license_key: str) -> bool:
        """Tell whether a repository is under the license of that key."""
        assert license_key is not None, "license_key cannot be None"
        try:
            key = access_nested_map(repo, ("license", "key"))
        except KeyError:
            return False
        return bool(key == license_key)
