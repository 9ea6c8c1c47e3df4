"""the method is called again for every read"""


def memoize(fn):
    return property(fn)
