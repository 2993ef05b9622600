"""Passkeys: only the right answer to our own question, given once, lets anybody in (security.md A9, corpus C12)."""

import json
from typing import Any

import pytest

from admitone.basics.passkeys import LONGEST, Party
from admitone.flows import visits
from admitone.flows.events import Happened
from admitone.flows.people import passkeys
from admitone.flows.people.passkeys import Asked, New
from admitone.flows.visits import Coming
from admitone.model.faults import Fault
from admitone.model.people.factors import HALFWAY_MS, MOST_PASSKEYS
from admitone.model.visits import NewVisit
from tests.factors import plant_passkey
from tests.soft_passkeys import ATTESTED, PRESENT, VERIFIED, SoftPasskey, Twist, b64, unb64
from tests.store.aside import audit, fault_of, rows, switch_account
from tests.world import NETWORK, World

PARTY = Party("admit.example", "https://admit.example", "Admit One")
CREATE = Asked("create a passkey", "mira's browser")
SIGN_IN = Asked("sign in by passkey", "some browser")
COMING = Coming("203.0.113.7")


async def question(world: World) -> str:
    return await world.house.read(passkeys.creation_options, world.mira.id, PARTY, CREATE)


async def keep(world: World, text: str, asked: Asked = CREATE, account_id: int = 0) -> int:
    new = New(text, "Phone", NETWORK)
    return await world.house.write(passkeys.add, account_id or world.mira.id, new, PARTY, asked)


async def created(world: World, *, counts: bool = True) -> SoftPasskey:
    passkey = SoftPasskey(PARTY.origin, counts=counts)
    await keep(world, passkey.create(await question(world)))
    return passkey


async def sign_in(world: World, text: str, asked: Asked = SIGN_IN) -> NewVisit:
    return await passkeys.sign_in(world.house, text, PARTY, asked, COMING)


def ask(world: World) -> str:
    return passkeys.sign_in_options(world.house, PARTY, SIGN_IN)


async def test_a_passkey_is_created_and_signs_in(world: World) -> None:
    options = json.loads(await question(world))
    assert options["rp"] == {"id": "admit.example", "name": "Admit One"}
    assert (options["user"]["name"], options["user"]["displayName"]) == ("mira", "Mira Okafor")
    assert unb64(options["user"]["id"]).hex() == world.mira.object_id
    selection = options["authenticatorSelection"]
    assert (selection["residentKey"], selection["userVerification"]) == ("required", "required")
    assert options["attestation"] == "none"

    passkey = await created(world)
    [kept] = await world.house.read(passkeys.all_of, world.mira.id)
    assert (kept.name, kept.synced, kept.made_at, kept.used_at) == ("Phone", 1, world.clock.now(), None)
    again = json.loads(await question(world))
    assert [unb64(each["id"]) for each in again["excludeCredentials"]] == [passkey.id]

    visit = await sign_in(world, passkey.sign(ask(world)))
    found = await world.house.read(visits.find, visit.text)
    assert found
    assert found.account_id == world.mira.id
    assert (await world.house.read(passkeys.all_of, world.mira.id))[0].used_at == world.clock.now()


async def test_asking_writes_nothing(world: World) -> None:
    before = [await world.house.read(rows, table) for table in ("answered_challenges", "events")]
    for _ in range(3):
        ask(world)
        await question(world)
    assert [await world.house.read(rows, table) for table in ("answered_challenges", "events")] == before


async def test_a_passkey_that_does_not_count_signs_in_again_and_again(world: World) -> None:
    passkey = await created(world, counts=False)
    for _ in range(3):
        assert await sign_in(world, passkey.sign(ask(world)))


@pytest.mark.holds("A9", "ASVS 6.7.2")
async def test_an_answer_is_good_once_and_for_ten_minutes_on_its_own_browser(world: World) -> None:
    passkey = await created(world)
    answer = passkey.sign(ask(world))
    assert await sign_in(world, answer)
    assert await fault_of(sign_in(world, answer)) is Fault.PASSKEY_LATE
    for asked in (SIGN_IN._replace(holder="another browser"), SIGN_IN._replace(purpose="confirm")):
        assert await fault_of(sign_in(world, passkey.sign(ask(world)), asked)) is Fault.PASSKEY_LATE
    late = passkey.sign(ask(world))
    world.clock.advance(HALFWAY_MS)
    assert await fault_of(sign_in(world, late)) is Fault.PASSKEY_LATE
    made_up = json.dumps({"challenge": b64(bytes(73))})
    assert await fault_of(sign_in(world, passkey.sign(made_up))) is Fault.PASSKEY_LATE


async def test_a_wrong_answer_uses_the_question_up(world: World) -> None:
    passkey, options = await created(world), ask(world)
    assert await fault_of(sign_in(world, passkey.sign(options, Twist(signature=b"x")))) is Fault.PASSKEY_BAD
    assert await fault_of(sign_in(world, passkey.sign(options))) is Fault.PASSKEY_LATE


@pytest.mark.holds("A9")
async def test_a_count_put_back_is_refused_and_noted(world: World) -> None:
    passkey = await created(world)
    for _ in range(3):
        await sign_in(world, passkey.sign(ask(world)))
    for uses in (3, 1, 0):
        assert await fault_of(sign_in(world, passkey.sign(ask(world), Twist(uses=uses)))) is Fault.PASSKEY_BAD
        assert (await world.house.read(audit))[-1].kind == Happened.PASSKEY_COPIED.value
    assert await sign_in(world, passkey.sign(ask(world), Twist(uses=4)))


@pytest.mark.holds("A9", "ASVS 6.5.6")
async def test_one_that_is_removed_or_unknown_or_anothers_handle_lets_nobody_in(world: World) -> None:
    passkey = await created(world)
    stranger = SoftPasskey(PARTY.origin, b"somebody else's")
    assert await fault_of(sign_in(world, stranger.sign(ask(world)))) is Fault.PASSKEY_UNKNOWN
    other = Twist(response={"userHandle": b64(bytes.fromhex(world.tomas.object_id))})
    assert await fault_of(sign_in(world, passkey.sign(ask(world), other))) is Fault.PASSKEY_UNKNOWN
    [kept] = await world.house.read(passkeys.all_of, world.mira.id)
    assert await world.house.write(passkeys.remove, world.tomas.id, kept.id, NETWORK) is None
    assert await sign_in(world, passkey.sign(ask(world)))
    assert await world.house.write(passkeys.remove, world.mira.id, kept.id, NETWORK) == "Phone"
    assert await fault_of(sign_in(world, passkey.sign(ask(world)))) is Fault.PASSKEY_UNKNOWN


async def test_somebody_switched_off_is_told_so(world: World) -> None:
    passkey = await created(world)
    await world.house.write(switch_account, world.mira.id, off=True)
    assert await fault_of(sign_in(world, passkey.sign(ask(world)))) is Fault.ACCOUNT_SWITCHED_OFF


async def test_the_same_passkey_is_not_kept_twice_nor_too_many(world: World) -> None:
    passkey = await created(world)
    assert await fault_of(keep(world, passkey.create(await question(world)))) is Fault.PASSKEY_TAKEN
    asked = await world.house.read(passkeys.creation_options, world.tomas.id, PARTY, CREATE)
    assert await fault_of(keep(world, passkey.create(asked), account_id=world.tomas.id)) is Fault.PASSKEY_TAKEN
    for number in range(MOST_PASSKEYS - 1):
        await plant_passkey(world, world.mira, f"Phone {number}")
    one_more = SoftPasskey(PARTY.origin, b"one more than anybody needs")
    assert await fault_of(keep(world, one_more.create(await question(world)))) is Fault.TOO_MANY_KEPT


JUNK: tuple[Any, ...] = (None, 1, -1, 1.5, True, "", "x", "é", "\0", [], ["x"], {}, {"a": 1}, "A" * 4_000)
FOREIGN = (
    "http://admit.example", "https://admit.example:8443", "https://admit.example/", "https://evil.example", "null", "",
    "https://sub.admit.example", "https://admit.example.evil.example", "HTTPS://ADMIT.EXAMPLE", "https://admit.example.",
)  # fmt: skip
HOSTS = ("evil.example", "example", "sub.admit.example", "ADMIT.EXAMPLE", "", "https://admit.example")

KINDS: tuple[Any, ...] = ("webauthn.other", "payment.get", "password", "", None, 7, [])
FRAMED: tuple[Any, ...] = (True, "true", 1, None, [], {})

COMMON: list[Twist] = [
    *(Twist(client={"origin": origin}) for origin in FOREIGN),
    *(Twist(client={"origin": junk}) for junk in JUNK),
    *(Twist(client={"type": kind}) for kind in KINDS),
    *(Twist(client={"challenge": junk}) for junk in JUNK),
    *(Twist(client={"crossOrigin": said}) for said in FRAMED),
    Twist(client={"topOrigin": "https://evil.example"}),
    *(Twist(host=host) for host in HOSTS),
    *(Twist(drop=(name,)) for name in ("id", "rawId", "type", "response", "challenge", "origin")),
    *(Twist(outer={"id": junk}) for junk in JUNK),
    *(Twist(outer={"rawId": junk}) for junk in JUNK),
    *(Twist(outer={"type": kind}) for kind in KINDS),
    *(Twist(outer={"response": junk}) for junk in JUNK),
    *(Twist(response={"clientDataJSON": junk}) for junk in JUNK),
    *(
        Twist(raw_client=raw)
        for raw in (b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 9_000, b'{"type":1}', b"1" * 5_000)
    ),
    *(Twist(cut=cut) for cut in (1, 4, 5, 20, 36)),
    *(Twist(tail=tail) for tail in (b"\0", b"\xa0", b"\xff" * 20)),
]
# Nobody touched it, and nobody was verified, whatever else is said.
ABSENT = [Twist(flags=flags) for flags in range(0x10, 0x100, 0x10)]
CREATED: list[Twist] = [
    *COMMON,
    *ABSENT,
    Twist(client={"type": "webauthn.get"}),
    *(
        Twist(flags=flags)
        for flags in (0, PRESENT, VERIFIED, ATTESTED, PRESENT | ATTESTED, VERIFIED | ATTESTED, 0xFF, 0x51)
    ),
    *(Twist(algorithm=algorithm) for algorithm in (0, 7, -35, -36, -37, -258, -65535, -48, -999, 2**31)),
    *(
        Twist(format=name)
        for name in ("fido-u2f", "tpm", "apple", "android-key", "android-safetynet", "packed", "", "x")
    ),
    *(Twist(statement=statement) for statement in ({"sig": b"x"}, {"x5c": [b"x"]}, {"ver": "2.0"})),
    *(Twist(response={"attestationObject": junk}) for junk in JUNK),
    *(
        Twist(response={"attestationObject": b64(raw)})
        for raw in (b"", b"\xa0", b"\x9b" + b"\xff" * 8, b"\xbb" + b"\xff" * 8, b"\x81" * 5_000, b"\xa1\x61")
    ),
    Twist(outer={"id": b64(b"another"), "rawId": b64(b"another")}),
]
SIGNED: list[Twist] = [
    *COMMON,
    *ABSENT,
    Twist(client={"type": "webauthn.create"}),
    *(Twist(flags=flags) for flags in (0, PRESENT, VERIFIED, 0x02, 0x40, 0xFF, PRESENT | VERIFIED | ATTESTED)),
    *(Twist(signature=raw) for raw in (b"", b"\0", b"\x30\x06\x02\x01\x00\x02\x01\x00", b"x" * 64, b"\x30" * 4_000)),
    *(Twist(response={"signature": junk}) for junk in JUNK),
    *(Twist(response={"authenticatorData": junk}) for junk in JUNK),
    *(Twist(response={"userHandle": junk}) for junk in (1, 1.5, [], ["x"], {"a": 1}, True, "é", "x")),
]
REFUSED = {Fault.PASSKEY_BAD, Fault.PASSKEY_LATE, Fault.PASSKEY_UNKNOWN}


@pytest.mark.holds("A9")
async def test_no_hostile_answer_creates_a_passkey(world: World) -> None:
    passkey = SoftPasskey(PARTY.origin)
    for twist in CREATED:
        fault = await fault_of(keep(world, passkey.create(await question(world), twist)))
        assert fault in REFUSED, twist
    assert await world.house.read(rows, "passkeys") == 0
    assert len(CREATED) + len(SIGNED) >= 400
    assert await keep(world, passkey.create(await question(world)))


@pytest.mark.holds("A9")
async def test_no_hostile_answer_signs_in(world: World) -> None:
    passkey = await created(world, counts=False)
    for twist in SIGNED:
        assert await fault_of(sign_in(world, passkey.sign(ask(world), twist))) in REFUSED, twist
    assert await world.house.read(rows, "visits") == 0
    assert len(SIGNED) > 150
    assert await sign_in(world, passkey.sign(ask(world)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "null",
        "[]",
        "1",
        "{}",
        '{"response":{}}',
        "[" * 9_000,
        '{"a":' * 4_000,
        " " * (LONGEST + 1),
        "\0",
        "\ud800",
    ],
    ids=range(12),
)
async def test_what_is_no_credential_at_all_is_refused(world: World, text: str) -> None:
    assert await fault_of(sign_in(world, text)) is Fault.PASSKEY_BAD
    assert await fault_of(keep(world, text)) is Fault.PASSKEY_BAD


@pytest.mark.holds("A9")
async def test_a_passkey_of_another_account_confirms_nothing(world: World) -> None:
    passkey = await created(world)
    asked = Asked("confirm", "tomas's browser")
    options = passkeys.sign_in_options(world.house, PARTY, asked)
    answer = passkeys.confirm(world.house, world.tomas.id, passkey.sign(options), PARTY, asked, COMING)
    assert await fault_of(answer) is Fault.PASSKEY_UNKNOWN
