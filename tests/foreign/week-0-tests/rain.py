"""What fell in a week, in millimetres a day."""


def total(days: list[float]) -> float:
    """Return what fell on all days together."""
    amount = 0.0
    for day in days:
        amount += day
    return amount


def wettest(days: list[float]) -> int:
    """Return the number of the wettest day, counted from 1."""
    best = 0
    for number, day in enumerate(days):
        if day > days[best]:
            best = number
    return best + 1
