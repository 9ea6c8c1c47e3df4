"""get_json is called twice"""


class GithubOrgClient:
    def repos_payload(self):
        url = self._public_repos_url
        get_json(url)
        return get_json(url)
