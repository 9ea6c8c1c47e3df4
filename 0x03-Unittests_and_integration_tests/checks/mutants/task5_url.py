"""the key url is read, not repos_url"""


class GithubOrgClient:
    def _public_repos_url(self):
        return self.org["url"]
