"""a misspelt key is looked up, which gives None"""


class GithubOrgClient:
    def _public_repos_url(self):
        return self.org.get("repo_url")
