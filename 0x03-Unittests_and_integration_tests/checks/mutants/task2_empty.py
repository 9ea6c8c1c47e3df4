"""get_json returns an empty map, not what was fetched"""


def get_json(url):
    requests.get(url).json()
    return {}
