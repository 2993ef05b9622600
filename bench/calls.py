"""This file says which requests are measured, and how each is answered when all is well."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.loads.call import Call
from bench.worlds import World

CYCLE = 4096  # different requests before the first comes again


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
