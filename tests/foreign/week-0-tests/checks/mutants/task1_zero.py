"""total is always 0"""


def total(days):
    return 0.0
