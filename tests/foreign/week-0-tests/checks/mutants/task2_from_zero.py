"""wettest counts from 0"""


def wettest(days):
    best = 0
    for number, day in enumerate(days):
        if day > days[best]:
            best = number
    return best
