"""A small world for tests: two people, two apps, a few titles, a clock that stands still until it is moved."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from admitone.basics.clock import ManualClock
from admitone.basics.digests import Digests
from admitone.basics.entropy import SeededEntropy, SystemEntropy
from admitone.basics.keyring import KeyRing
from admitone.basics.passwords import Hasher
from admitone.flows import access_tokens, accounts, apps, consents, request_tokens, sessions
from admitone.flows.apps import Credentials, Registration
from admitone.flows.house import House
from admitone.flows.media import titles
from admitone.model.accounts import Account
from admitone.model.apps import App
from admitone.model.request_tokens import Decision
from admitone.model.search import searched
from admitone.store.engine import open_store

START = 1_800_000_000_000  # 2027-01-15 08:00:00 UTC
PASSWORD = "correct horse battery staple"
NETWORK = "203.0.113.7/32"
FILMS = {11: "Star Wars", 278: "The Shawshank Redemption", 550: "Fight Club", 597: "Titanic"}
SERIES = {1396: "Breaking Bad", 1416: "Grey's Anatomy"}
MINUTE = 60_000


def title(media_type: str, media_id: int, name: str) -> dict[str, Any]:
    """A title with no facts but its name."""
    return {
        "media_type": media_type,
        "id": media_id,
        "title": name,
        "original_title": name,
        "original_language": "en",
        "release_date": "",
        "year": None,
        "popularity": 1000,
        "adult": 0,
        "video": 0,
        "imdb_id": None,
        "wikidata_id": None,
        "searched": searched(name, name),
    }


def cheap_hasher() -> Hasher:
    """The real algorithm with parameters that cost next to nothing."""
    return Hasher(threads=1, memory=8, passes=1, entropy=SystemEntropy())


async def open_house(url: str, ring: Path, clock: ManualClock, seed: str) -> House:
    """A House over a migrated database, with draws that repeat."""
    store = await open_store(url, clock)
    return House(store, clock, SeededEntropy(seed), Digests(KeyRing.load_or_make(ring)), cheap_hasher())


@dataclass(frozen=True)
class Registered:
    """An app and its credentials."""

    app: App
    credentials: Credentials

    @property
    def key(self) -> str:
        return self.credentials.api_key


@dataclass(frozen=True)
class World:
    """Mira owns CineShelf and uses it; Tomas owns Reel Sync and must see nothing of hers."""

    house: House
    clock: ManualClock
    mira: Account
    tomas: Account
    cineshelf: Registered
    reelsync: Registered

    async def token(self, app: Registered) -> str:
        """A new request token of an app."""
        return (await self.house.write(request_tokens.issue, app.app.id, NETWORK)).text

    async def decide(self, token: str, person: Account, decision: Decision = Decision.APPROVE) -> None:
        """What a person's click on the approve page does."""
        await self.house.write(consents.decide, token, person.id, decision)

    async def approved(self, app: Registered, person: Account) -> str:
        """A request token that a person has approved."""
        token = await self.token(app)
        await self.decide(token, person)
        return token

    async def session(self, app: Registered, person: Account) -> str:
        """A session of a person with an app."""
        return await self.house.write(sessions.exchange, app.app.id, await self.approved(app, person), NETWORK)

    async def access_request(self, app: Registered, redirect_to: str = "") -> str:
        """A new request token of the fourth generation."""
        return await self.house.write(access_tokens.issue, app.app.id, NETWORK, redirect_to)

    async def approved_access(self, app: Registered, person: Account) -> str:
        """The same, approved by a person."""
        token = await self.access_request(app)
        await self.decide(token, person)
        return token

    async def access_token(self, app: Registered, person: Account) -> str:
        """A user access token of a person with an app."""
        approved = await self.approved_access(app, person)
        return (await self.house.write(access_tokens.exchange, app.app.id, approved, NETWORK)).text


async def populate(house: House, clock: ManualClock) -> World:
    """Put the people, apps and titles into an empty house."""
    mira = await accounts.add(house, "mira", PASSWORD, "Mira Okafor")
    tomas = await accounts.add(house, "tomas", PASSWORD, "Tomas Lindqvist")
    cineshelf = await house.write(apps.add, Registration("CineShelf", "mira", "https://cineshelf.example"))
    reelsync = await house.write(apps.add, Registration("Reel Sync", "tomas"))
    rows = [title("movie", *film) for film in FILMS.items()] + [title("tv", *series) for series in SERIES.items()]
    await house.write(titles.load, rows)
    return World(house, clock, mira, tomas, Registered(*cineshelf), Registered(*reelsync))
