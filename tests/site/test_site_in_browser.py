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
KINDS = ("index.html", f"{DECORATORS}/index.html", f"{DECORATORS}/3.html",
         "python-generators-0x00/1.html")
# And the longest list of tasks.
PAGES = *KINDS, "0x00-python_variable_annotations/index.html"

# In another scheme a page differs by its colours alone.
OF_COLOURS = ["color-contrast", "link-in-text-block"]


@pytest.fixture(scope="module")
def site(library: Library,
         tmp_path_factory: pytest.TempPathFactory) -> Path:
    return writing.write(library, tmp_path_factory.mktemp("site")
                         / "pages").parent


@pytest.mark.parametrize("page", KINDS)
def test_axe_finds_nothing(chromium: Browser, site: Path, page: str) -> None:
    pytest.importorskip("axe_core_python", reason="it brings axe-core")
    axe = resources.files("axe_core_python") / "axe.min.js"
    chromium.visit(site / page, (400, 800))
    chromium.run(axe.read_text("utf-8") + "; 0")
    for scheme, rules in ("light", {}), ("dark", {"runOnly": OF_COLOURS}):
        chromium.use(scheme)
        options = json.dumps({"preload": False} | rules)
        found = json.loads(chromium.run(
            f"axe.run({options}).then(all => JSON.stringify("
            "all.violations.map(each => [each.id, each.nodes.map("
            "node => node.html)])))"))

        assert found == [], scheme
    assert chromium.problems == []


@pytest.mark.parametrize("page", PAGES)
def test_nothing_but_examples_is_wider_than_the_window(
        chromium: Browser, site: Path, page: str) -> None:
    chromium.visit(site / page, (320, 800))
    for width in 320, 1280:
        chromium.resize((width, 800))

        assert chromium.run("document.documentElement.scrollWidth") <= width
        assert chromium.run("parseFloat(getComputedStyle(document.body)"
                            ".fontSize)") >= 16


def test_the_scheme_of_the_system_is_used(chromium: Browser,
                                          site: Path) -> None:
    chromium.visit(site / "index.html")
    seen = set()
    for scheme in ("light", "dark"):
        chromium.use(scheme)
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
