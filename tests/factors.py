"""People with a second factor, for tests: an authenticator app by hand, and the door that it opens."""

from admitone.basics import one_time_codes
from admitone.flows.house import House
from admitone.flows.people import authenticators
from admitone.model.accounts import Account
from admitone.model.people.factors import MOST_PASSKEYS, SECRET_BYTES, STEP_S, step_of
from admitone.store.engine.tx import Tx
from admitone.store.people import passkeys
from tests.world import NETWORK, World

STEP_MS = STEP_S * 1000


class AuthenticatorApp:
    """What somebody has on their phone: it shows a code for every half minute."""

    def __init__(self, secret: bytes, world: World) -> None:
        self._secret = secret
        self._world = world

    def code(self, offset: int = 0) -> str:
        """The code of the present half minute, or of another one."""
        return one_time_codes.code_at(self._secret, step_of(self._world.clock.now()) + offset)

    def next_code(self) -> str:
        """Wait for the next code."""
        self._world.clock.advance(STEP_MS)
        return self.code()


async def with_authenticator(world: World, person: Account) -> tuple[AuthenticatorApp, list[str]]:
    """Connect an authenticator app for somebody; the app and the recovery codes."""
    secret = world.house.entropy.bytes(SECRET_BYTES)
    app = AuthenticatorApp(secret, world)
    codes = await world.house.write(authenticators.set_up, person.id, secret, app.code(), NETWORK)
    return app, codes


async def turned_off(world: World, person: Account, app: AuthenticatorApp) -> None:
    """Disconnect somebody's authenticator app again."""
    await world.house.write(authenticators.turn_off, person.id, app.next_code(), NETWORK)


async def plant_passkey(world: World, person: Account, name: str = "Phone") -> int:
    """A passkey of somebody that no device has; its number."""

    async def plant(_house: House, tx: Tx) -> int:
        added: int | None = await tx.one(
            passkeys.ADD,
            account_id=person.id,
            credential_id=world.house.entropy.bytes(16),
            public_key=b"",
            uses=0,
            name=name,
            aaguid="00000000-0000-0000-0000-000000000000",
            synced=1,
            now=tx.now,
            most=MOST_PASSKEYS,
        )
        assert added
        return added

    return await world.house.write(plant)
