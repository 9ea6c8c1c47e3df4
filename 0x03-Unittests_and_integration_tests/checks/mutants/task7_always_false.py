"""has_license is always false"""


class GithubOrgClient:
    def has_license(repo, license_key):
        return False
