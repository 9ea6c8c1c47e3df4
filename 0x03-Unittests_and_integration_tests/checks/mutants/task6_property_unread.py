"""_public_repos_url is never read"""


class GithubOrgClient:
    def repos_payload(self):
        return get_json("https://api.github.com/orgs/somebody/repos")
