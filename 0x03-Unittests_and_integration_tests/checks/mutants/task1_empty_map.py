"""a missing key gives an empty map, not a KeyError"""


def access_nested_map(nested_map, path):
    value = nested_map
    for key in path:
        if not isinstance(value, Mapping):
            raise KeyError(key)
        value = value.get(key, {})
    return value
