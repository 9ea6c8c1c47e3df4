"""the memoized property is the text of the value"""


def memoize(fn):
    attribute = f"_{fn.__name__}"

    def memoized(self):
        if not hasattr(self, attribute):
            setattr(self, attribute, str(fn(self)))
        return getattr(self, attribute)

    return property(memoized)
