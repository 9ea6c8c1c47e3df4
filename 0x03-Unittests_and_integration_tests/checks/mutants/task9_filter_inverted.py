"""the repositories without the license are listed"""

CAUGHT_BY = "TestIntegrationGithubOrgClient.test_public_repos_with_license"


class GithubOrgClient:
    def public_repos(self, license=None):
        return [
            repo["name"] for repo in self.repos_payload
            if license is None or not self.has_license(repo, license)
        ]
