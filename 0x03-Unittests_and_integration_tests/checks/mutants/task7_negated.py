"""has_license says the opposite"""


class GithubOrgClient:
    def has_license(repo, license_key):
        try:
            return access_nested_map(repo, ("license", "key")) != license_key
        except KeyError:
            return True
