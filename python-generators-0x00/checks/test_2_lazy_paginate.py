"""2-lazy_paginate.py: a page is fetched when it is asked for."""

from collections.abc import Callable
from typing import Any

from alx.prodev_table_case import FreshCase, TableCase, listed, rows_of
from grader.kit import Failure
from grader.kit.transcript import looks

RETURN = "return a list of users"
NAMES = ("lazy_paginate", "lazy_pagination", "lazypaginate")
MOST = 300


class PaginateCase(TableCase):
    """A task whose pages are read."""

    file = "2-lazy_paginate.py"

    def setUp(self) -> None:
        super().setUp()
        found = [name for name in NAMES if name in self.task]
        self.assertHolds(found, Failure(
            f"{self.file} defines no lazy_paginate", cause="missing",
            expected="lazy_paginate"))
        self.name = found[0] if found else NAMES[0]
        self.paginate: Callable[..., Any] = getattr(self.task, self.name)

    def sizes(self, size: int) -> list[int]:
        """Return how long each page is, of all that there are."""
        return self.pages(size, 0)[0]

    def pages(self, size: int, most: int) -> tuple[list[int], list[Any]]:
        """Read all pages; one that comes again means there is no end.

        Returns how long each is, and the first rows of all.
        """
        call = f"{self.name}({size})"
        odd, pages, rows, goes_on = self.all_pages(size, most)
        for (_, last), (length, first) in zip(pages, pages[1:]):
            self.assertHolds(not length or first != last, Failure(
                f"{call} yields the same page again and again: the offset "
                "does not move", call=call,
                expected="another page each time",
                got="the same page twice"))
        self.assertNextPage(call, size, [first for _, first in pages[:2]])
        for page in odd:
            self.assertSeveral(page, call)
        sizes = [length for length, _ in pages]
        if sizes[-1:] == [0]:
            self.advise("stop at an empty page instead of yielding it")
            self.assertHolds(not goes_on, Failure(
                f"{call} yields empty pages after the last user: stop at the "
                "first", call=call, expected="an end after the last user",
                got="one empty page after the other"))
        self.assertHolds(len(sizes) <= MOST, Failure(
            f"{call} yields more pages than there are users", call=call,
            expected="an end after the last user",
            got="more pages than there are users"))
        return [size for size in sizes if size], rows

    def assertNextPage(self, call: str, size: int,
                       firsts: list[Any]) -> None:
        """Check that page 2 begins behind page 1, as far as that is known.
        """
        first, second, *_ = [*map(self.place, firsts), -1, -1]
        overlaps = first == 0 < second < size
        self.assertHolds(not overlaps, Failure(
            f"page 2 of {call} begins with user {second + 1}, who is on page "
            "1 already: the offset should grow by the page size",
            call=call, expected=f"user {size + 1} first on page 2",
            got=f"user {second + 1} first on page 2"))

    def place(self, row: Any) -> int:
        """Return the place of a row in the table, from 0; -1 if unknown."""
        return self.users.index(row) if row in self.users else -1

    @looks
    def all_pages(self, size: int, most: int) -> tuple[
            list[Any], list[tuple[int, Any]], list[Any], bool]:
        """Return a page that is no list, and each page up to an empty one.

        Of a page that is its length and its first row. Beside them come
        the first rows of all, and whether something follows the empty page.
        """
        pages: list[tuple[int, Any]] = []
        rows: list[Any] = []
        made = self.stream(self.paginate, size)
        for page in made:
            found = rows_of(page)
            if found is None:
                return [page], pages, rows, False
            comes_again = bool(found) and [found[0]] == [
                first for _, first in pages[-1:]]
            pages.append((len(found), found[0] if found else None))
            if not found:
                return [], pages, rows, next(made, None) is not None
            rows += found[:most - len(rows)]
            if comes_again or len(pages) > MOST:
                break
        return [], pages, rows, False

    @looks
    def queries(self) -> list[str]:
        """Return the queries that were made for pages."""
        return [sql for sql in self.world.selects()
                if "count" not in sql.lower()][:MOST]

    def assertOneQuery(self, pages: int, size: int, how_many: str) -> None:
        """Check that no more queries were made than there are pages."""
        call, made = f"{self.name}({size})", len(self.queries())
        self.assertHolds(made <= pages, Failure(
            f"{call} makes {made} queries for {how_many} pages", call=call,
            expected="a query for each page", got=f"{made} queries"))


class LazyPaginate(PaginateCase):
    """lazy_paginate(page_size) yields page after page."""

    def test_yields_pages_of_the_size_asked_for(self) -> None:
        sizes = self.sizes(100)
        self.assertGot([100, 100], sizes[:2],
                       f"the lengths of the first pages of {self.name}(100)")
        self.advise_mysql()

    def test_keeps_the_last_page_that_is_not_full(self) -> None:
        sizes = self.sizes(100)
        self.assertGot([37], sizes[2:], "the lengths of the pages of "
                                        f"{self.name}(100) after 200 users")

    def test_stops_where_the_last_page_is_full(self) -> None:
        sizes = self.sizes(79)
        self.assertGot([79, 79, 79], sizes,
                       f"the lengths of the pages of {self.name}(79)")

    def test_yields_every_user_once(self) -> None:
        size = self.random.randint(20, 60)
        _, rows = self.pages(size, len(self.users) + 1)
        self.assertUsers(self.users, rows, f"{self.name}({size})")

    def test_fetches_nothing_before_a_page_is_asked_for(self) -> None:
        self.needs_records()
        self.stream(self.paginate, 40)
        self.assertFetched(0, f"{self.name}(40)", "before the first page")

    def test_fetches_a_page_only_when_it_is_asked_for(self) -> None:
        self.needs_records()
        pages = self.stream(self.paginate, 40)
        for number in (1, 2, 3):
            self.skip(pages)
            self.assertFetched(40 * number, f"{self.name}(40)",
                               f"when page {number} is asked for")

    def test_makes_one_query_for_each_page(self) -> None:
        self.needs_records()
        pages = self.stream(self.paginate, 40)
        self.skip(pages, 3)
        self.assertOneQuery(3, 40, "three")

    def test_closes_its_connections(self) -> None:
        self.needs_records()
        self.skip(self.stream(self.paginate, 40))
        self.advise_closing("paginate_users", "has its page")

    def test_holds_one_loop_at_most(self) -> None:
        self.assertLoops(1, "paginate_users", *NAMES)


class PageCase(TableCase):
    """A task about paginate_users."""

    file = "2-lazy_paginate.py"

    def page(self, size: int, offset: int) -> Any:
        """Return what paginate_users gives, its rows plain."""
        return self._result(None, self.task.paginate_users, (size, offset),
                            {}, then=listed)

    def assertSplit(self, first: int, others: int) -> None:
        """Check that two pages, one after the other, are the whole table."""
        call = (f"paginate_users({first}, 0) and "
                f"paginate_users({others}, {first})")
        start = self.page(first, 0)
        rest = self.page(others, first)
        for rows in start, rest:
            self.assertSeveral(rows, call, RETURN)
        self.assertUsers(self.users, [*start, *rest], call)


class PaginateUsers(PageCase):
    """paginate_users(page_size, offset) is the helper from the statement."""

    def test_fetches_one_page(self) -> None:
        rows = self.page(50, 100)
        self.assertSeveral(rows, "paginate_users(50, 100)", RETURN)
        self.assertGot(50, len(rows), "len(paginate_users(50, 100))")

    def test_starts_at_the_offset(self) -> None:
        self.assertSplit(30, 300)


class FreshPages(FreshCase, PaginateCase):
    """Pages of fresh users, of a fresh size."""

    def draw(self) -> None:
        """Draw a size, too, that leaves a last page which is not full."""
        super().draw()
        self.size = self.random.choice([
            size for size in range(20, 61) if len(self.users) % size])

    def test_yields_fresh_users_in_pages(self) -> None:
        sizes, rows = self.pages(self.size, len(self.users) + 1)
        full, rest = divmod(len(self.users), self.size)
        self.assertGot([self.size] * full + [rest], sizes,
                       f"the lengths of the pages of {self.name}({self.size})")
        self.assertUsers(self.users, rows, f"{self.name}({self.size})")

    def test_fetches_fresh_pages_when_they_are_asked_for(self) -> None:
        self.needs_records()
        call = f"{self.name}({self.size})"
        number = self.random.randint(2, 3)
        pages = self.stream(self.paginate, self.size)
        rows: list[Any] = []
        for page in range(number):
            self.assertFetched(page * self.size, call,
                               f"before page {page + 1} is asked for")
            rows += self.next_page(pages)
        self.assertFetched(number * self.size, call,
                           f"when page {number} is asked for")
        self.assertOneQuery(number, self.size, str(number))
        self.assertGot(number * self.size, len(rows),
                       f"the number of users on {number} pages of {call}")
        self.assertAmong(self.users, rows, call)

    @looks
    def next_page(self, pages: Any) -> list[Any]:
        """Return the rows of the next page."""
        return rows_of(next(pages, None)) or []


class FreshPage(FreshCase, PageCase):
    """The helper, on fresh users from a fresh offset."""

    def test_fetches_a_fresh_page(self) -> None:
        size, offset = (self.random.randint(20, 90) for _ in range(2))
        call = f"paginate_users({size}, {offset})"
        rows = self.page(size, offset)
        self.assertSeveral(rows, call, RETURN)
        self.assertGot(size, len(rows), f"len({call})")
        self.assertAmong(self.users, rows, call)
        self.assertSplit(size, 300)
