"""Plays a sequence of calls on a house and on the reference, and says where they differ."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import delete

from admitone.flows.house import House
from admitone.flows.media import titles
from admitone.store.engine.statements import Statement, no_row
from admitone.store.engine.tx import Tx
from admitone.store.schema import metadata
from admitone.wire.door import Door
from admitone.wire.exchange import Request
from tests.sequences.reference import FILMS, GUEST, MADE, MediaList, Reference, Subject, Told
from tests.world import FILMS as WORLD_FILMS
from tests.world import World, title

KEPT = ("guest_ratings", "guest_sessions", "ratings", "marks", "list_items", "lists", "votes")
EMPTYING = [Statement(delete(metadata.tables[name]), no_row) for name in KEPT]
JSON = {"content-type": "application/json"}
PATHS = {
    "movie": "movie/{}",
    "tv": "tv/{}",
    "episode": "tv/{}/season/{}/episode/{}",
}
ROW = {"movies": ("id",), "tv": ("id",), "tv/episodes": ("show_id", "season_number", "episode_number")}
NOBODY = "nobody"

Step = tuple[Any, ...]


class Player:
    """One house, two people with a session each, and a guest for every sequence."""

    def __init__(self, world: World, sessions: dict[str, str]) -> None:
        self._world = world
        self._door = Door(world.house, "https://admit.example")
        self._sessions = sessions

    @classmethod
    async def ready(cls, world: World) -> "Player":
        more = [title("movie", number, f"Film {number}") for number in FILMS if number not in WORLD_FILMS]
        await world.house.write(titles.load, more)
        people = {"mira": world.mira, "tomas": world.tomas}
        return cls(world, {name: await world.session(world.cineshelf, each) for name, each in people.items()})

    async def complaints(self, steps: list[Step]) -> list[str]:
        """What was answered otherwise than the reference says."""
        await self._world.house.write(_empty)
        self._world.clock.advance(1000)  # a network makes one guest a second
        self._numbers: list[int] = []
        self._guest = (await self._call("GET", "authentication/guest_session/new", NOBODY))[1]["guest_session_id"]
        reference, found = Reference(), []
        for number, (name, *values) in enumerate(_with_last_looks(steps, reference), 1):
            was, should = await getattr(self, f"_{name}")(reference, *values)
            if was != should:
                found.append(f"step {number} {name} {values}: {was}, not {should}")
        return found

    async def _call(self, method: str, path: str, who: str, body: Any = None, **query: Any) -> tuple[int, Any]:
        mine = {GUEST: {"guest_session_id": getattr(self, "_guest", "")}, NOBODY: {}}
        whose = mine[who] if who in mine else {"session_id": self._sessions[who]}
        pairs = urlencode({"api_key": self._world.cineshelf.key, **whose, **query}).encode()
        content = b"" if body is None else json.dumps(body).encode()
        request = Request(method, f"/3/{path}".encode(), pairs, JSON, content, "203.0.113.7", secure=True)
        answer = (await self._door.serve(request, "sequence")).answer
        return answer.status, json.loads(answer.body)

    async def _told(self, method: str, path: str, who: str, body: Any = None, **query: Any) -> Told:
        status, answer = await self._call(method, path, who, body, **query)
        assert answer["success"] is (answer["status_code"] in {1, 12, 13})
        return status, answer["status_code"]

    async def _wait(self, reference: Reference, ms: int) -> tuple[Told, Told]:
        self._world.clock.advance(ms)
        reference.wait(ms)
        return (0, 0), (0, 0)

    async def _rate(self, reference: Reference, who: str, subject: Subject, value: Any) -> tuple[Told, Told]:
        body = {} if value is None else {"value": value}
        was = await self._told("POST", f"{_path(subject)}/rating", who, body)
        return was, reference.rate(who, subject, value)

    async def _unrate(self, reference: Reference, who: str, subject: Subject) -> tuple[Told, Told]:
        return await self._told("DELETE", f"{_path(subject)}/rating", who), reference.unrate(who, subject)

    async def _rate_many(self, reference: Reference, who: str, number: int) -> tuple[Any, Any]:
        both = [await self._rate(reference, who, ("movie", film), 7.5) for film in FILMS[:number]]
        return tuple(zip(*both, strict=True))  # type: ignore[return-value]

    async def _mark_many(self, reference: Reference, who: str, number: int) -> tuple[Any, Any]:
        both = [await self._mark(reference, who, "favorite", "movie", film, True) for film in FILMS[:number]]
        return tuple(zip(*both, strict=True))  # type: ignore[return-value]

    async def _states(self, reference: Reference, who: str, subject: Subject) -> tuple[Told, Told]:
        status, answer = await self._call("GET", f"{_path(subject)}/account_states", who)
        was = (status, {name: answer[name] for name in ("rated", "favorite", "watchlist")}) if status == 200 else None
        return was or (status, answer["status_code"]), reference.states(who, subject)

    async def _mark(
        self, reference: Reference, who: str, mark: str, kind: str, number: int, kept: bool | None
    ) -> tuple[Told, Told]:
        body = {"media_type": kind, "media_id": number} | ({} if kept is None else {mark: kept})
        was = await self._told("POST", f"account/0/{mark}", who, body)
        return was, reference.mark(who, mark, kind, number, kept)

    async def _shelf(self, reference: Reference, who: str, what: str, page: int, newest: bool) -> tuple[Told, Told]:
        guest = who == GUEST and what.startswith("rated")
        path = f"guest_session/{self._guest}/{what}" if guest else f"account/0/{what}"
        order = "created_at.desc" if newest else "created_at.asc"
        status, answer = await self._call("GET", path, NOBODY if guest else who, page=page, sort_by=order)
        names = (*ROW[what.split("/", 1)[1]], *(("rating",) if what.startswith("rated") else ()))
        return _shown(status, answer, names), reference.shelf(who, what, page, newest)

    async def _make_list(self, reference: Reference, who: str, public: bool) -> tuple[Told, Told]:
        status, answer = await self._call("POST", "list", who, {"name": "To See", "public": public})
        if who == GUEST:
            return (status, answer["status_code"]), (401, 3)
        self._numbers.append(answer["list_id"])
        reference.lists[answer["list_id"]] = MediaList(who, public)
        return (status, answer["status_code"]), MADE

    async def _change_list(
        self, reference: Reference, who: str, which: int, change: str, film: int | None
    ) -> tuple[Told, Told]:
        number = self._number(which)
        should = reference.change_list(who, number, change, film)
        if change == "delete":
            return await self._told("DELETE", f"list/{number}", who), should
        body: dict[str, Any] = {} if film is None else {"media_id": film}
        confirm = {"confirm": "true"} if change == "clear" and film is not None else {}
        return await self._told("POST", f"list/{number}/{change}", who, body, **confirm), should

    async def _lists_of(self, reference: Reference, who: str, page: int) -> tuple[Told, Told]:
        status, answer = await self._call("GET", "account/0/lists", who, page=page)
        return _shown(status, answer, ("id", "item_count")), reference.lists_of(who, page)

    async def _lists_with(self, reference: Reference, film: int) -> tuple[Told, Told]:
        status, answer = await self._call("GET", f"movie/{film}/lists", NOBODY)
        return _shown(status, answer, ("id",)), reference.lists_with(film)

    async def _list_films(self, reference: Reference, who: str, which: int, page: int) -> tuple[Told, Told]:
        number = self._number(which)
        status, answer = await self._call("GET", f"list/{number}", who, page=page)
        shown = _shown(status, answer | {"results": answer.get("items")}, ("id",))
        return shown, reference.list_films(who, number, page)

    async def _on_list(self, reference: Reference, who: str, which: int, film: int) -> tuple[Told, Told]:
        number = self._number(which)
        status, answer = await self._call("GET", f"list/{number}/item_status", who, movie_id=film)
        return (status, answer.get("status_code", answer.get("item_present"))), reference.on_list(who, number, film)

    def _number(self, which: int) -> int:
        """The number of a list of this sequence; one that never was where there are not so many."""
        return self._numbers[which] if which < len(self._numbers) else 999_999


def _with_last_looks(steps: list[Step], reference: Reference) -> Iterator[Step]:
    """The steps, and then a look at everything that they left."""
    yield from steps
    for who, mine in list(reference.rated.items()):
        for kind in {subject[0] for subject in mine}:
            what = {"movie": "rated/movies", "tv": "rated/tv", "episode": "rated/tv/episodes"}[kind]
            yield "shelf", who, what, 1, False
    for (who, mark, kind), kept in list(reference.marked.items()):
        if kept:
            yield "shelf", who, f"{mark}/{'movies' if kind == 'movie' else 'tv'}", 1, True
    for which, held in enumerate(reference.lists.values()):
        yield "list_films", held.owner, which, 1


async def _empty(_house: House, tx: Tx) -> None:
    for statement in EMPTYING:
        await tx.run(statement)


def _path(subject: Subject) -> str:
    return PATHS[subject[0]].format(*subject[1:])


def _shown(status: int, answer: Any, names: tuple[str, ...]) -> Told:
    if status != 200:
        return status, answer["status_code"]
    rows = [tuple(row[name] for name in names) for row in answer["results"]]
    return status, {name: answer[name] for name in ("page", "total_pages", "total_results")} | {"results": rows}
