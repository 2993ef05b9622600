"""Holds the front to what it may believe: whose call it is, over what it came, and when a body is whole."""

from ipaddress import ip_network

import pytest

from tests.wire.dumps import changed, dump
from tests.wire.goldens import REFUSALS, wrong_headers
from tests.wire.program import HSTS, Program, front
from tests.world import PASSWORD, World

PROXY = "10.1.2.3"
TRUSTED = (ip_network("10.1.0.0/16"), ip_network("fd00::/8"))

# Who is connected, what the headers say, and whose network the request token is kept with.
ADDRESSES: dict[str, tuple[str | None, list[tuple[str, str]], str]] = {
    "a peer is itself": ("203.0.113.7", [], "203.0.113.7/32"),
    "a stranger is not believed": ("203.0.113.7", [("X-Forwarded-For", "198.51.100.1")], "203.0.113.7/32"),
    "nor by other headers": (
        "203.0.113.7",
        [("Forwarded", "for=198.51.100.1"), ("X-Real-IP", "198.51.100.1")],
        "203.0.113.7/32",
    ),
    "a trusted proxy is believed": (PROXY, [("X-Forwarded-For", "198.51.100.1")], "198.51.100.1/32"),
    "but not by other headers": (
        PROXY,
        [("Forwarded", "for=198.51.100.1"), ("X-Real-IP", "198.51.100.1")],
        "10.1.2.3/32",
    ),
    "a trusted proxy that says nothing is the peer": (PROXY, [], "10.1.2.3/32"),
    "what a client made up stands to the left": (
        PROXY,
        [("X-Forwarded-For", "127.0.0.1, 198.51.100.1")],
        "198.51.100.1/32",
    ),
    "also in a header of its own": (
        PROXY,
        [("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-For", "198.51.100.1")],
        "198.51.100.1/32",
    ),
    "two trusted proxies are walked through": (
        PROXY,
        [("X-Forwarded-For", "198.51.100.1, 10.1.9.9")],
        "198.51.100.1/32",
    ),
    "a proxy not trusted ends the walk": (
        PROXY,
        [("X-Forwarded-For", "198.51.100.1, 192.0.2.9, 10.1.9.9")],
        "192.0.2.9/32",
    ),
    "what is no address vouches for nothing": (PROXY, [("X-Forwarded-For", "198.51.100.1, localhost")], "10.1.2.3/32"),
    "nor does an empty entry": (PROXY, [("X-Forwarded-For", "198.51.100.1,")], "10.1.2.3/32"),
    "nor what is written in Latin-1": (PROXY, [("X-Forwarded-For", "198.51.100.1\xa0")], "10.1.2.3/32"),
    "IPv6 is counted by the /56": ("2001:db8:1:ff42::7", [], "2001:db8:1:ff00::/56"),
    "IPv6 behind a proxy": ("fd00::1", [("X-Forwarded-For", "[2001:db8:1:ff42::7]:4711")], "2001:db8:1:ff00::/56"),
    "IPv4 inside IPv6 is IPv4": ("::ffff:203.0.113.7", [], "203.0.113.7/32"),
    "a socket without an address has one network for all": (None, [("X-Forwarded-For", "198.51.100.1")], "unknown"),
}


async def test_a_call_comes_from_where_it_can_be_believed_to_come_from(world: World, subtests: pytest.Subtests) -> None:
    program = Program(world, wire=front(world, TRUSTED))
    target = f"/3/authentication/token/new?api_key={program.app.key}"
    for name, (peer, headers, network) in ADDRESSES.items():
        with subtests.test(name):
            before = await dump(world.house)
            await program.raw("GET", target, headers, peer=peer)
            after = await dump(world.house)
            (row,) = set(after["request_tokens"]) - set(before["request_tokens"])
            assert network in row


# Who is connected, by what scheme, what the headers say, and what that makes of it: open to all in between or not.
WAYS: dict[str, tuple[str | None, str, list[tuple[str, str]], str]] = {
    "https": ("203.0.113.7", "https", [], "https"),
    "plain from afar": ("203.0.113.7", "http", [], "open"),
    "plain from the private network": ("192.168.1.5", "http", [], "open"),
    "plain from this machine": ("127.0.0.1", "http", [], "machine"),
    "plain from this machine in IPv6": ("::1", "http", [], "machine"),
    "plain from this machine, IPv4 in IPv6": ("::ffff:127.0.0.5", "http", [], "machine"),
    "plain from a socket without an address": (None, "http", [], "open"),
    "a stranger who says https": ("203.0.113.7", "http", [("X-Forwarded-Proto", "https")], "open"),
    "a stranger who says it is this machine": ("203.0.113.7", "http", [("X-Forwarded-For", "127.0.0.1")], "open"),
    "a proxy that says https": (
        PROXY,
        "http",
        [("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "https")],
        "https",
    ),
    "a proxy that says HTTPS": (
        PROXY,
        "http",
        [("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", " HTTPS ")],
        "https",
    ),
    "a proxy that says http": (
        PROXY,
        "http",
        [("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "http")],
        "open",
    ),
    "a proxy that says http over https": (
        PROXY,
        "https",
        [("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "http")],
        "open",
    ),
    "a proxy that says nothing": (PROXY, "http", [("X-Forwarded-For", "203.0.113.7")], "open"),
    "a proxy whose client says https": (
        PROXY,
        "http",
        [("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "https,http")],
        "open",
    ),
    "a proxy whose client says https in a header of its own": (
        PROXY,
        "http",
        [("X-Forwarded-Proto", "https"), ("X-Forwarded-Proto", "http"), ("X-Forwarded-For", "203.0.113.7")],
        "open",
    ),
    "a proxy that says nonsense": (
        PROXY,
        "http",
        [("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "wss")],
        "open",
    ),
    "a proxy for this machine": (PROXY, "http", [("X-Forwarded-For", "127.0.0.1")], "machine"),
}


@pytest.mark.holds("B11")
async def test_a_password_is_taken_over_https_or_from_this_machine_only(
    world: World, subtests: pytest.Subtests
) -> None:
    program = Program(world, wire=front(world, TRUSTED, HSTS))
    for name, (peer, scheme, headers, way) in WAYS.items():
        with subtests.test(name):
            token = await world.token(world.cineshelf)
            login = f"username=mira&password={PASSWORD.replace(' ', '+')}&request_token={token}"
            target = f"/3/authentication/token/validate_with_login?api_key={program.app.key}&{login}"
            before = await dump(world.house)
            answered = await program.raw("GET", target, headers, peer=peer, scheme=scheme)
            if way == "open":
                assert (answered.status, answered.json()) == REFUSALS["47 plain"]
                assert not changed(before, await dump(world.house))
            else:
                assert answered.status == 200, answered
            assert not list(wrong_headers(answered, {}, plain=way != "https"))


async def test_without_trusted_proxies_nobody_is_believed(world: World) -> None:
    program = Program(world)
    said = [("X-Forwarded-For", "198.51.100.1"), ("X-Forwarded-Proto", "https")]
    target = f"/3/authentication/token/new?api_key={program.app.key}"
    await program.raw("GET", target, said, peer="127.0.0.1", scheme="http")
    (row,) = (await dump(world.house))["request_tokens"]
    assert "127.0.0.1/32" in row


async def test_half_a_body_is_no_body(world: World) -> None:
    program = Program(world)
    session = await world.session(world.cineshelf, world.mira)
    target = f"/3/movie/550/rating?api_key={program.app.key}&session_id={session}"
    form = [("Content-Type", "application/x-www-form-urlencoded")]
    before = await dump(world.house)
    # The whole would have been value=10.
    answered = await program.raw("POST", target, form, b"value=1", leaves=True)
    assert answered.status == 400
    assert not changed(before, await dump(world.house))
    assert (await program.raw("POST", target, form, b"value=10")).status == 201


@pytest.mark.parametrize(("size", "status"), [(65_536, 201), (65_537, 413), (1_000_000, 413)])
@pytest.mark.holds("S8")
async def test_a_body_may_have_64_kib(world: World, size: int, status: int) -> None:
    program = Program(world)
    session = await world.session(world.cineshelf, world.mira)
    target = f"/3/movie/550/rating?api_key={program.app.key}&session_id={session}"
    body = b'{"value": 8}'.ljust(size)
    answered = await program.raw("POST", target, [("Content-Type", "application/json")], body)
    assert answered.status == status
    if status == 413:
        assert answered.json() == REFUSALS["47 large"][1]
