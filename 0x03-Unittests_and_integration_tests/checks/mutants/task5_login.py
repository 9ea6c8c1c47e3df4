"""the key login is read, not repos_url"""


class GithubOrgClient:
    def _public_repos_url(self):
        return self.org["login"]
