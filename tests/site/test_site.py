"""`grade site`: what its pages hold, and what they never hold."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from grader.cli import main
from grader.learner import workspace
from grader.library.library import Library

pytest.importorskip("markdown_it", reason="grade site needs it")

from grader.site import markdown, pages  # noqa: E402

ROOT = Path(__file__).parents[2]
VOID = {"meta", "link", "br", "hr", "img"}


class Outline(HTMLParser):
    """The links, ids and headings of a page whose elements are all closed.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.sources: list[str] = []
        self.opened: list[str] = []
        self.feed(html)
        assert self.opened == []

    def handle_starttag(self, tag: str,
                        attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.opened += [] if tag in VOID else [tag]
        self.links += [found["href"] or ""] if "href" in found else []
        self.ids += [found["id"] or ""] if "id" in found else []
        self.sources += [found["src"] or ""] if "src" in found else []
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        assert tag != "script"

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag


@pytest.fixture(scope="module")
def made(library: Library) -> dict[str, str]:
    return dict(pages.pages(library, workspace.course(library)))


def test_there_is_a_page_for_the_course_each_folder_and_each_task(
        made: dict[str, str], library: Library) -> None:
    assert len(made) == 1 + len(library.folders) + len(library.tasks)
    for task in library.tasks:
        text = unescape(made[f"{task.folder}/{task.number}.html"])
        assert f">{task.number}. {task.title}</h1>" in text.replace(
            "<code>", "").replace("</code>", ""), task.id


def test_every_link_leads_somewhere(made: dict[str, str]) -> None:
    outlines = {name: Outline(text) for name, text in made.items()}
    for name, outline in outlines.items():
        assert outline.sources == []
        assert len(set(outline.ids)) == len(outline.ids), name
        for link in outline.links:
            if link.startswith("https://") or link.endswith(pages.STYLE):
                continue
            path, _, place = link.partition("#")
            target = str(Path("/", name).parent.joinpath(
                unquote(path) or Path(name).name))
            target = str(Path(target).resolve()).removeprefix("/")
            assert target in made, (name, link)
            assert not place or place in outlines[target].ids, (name, link)


def test_headings_go_down_by_one(made: dict[str, str]) -> None:
    for name, text in made.items():
        levels = Outline(text).headings
        assert levels[0] == 1 and levels.count(1) == 1, name
        assert all(after <= before + 1 for before, after
                   in zip(levels, levels[1:])), (name, levels)


def test_no_answer_hint_or_note_is_in_a_page(
        made: dict[str, str], library: Library) -> None:
    whole = unescape("".join(made.values()))
    for task in library.tasks:
        folder = library.folder(task.folder)
        assert (folder.path / task.file).read_text() not in whole
        assert not any(hint in whole for hint in task.hints)
        notes = folder.path / "answers.md"
        if notes.is_file():
            for paragraph in notes.read_text().split("\n\n")[2:]:
                assert paragraph not in whole


def test_html_in_a_text_stays_text() -> None:
    html = markdown.render("## A <b>c</b>\n\n<script>x</script> `<i>`\n").html
    assert "<b>" not in html and "<script>" not in html and "<i>" not in html


def test_headings_of_one_name_have_ids_of_their_own() -> None:
    part = markdown.render("## Two\n\n## Two\n\n## A `b`, c!\n", deeper=1)
    assert [each.id for each in part.headings] == ["two", "two-2", "a-b-c"]
    assert '<h3 id="two-2">' in part.html


def test_a_folder_of_pages_is_written_again_and_nothing_else_is(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "pages"
    assert main(["site", str(target)]) == 0
    assert f"{target}/index.html is the first of 52 pages" in (
        capsys.readouterr().out)
    (target / "style.css").write_text("")
    assert main(["site", str(target)]) == 0
    assert (target / "style.css").read_text() != ""

    (tmp_path / "thesis.txt").write_text("")
    capsys.readouterr()
    assert main(["site", str(tmp_path)]) == 2
    assert main(["site", str(tmp_path / "thesis.txt")]) == 2
    err = capsys.readouterr().err
    assert "holds other things already" in err and "is a file" in err


def test_without_the_extra_one_line_names_it(tmp_path: Path) -> None:
    program = ("import sys; sys.modules['markdown_it'] = None\n"
               "from grader.cli import main\n"
               "sys.exit(main(['site', 'pages']))")
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path,
                          text=True, capture_output=True,
                          env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.returncode == 2
    assert "pip install 'fundamentals-grader[site]'" in done.stderr
    assert len(done.stderr.splitlines()) == 2
    assert list(tmp_path.iterdir()) == []
