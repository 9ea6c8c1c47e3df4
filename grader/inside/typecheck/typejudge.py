"""Judges the demanded definitions of one file by those of its model.

Both have been checked by mypy. Names, parameters and annotations are
compared, and what silences the checker is refused.
"""

from __future__ import annotations

import ast

from mypy.nodes import FuncDef

from grader.inside import prototype
from grader.inside.prototype import Function, Parameter
from grader.inside.toolfailure import failure
from grader.inside.typecheck import sametype, mypywords, mypytree
from grader.inside.typecheck.annotations import Annotation, Annotations, Place
from grader.inside.typecheck.checker import Checked
from grader.inside.typecheck.runtimenames import RuntimeNames
from grader.inside.typecheck.sametype import Match, Side
from grader.inside.typecheck.staging import StagedFile

# A report shows a few; the rest would only make the answer long.
_MAX_FAILURES = 10


class Judge:
    """Compares the definitions of one file with those of its model.

    `failures`, `advice` and `traits` (see runtimenames) are the results.
    """

    def __init__(self, file: StagedFile, checked: Checked) -> None:
        self._file = file
        self._tree = checked.trees[file.learner.module]
        self._model = checked.trees[file.model.module]
        self._complaints = checked.complaints[file.learner.module]
        self._own = prototype.definitions(file.learner.tree)
        self._demanded = prototype.definitions(file.model.tree)
        self._annotations = Annotations(file, checked)
        self._runtime_names = RuntimeNames(file, checked)
        self.failures = self._annotations.failures
        self.advice = self._annotations.advice
        self.traits = self._runtime_names.traits

    def judge(self) -> None:
        """Fill in `failures`, `advice` and `traits`."""
        # 1. What switches the checker off.
        self._judge_silencers()
        # 2. Each demanded definition.
        for name in self._file.names:
            self._judge_name(name)
        # 3. The rest of the file: failures where it must be clean.
        if self._file.is_clean:
            self._judge_any()
            self.failures += [
                failure(mypywords.sentence(*one), line=one.line)
                for one in self._complaints]
        else:
            self._advise()
        if self._file.is_clean and not self.failures:
            self._judge_values()
        self.failures += self._runtime_names.failures
        del self.failures[_MAX_FAILURES:]

    def _judge_silencers(self) -> None:
        body = self._file.learner.tree.body
        first = body[0].lineno if body else 0
        headers = {line for name in self._file.names if name in self._own
                   for line in prototype.header_lines(self._own[name])}
        for line, text in self._file.silencers:
            answer = f"line {line}: {text[:60]!r} switches the checker off"
            # `# type: ignore` above the first statement is for the file.
            is_for_file = (text.lstrip("# ").startswith("mypy")
                           or line < first)
            if is_for_file or line in headers or self._file.is_clean:
                self.failures.append(
                    failure(answer, line=line, cause="refused"))
            else:
                self.advice.append(f"{answer}; it is better mended")
        self.failures += [failure(
            f"line {line}: {name} shows the checker other code than what "
            "runs; under it, only imports may stand", line=line,
            cause="refused") for line, name in self._file.switches]

    def _judge_values(self) -> None:
        """Judge variables that the model does not annotate, and results.

        Only where mypy has no complaint: a value that it complains of may
        have another type than the one that it infers.
        """
        for name, want in self._demanded.items():
            got = self._own.get(name)
            if isinstance(want, ast.Assign) \
                    and isinstance(got, (ast.Assign, ast.AnnAssign)):
                self._runtime_names.judge_value(name, got)
            elif isinstance(got, Function) and (typed := mypytree.function(
                    self._tree.defs, name, got.lineno)):
                self._runtime_names.judge_result(name, typed)

    def _judge_any(self) -> None:
        """Refuse definitions that are annotated Any, or not at all.

        The checker accepts anything of these. Demanded functions have been
        judged already.
        """
        demanded = [self._own.get(name) for name in self._file.names]
        untyped = [node for node in prototype.untyped(self._file.learner.tree)
                   if node not in demanded]
        # One failure for a line is enough.
        judged = {node.lineno for node in (*demanded, *untyped) if node}
        self.failures += [
            failure(f"line {line}: {what} that is annotated Any switches "
                    "the checker off", line=line, cause="refused")
            for line, what, typ in mypytree.written(self._tree.defs)
            if sametype.has_any(typ) and line not in judged]
        self.failures += [
            failure(f"line {node.lineno}: {node.name} lacks annotations, so "
                    "the checker believes anything of it",
                    line=node.lineno, cause="refused")
            for node in untyped]

    def _judge_name(self, name: str) -> None:
        want, got = self._demanded.get(name), self._own.get(name)
        if got is None:
            kind = _kind(want)
            self.failures.append(
                failure(f"no {kind} named {name}", cause="missing"))
        elif isinstance(want, Function):
            if isinstance(got, Function):
                self._judge_function(got, want)
            else:
                self.failures.append(failure(
                    f"{name} should be a function, defined with def",
                    line=got.lineno))
        elif isinstance(want, ast.AnnAssign):
            self._judge_variable(name, got, want)

    def _judge_variable(self, name: str, got: prototype.Definition,
                        want: ast.AnnAssign) -> None:
        written = (prototype.written(got.annotation)
                   if isinstance(got, ast.AnnAssign) else None)
        if isinstance(got, ast.AnnAssign):
            self._runtime_names.judge_variable(name, got)
        self._annotations.judge(
            Place(f"variable {name}", name, Side.GIVEN),
            Annotation(written, mypytree.variable(self._tree, name)),
            Annotation(prototype.written(want.annotation),
                       mypytree.variable(self._model, name)), Match(), got)

    def _judge_function(self, got: Function, want: Function) -> None:
        name, line = want.name, got.lineno
        if type(got) is not type(want):
            form = "a coroutine, defined with async def" \
                if isinstance(want, ast.AsyncFunctionDef) \
                else "a plain function, defined with def"
            self.failures.append(failure(
                f"{name} should be {form}", line=line,
                expected=_form(want), got=_form(got)))
        own, demanded = prototype.parameters(got), prototype.parameters(want)
        self._judge_parameters(got, own, demanded)
        node = mypytree.function(self._tree.defs, name, line)
        model = mypytree.function(self._model.defs, name, want.lineno)
        assert model is not None
        if node is None or "no_type_check" in prototype.decorators(got) \
                or (node.type is None and _is_annotated(got)):
            self.failures.append(failure(
                f"the annotations of {name} are hidden from the checker",
                line=line, cause="refused"))
            return
        self._runtime_names.judge_function(got, node)
        if len(own) == len(demanded):
            self._judge_types(got, node, want, model)

    def _judge_parameters(self, got: Function, own: list[Parameter],
                          demanded: list[Parameter]) -> None:
        name, line = got.name, got.lineno
        names = [one.name for one in own]
        wanted = [one.name for one in demanded]
        if names != wanted:
            different = [index for index, pair in enumerate(
                zip(names, wanted)) if pair[0] != pair[1]]
            message = (f"{name} should take ({', '.join(wanted)}), "
                       f"not ({', '.join(names)})")
            # One misspelt name is better pointed at than two signatures.
            if len(names) == len(wanted) and len(different) == 1:
                place = different[0]
                message = (f"parameter {place + 1} of {name} should be "
                           f"named {wanted[place]}, not {names[place]}")
            self.failures.append(failure(
                message, line=line, expected=f"{name}({', '.join(wanted)})",
                got=f"{name}({', '.join(names)})"))

    def _judge_types(self, got: Function, node: FuncDef, want: Function,
                     model: FuncDef) -> None:
        match, judge = Match(), self._annotations.judge
        own, demanded = prototype.parameters(got), prototype.parameters(want)
        for index, (one, other) in enumerate(zip(own, demanded)):
            match = judge(
                Place(f"parameter {other.name} of {want.name}", other.name,
                      Side.TAKEN),
                Annotation(one.annotation, mypytree.argument(node, index)),
                Annotation(other.annotation, mypytree.argument(model, index)),
                match, got)
        match = judge(
            Place(f"the return of {want.name}", "return", Side.GIVEN),
            Annotation(prototype.written(got.returns),
                       mypytree.returned(node)),
            Annotation(prototype.written(want.returns),
                       mypytree.returned(model)), match, got)
        if match.is_mixed:
            self.advice.append(
                f"{want.name} has different type variables where one is "
                "asked for: use the same one, or a checker cannot tell that "
                "what goes in comes out")

    def _advise(self) -> None:
        """Add mypy's first complaint to the advice, in one line."""
        others = [one for one in self._complaints
                  if one.line not in self._annotations.explained]
        if others:
            more = f" (and {len(others) - 1} more)" if others[1:] else ""
            self.advice.append(mypywords.sentence(*others[0]) + more)


def _kind(node: prototype.Definition | None) -> str:
    if isinstance(node, Function):
        return "function"
    return "class" if isinstance(node, ast.ClassDef) else "variable"


def _form(node: Function) -> str:
    word = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    return f"{word} {node.name}"


def _is_annotated(node: Function) -> bool:
    return bool(node.returns) or any(
        one.annotation for one in prototype.parameters(node))
