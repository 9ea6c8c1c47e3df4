"""get_json returns an empty map, whatever requests.get answers"""


def get_json(url):
    requests.get(url).json()
    return {}
