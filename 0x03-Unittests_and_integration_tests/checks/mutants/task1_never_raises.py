"""access_nested_map never raises"""


def access_nested_map(nested_map, path):
    value = nested_map
    for key in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value
