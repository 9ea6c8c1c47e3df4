"""the names are in capitals"""

CAUGHT_BY = "TestIntegrationGithubOrgClient.test_public_repos"


class GithubOrgClient:
    def public_repos(self, license=None):
        return [
            repo["name"].upper() for repo in self.repos_payload
            if license is None or self.has_license(repo, license)
        ]
