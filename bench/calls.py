"""This file says which requests are measured, and writes them as bytes for the load and as calls for the count."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from admitone.wire.exchange import Request
from bench.worlds import World

CYCLE = 4096  # different requests before the first comes again
NOBODY: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Call:
    """One request, whole."""

    target: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    def raw(self, port: int | None = None) -> str:
        """The request as it goes over the line, one byte a character; browsers name the port."""
        host = f"127.0.0.1:{port}" if port else "127.0.0.1"
        headers = {"Host": host, "User-Agent": "bench", "Accept": "application/json", **self.headers}
        if self.body:
            headers["Content-Length"] = str(len(self.body))
        lines = [f"{self.method} {self.target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", self.body])

    def request(self) -> Request:
        """The request as the door gets it."""
        path, _, query = self.target.encode().partition(b"?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        address = headers.get("x-forwarded-for", "127.0.0.1")
        return Request(self.method, path, query, headers, self.body.encode(), address, secure=False)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a kind of request, and how it is answered when all is well.

    `spends` says that each request can be made once only; it is then given as many approved tokens as it may need.
    """

    name: str
    status: int
    calls: Callable[[World, list[str]], list[Call]]
    spends: bool = False


def _account(world: World, _: list[str]) -> list[Call]:
    return [Call(f"/3/account?api_key={world.api_key}&session_id={session}") for session in world.sessions]


def _states(world: World, _: list[str]) -> list[Call]:
    def one(number: int) -> Call:
        session = world.sessions[number % len(world.sessions)]
        film = world.films[number * 7 % len(world.films)]
        return Call(f"/3/movie/{film}/account_states?api_key={world.api_key}&session_id={session}")

    return [one(number) for number in range(CYCLE)]


def _rated(world: World, _: list[str]) -> list[Call]:
    return [
        Call(f"/3/account/{account}/rated/movies?api_key={world.api_key}&session_id={session}")
        for account, session in world.readers
    ]


def _token_new(world: World, _: list[str]) -> list[Call]:
    # New tokens are limited for each network: many callers behind one proxy, each seldom enough to be served.
    target = f"/3/authentication/token/new?api_key={world.api_key}"
    networks = (f"10.1.{number // 256}.{number % 256}" for number in range(CYCLE))
    return [Call(target, headers={"X-Forwarded-For": network}) for network in networks]


def _session_new(world: World, tokens: list[str]) -> list[Call]:
    target = f"/3/authentication/session/new?api_key={world.api_key}&request_token="
    return [Call(target + token) for token in tokens]


def _rate(world: World, _: list[str]) -> list[Call]:
    def one(number: int) -> Call:
        session = world.sessions[number % len(world.sessions)]
        film = world.films[number * 7 % len(world.films)]
        target = f"/3/movie/{film}/rating?api_key={world.api_key}&session_id={session}"
        return Call(target, "POST", {"Content-Type": "application/json"}, '{"value":8.5}')

    return [one(number) for number in range(CYCLE)]


R1 = Row("account (R1)", 200, _account)
R2 = Row("account_states (R2)", 200, _states)
R3 = Row("20 rated films (R3)", 200, _rated)
W1 = Row("token/new (W1)", 200, _token_new)
SESSION = Row("session/new", 200, _session_new, spends=True)
W2 = Row("rating (W2)", 201, _rate)
ROWS = (R1, R2, R3, W1, SESSION, W2)
