"""2-lazy_paginate.py: a page is fetched when it is asked for."""

from collections.abc import Callable
from typing import Any

from grader.kit import Failure
from grader.kit.users_table import TableCase

RETURN = "return a list of users"
NAMES = ("lazy_paginate", "lazy_pagination", "lazypaginate")


class LazyPaginate(TableCase):
    """lazy_paginate(page_size) yields page after page."""

    file = "2-lazy_paginate.py"

    def setUp(self) -> None:
        super().setUp()
        found = [name for name in NAMES if name in self.task]
        if not found:
            raise Failure(f"{self.file} defines no lazy_paginate",
                          cause="missing", expected="lazy_paginate")
        self.name = found[0]
        self.paginate: Callable[..., Any] = getattr(self.task, found[0])

    def pages(self, size: int) -> list[list[Any]]:
        """Read all pages; one that comes again means there is no end."""
        call = f"{self.name}({size})"
        pages: list[list[Any]] = []
        made = self.stream(self.paginate, size)
        for page in made:
            self.assertSeveral(page, call)
            if pages and page and page[0] == pages[-1][0]:
                raise Failure(f"{call} yields the same page again and again:"
                              " the offset does not move", call=call,
                              expected="another page each time",
                              got="the same page twice")
            if not page:
                self.advise("stop at an empty page instead of yielding it")
                if next(made, None) is not None:
                    raise Failure(f"{call} does not stop: it yields empty "
                                  "pages after the last user", call=call,
                                  expected="an end after the last user",
                                  got="one empty page after the other")
                break
            pages.append(list(page))
            if len(pages) > 300:
                raise Failure(f"{call} does not stop", call=call,
                              expected="an end after the last user",
                              got="more pages than there are users")
        return pages

    def test_yields_pages_of_the_size_asked_for(self) -> None:
        sizes = [len(page) for page in self.pages(100)]
        self.assertGot([100, 100], sizes[:2],
                       f"the lengths of the first pages of {self.name}(100)")
        self.advise_mysql()

    def test_keeps_the_last_page_that_is_not_full(self) -> None:
        sizes = [len(page) for page in self.pages(100)]
        self.assertGot([37], sizes[2:], "the lengths of the pages of "
                                        f"{self.name}(100) after 200 users")

    def test_stops_where_the_last_page_is_full(self) -> None:
        sizes = [len(page) for page in self.pages(79)]
        self.assertGot([79, 79, 79], sizes,
                       f"the lengths of the pages of {self.name}(79)")

    def test_yields_every_user_once(self) -> None:
        size = self.random.randint(20, 60)
        rows = [row for page in self.pages(size) for row in page]
        self.assertUsers(self.users or (), rows, f"{self.name}({size})")

    def test_fetches_nothing_before_a_page_is_asked_for(self) -> None:
        self.needs_records()
        self.stream(self.paginate, 40)
        self.assertFetched(0, f"{self.name}(40)", "before the first page")

    def test_fetches_a_page_only_when_it_is_asked_for(self) -> None:
        self.needs_records()
        pages = self.stream(self.paginate, 40)
        for number in (1, 2, 3):
            next(pages, None)
            self.assertFetched(40 * number, f"{self.name}(40)",
                               f"when page {number} is asked for")

    def test_makes_one_query_for_each_page(self) -> None:
        self.needs_records()
        pages = self.stream(self.paginate, 40)
        for _ in range(3):
            next(pages, None)
        paged = [sql for sql in self.world.selects()
                 if "count" not in sql.lower()]
        if len(paged) > 3:
            raise Failure(f"{self.name}(40) makes {len(paged)} queries for "
                          "three pages", call=f"{self.name}(40)",
                          expected="a query for each page",
                          got=f"{len(paged)} queries")

    def test_closes_its_connections(self) -> None:
        self.needs_records()
        next(self.stream(self.paginate, 40), None)
        self.advise_closing("paginate_users", "has its page")

    def test_holds_one_loop_at_most(self) -> None:
        self.assertLoops(1)


class PaginateUsers(TableCase):
    """paginate_users(page_size, offset) is the helper from the statement."""

    file = "2-lazy_paginate.py"

    def test_fetches_one_page(self) -> None:
        rows = self.call(self.task.paginate_users, 50, 100)
        self.assertSeveral(rows, "paginate_users(50, 100)", RETURN)
        self.assertGot(50, len(rows), "len(paginate_users(50, 100))")

    def test_starts_at_the_offset(self) -> None:
        call = "paginate_users(30, 0) and paginate_users(300, 30)"
        start = self.call(self.task.paginate_users, 30, 0)
        rest = self.call(self.task.paginate_users, 300, 30)
        for rows in start, rest:
            self.assertSeveral(rows, call, RETURN)
        self.assertUsers(self.users or (), [*start, *rest], call)
