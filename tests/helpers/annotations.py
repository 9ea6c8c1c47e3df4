"""Annotations, in headers and in whole files, and what is said of them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from grader.tools import typecheck as types
from grader.tools.typecheck import TypedFile

MODELS = {
    "floor": "def floor(n: float) -> int:\n    return int(n // 1)\n",
    "define": ("a: int = 1\npi: float = 3.14\n"
               "i_understand_annotations: bool = True\n"
               "school: str = 'Holberton'\n"),
    "sum_list": """
        def sum_list(input_list: list[float]) -> float:
            return sum(input_list)
        """,
    "sum_mixed_list": """
        def sum_mixed_list(mxd_lst: list[int | float]) -> float:
            return sum(mxd_lst)
        """,
    "to_kv": """
        def to_kv(k: str, v: int | float) -> tuple[str, float]:
            return k, v ** 2
        """,
    "make_multiplier": """
        from collections.abc import Callable

        def make_multiplier(multiplier: float) -> Callable[[float], float]:
            return lambda number: number * multiplier
        """,
    "element_length": """
        from collections.abc import Iterable, Sequence

        def element_length(lst: Iterable[Sequence]
                           ) -> list[tuple[Sequence, int]]:
            return [(i, len(i)) for i in lst]
        """,
    "safe_first_element": """
        from collections.abc import Sequence
        from typing import Any, Union

        def safe_first_element(lst: Sequence[Any]) -> Union[Any, None]:
            return lst[0] if lst else None
        """,
    "safely_get_value": """
        from collections.abc import Mapping
        from typing import Any, TypeVar, Union

        T = TypeVar("T")

        def safely_get_value(dct: Mapping, key: Any,
                             default: Union[T, None] = None
                             ) -> Union[Any, T]:
            return dct[key] if key in dct else default
        """,
    "zoom_array": """
        def zoom_array(lst: tuple[int, ...], factor: int = 2) -> list[int]:
            return [item for item in lst for _ in range(factor)]

        array = (12, 72, 91)
        """,
    "wait_random": """
        async def wait_random(max_delay: int = 10) -> float:
            return 0.0
        """,
    "wait_n": """
        wait_random = __import__("0-basic_async_syntax").wait_random

        async def wait_n(n: int, max_delay: int) -> list[float]:
            return [await wait_random(max_delay) for _ in range(n)]
        """,
    "measure_time": """
        def measure_time(n: int, max_delay: int) -> float:
            return 0.0
        """,
    "task_wait_random": """
        import asyncio
        from typing import Any

        def task_wait_random(max_delay: int) -> asyncio.Task[Any]:
            return asyncio.create_task(asyncio.sleep(max_delay))
        """,
    "async_generator": """
        from collections.abc import AsyncGenerator

        async def async_generator() -> AsyncGenerator[float, None]:
            yield 0.0
        """,
}
WRONG_KIND = "an async generator gives an AsyncGenerator"
VARIANTS: dict[str, dict[str, list[types.Variant]]] = {
    "async_generator": {"return": [
        "AsyncIterator[float]", "AsyncIterable[float]",
        {"annotation": "Generator[float, None, None]",
         "advice": WRONG_KIND}]},
    "task_wait_random": {"return": ["asyncio.Task[float]"]},
    "safely_get_value": {"return": ["Union[T, None]"]},
    "zoom_array": {"lst": ["..."], "factor": ["..."], "return": ["..."]},
}
TYPING = "import asyncio\nimport typing\nfrom typing import *\n"
BODIES = {
    "floor": "return math.floor(n)",
    "sum_list": "return sum(input_list)",
    "sum_mixed_list": "return sum(mxd_lst)",
    "to_kv": "return (k, v ** 2)",
    "make_multiplier": "return lambda x: x * multiplier",
    "element_length": "return [(i, len(i)) for i in lst]",
    "safe_first_element": "return lst[0] if lst else None",
    "safely_get_value": "return dct[key] if key in dct else default",
    "zoom_array": "return [i for i in lst for _ in range(factor)]",
    "wait_random": "return 0.0",
    "wait_n": "return []",
    "measure_time": "return 0.0",
    "task_wait_random": "return asyncio.create_task(asyncio.sleep(1))",
    "async_generator": "yield 0.0",
}

# A header, with what the failure says; None where there is none.
HEADERS: list[tuple[str, str | None]] = [
    ("def floor(n: float) -> int", None),
    ("def floor(n: 'float') -> 'int'", None),
    ("def floor(n: Annotated[float, 'any number']) -> int", None),
    ("def floor(n: Union[int, float]) -> int", None),
    ("def floor(n: int | float) -> int", None),
    ("def floor(n: float = 1.5) -> int", None),
    ("def floor(n: int) -> int", "parameter n of floor should be annotated "
                                 "float, not int"),
    ("def floor(n: Any) -> int", "should be annotated float, not Any"),
    ("def floor(n: object) -> int", "float, not object"),
    ("def floor(n: str) -> int", "float, not str"),
    ("def floor(n: complex) -> int", "float, not complex"),
    ("def floor(n: Union[float, str]) -> int", "not Union[float, str]"),
    ("def floor(n: Optional[float]) -> int", "not Optional[float]"),
    ("def floor(n: List[float]) -> int", "not List[float]"),
    ("def floor(n) -> int", "parameter n of floor has no annotation"),
    ("def floor(n: float)", "the return of floor has no annotation"),
    ("def floor(n)", "parameter n of floor has no annotation"),
    ("def floor(n: float) -> float", "the return of floor should be "
                                     "annotated int, not float"),
    ("def floor(n: float) -> Any", "int, not Any"),
    ("def floor(n: float) -> bool", "int, not bool"),
    ("def floor(n: float) -> None", "int, not None"),
    ("def floor(n: Flaot) -> int", "Flaot is not defined: it should be float"),
    ("def floor(x: float) -> int", "parameter 1 of floor should be named n, "
                                   "not x"),
    ("def floor(n: float, digits: int) -> int", "should take (n), not"),
    ("def floor(n: float, *more: float) -> int", "not (n, *more)"),
    ("def floor() -> int", "floor should take (n), not ()"),
    ("def floor(*, n: float) -> int", "floor should be named n"),
    ("async def floor(n: float) -> int", "should be a plain function"),

    ("def sum_list(input_list: List[float]) -> float", None),
    ("def sum_list(input_list: typing.List[float]) -> float", None),
    ("def sum_list(input_list: 'list[float]') -> float", None),
    ("def sum_list(input_list: Sequence[float]) -> float", None),
    ("def sum_list(input_list: Iterable[float]) -> float", None),
    ("def sum_list(input_list: List[F]) -> float", None),
    ("def sum_list(input_list: List[F]) -> F", "the return of sum_list"),
    ("def sum_list(input_list: List[N]) -> float", "not List[N]"),
    ("def sum_list(input_list: List[Any]) -> float", "not List[Any]"),
    ("def sum_list(input_list: List) -> float", "list[float], not List"),
    ("def sum_list(input_list: list) -> float", "list[float], not list"),
    ("def sum_list(input_list: List[int]) -> float", "not List[int]"),
    ("def sum_list(input_list: Iterable) -> float", "not Iterable"),
    ("def sum_list(input_list: Tuple[float, ...]) -> float", "not Tuple["),
    ("def sum_list(input_list: Set[float]) -> float", "not Set[float]"),
    ("def sum_list(input_list: List[float]) -> int", "float, not int"),
    ("def sum_list(lst: List[float]) -> float", "named input_list"),

    ("def sum_mixed_list(mxd_lst: List[Union[int, float]]) -> float", None),
    ("def sum_mixed_list(mxd_lst: List[Union[float, int]]) -> float", None),
    ("def sum_mixed_list(mxd_lst: list[int | float]) -> float", None),
    ("def sum_mixed_list(mxd_lst: List[float]) -> float",
     "list[int | float], not List[float]"),
    ("def sum_mixed_list(mxd_lst: Union[List[int], List[float]]) -> float",
     "not Union[List[int], List[float]]"),
    ("def sum_mixed_list(mxd_lst: List[Union[int, float, str]]) -> float",
     "not List[Union[int, float, str]]"),
    ("def sum_mixed_list(mxd_list: List[Union[int, float]]) -> float",
     "should be named mxd_lst, not mxd_list"),

    ("def to_kv(k: str, v: Union[int, float]) -> Tuple[str, float]", None),
    ("def to_kv(k: str, v: float | int) -> tuple[str, float]", None),
    ("def to_kv(k: str, v: float) -> Tuple[str, float]",
     "int | float, not float"),
    ("def to_kv(k: str, v: Union[int, float]) -> tuple", "not tuple"),
    ("def to_kv(k: str, v: Union[int, float]) -> Tuple[str, ...]",
     "not Tuple[str, ...]"),
    ("def to_kv(k: str, v: Union[int, float]) -> Tuple[float, str]",
     "not Tuple[float, str]"),
    ("def to_kv(k: str, v: Union[int, float]) -> Tuple[str, Any]",
     "not Tuple[str, Any]"),
    ("def to_kv(k: str, v: Union[int, float]) -> "
     "Tuple[str, Union[int, float]]", "not Tuple[str, Union[int, float]]"),
    ("def to_kv(v: Union[int, float], k: str) -> Tuple[str, float]",
     "should take (k, v), not (v, k)"),

    ("def make_multiplier(multiplier: float) -> Callable[[float], float]",
     None),
    ("def make_multiplier(multiplier: float) -> "
     "Callable[[int | float], float]", None),
    ("def make_multiplier(multiplier: float) -> Callable", "not Callable"),
    ("def make_multiplier(multiplier: float) -> Callable[..., float]",
     "not Callable[..., float]"),
    ("def make_multiplier(multiplier: float) -> Callable[[float], [float]]",
     "not Callable[[float], [float]]"),
    ("def make_multiplier(multiplier: float) -> Callable[[float], Any]",
     "not Callable[[float], Any]"),
    ("def make_multiplier(multiplier: float) -> "
     "Callable[[float, float], float]", "not Callable[[float, float]"),
    ("def make_multiplier(multiplier: float) -> Callable[[int], float]",
     "not Callable[[int], float]"),
    ("def make_multiplier(multiplier: float) -> float", "not float"),

    ("def element_length(lst: Iterable[Sequence]) -> "
     "List[Tuple[Sequence, int]]", None),
    ("def element_length(lst: Iterable[Sequence[Any]]) -> "
     "list[tuple[Sequence[Any], int]]", None),
    ("def element_length(lst: Iterable[Sequence[T]]) -> "
     "List[Tuple[Sequence[T], int]]", None),
    ("def element_length(lst: Iterable[S]) -> List[Tuple[S, int]]", None),
    ("def element_length(lst: Iterable[T]) -> List[Tuple[T, int]]",
     "not Iterable[T]"),
    ("def element_length(lst: Iterable[Sequence]) -> List[Tuple[S, int]]",
     "not List[Tuple[S, int]]"),
    ("def element_length(lst: Iterable[str]) -> List[Tuple[str, int]]",
     "not Iterable[str]"),
    ("def element_length(lst: List[Sequence]) -> List[Tuple[Sequence, int]]",
     "not List[Sequence]"),
    ("def element_length(lst: Iterable) -> List[Tuple[Sequence, int]]",
     "not Iterable"),
    ("def element_length(lst: Iterable[Sequence]) -> List[Tuple]",
     "not List[Tuple]"),
    ("def element_length(lst: Iterable[Sequence]) -> List[int]",
     "not List[int]"),

    ("def safe_first_element(lst: Sequence[Any]) -> Union[Any, None]", None),
    ("def safe_first_element(lst: Sequence) -> Optional[Any]", None),
    ("def safe_first_element(lst: Sequence[T]) -> T | None", None),
    ("def safe_first_element(lst: Sequence[Any]) -> Union[Any, type(None)]",
     None),
    ("def safe_first_element(lst: Sequence[Any]) -> Any",
     "Union[Any, None], not Any"),
    ("def safe_first_element(lst: Sequence[Any]) -> None", "not None"),
    ("def safe_first_element(lst: Sequence[int]) -> Union[Any, None]",
     "not Sequence[int]"),
    ("def safe_first_element(lst: List[Any]) -> Union[Any, None]",
     "not List[Any]"),
    ("def safe_first_element(lst: Iterable[Any]) -> Union[Any, None]",
     "not Iterable[Any]"),
    ("def safe_first_element(lst: Sequence[Any]) -> Union[int, None]",
     "not Union[int, None]"),

    ("def safely_get_value(dct: Mapping, key: Any, "
     "default: Union[T, None] = None) -> Union[Any, T]", None),
    ("def safely_get_value(dct: Mapping[Any, R], key: Any, "
     "default: Optional[R] = None) -> R | Any", None),
    ("def safely_get_value(dct: Mapping[K, T], key: K, "
     "default: Union[T, None] = None) -> Union[Any, T]", None),
    ("def safely_get_value(dct: Mapping, key: Any, default: Maybe = None) "
     "-> Result", None),
    ("def safely_get_value(dct: Mapping, key: Any, "
     "default: Union[T, None] = None) -> Union[T, None]", None),
    ("def safely_get_value(dct: Mapping, key: Any, "
     "default: Union[TypeVar('T'), None] = None) "
     "-> Union[Any, TypeVar('T')]", None),
    ("def safely_get_value(dct: Mapping, key: Any, "
     "default: Union[M, None] = None) -> Union[Any, M]", None),
    ("def safely_get_value(dct: Mapping, key: Any, "
     "default: Union[T, None]) -> Union[Any, T]", None),
    ("def safely_get_value(dct: Mapping, key: str, "
     "default: Union[T, None] = None) -> Union[Any, T]", "Any, not str"),
    ("def safely_get_value(dct: Dict, key: Any, "
     "default: Union[T, None] = None) -> Union[Any, T]",
     "Mapping, not Dict"),
    ("def safely_get_value(dct: Mapping, key: Any, "
     "default: Any = None) -> Union[Any, T]", "Union[T, None], not Any"),
    ("def safely_get_value(dct: Mapping, key: Any, "
     "default: Union[T, None] = None) -> Any", "Union[Any, T], not Any"),
    ("def safely_get_value(dct: Mapping, key: Any, "
     "default: Union[T, None] = None) -> Union[Any, R]", None),

    ("async def wait_random(max_delay: int = 10) -> float", None),
    ("async def wait_random(max_delay: int) -> float", None),
    ("def wait_random(max_delay: int = 10) -> Coroutine[Any, Any, float]",
     "should be a coroutine"),
    ("async def wait_random(max_delay: int = 10) -> Coroutine[Any, Any, "
     "float]", "not Coroutine[Any, Any, float]"),
    ("async def wait_n(n: int, max_delay: int) -> List[float]", None),
    ("async def wait_n(n: int = 0, max_delay: int = 10) -> List[float]",
     None),
    ("async def wait_n(n: int, max_delay: int) -> List[int]",
     "list[float], not List[int]"),
    ("async def wait_n(n: int, max_delay: int)", "has no annotation"),
    ("async def measure_time(n: int, max_delay: int) -> float",
     "measure_time should be a plain function"),
    ("def measure_time(max_delay: int, n: int) -> float",
     "should take (n, max_delay), not (max_delay, n)"),
    ("def task_wait_random(max_delay: int) -> asyncio.Task", None),
    ("def task_wait_random(max_delay: int) -> 'asyncio.Task[float]'", None),
    ("def task_wait_random(max_delay: int) -> asyncio.Future",
     "not asyncio.Future"),
    ("async def async_generator() -> AsyncGenerator[float, None]", None),
    ("async def async_generator() -> AsyncIterator[float]", None),
    ("async def async_generator() -> Generator[float, None, None]", None),
    ("async def async_generator() -> AsyncGenerator[int, None]",
     "not AsyncGenerator[int, None]"),
    ("async def async_generator() -> Iterator[float]",
     "not Iterator[float]"),
    ("async def async_generator() -> List[float]", "not List[float]"),
]

ALIASES = """
T = TypeVar("T")
R = TypeVar("R")
K = TypeVar("K")
S = TypeVar("S", bound=Sequence[Any])
N = TypeVar("N", int, float)
F = TypeVar("F", bound=float)
M = TypeVar("misnamed")
Maybe = Union[T, None]
Result = Union[Any, T]
"""

DEFINE = MODELS["define"]
ZOOM = "def zoom_array(lst: List[int], factor: int = 2) -> List[int]:\n"
BODY = "    return [i for i in lst for _ in range(factor)]\n"

# A model's name, a whole file, and what the failure says.
FILES: list[tuple[str, str, str | None]] = [
    ("define", DEFINE, None),
    ("define", DEFINE.replace("a: int", "a: Final[int]"), None),
    ("define", DEFINE.replace("a: int", "a"),
     "variable a has no annotation: it should be int"),
    ("define", DEFINE.replace("pi: float", "pi: int"),
     "variable pi should be annotated float, not int"),
    ("define", DEFINE.replace("pi: float", "pi: Any"), "float, not Any"),
    ("define", DEFINE.replace("a: int = 1", "a = 1  # type: int"),
     "variable a has no annotation"),
    ("define", DEFINE.replace("school", "School"),
     "no variable named school"),
    ("floor", "", "no function named floor"),
    ("floor", "floor = lambda n: int(n // 1)\n", "defined with def"),
    ("floor", "from math import floor\n", "no function named floor"),
    ("floor", "class floor:\n    pass\n", "defined with def"),
    ("floor", "def floor(n: float) -> int:  # type: ignore\n    return 1\n",
     "'# type: ignore' switches the checker off"),
    ("floor", "# mypy: ignore-errors\n" + MODELS["floor"],
     "'# mypy: ignore-errors' switches the checker off"),
    ("floor", "def floor(n: float  #type:ignore[misc]\n"
     "          ) -> int:\n    return 1\n", "switches the checker off"),
    ("floor", "@no_type_check\n" + MODELS["floor"], "hidden from the"),
    ("floor", "@typing.no_type_check\n" + MODELS["floor"], "hidden from"),
    ("floor", "def floor(n):\n    # type: (float) -> int\n    return 1\n",
     "parameter n of floor has no annotation"),
    ("floor", "if TYPE_CHECKING:\n" + textwrap.indent(MODELS["floor"], " ")
     + "else:\n def floor(n):\n  return 1\n", "hidden from the checker"),
    ("floor", MODELS["floor"] + "def floor(n: str) -> int:\n    return 1\n",
     "float, not str"),
    ("floor", "float = str\n" + MODELS["floor"], "not float"),
    ("floor", "def floor(n: float) -> int:\n    return x  # type: ignore\n",
     None),
    ("floor", "def floor(n: float) -> int:\n    return 'no integer'\n",
     None),
    ("floor", "import numpy\nimport utils\nfrom siblings import other\n"
     "other(utils, numpy)\n" + MODELS["floor"], None),
    ("floor", "text = '# type: ignore  # mypy: ignore-errors'\n"
     + MODELS["floor"], None),
    ("floor", "try:\n    import fast\nexcept ImportError:\n    fast = None\n"
     "def unchecked(x):\n    return x\n" + MODELS["floor"], None),
    ("floor", "x = 1  # type: whatever it is\n" + MODELS["floor"], None),
    ("floor", "Number = float\nWhole = int\n"
     "def floor(n: Number) -> Whole:\n    return int(n // 1)\n", None),
    ("wait_n", "wait = __import__('0-basic_async_syntax').wait_random\n"
     "async def wait_n(n: int, max_delay: int) -> List[float]:\n"
     "    return sorted(await asyncio.gather(*map(wait, [n])))\n", None),
    ("zoom_array", ZOOM + BODY, None),
    ("zoom_array", "def zoom_array(lst: Tuple, factor: int = 2) -> Tuple:\n"
     "    return tuple(i for i in lst for _ in range(factor))\n", None),
    ("zoom_array", ZOOM.replace("factor: int", "factor: float") + BODY,
     "range does not take float"),
    ("zoom_array", ZOOM + BODY + "zoom_2x = zoom_array((12, 72, 91))\n",
     "line 6, column 22: argument 1 of zoom_array is of type"),
    ("zoom_array", ZOOM + BODY
     + "zoom_2x = zoom_array((12, 72, 91))  # type: ignore\n",
     "switches the checker off"),
    ("zoom_array", ZOOM.replace("List[int], ", "Any, ") + BODY,
     "annotated Any, which tells a checker nothing"),
    ("zoom_array", ZOOM.replace("lst: List[int], ",
                                "lst: Union[List[int], Any], ") + BODY,
     "not Union[List[int], Any]"),
    ("zoom_array", ZOOM + BODY + "x = cast(List[int], (12, 72))\n",
     "line 6: 'cast(...)' switches the checker off"),
    ("zoom_array", ZOOM + BODY + "x: Any = (12, 72)\n",
     "line 6: a variable that is annotated Any"),
    ("zoom_array", ZOOM + BODY + "x: List[Any] = [12, 72]\n", None),
    ("floor", MODELS["floor"] + "x: Any = cast(Any, 1)\n", None),
    ("zoom_array", ZOOM.replace("lst: List[int], ", "lst, ") + BODY,
     "parameter lst of zoom_array has no annotation"),
]


def typed_file(id: str, name: str, text: str) -> TypedFile:
    return TypedFile(
        id=id, source=text.encode(), model=textwrap.dedent(MODELS[name]),
        variants=VARIANTS.get(name, {}), is_clean=name == "zoom_array")


def name_in(header: str) -> str:
    return header.removeprefix("async ").removeprefix("def ").split("(")[0]


def rows() -> Iterator[tuple[TypedFile, str | None]]:
    for header, says in HEADERS:
        name = name_in(header)
        text = f"{TYPING}{ALIASES}{header}:\n    {BODIES[name]}\n"
        yield typed_file(header, name, text), says
    for number, (name, text, says) in enumerate(FILES):
        yield typed_file(f"{number}-{name}", name, TYPING + text), says


ROWS = list(rows())
