"""requests.get is called twice"""


def get_json(url):
    requests.get(url)
    return requests.get(url).json()
