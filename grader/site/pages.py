"""Makes the pages of a course: one for the course, each folder, each task.

They have no scripts and share one style sheet. Answers, hints and suites
are not in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from urllib.parse import quote

from grader import __version__
from grader.learner import statement
from grader.library.library import Folder, Library, Task
from grader.site import markdown
from grader.site.markdown import Heading

STYLE = "style.css"
# The file by which a folder is recognised as one that was written here.
MARK = '<meta name="generator" content="grade site">'
_COURSE = "Python exercises"
_START = """\
## Work through it

The exercises are graded on your own machine by `grade`. This makes a folder
to work in, and says what is right and what is not each time you save:

```console
$ grade start exercises
$ cd exercises
$ grade watch
```
"""


def pages(library: Library, course: str) -> Iterator[tuple[str, str]]:
    """Yield the path and the text of every page.

    `course` is Markdown that the course has to say of itself.
    """
    yield "index.html", _index(library, course)
    for folder in library.folders:
        yield f"{folder.name}/index.html", _folder(library, folder)
    rules = {each.name: _rules_id(each) for each in library.folders}
    tasks = library.tasks
    for before, task, after in zip((None, *tasks), tasks,
                                   (*tasks[1:], None)):
        yield _place(task), _task(library, before, task, after,
                                  rules[task.folder])


def _place(task: Task) -> str:
    return f"{task.folder}/{task.number}.html"


def _title(library: Library) -> str:
    return library.title or _COURSE


def _index(library: Library, course: str) -> str:
    folders = "".join(
        f'<li><h3><a href="{_quoted(folder.name)}/index.html">'
        f"{escape(folder.title)}</a></h3>{_summary(folder)}"
        f"<p>{_count(folder)}</p></li>\n"
        for folder in library.folders)
    body = (f"<h1>{escape(_title(library))}</h1>\n"
            f"{markdown.render(_START).html}"
            f'<h2 id="folders">Folders, in order</h2>\n<ol class="folders">'
            f"\n{folders}</ol>\n{markdown.render(course).html}")
    return _page(_title(library), body, "", [])


def _summary(folder: Folder) -> str:
    """Return the first paragraph of a folder's README."""
    text = statement.introduction(statement.read(folder))
    _, _, rest = text.partition("\n")
    return markdown.render(rest.strip().split("\n\n")[0]).html


def _count(folder: Folder) -> str:
    count = len(folder.tasks)
    return f"{count} task" + "s" * (count != 1)


def _folder(library: Library, folder: Folder) -> str:
    text = statement.introduction(statement.read(folder))
    part = markdown.render(text)
    tasks = "".join(f'<li value="{task.number}"><a href="{task.number}.html">'
                    f"{markdown.inline(task.title)}</a> "
                    f"<code>{escape(task.file)}</code></li>\n"
                    for task in folder.tasks)
    contents = [each for each in part.headings if each.level == 2]
    contents.append(Heading(level=2, id="tasks", html="Tasks"))
    body = (f'{_with_contents(part.html, contents)}<h2 id="tasks">Tasks</h2>'
            f'\n<ol class="tasks">\n{tasks}</ol>\n')
    return _page(f"{folder.title} - {_title(library)}", body, "../",
                 [("../index.html", _title(library))], folder.title)


def _with_contents(html: str, headings: Sequence[Heading]) -> str:
    """Put a table of contents in front of the first section."""
    links = "".join(f'<li><a href="#{each.id}">{each.html}</a></li>\n'
                    for each in headings)
    contents = (f'<nav aria-label="On this page" class="contents">\n<ul>\n'
                f"{links}</ul>\n</nav>\n")
    head, mark, rest = html.partition("<h2")
    return f"{head}{contents}{mark}{rest}"


def _task(library: Library, before: Task | None, task: Task,
          after: Task | None, rules: str) -> str:
    """Return the page of a task; `rules` is the id of the folder's rules."""
    folder = library.folder(task.folder)
    text = statement.section(statement.read(folder), task)
    body = (f"{markdown.render(text, deeper=-1).html}"
            f'<p class="rules"><a href="index.html#{rules}">'
            "How it is graded</a></p>\n"
            f"{_neighbours(before, after)}")
    title = f"{task.number}. {task.title}"
    return _page(f"{title} - {folder.title}", body, "../", [
        ("../index.html", _title(library)),
        ("index.html", folder.title)], title)


def _rules_id(folder: Folder) -> str:
    part = markdown.render(statement.introduction(statement.read(folder)))
    return next((each.id for each in part.headings
                 if each.html == statement.RULES), "")


def _neighbours(before: Task | None, after: Task | None) -> str:
    links = "".join(
        f'<li class="{name}"><a rel="{name}" href="../{_quoted(_place(task))}'
        f'">{word}: {markdown.inline(task.title)}</a></li>\n'
        for name, word, task in (("prev", "Before", before),
                                 ("next", "Next", after)) if task)
    return (f'<nav aria-label="Other tasks" class="neighbours">\n<ul>\n'
            f"{links}</ul>\n</nav>\n")


def _page(title: str, body: str, up: str,
          above: Sequence[tuple[str, str]], here: str = "") -> str:
    crumbs = "".join(f'<li><a href="{place}">{escape(name)}</a></li>\n'
                     for place, name in above)
    trail = (f'<header>\n<nav aria-label="Where you are">\n<ol>\n{crumbs}'
             f'<li aria-current="page">{escape(here)}</li>\n</ol>\n</nav>\n'
             "</header>\n" if above else "")
    return f"""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
{MARK}
<title>{escape(title)}</title>
<link rel="stylesheet" href="{up}{STYLE}">
</head>
<body>
<a class="skip" href="#main">Skip to the text</a>
{trail}<main id="main" tabindex="-1">
{body}</main>
<footer>
<p>Written by <code>grade site</code>, version {escape(__version__)}.</p>
</footer>
</body>
</html>
"""


def _quoted(place: str) -> str:
    return escape(quote(place))
