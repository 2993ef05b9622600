"""This file furnishes a house for measuring, by the house's own code: people, an app, sessions, approved tokens."""

from typing import NamedTuple

from admitone.basics import catalogue
from admitone.basics.digests import Kind
from admitone.flows import accounts, apps, consents, request_tokens, sessions
from admitone.flows.apps import Registration
from admitone.flows.house import House
from admitone.flows.media import ratings
from admitone.model.media import MediaType, RatedType, Subject
from admitone.model.request_tokens import BYTES, LIFE_MS, Decision, Generation
from admitone.store import request_tokens as statements
from admitone.store.engine.tx import Tx
from bench.loads.call import PASSWORD
from bench.loads.stories import Known

PEOPLE = 8
READERS = 4  # people who have rated a page of films, and on whose behalf nothing is written while it is measured
RATED = 20
SESSIONS = 64
NETWORK = "127.0.0.1/32"


class World(NamedTuple):
    """What there is to call with: one app's key, sessions of several people, films that can be rated."""

    house: House
    api_key: str
    app_id: int
    people: tuple[int, ...]
    names: tuple[str, ...]
    sessions: tuple[str, ...]
    readers: tuple[tuple[int, str], ...]
    films: tuple[int, ...]


def known(world: World, port: int) -> Known:
    """What a load needs to know of it."""
    return Known(port, world.api_key, world.names, world.sessions, world.readers, world.films)


async def furnish(house: House) -> World:
    """Put people, an app and their sessions into an empty house."""
    names = tuple(f"person{number}" for number in range(PEOPLE + READERS))
    people = [(await accounts.add(house, name, PASSWORD)).id for name in names]
    app, credentials = await house.write(apps.add, Registration("Bench", names[0]))
    films = tuple(row["id"] for row in catalogue.sample() if row["media_type"] == MediaType.MOVIE)
    for reader in people[PEOPLE:]:
        for film in films[:RATED]:
            subject = Subject(RatedType.MOVIE, film)
            await house.write(ratings.rate, ratings.Rater(reader), app.id, subject, film % 20 + 1)
    made = [await _session(house, app.id, people[number % PEOPLE]) for number in range(SESSIONS)]
    reading = [(reader, await _session(house, app.id, reader)) for reader in people[PEOPLE:]]
    return World(
        house,
        credentials.api_key,
        app.id,
        tuple(people[:PEOPLE]),
        names[:PEOPLE],
        tuple(made),
        tuple(reading),
        films,
    )


async def approved(world: World, count: int) -> list[str]:
    """Make this many request tokens and approve them, in one transaction; their texts."""
    return await world.house.write(_approved, world, count)


async def _session(house: House, app_id: int, account_id: int) -> str:
    token = (await house.write(request_tokens.issue, app_id, NETWORK)).text
    await house.write(consents.decide, token, account_id, Decision.APPROVE)
    return await house.write(sessions.exchange, app_id, token, NETWORK)


async def _approved(house: House, tx: Tx, world: World, count: int) -> list[str]:
    texts = [house.entropy.hex(BYTES) for _ in range(count)]
    digests = [house.digests.of(Kind.REQUEST_TOKEN, text) for text in texts]
    made = {
        "app_id": world.app_id,
        "network": NETWORK,
        "now": tx.now,
        "expires_at": tx.now + LIFE_MS,
        "generation": Generation.THIRD,
        "redirect_to": None,
    }
    await tx.many(statements.ISSUE, [{"digest": digest, **made} for digest in digests])
    decided = {"account_id": world.people[0], "to_state": Decision.APPROVE.state.value, "now": tx.now}
    decided |= {"how": "page", "by_network": NETWORK, "browser": ""}
    await tx.many(statements.DECIDE, [{"digest": digest, **decided} for digest in digests])
    return texts
