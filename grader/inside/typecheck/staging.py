"""Prepares one file, its model and its variants for a build of mypy.

Silencing comments are made blank, imports and some annotations rewritten,
and every module gets a name that is unique in the build.
"""

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

# The variant that accepts every annotation but Any.
FREE = "..."
# Variants are annotations of parameters in a module of their own, which
# begins with these imports.
_VARIANTS_HEAD = ("import asyncio, collections.abc, typing\n"
                  "from typing import *\nT = TypeVar('T')\n")


@dataclass(frozen=True, kw_only=True)
class Module:
    """A module of a build; `module` is its name there."""

    module: str
    text: str
    tree: ast.Module


@dataclass(frozen=True, kw_only=True)
class Variant:
    """Another annotation that is accepted, maybe with a piece of advice.

    `function` is the function of the variants module whose parameter has
    the annotation.
    """

    annotation: str
    advice: str | None
    function: str


@dataclass(frozen=True, kw_only=True)
class StagedFile:
    """One file that is ready to be checked and judged.

    `learner` is the rewritten file, `code` the original one, compiled.
    `beside` are the learner's modules that it imports, by path. `names` are
    the demanded definitions; `variants` are by parameter, variable or
    "return". `is_clean` demands that mypy has no complaint at all.
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


def stage(entry: Mapping[str, Any], beside: LocalModules) -> StagedFile:
    """Prepare one file of a request; raises Broken.

    `entry` is what grader.tools.typecheck.request writes for the file.
    """
    # 1. The learner's file, without what silences the checker.
    original = read(entry["source"])
    text, silencers = blank_out(original, keep_types=entry["clean"])
    tree = parse(text)
    if entry["clean"]:
        silencers += escapes(tree)
    # 2. The same in terms of the build. Neither step moves a line.
    package = entry["package"]
    mypy_text = beside.rewritten(text, tree, package)
    if not entry["clean"]:
        mypy_text = rewrite(mypy_text, tree if mypy_text == text
                            else ast.parse(mypy_text))
    # 3. The model, and the modules that both import.
    model = ast.parse(entry["model"])
    needed = beside.needed_by(tree, package)
    model_text = entry["model"]
    if package:
        # A model in a package imports the learner's modules.
        model_text = beside.rewritten(model_text, model, package)
        needed |= beside.needed_by(model, package)
    names = entry["names"]
    # Random, so that no submission can import the model by its name.
    token = secrets.token_hex(8)
    return StagedFile(
        id=entry["id"],
        learner=Module(module=f"learner_{token}", tree=tree, text=mypy_text),
        code=compiled(original), beside=needed,
        model=Module(module=f"model_{token}", tree=model,
                     text=model_text),
        variants_module=f"variants_{token}",
        names=prototype.demanded(model) if names is None else names,
        variants=_variants(entry["variants"]),
        silencers=silencers, switches=list(switches(tree)),
        is_clean=entry["clean"])


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
