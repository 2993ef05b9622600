"""This file furnishes a house for measuring, by the house's own code: people, an app, sessions, approved tokens."""

from typing import NamedTuple

from admitone.basics import catalogue
from admitone.basics.digests import Kind
from admitone.flows import accounts, apps, consents, request_tokens, sessions
from admitone.flows.apps import Registration
from admitone.flows.house import House
from admitone.model.media import MediaType
from admitone.model.request_tokens import BYTES, LIFE_MS, Decision, Generation
from admitone.store import request_tokens as statements
from admitone.store.engine.tx import Tx

PEOPLE = 8
SESSIONS = 64
NETWORK = "127.0.0.1/32"


class World(NamedTuple):
    """What there is to call with: one app's key, sessions of several people, films that can be rated."""

    house: House
    api_key: str
    app_id: int
    people: tuple[int, ...]
    sessions: tuple[str, ...]
    films: tuple[int, ...]


async def furnish(house: House) -> World:
    """Put people, an app and their sessions into an empty house."""
    people = [
        (await accounts.add(house, f"person{number}", "not much of a secret, but long")).id for number in range(PEOPLE)
    ]
    app, credentials = await house.write(apps.add, Registration("Bench", "person0"))
    tokens = [(await house.write(request_tokens.issue, app.id, NETWORK)).text for _ in range(SESSIONS)]
    for number, token in enumerate(tokens):
        await house.write(consents.decide, token, people[number % PEOPLE], Decision.APPROVE)
    made = [await house.write(sessions.exchange, app.id, token, NETWORK) for token in tokens]
    films = tuple(row["id"] for row in catalogue.sample() if row["media_type"] == MediaType.MOVIE)
    return World(house, credentials.api_key, app.id, tuple(people), tuple(made), films)


async def approved(world: World, count: int) -> list[str]:
    """Make this many request tokens and approve them, in one transaction; their texts."""
    return await world.house.write(_approved, world, count)


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
