"""the names are in capitals"""


class GithubOrgClient:
    def public_repos(self, license=None):
        return [
            repo["name"].upper() for repo in self.repos_payload
            if license is None or self.has_license(repo, license)
        ]
