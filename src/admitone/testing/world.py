"""This file is a world of a sandbox as a test sees it: its people, apps, clock, faults and log."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from admitone.testing.clock import Clock
from admitone.testing.control import Control
from admitone.testing.faults import Faults
from admitone.testing.log import Log

if TYPE_CHECKING:
    import requests

    from admitone.testing.redirecting_httpx import Redirected


@dataclass(frozen=True)
class App:
    """A program that people allow to act for them, with its credentials; `app` is its public id."""

    name: str
    app: str
    owner: str
    api_key: str = field(repr=False)
    read_token: str = field(repr=False)


@dataclass(frozen=True)
class Person:
    """Somebody in a world."""

    world: "World" = field(repr=False)
    username: str
    name: str
    id: int
    object_id: str
    password: str = field(repr=False)

    def approves(self, request_token: str, *, redirect_to: str | None = None) -> str:
        """Approve a request, as by a click on its page; where the browser goes then."""
        return self._decides(request_token, "approve", redirect_to)

    def denies(self, request_token: str, *, redirect_to: str | None = None) -> str:
        """Deny a request, as by a click on its page; where the browser goes then."""
        return self._decides(request_token, "deny", redirect_to)

    def session(self, app: str = "") -> str:
        """A session of theirs, without a page or a request token; of the first app unless one is named."""
        place = f"{self.world.place}/people/{quote(self.username, safe='')}/sessions"
        return str(self.world.control.call("POST", place, {"app": app})["session_id"])

    def does(self, what: str, *, after: float | str = 0, app: str = "", times: int | None = None) -> None:
        """Let them see to every new request by themselves from now on; `after` is on the world's clock.

        `what` is approve, deny, ignore, wrong-password-twice-then-approve, approve-late, approve-twice, close-the-page.
        """
        act = {"does": what, "username": self.username, "after": after, "app": app}
        self.world.script(act if times is None else {**act, "times": times})

    def _decides(self, request_token: str, decision: str, redirect_to: str | None) -> str:
        click = {"request_token": request_token, "username": self.username, "decision": decision}
        if redirect_to is not None:
            click["redirect_to"] = redirect_to
        return str(self.world.control.call("POST", f"{self.world.place}/approvals", click)["location"])


class World:
    """One world: what is in it nobody else sees. Its `api_key` and `read_token` are those of its first app."""

    def __init__(self, control: Control, made: dict[str, Any]) -> None:
        """`made` is what the control plane answered when it was made or shown."""
        self.control = control
        self.name: str = made["world"]
        self.place = f"/worlds/{self.name}"
        self.base_url: str = made["base_url"]
        self.site_url: str = made["site_url"]
        self.api_key: str = made["api_key"]
        self.read_token: str = made["read_token"]
        self.clock = Clock(control, self.place)
        self.faults = Faults(control, self.place)
        self.log = Log(control, self.place)

    def __repr__(self) -> str:
        """Its name, never its credentials: pytest shows it where a test failed."""
        return f"<World {self.name} at {self.base_url}>"

    @property
    def people(self) -> list[Person]:
        """Everybody in it."""
        return [self._person(each) for each in self.control.call("GET", f"{self.place}/people")["people"]]

    @property
    def apps(self) -> list[App]:
        """Every app in it."""
        return [_app(each) for each in self.control.call("GET", f"{self.place}/apps")["apps"]]

    def person(self, username: str = "") -> Person:
        """Somebody by user name, made when there is nobody of that name; the first person without one."""
        found = [each for each in self.people if not username or each.username == username]
        return found[0] if found else self.add_person(username)

    def add_person(self, username: str, **seed: Any) -> Person:
        """Add a person: `password`, `name`, `ratings`, `favorites`, `watchlist`, `lists` as in a seed."""
        return self._person(self.control.call("POST", f"{self.place}/people", {"username": username, **seed}))

    def app(self, name: str = "") -> App:
        """An app by name, made when there is none of that name; the first one without a name."""
        found = [each for each in self.apps if not name or each.name == name]
        return found[0] if found else self.add_app(name)

    def add_app(self, name: str, **seed: Any) -> App:
        """Register an app: `owner`, `website`, `kind`, `redirects` as in a seed."""
        return _app(self.control.call("POST", f"{self.place}/apps", {"name": name, **seed}))

    def add_titles(self, *titles: dict[str, Any]) -> None:
        """Put films and series into its catalogue: `media_type`, `id`, `title` and more as in a seed."""
        self.control.call("POST", f"{self.place}/titles", {"titles": titles})

    def script(self, *acts: dict[str, Any] | str) -> None:
        """Say what people do with every new request from now on, as `{"does": "approve"}` or just "approve"."""
        script = [{"does": act} if isinstance(act, str) else act for act in acts]
        self.control.call("PUT", f"{self.place}/script", {"script": script})

    def link(self, request_token: str, redirect_to: str = "") -> str:
        """The address of the page on which a person decides, for tests with a browser."""
        query = f"?{urlencode({'redirect_to': redirect_to})}" if redirect_to else ""
        return f"{self.site_url}/authenticate/{request_token}{query}"

    @property
    def tokens(self) -> dict[str, list[dict[str, Any]]]:
        """Its request tokens and sessions with their state and age, never themselves."""
        told: dict[str, list[dict[str, Any]]] = self.control.call("GET", f"{self.place}/tokens")
        return told

    @property
    def mail(self) -> Sequence[dict[str, Any]]:
        """What it sent, newest first."""
        return list(self.control.call("GET", f"{self.place}/mail")["mail"])

    def snapshot(self) -> str:
        """All of it as one text: credentials, ids and time included. Keep it as a secret if they are one."""
        return self.control.text("GET", f"{self.place}/snapshot")

    def restore(self, snapshot: str) -> None:
        """Bring it back to what it was at a snapshot of it."""
        self.control.text("PUT", f"{self.place}/snapshot", snapshot)

    def reset(self) -> None:
        """Bring it back to its seed: the same credentials, the same ids to come."""
        self.control.call("POST", f"{self.place}/reset")

    def delete(self) -> None:
        """End it."""
        self.control.call("DELETE", self.place)

    def redirect(self, session: "requests.Session | None" = None) -> "requests.Session":
        """A session of requests, yours or a new one, that reaches this server where it means TMDB's."""
        from admitone.testing.redirecting_requests import redirected

        return redirected(self.base_url, session)

    def transport(self) -> "Redirected":
        """A transport for httpx, sync or async, that does the same: `httpx.Client(transport=admitone.transport())`."""
        from admitone.testing.redirecting_httpx import Redirected

        return Redirected(self.base_url)

    def _person(self, told: dict[str, Any]) -> Person:
        names = ("username", "name", "id", "object_id", "password")
        return Person(self, **{name: told[name] for name in names})


def _app(told: dict[str, Any]) -> App:
    return App(**{name: told[name] for name in ("name", "app", "owner", "api_key", "read_token")})
