"""org is not what get_json returned"""


class GithubOrgClient:
    def org(self):
        get_json(self.ORG_URL.format(org=self._org_name))
        return {"login": "somebody"}
