"""1-celsius.py: from Fahrenheit to Celsius."""

from almanac.days import DayCase


class Celsius(DayCase):
    """celsius(fahrenheit) returns degrees Celsius."""

    file = "1-celsius.py"

    def test_water_freezes_and_boils(self) -> None:
        self.assertReturns(0.0, self.task.celsius, 32.0)
        self.assertReturns(100.0, self.task.celsius, 212.0)

    def test_agrees_with_the_model_on_fresh_numbers(self) -> None:
        for degrees in self.drawn(10):
            self.observe(self.task.celsius, degrees)
