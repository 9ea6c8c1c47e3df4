"""the list of names is always empty"""


class GithubOrgClient:
    def public_repos(self, license=None):
        self.repos_payload
        return []
