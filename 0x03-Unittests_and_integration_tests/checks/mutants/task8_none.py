"""get_json returns None, whatever requests.get answers"""


def get_json(url):
    requests.get(url).json()
    return None
