"""_public_repos_url is read twice"""


class GithubOrgClient:
    def repos_payload(self):
        self._public_repos_url
        return get_json(self._public_repos_url)
