"""access_nested_map looks only the last key up"""


def access_nested_map(nested_map, path):
    return nested_map.get(path[-1])
