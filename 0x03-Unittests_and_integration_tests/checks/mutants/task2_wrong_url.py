"""the URL asked for is wrong"""


def get_json(url):
    return requests.get(url + "/x").json()
