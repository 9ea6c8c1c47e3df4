"""the list of names is always empty"""

CAUGHT_BY = "TestIntegrationGithubOrgClient.test_public_repos"


class GithubOrgClient:
    def public_repos(self, license=None):
        self.repos_payload
        return []
