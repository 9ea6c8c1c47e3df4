"""The grader's rooms: imports run one way, and a name says one thing."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Each floor may import from those before it, and a room from itself.
FLOORS = (
    ("errors", "executables", "parsing", "terminal"),
    ("files", "kit", "mariadb", "streams"),
    ("inside",),
    ("wall",),
    ("library",),
    ("findings",),
    ("submission",),
    ("tools", "suites"),
    ("learnertests",),
    ("grading",),
    ("report",),
    ("doctor", "history", "learner"),
    ("classlist", "lint", "site", "watch"),
    ("marks",),
    ("cohort",),
    ("commands",),
    ("cli",),
    ("__main__",),
)
HEIGHTS = {room: height for height, rooms in enumerate(FLOORS)
           for room in rooms}
# The two halves of one job, on either side of the wall.
HALVES = {"checks", "fresh", "runfolder", "style", "testrun", "typecheck"}


def modules() -> dict[str, Path]:
    """Return every module of the grader by its dotted name."""
    found = {}
    for path in (ROOT / "grader").rglob("*.py"):
        if (path.parent / "__init__.py").is_file():
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts).removesuffix(".__init__")] = path
    return found


def imported(path: Path, known: Mapping[str, Path]) -> Iterator[str]:
    """Yield the grader's modules that one imports, wherever it does."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            for each in node.names:
                name = f"{node.module}.{each.name}"
                yield from {name if name in known else node.module} & {*known}
        elif isinstance(node, ast.Import):
            yield from {each.name for each in node.names} & {*known}


@pytest.fixture(scope="module")
def imports() -> dict[str, set[str]]:
    """Return what each module imports, those under TYPE_CHECKING too."""
    known = modules()
    return {name: {*imported(path, known)} - {name}
            for name, path in known.items()}


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def test_every_room_has_its_floor(imports: dict[str, set[str]]) -> None:
    assert {room(name) for name in imports} - {""} == {*HEIGHTS}


def test_no_import_runs_up(imports: dict[str, set[str]]) -> None:
    up = [f"{name} imports {other}" for name, others in imports.items()
          for other in others if room(other) and room(name) != room(other)
          and (not room(name)
               or HEIGHTS[room(name)] <= HEIGHTS[room(other)])]

    assert up == []


def test_no_modules_import_each_other(imports: dict[str, set[str]]) -> None:
    """What is left once all that imports only what is gone is taken away."""
    left = {name: {*others} for name, others in imports.items()}
    while free := [name for name, others in left.items() if not others]:
        for name in free:
            del left[name]
        for others in left.values():
            others -= {*free}

    assert sorted(left) == []


def test_no_two_modules_have_one_name() -> None:
    by_name: dict[str, list[str]] = defaultdict(list)
    for name, path in modules().items():
        if path.name != "__init__.py":
            by_name[path.stem].append(name)
    double = {name: sorted(several) for name, several in by_name.items()
              if len(several) > 1 and name not in HALVES}

    assert double == {}
