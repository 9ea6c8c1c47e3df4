"""The given client of 0x03, over real HTTP on the loopback interface."""

from __future__ import annotations

import functools
import json
import socket
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import ModuleType
from typing import Any

import pytest
import requests

from grader.library.library import Library
from tests.helpers.loading import load

FOLDER = "0x03-Unittests_and_integration_tests"
NAMES = ("utils", "client", "fixtures")


class Hub(BaseHTTPRequestHandler):
    """Serves `pages`, bodies by path, and keeps the paths asked for."""

    url: str
    pages: dict[str, bytes]
    asked: list[str]
    release: threading.Event

    def do_GET(self) -> None:
        """Answer with a page, late if it is the slow one."""
        self.asked.append(self.path)
        if self.path == "/orgs/slow":
            self.release.wait(10)
            return
        body = self.pages.get(self.path)
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"message": "Not Found"}'
                         if body is None else body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def modules(library: Library, monkeypatch: pytest.MonkeyPatch
            ) -> Iterator[dict[str, ModuleType]]:
    """Load the given files under their own names, for one test."""
    loaded = {}
    for name in NAMES:
        loaded[name] = load(library.folder(FOLDER).path / f"{name}.py")
        monkeypatch.setitem(sys.modules, name, loaded[name])
    yield loaded


@pytest.fixture
def hub() -> Iterator[type[Hub]]:
    """Serve on a free port; `url` says where."""
    class OneHub(Hub):
        pages: dict[str, bytes] = {}
        asked: list[str] = []
        release = threading.Event()

    server = ThreadingHTTPServer(("127.0.0.1", 0), OneHub)
    OneHub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield OneHub
    OneHub.release.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def client(modules: dict[str, ModuleType], hub: type[Hub],
           monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a client of Google whose GitHub is the hub."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    fixtures = modules["fixtures"]
    org = fixtures.org_payload | {"repos_url": f"{hub.url}/repos"}
    hub.pages["/orgs/google"] = json.dumps(org).encode()
    hub.pages["/repos"] = json.dumps(fixtures.repos_payload).encode()
    monkeypatch.setattr(modules["client"].GithubOrgClient, "ORG_URL",
                        hub.url + "/orgs/{org}")
    return modules["client"].GithubOrgClient


def test_all_the_repositories_are_listed(
        client: Any, modules: dict[str, ModuleType]) -> None:
    assert client("google").public_repos() == (
        modules["fixtures"].expected_repos)


def test_a_license_filters_them(client: Any,
                                modules: dict[str, ModuleType]) -> None:
    assert client("google").public_repos("apache-2.0") == (
        modules["fixtures"].apache2_repos)
    assert client("google").public_repos("no-such-license") == []


def test_each_url_is_asked_for_once(client: Any, hub: type[Hub]) -> None:
    google = client("google")
    google.public_repos()
    google.public_repos("apache-2.0")
    assert hub.asked == ["/orgs/google", "/repos"]


def test_an_unknown_organization_has_no_repositories_url(
        client: Any, hub: type[Hub]) -> None:
    with pytest.raises(KeyError, match="repos_url"):
        client("nobody").public_repos()
    assert hub.asked == ["/orgs/nobody"]


def test_malformed_json_is_an_error_of_requests(
        client: Any, hub: type[Hub]) -> None:
    hub.pages["/repos"] = b'[{"name": "half'
    with pytest.raises(requests.exceptions.JSONDecodeError):
        client("google").public_repos()


def test_a_slow_answer_ends_in_a_timeout(
        client: Any, modules: dict[str, ModuleType],
        monkeypatch: pytest.MonkeyPatch) -> None:
    # get_json sets no timeout of its own: its callers' is put on here.
    monkeypatch.setattr(modules["utils"].requests, "get",
                        functools.partial(requests.get, timeout=0.1))
    with pytest.raises(requests.exceptions.ReadTimeout):
        client("slow").public_repos()


def test_nobody_listening_is_a_connection_error(
        client: Any, hub: type[Hub], monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))  # taken, and not listened at
        port = silent.getsockname()[1]
        monkeypatch.setattr(client, "ORG_URL",
                            f"http://127.0.0.1:{port}/{{org}}")
        with pytest.raises(requests.exceptions.ConnectionError):
            client("google").public_repos()
    assert hub.asked == []


def test_the_fixtures_agree_with_each_other(
        modules: dict[str, ModuleType]) -> None:
    (org, repos, expected, apache2), = modules["fixtures"].TEST_PAYLOAD
    assert org["repos_url"].startswith("https://api.github.com/orgs/google")
    assert [repo["name"] for repo in repos] == expected
    assert [repo["name"] for repo in repos
            if repo["license"] and repo["license"]["key"] == "apache-2.0"
            ] == apache2
