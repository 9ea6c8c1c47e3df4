"""the KeyError always names the first key of the path"""


def access_nested_map(nested_map, path):
    value = nested_map
    for key in path:
        if not isinstance(value, Mapping) or key not in value:
            raise KeyError(path[0])
        value = value[key]
    return value
