"""This file says which calls the curve is of, and makes them as the door gets them, from whoever is to call."""

import json
import random
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, NamedTuple

from admitone.flows import consents
from admitone.flows.house import House
from admitone.model.request_tokens import Decision
from admitone.wire.door import Door
from admitone.wire.exchange import Request
from bench.growth.draw import Draw, Sample

NOBODY: dict[str, str] = {}
ACTIVE = 1_000  # people who call again and again: as many in a database of any size


class Caller:
    """People who call a grown house through its door, in this process: some, or anybody at all."""

    def __init__(self, house: House, draw: Draw, people: Sequence[int] = ()) -> None:
        self.people = people
        self._house = house
        self._door = Door(house, "http://127.0.0.1")
        self._chance = random.Random()  # another run must not rate the same films again
        self._draw = draw
        self._titles = draw.size.titles
        self._networks = 0

    @property
    def name(self) -> str:
        """Who calls, in words."""
        return f"the same {len(self.people):,}" if self.people else "anybody"

    async def meet(self, person: int) -> None:
        """Have one person call in every way, so that what is kept of somebody who calls again is there."""
        only = Caller(self._house, self._draw, (person,))
        for call in (only.account, only.states, only.rated, only.token, only.rate):
            await call()

    async def account(self) -> None:
        """R1: who am I."""
        await self._get("/3/account", self._somebody())

    async def states(self) -> None:
        """R2: what did I do with this film."""
        await self._get(f"/3/movie/{self._film()}/account_states", self._somebody())

    async def rated(self) -> None:
        """R3: the first page of what I rated, the latest first."""
        await self._page(self._somebody(), 1)

    async def rated_of_much(self) -> None:
        """R3 of the person who rated most of all, any page."""
        await self._page(self._draw.sample(1), self._chance.randrange(1, 500))

    async def token(self) -> None:
        """W1: a new request token."""
        await self._new_token(self._somebody())

    async def rate(self) -> None:
        """W2: rate a film that few know: a new row, whatever the size, as people rate it for the first time."""
        body = json.dumps({"value": self._chance.randrange(1, 21) / 2}).encode()
        await self._call("POST", f"/3/movie/{self._unknown_film()}/rating", self._somebody(), body=body)

    async def session(self) -> None:
        """W3: a new token, approved by its person, and its session."""
        somebody = self._somebody()
        token = await self._new_token(somebody)
        await self._house.write(consents.decide, token, somebody.account_id, Decision.APPROVE)
        await self._call("GET", "/3/authentication/session/new", somebody, f"&request_token={token}")

    def _somebody(self) -> Sample:
        if self.people:
            return self._draw.sample(self._chance.choice(self.people))
        return self._draw.sample(self._chance.randrange(2, self._draw.size.people + 1))

    def _film(self) -> int:
        return _film_at(int(self._titles ** self._chance.random()) - 1)  # by fame

    def _unknown_film(self) -> int:
        return _film_at(self._chance.randrange(self._titles * 5 // 6, self._titles))

    async def _page(self, who: Sample, page: int) -> None:
        path = f"/3/account/{who.account_id}/rated/movies"
        await self._get(path, who, f"&sort_by=created_at.desc&page={page}")

    async def _get(self, path: str, who: Sample, query: str = "") -> None:
        await self._call("GET", path, who, f"&session_id={who.session}{query}")

    async def _new_token(self, who: Sample) -> str:
        answer = await self._call("GET", "/3/authentication/token/new", who)
        token: str = answer["request_token"]
        return token

    async def _call(self, method: str, path: str, who: Sample, query: str = "", body: bytes = b"") -> Any:
        query = f"api_key={who.api_key}{query or f'&session_id={who.session}'}"
        headers = {"content-type": "application/json"} if body else NOBODY
        self._networks += 1  # new tokens are limited by network
        address = f"10.{self._networks >> 16 & 255}.{self._networks >> 8 & 255}.{self._networks & 255}"
        request = Request(method, path.encode(), query.encode(), headers, body, address, secure=False)
        answer = (await self._door.serve(request, "growth")).answer
        if answer.status not in {200, 201}:
            raise ValueError(f"{method} {path}: {answer.status} {answer.body!r}")
        return json.loads(answer.body)


def _film_at(rank: int) -> int:
    return (rank if rank % 5 != 4 else rank - 1) + 1


def active(draw: Draw) -> Sequence[int]:
    """The people who call again and again: everywhere in the database, not side by side."""
    people = range(2, draw.size.people + 1)
    return people[:: max(1, len(people) // ACTIVE)][:ACTIVE]


class Row(NamedTuple):
    """A kind of call; `held` says that what it costs must not grow with size."""

    name: str
    call: Callable[[Caller], Coroutine[Any, Any, None]]
    held: bool = True


ROWS = (
    Row("R1 account", Caller.account),
    Row("R2 account_states", Caller.states),
    Row("R3 page of rated films", Caller.rated, held=False),
    Row("R3 of who rated most", Caller.rated_of_much, held=False),
    Row("W1 token/new", Caller.token),
    Row("W2 rating", Caller.rate),
    Row("W3 token, approval, session", Caller.session),
)
