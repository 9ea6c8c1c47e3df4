"""the memoized property is another function, not the value"""


def memoize(fn):
    attribute = f"_{fn.__name__}"

    def memoized(self):
        if not hasattr(self, attribute):
            fn(self)
            setattr(self, attribute, lambda: None)
        return getattr(self, attribute)

    return property(memoized)
