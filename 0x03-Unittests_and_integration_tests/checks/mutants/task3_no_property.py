"""memoize returns a method, not a property"""


def memoize(fn):
    attribute = f"_{fn.__name__}"

    def memoized(self):
        if not hasattr(self, attribute):
            setattr(self, attribute, fn(self))
        return getattr(self, attribute)

    return memoized
