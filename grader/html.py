"""report.html."""

from collections.abc import Iterator


def page(tasks: object, records: object) -> Iterator[str]:
    """Yield the page."""
    yield ""
