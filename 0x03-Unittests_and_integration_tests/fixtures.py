#!/usr/bin/env python3
"""What GitHub would answer, cut down to what the tests need."""

from typing import Any

Json = dict[str, Any]

_API = "https://api.github.com"
# Behind the address of an owner or a repository: what GitHub has there, in
# the keys that end in _url, with the parts that a client has to fill in.
_OF_OWNERS = {
    "followers": "/followers", "following": "/following{/other_user}",
    "gists": "/gists{/gist_id}", "starred": "/starred{/owner}{/repo}",
    "subscriptions": "/subscriptions", "organizations": "/orgs",
    "repos": "/repos", "events": "/events{/privacy}",
    "received_events": "/received_events",
}
_OF_REPOS = {
    "forks": "/forks", "keys": "/keys{/key_id}",
    "collaborators": "/collaborators{/collaborator}", "teams": "/teams",
    "hooks": "/hooks", "issue_events": "/issues/events{/number}",
    "events": "/events", "assignees": "/assignees{/user}",
    "branches": "/branches{/branch}", "tags": "/tags",
    "blobs": "/git/blobs{/sha}", "git_tags": "/git/tags{/sha}",
    "git_refs": "/git/refs{/sha}", "trees": "/git/trees{/sha}",
    "statuses": "/statuses/{sha}", "languages": "/languages",
    "stargazers": "/stargazers", "contributors": "/contributors",
    "subscribers": "/subscribers", "subscription": "/subscription",
    "commits": "/commits{/sha}", "git_commits": "/git/commits{/sha}",
    "comments": "/comments{/number}",
    "issue_comment": "/issues/comments{/number}",
    "contents": "/contents/{+path}", "compare": "/compare/{base}...{head}",
    "merges": "/merges", "archive": "/{archive_format}{/ref}",
    "downloads": "/downloads", "issues": "/issues{/number}",
    "pulls": "/pulls{/number}", "milestones": "/milestones{/number}",
    "notifications": "/notifications{?since,all,participating}",
    "labels": "/labels{/name}", "releases": "/releases{/id}",
    "deployments": "/deployments",
}


def _owner(login: str) -> Json:
    """Return the owner of a repository, with what is found where."""
    url = f"{_API}/users/{login}"
    return {
        "login": login, "type": "Organization", "site_admin": False,
        "url": url, "html_url": f"https://github.com/{login}",
        "avatar_url": f"https://github.com/{login}.png",
        **{f"{name}_url": url + path for name, path in _OF_OWNERS.items()},
    }


def _urls(full_name: str) -> Json:
    """Return where what belongs to a repository is found."""
    url, page = f"{_API}/repos/{full_name}", f"github.com/{full_name}"
    return {
        "html_url": f"https://{page}", "git_url": f"git://{page}.git",
        "ssh_url": f"git@{page.replace('/', ':', 1)}.git",
        "clone_url": f"https://{page}.git", "svn_url": f"https://{page}",
        **{f"{name}_url": url + path for name, path in _OF_REPOS.items()},
    }


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
        "owner": _owner("google"),
        "url": "https://api.github.com/repos/google/episodes.dart",
        "fork": False,
        "license": {"key": "bsd-3-clause", "name": "BSD 3-Clause"},
    },
    {
        "id": 2,
        "name": "cpp-netlib",
        "full_name": "google/cpp-netlib",
        "private": False,
        "owner": _owner("google"),
        "url": "https://api.github.com/repos/google/cpp-netlib",
        "fork": True,
        "license": {"key": "bsl-1.0", "name": "Boost Software License 1.0"},
    },
    {
        "id": 3,
        "name": "dagger",
        "full_name": "google/dagger",
        "private": False,
        "owner": _owner("google"),
        "url": "https://api.github.com/repos/google/dagger",
        "fork": True,
        "license": {"key": "apache-2.0", "name": "Apache License 2.0"},
    },
    {
        "id": 4,
        "name": "ios-webkit-debug-proxy",
        "full_name": "google/ios-webkit-debug-proxy",
        "private": False,
        "owner": _owner("google"),
        "url": "https://api.github.com/repos/google/ios-webkit-debug-proxy",
        "fork": True,
        "license": {"key": "other", "name": "Other"},
    },
    {
        "id": 5,
        "name": "google.github.io",
        "full_name": "google/google.github.io",
        "private": False,
        "owner": _owner("google"),
        "url": "https://api.github.com/repos/google/google.github.io",
        "fork": False,
        "license": None,
    },
    {
        "id": 6,
        "name": "kratu",
        "full_name": "google/kratu",
        "private": False,
        "owner": _owner("google"),
        "url": "https://api.github.com/repos/google/kratu",
        "fork": False,
        "license": {"key": "apache-2.0", "name": "Apache License 2.0"},
    },
    {
        "id": 7,
        "name": "build-debian-cloud",
        "full_name": "google/build-debian-cloud",
        "private": False,
        "owner": _owner("google"),
        "url": "https://api.github.com/repos/google/build-debian-cloud",
        "fork": True,
        "license": {"key": "other", "name": "Other"},
    },
    {
        "id": 8,
        "name": "traceur-compiler",
        "full_name": "google/traceur-compiler",
        "private": False,
        "owner": _owner("google"),
        "url": "https://api.github.com/repos/google/traceur-compiler",
        "fork": True,
        "license": {"key": "apache-2.0", "name": "Apache License 2.0"},
    },
    {
        "id": 9,
        "name": "firmata.py",
        "full_name": "google/firmata.py",
        "private": False,
        "owner": _owner("google"),
        "url": "https://api.github.com/repos/google/firmata.py",
        "fork": False,
        "license": {"key": "apache-2.0", "name": "Apache License 2.0"},
    },
]

for _repo in repos_payload:
    _repo.update(_urls(_repo["full_name"]))

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
