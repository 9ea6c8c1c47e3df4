"""Cuts the body of a function into steps for another process.

That process, the run, has the values; it does with them what a step says,
and answers questions such as whether a value is true. The body itself,
with all its branches, stays here. A step is a list with its kind first, and
is plain JSON. Values are kept in numbered slots. An expression is a tree of
lists, such as ["attribute", ["slot", 7], "json"]. The module `steps` is the
other half, which carries the steps out.

The cut is drawn at random for every run, so that tests cannot recognise a
version of the given code by it: the numbers of the slots, which values get
one, and steps and questions in between that have no effect.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import (
    Callable, Generator, Iterable, Iterator, Sequence, Set,
)
from functools import lru_cache
from random import Random
from typing import Any, TypeVar

Function = ast.FunctionDef | ast.Lambda
Tree = list[Any]
Step = list[Any]
# What is known of an argument: "None", "True" or "False" if it is that value,
# the number of its items if that cannot change, or else -1.
Fact = int | str
# An iterator, and how many items it has; -1 if it must be asked for each.
Items = tuple[Tree, int]
_T = TypeVar("_T")
# A generator that yields steps and is sent the result of the last of them.
Talk = Generator[list[Step], int, _T]

OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv",
    ast.FloorDiv: "floordiv", ast.Mod: "mod", ast.Pow: "pow",
    ast.BitAnd: "and_", ast.BitOr: "or_", ast.BitXor: "xor",
    ast.Not: "not_", ast.USub: "neg", ast.UAdd: "pos", ast.Invert: "inv",
    ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "le",
    ast.Gt: "gt", ast.GtE: "ge", ast.Is: "is_", ast.IsNot: "is_not",
    ast.In: "in", ast.NotIn: "not in"}
_HANDLED: tuple[type[ast.AST], ...] = (
    ast.FunctionDef, ast.Lambda, ast.Return, ast.Assign, ast.AugAssign,
    ast.AnnAssign, ast.For, ast.While, ast.If, ast.Break, ast.Continue,
    ast.Pass, ast.Raise, ast.Assert, ast.Try, ast.ExceptHandler, ast.Expr,
    ast.BoolOp, ast.BinOp, ast.UnaryOp, ast.IfExp, ast.Dict, ast.Set,
    ast.List, ast.Tuple, ast.ListComp, ast.SetComp, ast.DictComp,
    ast.Compare, ast.Call, ast.FormattedValue, ast.JoinedStr, ast.Constant,
    ast.Attribute, ast.Subscript, ast.Starred, ast.Name, ast.Slice,
    ast.comprehension, ast.arguments, ast.arg, ast.keyword,
    ast.expr_context, ast.boolop, *OPERATORS)

# The shares of values that get a slot of their own, of steps that get an
# idle step before them, and of questions that get an idle one before them.
_KEPT, _IDLE, _IDLE_QUESTIONS = 0.3, 0.2, 0.05
# Longer lists are iterated by a question for each item.
MOST_ITEMS = 100
# A loop hands out its steps so far once there are more than that.
_MOST_STEPS = 100
_BREAK, _CONTINUE = ["break"], ["continue"]
_NONE = ["constant", None]


def unhandled(function: ast.FunctionDef) -> str | None:
    """Return the source of a part that cannot be cut into steps, or None.
    """
    return next((ast.unparse(node) or type(node).__name__
                 for node in ast.walk(function)
                 if not isinstance(node, _HANDLED)
                 or node is not function and _is_special(node)), None)


def _is_special(node: ast.AST) -> bool:
    """Return whether a node is a case that its handled kind leaves out."""
    match node:
        case ast.Compare(ops=ops):
            return len(ops) > 1
        case ast.Dict(keys=keys):
            return None in keys
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(
                elts=parts):
            return any(isinstance(part, ast.Starred) for part in parts)
        case ast.Constant(value=value):
            return not isinstance(value, str | int | float | None)
        case ast.Name(id=name):
            return name in ("super", "locals", "__class__")
        case ast.Attribute(attr=name):
            return name.startswith("__") and not name.endswith("__")
        case ast.AugAssign(target=target):
            return not isinstance(target, ast.Name)
        case ast.FunctionDef(args=arguments) | ast.Lambda(args=arguments):
            return bool(arguments.defaults or any(arguments.kw_defaults))
    return False


def parameters(function: Function) -> list[str]:
    """Return the names of a function's parameters, in their order."""
    arguments = function.args
    found = [*arguments.posonlyargs, *arguments.args, arguments.vararg,
             *arguments.kwonlyargs, arguments.kwarg]
    return [each.arg for each in found if each is not None]


class Raised(Exception):
    """A step raised an exception in the run; thrown into the generator."""


class ProtocolError(Exception):
    """A message of the run is no valid answer to the last question."""


class Numbers:
    """Draws numbers of slots at random, none twice and none in `taken`."""

    def __init__(self, random: Random, taken: Set[int] = frozenset()) -> None:
        self._random = random
        self.taken = set(taken)

    def draw(self) -> int:
        """Return a free number, and add it to those taken."""
        while (number := self._random.randrange(10 ** 5)) in self.taken:
            pass
        self.taken.add(number)
        return number


class Scope:
    """The slots of a function's names, and the scope around the function."""

    def __init__(self, names: Iterable[str], outer: Scope | None,
                 numbers: Numbers) -> None:
        self.numbers = numbers
        self._slots = {name: numbers.draw() for name in names}
        self._outer = outer

    def find(self, name: str) -> int | None:
        """Return the slot of a name, None for one of the module's."""
        if name in self._slots:
            return self._slots[name]
        return self._outer.find(name) if self._outer else None


class Filler:
    """Makes idle values and questions of constants and arguments."""

    def __init__(self, random: Random, arguments: Sequence[Tree]) -> None:
        self._random = random
        self._arguments = arguments

    def value(self) -> Tree:
        """Return a tree whose value is not used."""
        kind = self._random.choice(["list", "tuple", "is_", "", "", ""])
        if not kind:
            return self._part()
        return ["do", kind, [self._part(), self._part()]]

    def question(self) -> tuple[Tree, bool | None]:
        """Return a tree to ask about, and the right answer if it is known.

        A wrong answer shows that the run makes its answers up.
        """
        one, other = self._random.randrange(50), self._random.randrange(50)
        argument = self._random.choice([*self._arguments, _NONE])
        return self._random.choice([
            (["do", "lt", [["constant", one], ["constant", other]]],
             one < other),
            (["do", "is_", [argument, argument]], True),
            (["do", "is_", [argument, self._part()]], None)])

    def _part(self) -> Tree:
        constants = None, True, False, "", "/x", self._random.randrange(50)
        return self._random.choice(
            [*self._arguments, ["constant", self._random.choice(constants)]])


class Body:
    """One call of a function, as steps.

    `facts` is what is known of each argument. `note` is called with each
    function defined in this one and with the scope around it; it returns
    the place by which the run calls it. `into` are the slots that the run
    puts the arguments into.
    """

    def __init__(self, function: Function, outer: Scope | None,
                 facts: Sequence[Fact], random: Random,
                 note: Callable[[Function, Scope], str]) -> None:
        self._function = function
        self._random = random
        self._note = note
        # The functions around this one have slots, too, that it can use.
        self._numbers = Numbers(
            random, outer.numbers.taken if outer else frozenset())
        self._scope = Scope(_names(function), outer, self._numbers)
        self.into = [self._scope.find(name) for name in parameters(function)]
        if len(facts) != len(self.into):
            raise ProtocolError
        self._facts = dict(zip(self.into, facts))
        self._filler = Filler(
            random, [["slot", slot] for slot in self.into])
        self._steps: list[Step] = []
        self._guards = 0
        self._caught: list[Tree] = []

    def talk(self) -> Talk[list[Step]]:
        """Yield lists of steps to be carried out; return the last list.

        The last list ends in a return or a raise and has no answer. After
        each other list the generator is sent the answer to its question,
        or True if it has none; Raised is thrown in for an exception.
        """
        try:
            if isinstance(self._function, ast.Lambda):
                end = yield from self._return(self._function.body)
            else:
                end = yield from self._block(self._function.body)
        except Raised:
            return [["raise"]]
        return [*self._steps, end or ["return", _NONE]]

    # Statements. The result is None, or the step by which the statement
    # leaves its block: a return, a raise, _BREAK or _CONTINUE.

    def _block(self, nodes: Sequence[ast.stmt]) -> Talk[Step | None]:
        for node in nodes:
            if (end := (yield from self._statement(node))) is not None:
                return end
        return None

    def _statement(self, node: ast.stmt) -> Talk[Step | None]:
        match node:
            case ast.Return(value=value):
                return (yield from self._return(value))
            case ast.Break():
                return _BREAK
            case ast.Continue():
                return _CONTINUE
            case ast.Expr(value=value):
                self._let(None, (yield from self._value(value)))
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                yield from self._assign(node)
            case ast.FunctionDef():
                yield from self._define(node)
            case ast.If(test=test, body=body, orelse=other):
                holds = yield from self._test(test)
                return (yield from self._block(body if holds else other))
            case ast.While():
                return (yield from self._loop(
                    node, lambda: self._test(node.test)))
            case ast.For():
                return (yield from self._for(node))
            case ast.Raise(exc=error, cause=cause):
                return (yield from self._raise(error, cause))
            case ast.Assert(test=test, msg=message):
                if not (yield from self._test(test)):
                    return (yield from self._raise(_assertion(message), None))
            case ast.Try():
                return (yield from self._try(node))
        return None

    def _return(self, value: ast.expr | None) -> Talk[Step | None]:
        tree = _NONE if value is None else (yield from self._value(value))
        return ["return", self._keep(tree) if self._guards else tree]

    def _raise(self, error: ast.expr | None,
               cause: ast.expr | None) -> Talk[Step | None]:
        step: Step = ["raise"]
        if error is None:
            step += self._caught[-1:]
        else:
            step += yield from self._values(
                [error, cause] if cause else [error])
        return (yield from self._leave(step))

    def _assign(self, node: ast.Assign | ast.AnnAssign | ast.AugAssign
                ) -> Talk[None]:
        if node.value is None:
            return
        tree = yield from self._value(node.value)
        if isinstance(node, ast.AugAssign):
            old = yield from self._value(_loaded(node.target))
            tree = ["do", "i" + OPERATORS[type(node.op)].strip("_"),
                    [old, tree]]
        targets = (node.targets if isinstance(node, ast.Assign)
                   else [node.target])
        if len(targets) > 1:
            tree = self._keep(tree)
        for target in targets:
            yield from self._store(target, tree)

    def _store(self, target: ast.expr, tree: Tree) -> Talk[None]:
        match target:
            case ast.Name(id=name):
                self._let(self._scope.find(name), tree)
            case ast.Attribute(value=owner, attr=name):
                tree = self._keep(tree)
                self._add(["set attribute", (yield from self._value(owner)),
                           name, tree])
            case ast.Subscript(value=owner, slice=key):
                tree = self._keep(tree)
                self._add(["set item", *(
                    yield from self._values([owner, key])), tree])
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                slots = [self._numbers.draw() for _ in parts]
                self._add(["unpack", slots, tree])
                for part, slot in zip(parts, slots):
                    yield from self._store(part, ["slot", slot])

    def _define(self, node: ast.FunctionDef) -> Talk[None]:
        decorators = yield from self._values(node.decorator_list)
        tree = self._made(node, node.name)
        for decorator in reversed(decorators):
            tree = ["call", decorator, [tree], []]
        self._let(self._scope.find(node.name), tree)

    def _made(self, node: Function, name: str) -> Tree:
        """Return the tree that makes a function defined in this one."""
        around = getattr(self._function, "name", "<lambda>")
        return ["function", self._note(node, self._scope), name,
                f"{around}.<locals>.{name}", _unannotated(node.args),
                parameters(node)]

    def _for(self, node: ast.For) -> Talk[Step | None]:
        items = yield from self._iterate(node.iter)
        places = itertools.count()

        def store_next() -> Talk[bool]:
            item = yield from self._item(items, next(places))
            if item is None:
                return False
            yield from self._store(node.target, item)
            return True

        return (yield from self._loop(node, store_next))

    def _loop(self, node: ast.While | ast.For,
              begin: Callable[[], Talk[bool]]) -> Talk[Step | None]:
        """Carry out a loop, which goes on for as long as `begin` says so."""
        while (yield from begin()):
            end = yield from self._block(node.body)
            if end is _BREAK:
                return None
            if end is not None and end is not _CONTINUE:
                return end
        return (yield from self._block(node.orelse))

    def _iterate(self, node: ast.expr) -> Talk[Items]:
        tree = yield from self._value(node)
        fact = self._facts.get(tree[1]) if tree[0] == "slot" else None
        source = self._keep(["iterate", tree])
        count = fact if isinstance(fact, int) and fact >= 0 else (
            yield from self._ask(["count", source]))
        if count > MOST_ITEMS:
            raise ProtocolError
        return source, count

    def _item(self, items: Items, place: int) -> Talk[Tree | None]:
        """Return the tree of the next item, None at the end."""
        source, count = items
        step = ["next", self._numbers.draw(), source]
        if count < 0:
            is_there = yield from self._ask(step)
            return ["slot", step[1]] if is_there else None
        if place == count:
            return None
        if len(self._steps) > _MOST_STEPS:
            yield from self._flush()
        self._add(step)
        return ["slot", step[1]]

    def _try(self, node: ast.Try) -> Talk[Step | None]:
        if not node.finalbody:
            return (yield from self._attempt(node))
        yield from self._flush()
        try:
            end = yield from self._guarded(self._attempt(node))
        except Raised:
            error = self._keep(["caught"])
            return (yield from self._block(node.finalbody)) or (
                yield from self._leave(["raise", error]))
        return (yield from self._block(node.finalbody)) or end

    def _attempt(self, node: ast.Try) -> Talk[Step | None]:
        """Carry out a try statement without its `finally`."""
        # The steps before it must not be able to raise inside of it.
        yield from self._flush()
        try:
            end = yield from self._guarded(self._block(node.body))
        except Raised:
            return (yield from self._handle(node.handlers))
        return end or (yield from self._block(node.orelse))

    def _guarded(self, talk: Talk[Step | None]) -> Talk[Step | None]:
        """Carry out the steps at once, so that their exceptions come here.
        """
        self._guards += 1
        try:
            end = yield from talk
            yield from self._flush()
        finally:
            self._guards -= 1
        return end

    def _handle(self, handlers: Sequence[ast.ExceptHandler]
                ) -> Talk[Step | None]:
        error = self._keep(["caught"])
        for handler in handlers:
            if handler.type and not (yield from self._ask(
                    ["test", ["matches", error, (
                        yield from self._value(handler.type))]])):
                continue
            if handler.name:
                self._let(self._scope.find(handler.name), error)
            self._caught.append(error)
            try:
                return (yield from self._block(handler.body))
            finally:
                self._caught.pop()
        return (yield from self._leave(["raise", error]))

    def _leave(self, step: Step) -> Talk[Step]:
        """Return a raise; if a try is around it, carry it out at once."""
        if self._guards:
            yield from self._ask(step)
        return step

    # Expressions

    def _test(self, node: ast.expr) -> Talk[bool]:
        """Ask whether an expression is true, part by part as Python does."""
        match node:
            case ast.BoolOp(op=op, values=parts):
                for part in parts:
                    holds = yield from self._test(part)
                    if holds is isinstance(op, ast.Or):
                        break
                return holds
            case ast.UnaryOp(op=ast.Not(), operand=part):
                return not (yield from self._test(part))
        tree = yield from self._tree(node)
        known = self._known(tree)
        if known is not None:
            return known
        return bool((yield from self._ask(
            ["test", self._perhaps_kept(tree)])))

    def _known(self, tree: Tree) -> bool | None:
        """Return whether a comparison is true, None if not known."""
        match tree:
            case ["do", "is_" | "is_not" as name, [["slot", slot], [
                    "constant", None | bool() as constant]]] if (
                        slot in self._facts):
                is_it = self._facts[slot] == str(constant)
                return is_it if name == "is_" else not is_it
        return None

    def _values(self, nodes: Sequence[ast.expr | None]) -> Talk[list[Tree]]:
        """Return the trees of several expressions, evaluated in order.

        A tree is evaluated when a step uses it. So one before an expression
        with an effect gets a slot, which evaluates it first.
        """
        trees: list[Tree] = []
        for place, node in enumerate(nodes):
            tree = _NONE if node is None else (yield from self._value(node))
            if not all(map(self._is_simple, nodes[place + 1:])):
                tree = self._keep(tree)
            trees.append(tree)
        return trees

    def _is_simple(self, node: ast.expr | None) -> bool:
        """Return whether an expression has no effect: a name or a constant."""
        match node:
            case ast.Name(id=name):
                return self._scope.find(name) is not None
        return node is None or isinstance(node, ast.Constant)

    def _value(self, node: ast.expr) -> Talk[Tree]:
        return self._perhaps_kept((yield from self._tree(node)))

    def _tree(self, node: ast.expr) -> Talk[Tree]:
        match node:
            case ast.Constant(value=constant):
                return ["constant", constant]
            case ast.Name(id=name):
                slot = self._scope.find(name)
                return ["global", name] if slot is None else ["slot", slot]
            case ast.Attribute(value=owner, attr=name):
                return ["attribute", (yield from self._value(owner)), name]
            case ast.Starred(value=value):
                return ["star", (yield from self._value(value))]
            case ast.Call():
                return (yield from self._call(node))
            case ast.BoolOp() | ast.IfExp():
                return (yield from self._choice(node))
            case ast.ListComp() | ast.SetComp() | ast.DictComp():
                return (yield from self._comprehension(node))
            case ast.Lambda():
                return self._made(node, "<lambda>")
            case ast.Dict(keys=keys, values=values):
                trees = yield from self._values(
                    [each for pair in zip(keys, values) for each in pair])
                return ["map", trees[::2], trees[1::2]]
        kind, parts = _operation(node)
        return [*kind, (yield from self._values(parts))]

    def _call(self, node: ast.Call) -> Talk[Tree]:
        trees = yield from self._values([
            node.func, *node.args, *(each.value for each in node.keywords)])
        count = 1 + len(node.args)
        return ["call", trees[0], trees[1:count],
                [[each.arg, tree] for each, tree in zip(
                    node.keywords, trees[count:])]]

    def _choice(self, node: ast.BoolOp | ast.IfExp) -> Talk[Tree]:
        result = self._numbers.draw()
        if isinstance(node, ast.IfExp):
            holds = yield from self._test(node.test)
            self._let(result, (yield from self._value(
                node.body if holds else node.orelse)))
            return ["slot", result]
        for place, part in enumerate(node.values, 1):
            self._let(result, (yield from self._value(part)))
            if place < len(node.values) and (yield from self._ask(
                    ["test", ["slot", result]])) is isinstance(
                        node.op, ast.Or):
                break
        return ["slot", result]

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp
                       ) -> Talk[Tree]:
        kind, put, parts = (
            ("map", "set item", [node.key, node.value])
            if isinstance(node, ast.DictComp) else
            ("list", "append", [node.elt]) if isinstance(node, ast.ListComp)
            else ("set", "add", [node.elt]))
        result = self._keep(["new", kind])

        def within(items: Items, generators: Sequence[ast.comprehension]
                   ) -> Talk[None]:
            first, *others = generators
            for place in itertools.count():
                if not (item := (yield from self._item(items, place))):
                    break
                yield from self._store(first.target, item)
                for test in first.ifs:
                    if not (yield from self._test(test)):
                        break
                else:
                    if others:
                        yield from within((yield from self._iterate(
                            others[0].iter)), others)
                    else:
                        self._add([put, result, *(
                            yield from self._values(parts))])

        # Python evaluates the first iterable in the scope around.
        items = yield from self._iterate(node.generators[0].iter)
        around = self._scope
        self._scope = Scope(_stored(
            [each.target for each in node.generators]), around, self._numbers)
        try:
            yield from within(items, node.generators)
        finally:
            self._scope = around
        return result

    # Steps

    def _keep(self, tree: Tree) -> Tree:
        """Return the slot of a value, after a step that puts it there.

        A slot and a constant are returned as they are.
        """
        if tree[0] in ("slot", "constant"):
            return tree
        if tree[0] == "star":
            return ["star", self._keep(tree[1])]
        slot = self._numbers.draw()
        self._let(slot, tree)
        return ["slot", slot]

    def _perhaps_kept(self, tree: Tree) -> Tree:
        return self._keep(tree) if self._random.random() < _KEPT else tree

    def _let(self, slot: int | None, tree: Tree) -> None:
        self._facts.pop(slot, None)
        self._add(["let", slot, tree])

    def _add(self, step: Step) -> None:
        if self._random.random() < _IDLE:
            self._steps.append(
                ["let", self._numbers.draw(), self._filler.value()])
        self._steps.append(step)

    def _ask(self, question: Step) -> Talk[int]:
        """Hand out all steps so far and a question; return its answer."""
        if self._random.random() < _IDLE_QUESTIONS:
            tree, expected = self._filler.question()
            reply = yield from self._ask(["test", tree])
            if expected is not None and reply is not expected:
                raise ProtocolError
        steps, self._steps = [*self._steps, question], []
        return (yield steps)

    def _flush(self) -> Talk[None]:
        steps, self._steps = self._steps, []
        if steps:
            yield steps


def _operation(node: ast.expr) -> tuple[Tree, list[ast.expr | None]]:
    """Return the start of the tree of an operation, and its operands."""
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            return ["do", OPERATORS[type(op)]], [left, right]
        case ast.UnaryOp(op=unary, operand=operand):
            return ["do", OPERATORS[type(unary)]], [operand]
        case ast.Compare(left=left, ops=[comparison], comparators=[right]):
            return ["do", OPERATORS[type(comparison)]], [left, right]
        case ast.Subscript(value=owner, slice=key):
            return ["do", "getitem"], [owner, key]
        case ast.Slice(lower=lower, upper=upper, step=step):
            return ["do", "slice"], [lower, upper, step]
        case ast.JoinedStr(values=parts):
            return ["do", "join"], [*parts]
        case ast.FormattedValue(value=value, conversion=how, format_spec=form):
            return ["format", how], [value, form]
        case ast.List(elts=parts):
            return ["do", "list"], [*parts]
        case ast.Tuple(elts=parts):
            return ["do", "tuple"], [*parts]
        case ast.Set(elts=parts):
            return ["do", "set"], [*parts]
    raise ValueError(f"no steps are known for {type(node).__name__}")


def _loaded(target: ast.expr) -> ast.expr:
    assert isinstance(target, ast.Name)
    return ast.Name(target.id, ast.Load())


def _assertion(message: ast.expr | None) -> ast.expr:
    name = ast.Name("AssertionError", ast.Load())
    return ast.Call(name, [message], []) if message else name


def _unannotated(arguments: ast.arguments) -> str:
    """Return the parameters as source, without their annotations."""
    return ast.unparse(ast.arguments(
        [ast.arg(each.arg) for each in arguments.posonlyargs],
        [ast.arg(each.arg) for each in arguments.args],
        arguments.vararg and ast.arg(arguments.vararg.arg),
        [ast.arg(each.arg) for each in arguments.kwonlyargs],
        [None for _ in arguments.kwonlyargs],
        arguments.kwarg and ast.arg(arguments.kwarg.arg), []))


@lru_cache(1024)
def _names(function: Function) -> tuple[str, ...]:
    """Return the local names of a function, parameters first."""
    stored = ([] if isinstance(function, ast.Lambda)
              else _stored(function.body))
    return tuple(dict.fromkeys([*parameters(function), *stored]))


def _stored(nodes: Sequence[ast.AST]) -> Iterator[str]:
    """Yield the names that some code binds, without inner scopes."""
    for node in nodes:
        match node:
            case ast.FunctionDef(name=name):
                yield name
                continue
            case ast.Lambda() | ast.ListComp() | ast.SetComp() | (
                    ast.DictComp()):
                continue
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.ExceptHandler(name=str(name)):
                yield name
        yield from _stored(list(ast.iter_child_nodes(node)))
