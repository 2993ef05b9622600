"""Everything that can stand in a call, by name: keys, request tokens in each state, sessions, lists; made when used."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import bindparam, update

from admitone.flows import accounts, apps, guests, sessions
from admitone.flows.apps import Registration
from admitone.flows.media import lists
from admitone.flows.media.lists import NewList
from admitone.model import guests as guest_rules
from admitone.model.accounts import Account
from admitone.model.media import MediaType
from admitone.model.request_tokens import LIFE_MS, Decision
from admitone.store.engine.statements import Statement, no_row
from admitone.store.engine.tx import Tx
from admitone.store.schema import accounts as account_table
from admitone.store.schema import apps as app_table
from tests.world import NETWORK, PASSWORD, Registered, World

UNKNOWN = "0123456789abcdef0123456789abcdef01234567"
PLACE = re.compile(r"\{([a-z_]+)\}")

# No flow switches anybody off yet; what the wire says of those who are is settled all the same.
_off: dict[str, Any] = {"switched_off_at": bindparam("now")}
APP_OFF = Statement(update(app_table).where(app_table.c.id == bindparam("number")).values(_off), no_row)
ACCOUNT_OFF = Statement(update(account_table).where(account_table.c.id == bindparam("number")).values(_off), no_row)

Maker = Callable[[World], Awaitable[str]]
MAKERS: dict[str, Maker] = {}


def named(make: Maker) -> Maker:
    """Let goldens use what this makes, by the name of the function."""
    MAKERS[make.__name__] = make
    return make


class Situation:
    """A world and the names of what is in it. What a name stands for is made once, until `forget`."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._made: dict[str, str] = {}

    def forget(self) -> None:
        """Make everything anew that is asked for from here on."""
        self._made.clear()

    def learn(self, name: str, value: str) -> None:
        """Give a name to something that an answer brought."""
        self._made[name] = value

    async def fill(self, text: str) -> str:
        """The text with each `{name}` replaced by what it stands for; what stands for nothing stays as it is."""
        for name in dict.fromkeys(PLACE.findall(text)):
            if name not in self._made and name in MAKERS:
                self._made[name] = await MAKERS[name](self.world)
            if name in self._made:
                text = text.replace(f"{{{name}}}", self._made[name])
        return text

    async def filled(self, value: Any) -> Any:
        """The same inside lists and mappings; a text `#{name}` becomes a number."""
        if isinstance(value, str):
            text = await self.fill(value)
            return int(text[1:]) if value.startswith("#{") else text
        if isinstance(value, list):
            return [await self.filled(each) for each in value]
        if isinstance(value, dict):
            return {await self.fill(name): await self.filled(each) for name, each in value.items()}
        return value


async def switch_off(world: World, statement: Statement[None], number: int) -> None:
    """Switch an app or an account off."""

    async def flow(_house: object, tx: Tx) -> None:
        await tx.run(statement, number=number, now=tx.now)

    await world.house.write(flow)


async def register(world: World) -> Registered:
    """One more app of Mira's."""
    name = f"App {world.house.entropy.hex(4)}"
    return Registered(*await world.house.write(apps.add, Registration(name, "mira")))


async def person(world: World) -> Account:
    """One more person, with the password that all have."""
    return await accounts.add(world.house, f"p{world.house.entropy.hex(4)}", PASSWORD)


# Apps


@named
async def key(world: World) -> str:
    return world.cineshelf.key


@named
async def bearer(world: World) -> str:
    return world.cineshelf.credentials.read_token


@named
async def other_key(world: World) -> str:
    return world.reelsync.key


@named
async def other_bearer(world: World) -> str:
    return world.reelsync.credentials.read_token


@named
async def off_key(world: World) -> str:
    app = await register(world)
    await switch_off(world, APP_OFF, app.app.id)
    return app.key


@named
async def off_bearer(world: World) -> str:
    app = await register(world)
    await switch_off(world, APP_OFF, app.app.id)
    return app.credentials.read_token


@named
async def removed_key(world: World) -> str:
    app = await register(world)
    await world.house.write(apps.remove, app.app.public_id)
    return app.key


@named
async def rotated_key(world: World) -> str:
    app = await register(world)
    await world.house.write(apps.rotate, app.app.public_id, 0)
    return app.key


@named
async def unknown(_world: World) -> str:
    return UNKNOWN


@named
async def unknown_key(_world: World) -> str:
    return UNKNOWN[:32]


# People


@named
async def account(world: World) -> str:
    return str(world.mira.id)


@named
async def object_id(world: World) -> str:
    return world.mira.object_id


@named
async def gravatar(world: World) -> str:
    return world.mira.gravatar_hash


@named
async def password(_world: World) -> str:
    return PASSWORD.replace(" ", "%20")


@named
async def switched_off_person(world: World) -> str:
    somebody = await person(world)
    await switch_off(world, ACCOUNT_OFF, somebody.id)
    return somebody.username


# Request tokens


@named
async def pending(world: World) -> str:
    return await world.token(world.cineshelf)


@named
async def approved(world: World) -> str:
    return await world.approved(world.cineshelf, world.mira)


@named
async def approved_by_tomas(world: World) -> str:
    return await world.approved(world.cineshelf, world.tomas)


@named
async def denied(world: World) -> str:
    token = await world.token(world.cineshelf)
    await world.decide(token, world.mira, Decision.DENY)
    return token


@named
async def spent(world: World) -> str:
    token = await world.approved(world.cineshelf, world.mira)
    await world.house.write(sessions.exchange, world.cineshelf.app.id, token, NETWORK)
    return token


@named
async def expired(world: World) -> str:
    return await long_ago(world, world.token(world.cineshelf))


@named
async def approved_and_expired(world: World) -> str:
    return await long_ago(world, world.approved(world.cineshelf, world.mira))


@named
async def other_pending(world: World) -> str:
    return await world.token(world.reelsync)


@named
async def other_approved(world: World) -> str:
    return await world.approved(world.reelsync, world.mira)


@named
async def approver_left(world: World) -> str:
    somebody = await person(world)
    token = await world.approved(world.cineshelf, somebody)
    await switch_off(world, ACCOUNT_OFF, somebody.id)
    return token


async def long_ago(world: World, making: Awaitable[str], life_ms: int = LIFE_MS) -> str:
    """Make something its whole life ago, a request token's unless told otherwise: at this instant it expires."""
    now = world.clock.now()
    world.clock.set(now - life_ms)
    made = await making
    world.clock.set(now)
    return made


# Sessions


@named
async def session(world: World) -> str:
    return await world.session(world.cineshelf, world.mira)


@named
async def session_of_tomas(world: World) -> str:
    return await world.session(world.cineshelf, world.tomas)


@named
async def other_session(world: World) -> str:
    return await world.session(world.reelsync, world.mira)


@named
async def ended_session(world: World) -> str:
    text = await world.session(world.cineshelf, world.mira)
    await world.house.write(sessions.end, world.cineshelf.app.id, text, NETWORK)
    return text


@named
async def left_session(world: World) -> str:
    somebody = await person(world)
    text = await world.session(world.cineshelf, somebody)
    await switch_off(world, ACCOUNT_OFF, somebody.id)
    return text


# Guest sessions


async def _guest(world: World, app: Registered) -> str:
    return (await world.house.write(guests.start, app.app.id, NETWORK)).text


@named
async def guest(world: World) -> str:
    return await _guest(world, world.cineshelf)


@named
async def other_guest(world: World) -> str:
    return await _guest(world, world.reelsync)


@named
async def expired_guest(world: World) -> str:
    return await long_ago(world, _guest(world, world.cineshelf), guest_rules.LIFE_MS)


# Lists


async def _list(world: World, owner: Account, name: str, *films: int, public: bool = True) -> str:
    number = await world.house.write(lists.create, owner.id, None, NewList(name, "", "en", public))
    for film in films:
        await world.house.write(lists.add_item, owner.id, None, number, MediaType.MOVIE, film)
    return str(number)


@named
async def overlong_name(_world: World) -> str:
    return "x" * 256


@named
async def empty_list(world: World) -> str:
    return await _list(world, world.mira, "Nothing Yet")


@named
async def list_of_two(world: World) -> str:
    return await _list(world, world.mira, "Two Films", 550, 11)


@named
async def private_list(world: World) -> str:
    return await _list(world, world.mira, "Mine Alone", 550, public=False)


@named
async def list_of_tomas(world: World) -> str:
    return await _list(world, world.tomas, "His", 550)


@named
async def private_list_of_tomas(world: World) -> str:
    return await _list(world, world.tomas, "His Alone", 550, public=False)
