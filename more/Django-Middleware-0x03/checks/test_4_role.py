"""Task 4: only admins and moderators get in."""

from alx_web.case import MiddlewareCase
from alx_web.exchange import VISITOR, Answer, Asked, Person
from grader.kit.transcript import looks

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_LET_IN, _KEPT_OUT = ("admin", "moderator"), ("guest", "host")


class Role(MiddlewareCase):
    """RolepermissionMiddleware goes by request.user.role."""

    names = ("RolepermissionMiddleware", "RolePermissionMiddleware")

    def setUp(self) -> None:
        super().setUp()
        self.method, self.path = self.place()

    def place(self) -> tuple[str, str]:
        """Return where to judge: at a fresh path, if it is guarded.

        A variant is a class that goes by other paths or methods.
        """
        method, path = self.guarded()
        self.is_stated = (method, path) == ("GET", self.path)
        if not self.is_stated:
            where = "" if path == self.path else f" of {path}"
            self.advise_of_all("guard every request", "guarded",
                               f"{method}{where}")
        return method, path

    @looks
    def guarded(self) -> tuple[str, str]:
        """Return the method and path to judge by: a fresh path at first.

        If a guest gets in there, it is one where a guest does not and a
        moderator does, or else one where a guest does not.
        """
        others = self.other_paths()
        tried = [("GET", self.path), *(
            (method, path) for path in (self.path, *others) if others
            for method in _METHODS)]
        closed = [each for each in tried if not self.is_open(*each, "guest")]
        if not closed or closed[0] == tried[0]:
            return tried[0]
        return next((each for each in closed
                     if self.is_open(*each, "moderator")), closed[0])

    def is_open(self, method: str, path: str, role: str) -> bool:
        """Return whether a person with a role gets the view's answer."""
        person = self.user._replace(role=role)
        return self.lets_in(Asked(method, path, person))

    def ask_as(self, role: str) -> tuple[Asked, Answer]:
        """Send a request as a person with a role, "" for a visitor."""
        person = Person(self.word(), role) if role else VISITOR
        asked = Asked(self.method, self.path, person)
        return asked, self.send(asked)

    # Checks

    def test_an_admin_passes(self) -> None:
        asked, answer = self.ask_as("admin")
        self.assertAnswered(answer, asked)

    def test_a_moderator_passes(self) -> None:
        asked, answer = self.ask_as("moderator")
        self.assertAnswered(answer, asked)

    def test_a_guest_is_refused(self) -> None:
        asked, answer = self.ask_as("guest")
        self.assertRefused(answer, asked)

    def test_a_host_is_refused(self) -> None:
        asked, answer = self.ask_as("host")
        self.assertRefused(answer, asked)

    def test_a_visitor_is_refused(self) -> None:
        asked, answer = self.ask_as("")
        self.assertRefused(answer, asked, (403, 401))

    def test_a_refused_request_never_reaches_the_view(self) -> None:
        for role in (*_KEPT_OUT, ""):
            asked, answer = self.ask_as(role)
            self.assertUnseen(answer, asked)

    def test_holds_for_every_request(self) -> None:
        for method in _METHODS:
            asked = Asked(method, f"/{self.word()}/", self.user)
            answer = self.send(asked)
            if self.is_stated:
                self.assertRefused(answer, asked)

    def test_any_other_role_is_refused(self) -> None:
        for role in (self.word(), self.word().title()):
            asked, answer = self.ask_as(role)
            self.assertRefused(answer, asked)

    def test_lets_fresh_people_in_by_their_role(self) -> None:
        roles = [*_LET_IN, *_KEPT_OUT] * 2
        self.random.shuffle(roles)
        for role in roles:
            asked, answer = self.ask_as(role)
            if role in _LET_IN:
                self.assertAnswered(answer, asked)
            else:
                self.assertRefused(answer, asked)
