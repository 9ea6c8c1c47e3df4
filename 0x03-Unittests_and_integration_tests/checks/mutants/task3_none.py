"""the memoized property is None"""


def memoize(fn):
    attribute = f"_{fn.__name__}"

    def memoized(self):
        if not hasattr(self, attribute):
            setattr(self, attribute, fn(self))
        return None

    return property(memoized)
