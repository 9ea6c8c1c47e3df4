"""Rewords mypy's complaints for people who are new to types."""

from __future__ import annotations

import re

# mypy's message as a pattern, and our sentence. Messages that match none
# are passed on as they are.
_SENTENCES = tuple((re.compile(pattern), words) for pattern, words in (
    (r'Incompatible types in assignment \(expression has type "(.+)", '
     r'variable has type "(.+)"\)',
     r"a value of type \1 is assigned, but the variable is of type \2"),
    (r'Incompatible return value type \(got "(.+)", expected "(.+)"\)',
     r"a value of type \1 is returned, but \2 is annotated"),
    (r"Missing return statement",
     "the function can come to its end without a return"),
    (r'"return" with value in async generator is not allowed',
     "an async generator cannot return a value"),
    (r"No return value expected",
     "a value is returned, but None is annotated"),
    (r"Return value expected",
     "return stands alone, but the annotation promises a value"),
    (r'Argument (?:"(\w+)"|(\d+)) to "(.+?)"(?: of ".+")? has '
     r'incompatible type "(.+)"; expected "(.+)"',
     r"argument \1\2 of \3 is of type \4, but should be of type \5"),
    (r'Incompatible default for (?:parameter|argument) "(\w+)" \(default '
     r'has type "(.+)", (?:parameter|argument) has type "(.+)"\)',
     r"the default of \1 is of type \2, but \1 is annotated \3"),
    (r'Need type annotation for "(\w+)" \(hint: "(.+)"\)',
     r"\1 needs an annotation, such as \2"),
    (r'Need type annotation for "(\w+)"', r"\1 needs an annotation"),
    (r'Unsupported operand types for (\S+) \("(.+)" and "(.+)"\)',
     r"\1 does not work between \2 and \3"),
    (r'Unsupported (?:(?:left|right) )?operand type for (?:unary )?'
     r'(\S+) \("(.+)"\)',
     r"\1 does not work with \2"),
    (r'Item "(.+)" of "(.+)" has no attribute "(.+)"',
     r"the type is \2, and \1 has no attribute \3"),
    (r'Module(?: "(.+)")? has no attribute "(\w+)".*',
     r"the module \1 offers no \2"),
    (r'"(.+)" has no attribute "(\w+)".*', r"\1 has no attribute \2"),
    (r'Name "(.+)" is not defined', r"the name \1 is not defined"),
    (r'Name "(.+)" already defined on line (\d+)',
     r"\1 is defined twice, first on line \2"),
    (r'Missing positional arguments? (.+) in call to "(.+)"',
     r"the call of \2 lacks \1"),
    (r'Too (many|few)(?: positional)? arguments for "(.+)"',
     r"the call of \2 has too \1 arguments"),
    (r'Unexpected keyword argument "(.+)" for "(.+)"',
     r"\2 takes no argument named \1"),
    (r'Value of type "(.+)" must be used',
     r"the result, of type \1, is dropped: is an await missing?"),
    (r'Incompatible types in "await" \(actual type "(.+)", expected .+\)',
     r"a value of type \1 cannot be awaited"),
    (r'Incompatible types in "yield" \(actual type "(.+)", expected type '
     r'"(.+)"\)',
     r"a value of type \1 is yielded, but \2 is annotated"),
    (r"(\w+) comprehension has incompatible type (.+); expected (.+)",
     r"the comprehension gives a \2, but \3 is annotated"),
    (r'Bracketed expression "(.+)" is not valid as a type',
     "brackets alone are no type: list[...] is one"),
    (r'Function "(?:builtins\.)?any" is not valid as a type',
     "any is a function; the type is Any, from typing"),
    (r'(?:Function|Variable|Module) "(.+)" is not valid as a type',
     r"\1 is not a type"),
    (r"NoneType should not be used as a type.*",
     "the type of None is written None"),
    (r'"(.+)" expects (\S+) type arguments?, but (\S+) given',
     r"\1 takes \2 types in its brackets, not \3"),
    (r'Value of type "(.+)" is not indexable',
     r"a value of type \1 cannot be indexed with [ ]"),
    (r'"(.+)" not callable', r"a value of type \1 cannot be called"),
    (r'No overload variant of "(.+)" matches argument types? (.+)',
     r"\1 does not take \2"),
    (r'The return type of an async generator function should be .+',
     "an async def that yields should be annotated AsyncGenerator"),
    (r'The return type of a generator function should be .+',
     "a function that yields should be annotated Generator or Iterator"),
))
_CODE = re.compile(r"  \[([\w-]+)\]$")
# The names that files have in a build (see staging and localmodules).
_ALIAS = re.compile(r"\b(?:(?:learner|model|variants)_[0-9a-f]{16}\.?"
                    r"|beside_[0-9a-f]{16}_)")


def sentence(line: int, column: int, answer: str) -> str:
    """Return a complaint as one line, with its place and mypy's code.

    `answer` is mypy's message, and may end in its code: "...  [arg-type]".
    """
    answer = _ALIAS.sub("", answer)
    found = _CODE.search(answer)
    words = _translated(answer[:found.start()] if found else answer)
    code = f" [mypy: {found[1]}]" if found else ""
    return f"line {line}, column {column}: {words}{code}"


def _translated(answer: str) -> str:
    for pattern, words in _SENTENCES:
        match = pattern.fullmatch(answer)
        if match:
            plain = match.expand(words).replace('"', "")
            return " ".join(plain.split())
    return f"mypy says: {answer}"
