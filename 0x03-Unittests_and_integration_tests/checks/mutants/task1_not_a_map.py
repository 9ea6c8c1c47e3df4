"""a key looked up in a number gives the number, not a KeyError"""


def access_nested_map(nested_map, path):
    value = nested_map
    for key in path:
        if not isinstance(value, Mapping):
            return value
        value = value[key]
    return value
