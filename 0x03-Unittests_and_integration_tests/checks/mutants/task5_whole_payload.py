"""the whole payload comes back, not its URL"""


class GithubOrgClient:
    def _public_repos_url(self):
        return self.org
