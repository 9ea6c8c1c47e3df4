"""station/warmest.py: the highest reading that is known."""

from almanac.days import DayCase


class Warmest(DayCase):
    """warmest(days) passes over the days without a reading."""

    file = "station/warmest.py"

    def test_returns_the_highest(self) -> None:
        self.assertReturns(3.5, self.task.warmest, [1.0, 3.5, -999.0])

    def test_returns_none_where_nothing_is_known(self) -> None:
        self.assertReturns(None, self.task.warmest, [])
        self.assertReturns(None, self.task.warmest, [-999.0])

    def test_agrees_with_the_model_on_fresh_numbers(self) -> None:
        for _ in range(5):
            self.observe(self.task.warmest, self.drawn(6))
