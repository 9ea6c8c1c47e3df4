"""the last repository is left out"""


class GithubOrgClient:
    def public_repos(self, license=None):
        return [
            repo["name"] for repo in self.repos_payload
            if license is None or self.has_license(repo, license)
        ][:-1]
