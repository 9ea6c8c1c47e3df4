"""The pages of `grade site` in a real browser, where there is one."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import pytest

from grader.library.library import Library
from tests.helpers.browser import Browser

pytest.importorskip("markdown_it", reason="grade site needs it")

from grader.site import writing  # noqa: E402

DECORATORS = "python-decorators-0x01"
# One of each kind, and the one with the widest examples.
PAGES = ("index.html", f"{DECORATORS}/index.html", f"{DECORATORS}/3.html",
         "python-generators-0x00/1.html",
         "0x00-python_variable_annotations/index.html")


@pytest.fixture(scope="module")
def site(library: Library,
         tmp_path_factory: pytest.TempPathFactory) -> Path:
    return writing.write(library, tmp_path_factory.mktemp("site")
                         / "pages").parent


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing(chromium: Browser, site: Path, page: str,
                           scheme: str) -> None:
    pytest.importorskip("axe_core_python", reason="it brings axe-core")
    axe = resources.files("axe_core_python") / "axe.min.js"
    chromium.visit(site / page, (400, 800), scheme)
    chromium.run(axe.read_text("utf-8") + "; 0")
    found = json.loads(chromium.run(
        "axe.run({preload: false}).then(all => JSON.stringify("
        "all.violations.map(each => [each.id, each.nodes.map("
        "node => node.html)])))"))

    assert found == []
    assert chromium.problems == []


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("page", PAGES)
def test_nothing_but_examples_is_wider_than_the_window(
        chromium: Browser, site: Path, page: str, width: int) -> None:
    chromium.visit(site / page, (width, 800))

    assert chromium.run("document.documentElement.scrollWidth") <= width
    assert chromium.run("parseFloat(getComputedStyle(document.body)"
                        ".fontSize)") >= 16


def test_the_scheme_of_the_system_is_used(chromium: Browser,
                                          site: Path) -> None:
    seen = set()
    for scheme in ("light", "dark"):
        chromium.visit(site / "index.html", scheme=scheme)
        seen.add(chromium.run(
            "getComputedStyle(document.body).backgroundColor"))
    assert len(seen) == 2


def test_a_reader_gets_from_the_course_to_a_task_and_on(
        chromium: Browser, site: Path) -> None:
    chromium.visit(site / "index.html")
    here = site / DECORATORS
    for link, expected in (
            ("a[href^='python-decorators']", here / "index.html"),
            (".tasks li:nth-child(2) a", here / "1.html"),
            ("a[rel=next]", here / "2.html"),
            ("[aria-label='Where you are'] a", site / "index.html")):
        target = chromium.run(f"document.querySelector({link!r}).href")
        assert target == expected.resolve().as_uri()
        chromium.visit(expected)
    assert chromium.problems == []
