"""People are added once each; what of a name, a password or a user name cannot be is refused."""

import pytest

from admitone.flows import accounts
from admitone.flows.events import Happened
from admitone.flows.house import House
from admitone.model.faults import Fault
from tests.store.aside import audit, fault_of, rows
from tests.world import PASSWORD, START, World


async def test_a_person_is_who_was_added(house: House) -> None:
    account = await accounts.add(house, " Zoë ", PASSWORD, "Zoë  Wong")
    assert (account.username, account.name, account.made_at) == ("Zoë", "Zoë Wong", START)
    assert (account.iso_639_1, account.iso_3166_1, account.include_adult) == ("en", "US", 0)
    assert len(account.object_id) == 24
    assert int(account.object_id, 16)
    assert len(account.gravatar_hash) == 32
    assert account.switched_off_at is None
    assert await house.read(accounts.find, "ZOË") == account
    assert [event[:3] for event in await house.read(audit)] == [(Happened.ACCOUNT_ADDED.value, None, account.id)]


async def test_everyone_is_listed_in_the_order_of_coming(world: World) -> None:
    assert await world.house.read(accounts.everyone) == [world.mira, world.tomas]


@pytest.mark.parametrize(
    ("username", "password", "name", "fault"),
    [
        ("mira", PASSWORD, "", Fault.USERNAME_TAKEN),
        ("MIRA", PASSWORD, "", Fault.USERNAME_TAKEN),
        ("a b", PASSWORD, "", Fault.USERNAME_BAD),
        ("", PASSWORD, "", Fault.USERNAME_BAD),
        ("nia", "x" * 14, "", Fault.PASSWORD_TOO_SHORT),
        ("nia", "x" * 1025, "", Fault.PASSWORD_TOO_LONG),
        ("nia", PASSWORD, "x" * 61, Fault.NAME_BAD),
    ],
)
async def test_who_cannot_be_is_refused_and_leaves_nothing(
    world: World, username: str, password: str, name: str, fault: Fault
) -> None:
    before = await world.house.read(rows, "events")
    assert await fault_of(accounts.add(world.house, username, password, name)) is fault
    assert [await world.house.read(rows, table) for table in ("accounts", "events")] == [2, before]


@pytest.mark.parametrize("username", ["nobody", "", "\0", "\ud800", "x" * 100_000, "mira2"])
async def test_who_was_never_added_is_unknown(world: World, username: str) -> None:
    assert await fault_of(world.house.read(accounts.find, username)) is Fault.ACCOUNT_UNKNOWN
