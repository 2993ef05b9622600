"""An address is an account's when it is proven, whatever happens to the account at the same moment (A11)."""

import re
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import bindparam, update

from admitone.flows.house import House
from admitone.flows.people import addresses, outbox, recovery
from admitone.model.people.profile import Profile
from admitone.store.engine.statements import no_row
from admitone.store.engine.tx import Tx
from admitone.store.people import accounts as people
from admitone.store.schema import accounts
from tests.post import MIRAS, give_address, posting
from tests.store.aside import Aside
from tests.world import World

HOME = "203.0.113.7"
OTHERS = "other@example.org"
MISTAKE = Aside(
    update(accounts)
    .where(accounts.c.id == bindparam("which"))
    .values(email=bindparam("written"), email_key=bindparam("written")),
    no_row,
)


class Late:
    """A transaction that read an account a moment ago: PostgreSQL shows what has been committed since only then."""

    def __init__(self, tx: Tx, before: Profile) -> None:
        self._tx, self._before, self.now = tx, [before], tx.now

    async def one(self, statement: Any, /, **values: Any) -> Any:
        if statement is people.PROFILE and self._before:
            return self._before.pop()
        return await self._tx.one(statement, **values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)


@pytest.fixture
async def mira(world: World) -> World:
    """Mira has said what her address is, and has not shown it yet."""
    made = replace(world, house=posting(world.house))
    await made.house.write(give_address, world.mira.id, MIRAS, confirmed=False)
    return made


async def want_late(house: House, tx: Tx, account_id: int, before: Profile) -> None:
    await addresses.want(house, Late(tx, before), account_id, OTHERS, HOME)


async def code(house: House) -> str:
    found = re.search(r"^ {4}(\d{8})$", (await outbox.kept(house))[-1].text, re.MULTILINE)
    assert found is not None
    return found[1]


@pytest.mark.holds("A11")
async def test_an_address_asked_for_while_another_is_being_confirmed_waits_for_its_own_proof(mira: World) -> None:
    house, account_id = mira.house, mira.mira.id
    await house.write(addresses.send_again, account_id, HOME)
    before = await house.read(addresses.of_account, account_id)
    await addresses.confirm_by_code(house, account_id, await code(house), "", HOME)
    await house.write(want_late, account_id, before)
    after = await house.read(addresses.of_account, account_id)
    assert (after.email, after.is_confirmed, after.email_wanted) == (MIRAS, True, OTHERS)
    await addresses.confirm_by_code(house, account_id, await code(house), "", HOME)
    proven = await house.read(addresses.of_account, account_id)
    assert (proven.email, proven.email_wanted) == (OTHERS, None)


async def test_an_address_that_is_not_proven_is_claimed_without_more_ado(mira: World) -> None:
    await mira.house.write(addresses.want, mira.mira.id, OTHERS, HOME)
    after = await mira.house.read(addresses.of_account, mira.mira.id)
    assert (after.email, after.is_confirmed, after.email_wanted) == (OTHERS, False, None)


@pytest.mark.holds("A11")
async def test_an_address_is_whose_it_is_proven_to_be_and_not_of_who_has_proven_another(world: World) -> None:
    house = posting(world.house)
    await house.write(give_address, world.mira.id, MIRAS)
    await house.write(give_address, world.tomas.id, OTHERS)
    await house.write(_mistake, world.tomas.id)
    await house.write(recovery.ask, MIRAS, "en", HOME)
    (mail,) = await outbox.kept(house)
    assert "for @mira." in mail.text


async def _mistake(_house: House, tx: Tx, account_id: int) -> None:
    await tx.run(MISTAKE, which=account_id, written=MIRAS)
