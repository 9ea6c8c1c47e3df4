"""the KeyError names a key that nobody asked for"""


def access_nested_map(nested_map, path):
    value = nested_map
    for key in path:
        if not isinstance(value, Mapping) or key not in value:
            raise KeyError("wrong")
        value = value[key]
    return value
