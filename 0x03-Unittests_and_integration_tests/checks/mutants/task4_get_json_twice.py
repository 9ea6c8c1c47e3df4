"""get_json is called twice"""


class GithubOrgClient:
    def org(self):
        get_json(self.ORG_URL.format(org=self._org_name))
        return get_json(self.ORG_URL.format(org=self._org_name))
