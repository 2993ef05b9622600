"""A mail is queued with what causes it, sent at least once by one sender at a time, and then forgotten."""

import asyncio
import json
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select

from admitone.basics.clock import ManualClock
from admitone.basics.digests import Digests, Kind
from admitone.basics.entropy import SystemEntropy
from admitone.basics.keyring import KeyRing
from admitone.basics.letters import WORDS, Letter
from admitone.basics.mail import Kept, MailError, Sender, UndeliverableError
from admitone.flows import sweep
from admitone.flows.events import Happened
from admitone.flows.house import House
from admitone.flows.people import links, notices, outbox
from admitone.flows.people.notices import HAPPENED, tell
from admitone.model.faults import Fault, Refused
from admitone.model.limits import NOTICES
from admitone.model.people.links import LIFE_MS, Purpose, Used
from admitone.model.people.posting import CLAIM_MS, REMEMBERED_MS, TRIES, pause_ms
from admitone.store.engine.tx import Tx
from admitone.store.people.tables import mails
from tests.post import MIRAS, SITE, Scripted, give_address, posting
from tests.store.aside import Aside, audit, rows
from tests.world import World

NETWORK = "203.0.113.0/32"


class Row(NamedTuple):
    """What the outbox holds of a mail."""

    letter: str
    hidden: bytes | None
    tries: int
    outcome: str


ROWS = Aside(select(mails.c.letter, mails.c.hidden, mails.c.tries, mails.c.outcome).order_by(mails.c.id), Row._make)


async def held(_house: House, tx: Tx) -> list[Row]:
    return await tx.all(ROWS)


async def reachable(world: World, sender: Sender | None = None) -> House:
    """A house that sends mail, to Mira."""
    house = posting(world.house, sender)
    await house.write(give_address, world.mira.id, MIRAS)
    return house


async def passkey(house: House, world: World) -> None:
    await house.write(tell, world.mira.id, Letter.PASSKEY_ADDED, network=NETWORK, name="my phone")


async def ask(house: House, asked: str) -> None:
    await house.write(outbox.queue, Letter.RESET_PASSWORD, None, "en", {"asked": asked})


async def test_a_notice_is_in_the_audit_and_in_the_mail(world: World) -> None:
    sender = Scripted()
    house = await reachable(world, sender)
    await passkey(house, world)
    event = (await house.read(audit))[-1]
    assert (event.kind, event.account_id, event.network) == ("passkey added", world.mira.id, NETWORK)
    assert await outbox.deliver(house) == 1
    (mail,) = sender.mails
    assert (mail.to, mail.subject) == (MIRAS, "A passkey was added to your account")
    assert "“my phone”" in mail.text
    assert NETWORK in mail.text
    assert "2027-01-15 08:00 UTC" in mail.text
    assert await outbox.deliver(house) == 0


async def test_what_is_undone_is_neither_in_the_audit_nor_mailed(world: World) -> None:
    house = await reachable(world)

    async def half(house: House, tx: Tx) -> None:
        await tell(house, tx, world.mira.id, Letter.PASSKEY_REMOVED, name="x")
        raise Refused(Fault.LOGIN_WRONG)

    with pytest.raises(Refused):
        await house.write(half)
    assert "passkey removed" not in [event.kind for event in await house.read(audit)]
    assert await outbox.kept(house) == []


async def test_a_house_without_a_mail_server_keeps_the_audit_and_queues_nothing(world: World) -> None:
    await world.house.write(give_address, world.mira.id, MIRAS)
    await passkey(world.house, world)
    assert (await world.house.read(audit))[-1].kind == "passkey added"
    assert await world.house.read(rows, "mails") == 0


@pytest.mark.parametrize("address", [None, MIRAS])
async def test_an_address_that_nobody_confirmed_gets_no_notices(world: World, address: str | None) -> None:
    house = posting(world.house)
    if address:
        await house.write(give_address, world.mira.id, address, confirmed=False)
    await passkey(house, world)
    assert await outbox.kept(house) == []


async def test_what_a_mail_says_waits_hidden_and_is_erased_when_it_is_sent(world: World) -> None:
    house = await reachable(world)
    await passkey(house, world)
    (before,) = await house.read(held)
    assert before.hidden is not None
    assert all(word not in before.hidden for word in (MIRAS.encode(), b"my phone"))
    facts = json.loads(house.digests.reveal(Kind.MAIL, before.hidden) or "")
    assert facts["address"] == MIRAS
    await outbox.deliver(house)
    assert await house.read(held) == [Row("passkey added", None, 1, "sent")]


async def test_a_mail_is_tried_again_ever_later_until_it_goes(world: World, clock: ManualClock) -> None:
    sender = Scripted([MailError("down")] * 3)
    house = await reachable(world, sender)
    await passkey(house, world)
    for tries in (1, 2, 3):
        assert await outbox.deliver(house) == 0
        assert await outbox.deliver(house) == 0  # not before its time
        assert (await house.read(held))[0].tries == tries
        clock.advance((pause_ms(tries) or 0) - 1)
        assert await outbox.deliver(house) == 0
        clock.advance(1)
    assert await outbox.deliver(house) == 1
    assert len(sender.mails) == 1


async def test_it_is_given_up_in_the_end_and_erased(world: World, clock: ManualClock) -> None:
    house = await reachable(world, Scripted([MailError("down")] * TRIES))
    await passkey(house, world)
    for tries in range(1, TRIES):
        assert await outbox.deliver(house) == 0
        clock.advance(pause_ms(tries) or 0)
    assert await outbox.deliver(house) == 0
    assert await house.read(held) == [Row("passkey added", None, TRIES, "given up")]


async def test_what_will_never_be_taken_is_not_tried_again(world: World) -> None:
    house = await reachable(world, Scripted([UndeliverableError("550")]))
    await passkey(house, world)
    assert await outbox.deliver(house) == 0
    assert await house.read(held) == [Row("passkey added", None, 1, "refused")]


class Killed(Exception):
    """What kill -9 is to a coroutine."""


@pytest.mark.holds("S17")
async def test_a_sender_that_dies_with_a_mail_in_hand_costs_one_copy_at_most(world: World, clock: ManualClock) -> None:
    dying = Scripted([Killed()])
    house = await reachable(world, dying)
    await passkey(house, world)
    with pytest.raises(Killed):
        await outbox.deliver(house)
    others = Scripted()
    survivor = posting(world.house, others)
    clock.advance(CLAIM_MS - 1)
    assert await outbox.deliver(survivor) == 0  # perhaps it is alive and slow
    clock.advance(1)
    assert await outbox.deliver(survivor) == 1
    assert await outbox.deliver(survivor) == 0
    assert len(others.mails) == 1


async def test_a_mail_that_kills_whoever_sends_it_is_given_up_as_well(world: World, clock: ManualClock) -> None:
    house = await reachable(world, Scripted([Killed() for _ in range(100)]))
    await passkey(house, world)
    for _ in range(TRIES):
        with pytest.raises(Killed):
            await outbox.deliver(house)
        clock.advance(CLAIM_MS)
    assert await outbox.deliver(house) == 0
    assert await house.read(held) == [Row("passkey added", None, TRIES + 1, "given up")]


async def test_copies_of_a_mail_can_be_told_by_its_number_unless_its_link_is_another(
    world: World, clock: ManualClock
) -> None:
    sender = Kept()
    house = await reachable(world, sender)

    class Forgetful(Scripted):
        async def send(self, mail: Any) -> None:
            await sender.send(mail)
            raise MailError("the answer got lost")

    lost = posting(world.house, Forgetful())
    await passkey(lost, world)
    await ask(lost, "mira")
    await outbox.deliver(lost)
    clock.advance(pause_ms(1) or 0)
    await outbox.deliver(house)
    notice, link, notice_again, link_again = (mail.message_id for mail in sender.mails)
    assert notice == notice_again
    assert link != link_again


async def test_many_senders_send_each_mail_once_and_never_two_at_a_time(world: World) -> None:
    in_hand = most = 0
    sent: list[str] = []

    class Slow(Scripted):
        async def send(self, mail: Any) -> None:
            nonlocal in_hand, most
            in_hand += 1
            most = max(most, in_hand)
            await asyncio.sleep(0)
            sent.append(mail.message_id)
            in_hand -= 1

    house = await reachable(world, Slow())
    for _ in range(12):
        await passkey(house, world)
    while len(sent) < 12:
        await asyncio.gather(*(outbox.deliver(house) for _ in range(4)))
    assert len(set(sent)) == len(sent) == 12
    assert most == 1


async def test_one_broken_mail_does_not_hold_up_the_others(world: World) -> None:
    sender = Scripted()
    house = await reachable(world, sender)
    facts = {"address": MIRAS, "username": "mira"}  # its words ask for more than that
    await house.write(outbox.queue, Letter.PASSKEY_ADDED, world.mira.id, "en", facts)
    await passkey(house, world)
    assert await outbox.deliver(house) == 1
    assert [row.outcome for row in await house.read(held)] == ["unreadable", "sent"]


async def test_without_its_key_a_mail_says_nothing(world: World) -> None:
    house = await reachable(world)
    await passkey(house, world)
    hidden = (await house.read(held))[0].hidden or b""
    other = Digests(KeyRing.new())
    assert other.reveal(Kind.MAIL, hidden) is None
    assert house.digests.reveal(Kind.FORM, hidden) is None
    assert house.digests.reveal(Kind.MAIL, hidden[:-1] + bytes([hidden[-1] ^ 1])) is None
    assert house.digests.reveal(Kind.MAIL, b"") is None


@pytest.mark.parametrize("asked", ["mira", "MIRA", "mira@example.org", " Mira@EXAMPLE.org "])
async def test_whom_a_link_was_asked_for_is_found_when_it_is_sent(world: World, asked: str) -> None:
    house = await reachable(world)
    await ask(house, asked)
    (mail,) = await outbox.kept(house)
    assert mail.to == MIRAS
    assert f"{SITE}/reset/" in mail.text


@pytest.mark.parametrize("asked", ["nobody", "nobody@example.org", "tomas", "@", "", "\x00@\ud800", "x" * 5000])
async def test_asking_for_nobody_queues_as_much_and_sends_nothing(world: World, asked: str) -> None:
    house = await reachable(world)
    await ask(house, asked)
    assert await outbox.kept(house) == []
    assert await house.read(held) == [Row("reset password", None, 1, "nobody")]


@pytest.mark.holds("A12", "S1")
async def test_no_link_and_no_code_is_ever_in_the_database(world: World) -> None:
    house = await reachable(world)
    await ask(house, "mira")
    (mail,) = await outbox.kept(house)
    link = mail.text.partition("/reset/")[2].split()[0]
    assert len(link) == 40
    assert await house.read(rows, "mail_links") == 1
    assert await house.write(use, Purpose.CONFIRM, link) is None
    used = await house.write(use, Purpose.RESET, link)
    assert used is not None
    assert used[:3] == (world.mira.id, MIRAS, None)
    assert await house.write(use, Purpose.RESET, link) is None


async def use(house: House, tx: Tx, purpose: Purpose, text: str) -> Used | None:
    return await links.use(house, tx, purpose, text)


async def test_an_older_link_ends_with_a_newer_one_and_each_with_its_time(world: World, clock: ManualClock) -> None:
    house = await reachable(world)
    for _ in range(2):
        await ask(house, "mira")
    first, second = [mail.text.partition("/reset/")[2].split()[0] for mail in await outbox.kept(house)]
    assert await house.write(use, Purpose.RESET, first) is None
    clock.advance(LIFE_MS[Purpose.RESET])
    assert await house.write(use, Purpose.RESET, second) is None


async def test_a_person_gets_so_many_notices_and_the_audit_all(world: World) -> None:
    house = await reachable(world)
    for _ in range(NOTICES.burst + 5):
        await passkey(house, world)
    assert len(await outbox.kept(house)) == NOTICES.burst
    kinds = [event.kind for event in await house.read(audit)]
    assert kinds.count(Happened.PASSKEY_ADDED) == NOTICES.burst + 5


async def test_sent_mails_are_forgotten_after_a_while(world: World, clock: ManualClock) -> None:
    house = await reachable(world)
    await passkey(house, world)
    await outbox.deliver(house)
    clock.advance(REMEMBERED_MS)
    assert (await sweep.sweep(house, rest=0)).mails == 0
    clock.advance(1)
    assert (await sweep.sweep(house, rest=0)).mails == 1
    assert await house.read(rows, "mails") == 0


async def test_the_loop_goes_on_whatever_happens(world: World) -> None:
    sender = Scripted([Killed()])
    house = await reachable(world, sender)
    await passkey(house, world)
    looks = 0

    async def pause(_seconds: float) -> None:
        nonlocal looks
        looks += 1
        world.clock.advance(CLAIM_MS)
        if looks == 3:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await outbox.deliver_for_ever(house, pause)
    assert len(sender.mails) == 1


def test_every_notice_has_its_word_in_the_audit() -> None:
    links = {Letter.CONFIRM_ADDRESS, Letter.ADDRESS_IN_USE, Letter.RESET_PASSWORD, Letter.ADDRESS_CHANGED}
    links |= {Letter.APP_CONNECTED, Letter.APP_CONNECTED_BY_LOGIN}  # their words are those of the approval
    assert set(HAPPENED) == set(WORDS) - links - {Letter.INVITATION}
    assert len(set(HAPPENED.values())) == len(HAPPENED)
    assert notices.HAPPENED[Letter.PASSWORD_CHANGED] is Happened.PASSWORD_SET


def test_hiding_draws_anew_each_time() -> None:
    digests, entropy = Digests(KeyRing.new()), SystemEntropy()
    hidden = {digests.hide(Kind.MAIL, "the same", entropy) for _ in range(100)}
    assert len(hidden) == 100
    assert {digests.reveal(Kind.MAIL, each) for each in hidden} == {"the same"}
