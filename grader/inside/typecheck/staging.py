"""One file whose types are to be judged, ready for mypy."""

from __future__ import annotations

import ast
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from types import CodeType
from typing import Any

from grader.inside import prototype
from grader.inside.source import compiled, parse, read

from grader.inside.typecheck.localmodules import LocalModules
from grader.inside.typecheck.rewriting import rewrite
from grader.inside.typecheck.silencers import (
    Silencer, blank_out, escapes, switches)

# A variant that leaves the choice to the learner, as long as it is not Any.
FREE = "..."
_VARIANTS_HEAD = ("import asyncio, collections.abc, typing\n"
                  "from typing import *\nT = TypeVar('T')\n")


@dataclass(frozen=True, kw_only=True)
class Module:
    """A module of a build: its name there, its text and its tree."""

    module: str
    text: str
    tree: ast.Module


@dataclass(frozen=True, kw_only=True)
class Variant:
    """Another annotation that is accepted.

    `function` is where the variants module has it as a parameter.
    """

    annotation: str
    advice: str | None
    function: str


@dataclass(frozen=True, kw_only=True)
class StagedFile:
    """One file to judge; `variants` by parameter, "return" or variable.

    `beside`, by path, are the learner's own modules that it imports;
    `code` is what runs of the file; `switches` are what shows the checker
    other code than that.
    """

    id: str
    learner: Module
    code: CodeType
    beside: dict[str, str]
    model: Module
    variants_module: str
    names: list[str]
    variants: dict[str, list[Variant]]
    silencers: list[Silencer]
    switches: list[Silencer]
    is_clean: bool

    def texts(self) -> dict[str, str]:
        """Return the modules that a build needs to judge this file."""
        functions = [f"def {one.function}(x: {one.annotation}): ...\n"
                     for several in self.variants.values()
                     for one in several if one.annotation != FREE]
        texts = {part.module: part.text for part in (self.learner, self.model)}
        if functions:
            texts[self.variants_module] = _VARIANTS_HEAD + "".join(functions)
        return texts


def stage(asked: Mapping[str, Any], beside: LocalModules) -> StagedFile:
    """Prepare one file of a request; raises Broken."""
    whole = read(asked["source"])
    text, silencers = blank_out(whole, keep_types=asked["clean"])
    tree = parse(text)
    if asked["clean"]:
        silencers += escapes(tree)
    package = asked["package"]
    spelled = beside.rewritten(text, tree, package)
    if not asked["clean"]:
        spelled = rewrite(spelled, tree if spelled == text
                          else ast.parse(spelled))
    model = ast.parse(asked["model"])
    own = beside.needed_by(tree, package)
    model_text = asked["model"]
    if package:
        # It lies among the learner's modules, and names them as they do.
        model_text = beside.rewritten(model_text, model, package)
        own |= beside.needed_by(model, package)
    names = asked["names"]
    # No submission can import what it cannot guess.
    token = secrets.token_hex(8)
    return StagedFile(
        id=asked["id"],
        learner=Module(module=f"learner_{token}", tree=tree, text=spelled),
        code=compiled(whole), beside=own,
        model=Module(module=f"model_{token}", tree=model,
                     text=model_text),
        variants_module=f"variants_{token}",
        names=prototype.demanded(model) if names is None else names,
        variants=_variants(asked["variants"]),
        silencers=silencers, switches=list(switches(tree)),
        is_clean=asked["clean"])


def _variants(given: Mapping[str, list[Any]]) -> dict[str, list[Variant]]:
    found: dict[str, list[Variant]] = {}
    for index, (name, several) in enumerate(given.items()):
        found[name] = []
        for number, one in enumerate(several):
            if isinstance(one, str):
                one = {"annotation": one}
            found[name].append(Variant(
                annotation=one["annotation"], advice=one.get("advice"),
                function=f"variant_{index}_{number}"))
    return found
