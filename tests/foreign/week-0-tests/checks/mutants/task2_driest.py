"""wettest returns the driest day"""


def wettest(days):
    best = 0
    for number, day in enumerate(days):
        if day < days[best]:
            best = number
    return best + 1
