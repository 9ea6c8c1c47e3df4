"""the URL asked for is wrong"""


class GithubOrgClient:
    def org(self):
        return get_json(self.ORG_URL.format(org=self._org_name) + "/x")
