"""Makes the call that the document gives as an example of each operation, and writes down what came back.

`python -m tests.wire.openapi.examples` (part of `make docs`) writes it to where the document takes its examples from.
"""

import asyncio
import json
import re
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from admitone.basics import catalogue
from admitone.basics.clock import ManualClock
from admitone.flows.house import House
from admitone.flows.media import titles
from admitone.store.engine import migrate
from admitone.wire import openapi
from admitone.wire.call import Who
from admitone.wire.v4.routes import EXAMPLE_TOKEN
from tests.wire.openapi.contract import DOCUMENT
from tests.wire.program import Answered, Program
from tests.world import START, World, open_house, populate

KEPT = Path(openapi.__file__).parent / "examples.json"
JSON = "application/json"
MOST = 2  # rows of a list are enough to see what they look like
ORDER = ("GET", "POST", "PUT", "DELETE")  # what is deleted is seen before
SECRET = re.compile(r"[0-9a-f]{24,40}")
TOKEN = re.compile(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]{43}")
DIGITS = "0123456789abcdef0123456789abcdef01234567"
# Whoever reads and does not find these made first would see nothing.
FIRST = (
    ("POST", "/3/list", {"name": "Nights In", "description": "For when it rains."}),
    *(("POST", "/3/list", {"name": f"Nights Out {number}"}) for number in range(2, 5)),
    ("POST", "/3/list/1/add_item", {"media_id": 550}),
    ("POST", "/3/list/1/add_item", {"media_id": 597}),
    *(
        ("POST", f"/3/account/0/{mark}", {"media_type": media_type, "media_id": media_id, mark: True})
        for mark in ("favorite", "watchlist")
        for media_type, media_id in (("movie", 550), ("tv", 1396))
    ),
)
# Whatever deletes a list needs one of its own; what clears one comes after everything that adds to it.
DELETED = {"list-delete": "2", "list-delete-v4": "3", "list-delete-delete-v4": "4"}
RATED = ("/3/movie/550/rating", "/3/tv/1396/rating", "/3/tv/1396/season/1/episode/1/rating")

Examples = dict[str, dict[str, Any]]


class Player:
    """Plays the examples in one world, everything that reads before everything that writes."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._program = Program(world)
        self._session = ""
        self._guest = ""
        self._access_token = ""

    async def played(self) -> Examples:
        """What each operation's example was answered, by the operation's name; secrets made the same, lists short."""
        await self._prepare()
        found: Examples = {}
        operations = [
            (method.upper(), path, operation)
            for path, methods in DOCUMENT["paths"].items()
            for method, operation in methods.items()
        ]
        for method, path, operation in sorted(
            operations, key=lambda each: ORDER.index(each[0]) + len(ORDER) * each[1].endswith("/clear")
        ):
            answered = await self._play(method, path, operation)
            assert answered.status in {200, 201}, (operation["operationId"], answered)
            found[operation["operationId"]] = {"status": answered.status, "answer": plain(answered.json())}
        return {name: found[name] for _, _, each in operations for name in [each["operationId"]]}

    async def _prepare(self) -> None:
        self._session = await self._world.session(self._world.cineshelf, self._world.mira)
        self._access_token = await self._world.access_token(self._world.cineshelf, self._world.mira)
        guest = await self._program.raw("GET", f"/3/authentication/guest_session/new?api_key={self._program.app.key}")
        self._guest = guest.json()["guest_session_id"]
        mine = {"session_id": self._session}
        rated = [
            ("POST", path, {"value": 8.5}, who) for path in RATED for who in (mine, {"guest_session_id": self._guest})
        ]
        for method, path, body, who in [*((*each, mine) for each in FIRST), *rated]:
            answered = await self._call(method, path, who, body)
            assert answered.status == 201, answered

    async def _play(self, method: str, path: str, operation: Any) -> Answered:
        secrets = await self._secrets(operation["operationId"])
        sessions = operation["x-who"] in {Who.RATER, Who.ACCOUNT}
        query: dict[str, Any] = {"session_id": self._session} if sessions else {}
        for each in operation["parameters"]:
            value = secrets.get(each["name"], each.get("example"))
            if each["in"] == "path":
                path = path.replace(f"{{{each['name']}}}", str(value))
            elif "example" in each and "default" not in each["schema"]:
                query[each["name"]] = json.dumps(value) if isinstance(value, bool) else value
        body = operation.get("requestBody", {}).get("content", {}).get(JSON, {}).get("example")
        sent = {name: secrets.get(name, value) for name, value in (body or {}).items()}
        return await self._call(method, path, query, sent, self._token_for(operation["x-who"]))

    def _token_for(self, who: str) -> str:
        """The bearer token with which an operation is asked; empty where it is asked with a key."""
        if who in {Who.READ_TOKEN, Who.ANY_TOKEN}:
            return self._world.cineshelf.credentials.read_token
        return self._access_token if who in {Who.PERSON_TOKEN, Who.WRITE_TOKEN} else ""

    async def _secrets(self, operation: str) -> dict[str, str]:
        """What an example cannot say, because it is good only once and only here."""
        app, person = self._world.cineshelf, self._world.mira
        if operation.startswith("authentication-create-session-from-login"):
            return {"request_token": await self._world.token(app)}
        if operation in {"authentication-create-session", "authentication-create-session-get"}:
            return {"request_token": await self._world.approved(app, person)}
        if operation in {"authentication-create-session-from-v4-token", "auth-logout"}:
            return {"access_token": await self._world.access_token(app, person)}
        if operation == "auth-create-access-token":
            return {"request_token": await self._world.approved_access(app, person)}
        if operation == "authentication-delete-session":
            return {"session_id": await self._world.session(app, person)}
        if operation in DELETED:
            return {"list_id": DELETED[operation]}
        return {"guest_session_id": self._guest}

    async def _call(self, method: str, path: str, query: dict[str, Any], body: Any, token: str = "") -> Answered:
        key = {} if token else {"api_key": self._program.app.key}
        target = f"{path}?{urlencode({**key, **query})}"
        headers = [("Content-Type", JSON)] if body else []
        headers += [("Authorization", f"Bearer {token}")] if token else []
        return await self._program.raw(method, target, headers, json.dumps(body).encode() if body else b"")


def plain(value: Any) -> Any:
    """An answer without what is different every time or says the same again and again."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value[:MOST]]
    if not isinstance(value, str):
        return value
    return SECRET.sub(lambda found: DIGITS[: len(found[0])], TOKEN.sub(EXAMPLE_TOKEN, value))


async def well_known(house: House, clock: ManualClock) -> World:
    """The small world of all tests, but with the sample catalogue."""
    await house.write(titles.load, catalogue.sample())
    return await populate(house, clock)


async def main() -> None:
    """Write the examples down, one operation a line."""
    with tempfile.TemporaryDirectory() as folder:
        clock, url = ManualClock(START), f"sqlite:///{folder}/examples.db"
        await migrate(url)
        house = await open_house(url, Path(folder) / "keys.json", clock, "examples")
        played = await Player(await well_known(house, clock)).played()
        await house.aclose()
    lines = [f"{json.dumps(name)}: {json.dumps(example, ensure_ascii=False)}" for name, example in played.items()]
    KEPT.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
