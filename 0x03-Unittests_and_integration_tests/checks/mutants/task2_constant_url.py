"""the URL asked for is always the same"""


def get_json(url):
    return requests.get("http://example.com").json()
