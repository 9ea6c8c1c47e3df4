"""The library of a course: its folders and tasks, read from its manifests.

Each folder with a tasks.toml below the root of a library is one of its
folders. The keys of the manifests are the fields of the classes here.
Neighbours are the other libraries that one names in `more` of its
library.toml: learners are told which of them to ask for.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from grader.errors import GraderError, UserError
from grader.inside import support
from grader.library.foldernames import FolderNames
from grader.library.manifest import Unreadable, record, tables

MANIFEST = "tasks.toml"
LIBRARY = "library.toml"
STATEMENTS = "README.md"
# The text that the course has for a new workspace.
GUIDE = "start.md"
CHECKS = "checks"
# The explanations of the model answers, shown after a pass.
ANSWERS = "answers.md"
DIMENSIONS = ("behaviour", "types", "style")
# Files that answers may need besides Python's.
KINDS_BESIDE = (".env", ".sql", ".csv")
JUDGES = ("suite", "learnertests")
STARTER = "#!/usr/bin/env python3\n"
LISTED = "grade list --all shows the folders and tasks"
_MOST_NAMED = 4


@dataclass(frozen=True, kw_only=True)
class Types:
    """How the types of one task are judged: see tools.typecheck.TypedFile."""

    names: tuple[str, ...] | None = None
    clean: bool = False
    variants: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Task:
    """One task of a folder; the fields are keys of a [[task]] in tasks.toml.

    `number` is the course's, `seconds` the processor time of a run.
    `methods` are the test classes and methods that a task of learners'
    tests demands; tasks with one value of `together` are judged in the same
    runs. `advisory` maps checks that only advise to the reason.
    `check_hints` maps checks to hints of their own, or to "" for none.
    `explains` maps a check to the checks that fail for the same reason.
    `constant` says why the right answer does not depend on any input.
    `variants` is for the suite: what it accepts besides the statement.
    `starter_passes` maps dimensions that the blank starter passes to the
    reason.
    """

    folder: str
    number: int
    file: str
    title: str
    hints: tuple[str, ...]
    points: float = 10.0
    suite: str
    main: str
    starter: str = STARTER
    starter_passes: Mapping[str, str] = field(default_factory=dict)
    deterministic: bool = True
    seconds: float = 3.0
    types: Types = Types()
    methods: tuple[str, ...] = ()
    together: str = ""
    advisory: Mapping[str, str] = field(default_factory=dict)
    check_hints: Mapping[str, str] = field(default_factory=dict)
    explains: Mapping[str, Any] = field(default_factory=dict)
    constant: str = ""
    variants: Mapping[str, Any] = field(default_factory=dict)
    prefix: str = ""

    @property
    def path(self) -> str:
        """Return the path of the task's file in a submission."""
        return f"{self.folder}/{self.file}"

    @property
    def id(self) -> str:
        """Return the name of the task in reports, such as "0x00/2"."""
        return f"{short_name(self.folder)}/{self.number}"

    @property
    def short(self) -> str:
        """Return the shortest name to type, such as "gen/2"."""
        return f"{self.prefix or short_name(self.folder)}/{self.number}"


@dataclass(frozen=True, kw_only=True)
class Folder:
    """One folder of tasks; the fields are keys of its tasks.toml.

    `path` is its place in the library. `order` is its place among the
    folders; those without one come last, by name. `also` are further names
    that submissions may have for it, `short` is the shortest name to type.
    `weights` are the shares of a task's points that the dimensions carry.
    `kinds` are the ends of file names that are read besides ".py".
    `packages` are modules imported before a submission, `extra` the extra
    of the grader that installs them. `given` are files that learners get,
    `props` files that only suites get. `instruments` is the module by which
    learners' tests are judged: see grader.learnertests.instruments.
    """

    name: str
    path: Path
    title: str
    order: float = math.inf
    also: tuple[str, ...] = ()
    short: str = ""
    dimensions: tuple[str, ...]
    weights: Mapping[str, float] = field(default_factory=dict)
    kinds: tuple[str, ...] = KINDS_BESIDE
    packages: tuple[str, ...] = ()
    extra: str = ""
    given: tuple[str, ...] = ()
    props: tuple[str, ...] = ()
    judge: str = "suite"
    instruments: str = ""
    tasks: tuple[Task, ...]


@dataclass(frozen=True, kw_only=True)
class Library:
    """All folders of a course, in its order.

    `support` is the name of the package that the suites share, or empty;
    it lies beside the folders, at the root. `more` are the names of other
    libraries, which lie beside the folders, too.
    """

    root: Path
    folders: tuple[Folder, ...]
    title: str = ""
    support: str = ""
    more: tuple[str, ...] = ()

    @property
    def modules(self) -> tuple[str, ...]:
        """Return the modules that are imported before submissions."""
        return tuple(dict.fromkeys(
            name for folder in self.folders for name in folder.packages))

    @property
    def packages(self) -> tuple[Path, ...]:
        """Return the path of the support package, as a tuple of none or one.
        """
        return (self.root / self.support,) if self.support else ()

    @cached_property
    def names(self) -> FolderNames:
        """Return the names by which submissions may call the folders."""
        return FolderNames({each.name: each.also for each in self.folders},
                           [each.short for each in self.folders])

    @property
    def tasks(self) -> tuple[Task, ...]:
        """Return every task in the order of the course."""
        return tuple(task for folder in self.folders for task in folder.tasks)

    @property
    def parts(self) -> tuple[Path, ...]:
        """Return the files and folders that the library is made of."""
        own = (self.root / name for name in (LIBRARY, GUIDE))
        return (*(path for path in own if path.is_file()), *self.packages,
                *(folder.path for folder in self.folders))

    def holding(self, tasks: Sequence[Task]) -> Self:
        """Return the library with the folders of some tasks only.

        A grader of it need not import what others need.
        """
        names = {task.folder for task in tasks}
        return replace(self, folders=tuple(
            each for each in self.folders if each.name in names))

    def folder(self, name: str) -> Folder:
        """Return the folder with that name; StopIteration without one."""
        return next(each for each in self.folders if each.name == name)

    def select(self, selectors: Sequence[str]) -> tuple[Task, ...]:
        """Return the tasks that selectors name, or all without any.

        A selector is a folder (0x00, python-decorators-0x01, any part of
        the name that only one folder has, or a submission's name for it),
        alone or with "/" and the number or file of a task; or such a file,
        or a part of its name, alone. Raises UserError for an unknown one.
        """
        if not selectors:
            return self.tasks
        chosen = {id(task) for each in selectors for task in self._one(each)}
        return tuple(task for task in self.tasks if id(task) in chosen)

    def _one(self, selector: str) -> tuple[Task, ...]:
        plain = selector.replace("\\", "/").removeprefix("./").strip("/")
        name, _, rest = plain.partition("/")
        folders = self._folders(name)
        if not folders:
            return self._by_file(plain)
        if len(folders) > 1:
            raise UserError(f"{name!r} may be several folders", LISTED)
        if not rest:
            return folders[0].tasks
        tasks = tuple(task for task in folders[0].tasks
                      if rest in (str(task.number), task.file, task.main))
        if not tasks:
            raise UserError(f"{folders[0].name} has no task {rest!r}",
                            f"its tasks are {_range(folders[0].tasks)}")
        return tasks

    def _folders(self, name: str) -> list[Folder]:
        wanted = name.casefold()
        # A number alone is a task's, though 3 is a part of 0x03, too.
        is_number = wanted in {str(task.number) for task in self.tasks}
        return ([each for each in self.folders if wanted in (
                    each.name.casefold(), each.short.casefold(),
                    short_name(each.name))]
                or [each for each in self.folders
                    if wanted in each.name.casefold() and not is_number]
                or [each for each in self.folders
                    if each.name == self.names.folder(name)])

    def _elsewhere(self, name: str) -> str:
        """Return what to do about a folder that only a neighbour has."""
        return next((f"it is of another library: add --library {neighbour}"
                     for neighbour in having(self, name)), LISTED)

    def _by_file(self, name: str) -> tuple[Task, ...]:
        tasks = ([task for task in self.tasks
                  if name in (task.file, str(task.number))]
                 or [task for task in self.tasks
                     if name in Path(task.file).stem])
        if not tasks:
            folder, slash, _ = name.partition("/")
            raise UserError(f"there is no folder {folder!r}" if slash else
                            f"there is no folder or task {name!r}",
                            self._elsewhere(folder))
        if len({(task.folder, task.file) for task in tasks}) > 1:
            raise UserError(f"{name!r} may be several tasks",
                            f"name one of {_ids(tasks)}")
        return tuple(tasks)


def short_name(folder: str) -> str:
    """Return "0x00" for a folder that begins so, or the whole name."""
    return folder[:4] if folder.startswith("0x") else folder


def _ids(tasks: Sequence[Task]) -> str:
    return ", ".join(task.short for task in tasks[:_MOST_NAMED]) + (
        ", ..." if len(tasks) > _MOST_NAMED else "")


def _range(tasks: Sequence[Task]) -> str:
    return ", ".join(str(task.number) for task in tasks)


def find_root() -> Path:
    """Return the root of the built-in library.

    An installed package has the task folders in itself, in folders/; in a
    checkout they are beside the package.
    """
    package = Path(__file__).resolve().parents[1]
    inside = package / "folders"
    return inside if inside.is_dir() else package.parent


def load_library(path: Path | str | None = None) -> Library:
    """Read the library at a path, or else the built-in one.

    Of those beside the built-in one the name is enough. Raises UserError
    where there is none at the path, and GraderError for a bad one.
    """
    root = find_root() if path is None else Path(path).resolve()
    found = _folders_in(root)
    if not found and path is not None and str(path) in neighbour_names():
        root = find_root() / path
        found = _folders_in(root)
    if not found:
        raise _no_library(root, path)
    library = _described(root, tuple(sorted(
        map(load_folder, found), key=lambda each: (each.order, each.name))))
    _refuse_same_names(library.folders)
    for package in library.packages:
        _install(package)
    return library


def neighbour_names() -> tuple[str, ...]:
    """Return the names of the libraries beside the built-in one."""
    return _described(find_root(), ()).more


def _folders_in(root: Path) -> list[Path]:
    return sorted(each.parent for each in root.glob(f"*/{MANIFEST}")
                  if each.is_file() and each.parent.name[0] != ".")


def _no_library(root: Path, path: Path | str | None) -> UserError:
    if path is None:
        return GraderError(f"no task folders in {root}",
                           "install the package again")
    if not root.is_dir():
        return UserError(f"{path} is no folder", "name the folder in which "
                         "the task folders of a library lie")
    return UserError(f"{path} is no library: no folder in it has a "
                     f"{MANIFEST}", "grade new DIR writes a first one")


def _refuse_same_names(folders: Sequence[Folder]) -> None:
    """Raise GraderError where a name, as in "0x00/2", has two meanings."""
    known: dict[str, str] = {}
    for folder in folders:
        for name in (folder.short, short_name(folder.name)):
            other = known.setdefault(name.casefold(), folder.name)
            if other != folder.name:
                raise GraderError(
                    f"{other} and {folder.name} have one short name, {name}",
                    "rename one of the folders, or correct its `short`")


def _described(root: Path, folders: tuple[Folder, ...]) -> Library:
    path = root / LIBRARY
    try:
        data = tomllib.loads(path.read_text("utf-8")
                             if path.is_file() else "")
        return record(Library, data, root=root, folders=folders)
    except (ValueError, OSError) as error:
        raise GraderError(f"{LIBRARY}: {error}", f"correct {path}") from error


def _install(package: Path) -> None:
    if not (package / "__init__.py").is_file():
        raise GraderError(f"{LIBRARY} names the package {package.name}, "
                          "which is not there",
                          f"write {package / '__init__.py'}")
    try:
        support.install(str(package))
    except ImportError as error:
        raise GraderError(f"the support package does not load: {error}",
                          f"correct {package}") from error


def load_folder(path: Path) -> Folder:
    """Read one folder's manifest; raises GraderError for a bad one."""
    try:
        data = tomllib.loads((path / MANIFEST).read_text("utf-8"))
        data.setdefault("short", short_name(path.name))
        folder = record(Folder, data, name=path.name, path=path, tasks=tuple(
            _task(path.name, table, data["short"])
            for table in tables(data, "task")))
        _demand_sense(folder)
        return folder
    except (ValueError, OSError) as error:
        raise GraderError(f"{path.name}/{MANIFEST}: {error}",
                          "mend the manifest, then ask grade lint") from error


def _demand_sense(folder: Folder) -> None:
    """Raise Unreadable for keys that do not go together."""
    if not {"behaviour"} <= {*folder.dimensions} <= {*DIMENSIONS}:
        raise Unreadable("the dimensions should be behaviour and, if they "
                         "are demanded, types and style")
    if folder.judge not in JUDGES:
        raise Unreadable(f"there is no judge {folder.judge!r}, but "
                         + " and ".join(map(repr, JUDGES)))
    if folder.weights and (folder.weights.keys() != {*folder.dimensions}
                           or not math.isclose(sum(
                               folder.weights.values()), 1)):
        raise Unreadable("the weights should be a number for each dimension"
                         ", and come to 1 together")
    numbers = [task.number for task in folder.tasks]
    for number in numbers:
        if numbers.count(number) > 1:
            raise Unreadable(f"two tasks have the number {number}")


def _task(folder: str, table: dict[str, Any], prefix: str) -> Task:
    stem = Path(str(table.get("file"))).stem.replace("-", "_")
    number = table.get("number", "without a number")
    derived = {"suite": f"test_{stem}.py", "main": f"{number}-main.py"}
    try:
        types = record(Types, table.pop("types", {}))
        return record(Task, derived | table, folder=folder, types=types,
                      prefix=prefix)
    except Unreadable as error:
        raise Unreadable(f"task {number}: {error}") from None


def offers(library: Library, found: Iterable[str]) -> Iterator[str]:
    """Yield a line for each neighbour that has one of the found folders.

    It says which command grades those folders.
    """
    strange = [name for name in found if library.names.folder(name) is None]
    if not strange:
        return
    for neighbour in library.more:
        known = _names(library, neighbour).fitting(strange)
        if known:
            folders = ", ".join(names[0] for names in known.values())
            yield (f"{folders}: grade check --library {neighbour} grades "
                   + ("it" if len(known) == 1 else "them"))


def having(library: Library, name: str) -> Iterator[str]:
    """Yield the neighbours that have a folder of that name or short name."""
    for neighbour in library.more:
        names = _names(library, neighbour)
        if names.folder(name) or name.casefold() in names.shorts:
            yield neighbour


def spoken(library: Library) -> str:
    """Return the argument of --library for a library, "" for the built-in
    one."""
    root = find_root()
    if library.root == root:
        return ""
    near = {root / name: name for name in neighbour_names()}
    return near.get(library.root, str(library.root))


def _names(library: Library, neighbour: str) -> FolderNames:
    """Return the names of a neighbour's folders whose manifests are sound."""
    folders = []
    for manifest in sorted((library.root / neighbour).glob(f"*/{MANIFEST}")):
        # An error of the neighbour must not stop work on this library.
        with suppress(GraderError):
            folders.append(load_folder(manifest.parent))
    return FolderNames({each.name: each.also for each in folders},
                       [each.short for each in folders])
