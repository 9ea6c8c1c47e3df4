"""access_nested_map follows only the first key"""


def access_nested_map(nested_map, path):
    return nested_map[path[0]]
