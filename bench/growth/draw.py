"""This file draws the rows of a grown database: the same ones for a seed, whenever and in whatever order asked."""

import hashlib
import random
from array import array
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Table

from admitone.basics.digests import Digests, Kind
from admitone.flows.events import Happened
from admitone.model.connected.changes import ABSENT, DAY_MS, state
from admitone.model.connected.changes import Kind as Changed
from admitone.model.request_tokens import LIFE_MS, State
from admitone.store.connected.tables import changes
from admitone.store.schema import (
    accounts,
    app_credentials,
    apps,
    events,
    marks,
    ratings,
    request_tokens,
    sessions,
    titles,
)
from bench.growth.shape import Size, popularity, ratings_of, sessions_of

START = 1_800_000_000_000  # the instant at which the database is what it is
APPS = 50
CHUNK = 1_000  # people
HANDFUL = 3_000  # who rated more than this chose evenly, not by fame
NETWORK = "203.0.113.0/24"
# Of 32 chances: how often which number of half points is given, 7 being the most common rating.
HALVES = (20, 20, 19, 18, 18, 17, 16, 16, 16, 15, 15, 14, 14, 14, 14, 14, 13, 13, 12, 12, 12, 11, 10, 10, 9, 8, 7, 6, 5,
          4, 2, 1)  # fmt: skip

Rows = dict[str, list[tuple[Any, ...]]]
COLUMNS: dict[str, tuple[str, ...]] = {
    accounts.name: ("id", "object_id", "username", "username_key", "name", "iso_639_1", "iso_3166_1", "include_adult",
                    "gravatar_hash", "made_at"),
    apps.name: ("id", "public_id", "name", "name_key", "website", "kind", "owner_id", "first_party", "accepted",
                "made_at"),
    app_credentials.name: ("app_id", "key_digest", "read_token_digest", "hint", "made_at"),
    titles.name: ("media_type", "id", "title", "original_title", "original_language", "release_date", "year",
                  "popularity", "adult", "video", "searched"),
    sessions.name: ("digest", "app_id", "account_id", "token_digest", "network", "made_at", "used_at"),
    request_tokens.name: ("digest", "app_id", "state", "network", "made_at", "expires_at", "decided_at", "decided_by",
                          "spent_at"),
    events.name: ("at", "kind", "app_id", "account_id", "network", "detail"),
    ratings.name: ("account_id", "media_type", "media_id", "season", "episode", "halves", "rated_at", "halves_before",
                   "app_id"),
    marks.name: ("account_id", "mark", "media_type", "media_id", "marked_at", "times", "app_id"),
    changes.name: ("account_id", "kind", "list_id", "media_type", "media_id", "season", "episode", "app_id", "at",
                   "before", "after"),
}  # fmt: skip
TABLES: tuple[Table, ...] = (
    titles, accounts, apps, app_credentials, sessions, request_tokens, events, ratings, marks, changes,
)  # fmt: skip


class Sample(NamedTuple):
    """One of the sessions that were made: what a caller needs to use it."""

    api_key: str
    session: str
    account_id: int


class Draw:
    """Everything that a size and a seed make."""

    def __init__(self, size: Size, seed: str, digests: Digests) -> None:
        self.size = size
        self._seed = seed
        self._digests = digests
        self._ratings = ratings_of(size)
        self._sessions = sessions_of(size)
        self._popularity = popularity(size.titles)

    @property
    def chunks(self) -> int:
        """How many pieces the whole is made in; the first holds apps and titles."""
        return 1 + -(-self.size.people // CHUNK)

    def samples(self, number: int) -> list[Sample]:
        """So many sessions of different people, from everywhere; for a load, or for whoever looks by hand."""
        chance = random.Random(f"{self._seed}/samples")
        people = chance.sample(range(2, self.size.people + 1), min(number, self.size.people - 1))
        return [self.sample(person) for person in people]

    def sample(self, person: int) -> Sample:
        """The first session of one person."""
        return Sample(self._secret(f"key/{_app(person, 0)}", 32), self._secret(f"session/{person}/0"), person)

    def rows(self, chunk: int) -> Rows:
        """The rows of one piece, by table."""
        if chunk == 0:
            return self._first()
        rows: Rows = {table.name: [] for table in TABLES if table not in (titles, apps, app_credentials)}
        chance = random.Random(f"{self._seed}/{chunk}")
        # The owner of the apps is among the first people, and must be there before them.
        for person in range((chunk - 1) * CHUNK + 1, min(chunk * CHUNK, self.size.people) + 1):
            self._person(rows, chance, person)
        return rows

    def _first(self) -> Rows:
        rows: Rows = {titles.name: [], accounts.name: [], apps.name: [], app_credentials.name: []}
        for rank in range(self.size.titles):
            media_type, media_id = _title(rank)
            name = f"Title {media_id}"
            row = (media_type, media_id, name, name, "en", "2020-01-01", 2020, 1_000_000 // (rank + 1), 0, 0)
            rows[titles.name].append((*row, name.lower()))
        for app in range(1, APPS + 1):
            name = f"App {app}"
            shown = (app, self._secret(f"app/{app}", 32), name, name.lower(), "", "website", 1, 0, 1, START)
            rows[apps.name].append(shown)
            key, token = self._secret(f"key/{app}", 32), self._secret(f"token/{app}")
            digests = (self._digests.of(Kind.API_KEY, key), self._digests.of(Kind.READ_TOKEN, token))
            rows[app_credentials.name].append((app, *digests, key[-4:], START))
        return rows

    def _person(self, rows: Rows, chance: random.Random, person: int) -> None:
        name = f"person{person}"
        hidden = hashlib.sha256(name.encode()).hexdigest()
        rows[accounts.name].append((person, hidden[:24], name, name, "", "en", "US", 0, hidden[:32], START - DAY_MS))
        for each in range(self._sessions.count(person)):
            self._session(rows, person, each)
        rated = rows[ratings.name]
        first = len(rated)
        rated.extend(self._rated(chance, person))
        for number, (_, media_type, media_id, _, _, _, at, *_) in enumerate(rated[first:]):
            if number % 40 == 0:
                rows[marks.name].append((person, "watchlist", media_type, media_id, at, 1, 1))
            if number % 20 == 0:
                new = state(14, at, _app(person, 0))
                of = (person, Changed.RATING.value, 0, media_type, media_id, 0, 0, _app(person, 0))
                rows[changes.name].append((*of, START - number % 30 * DAY_MS, ABSENT, new))

    def _session(self, rows: Rows, person: int, each: int) -> None:
        app = _app(person, each)
        digest = self._digests.of(Kind.SESSION, self._secret(f"session/{person}/{each}"))
        token = self._digests.of(Kind.REQUEST_TOKEN, self._secret(f"request/{person}/{each}"))
        made = START - person % 1_000 * DAY_MS
        rows[sessions.name].append((digest, app, person, token, NETWORK, made, START))
        rows[events.name].append((made, Happened.SESSION_STARTED.value, app, person, NETWORK, ""))
        if person % 10 == 0:  # the others were swept long ago
            ended = START - person % DAY_MS
            spent = (ended - LIFE_MS, ended, ended - LIFE_MS, person, ended - LIFE_MS)
            rows[request_tokens.name].append((token, app, State.SPENT.value, NETWORK, *spent))

    def _rated(self, chance: random.Random, person: int) -> Iterator[tuple[Any, ...]]:
        """What one person rated, in the order of the table's key."""
        number = self._ratings.count(person)
        if number > HANDFUL:
            ranks = set(chance.sample(range(self.size.titles), number))
        else:
            ranks = set()
            while len(ranks) < number:
                short = number - len(ranks)
                drawn = array("H", chance.randbytes(2 * (short + short // 2 + 4)))
                for rank in map(self._popularity.__getitem__, drawn):
                    if len(ranks) == number:
                        break
                    ranks.add(rank)
                if number > self.size.titles // 20:  # fame runs out: the rest is taken as it comes
                    ranks.update(chance.sample(range(self.size.titles), number - len(ranks)))
        app = _app(person, 0)
        chances = array("I", chance.randbytes(4 * number))
        for (media_type, media_id), luck in zip(sorted(map(_title, ranks)), chances, strict=True):
            yield (person, media_type, media_id, 0, 0, HALVES[luck & 31], START - (luck >> 5) * 700, 0, app)

    def _secret(self, name: str, digits: int = 40) -> str:
        return hashlib.sha256(f"{self._seed}/{name}".encode()).hexdigest()[:digits]


def _app(person: int, each: int) -> int:
    return (person + each) % APPS + 1


def _title(rank: int) -> tuple[str, int]:
    return ("tv", rank // 5 + 1) if rank % 5 == 4 else ("movie", rank + 1)
