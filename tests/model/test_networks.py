"""This file holds that nobody but a trusted proxy can say where a request comes from (corpus C07)."""

import itertools
from ipaddress import ip_network
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admitone.model.web.networks import (
    UNKNOWN,
    client_address,
    client_scheme,
    is_loopback,
    limiter_network,
    limiter_region,
    network_of,
)

TRUSTED = [ip_network("10.0.0.0/8"), ip_network("fd00::/8"), ip_network("192.0.2.1/32")]
PROXIES = ("10.0.0.1", "10.255.0.9", "fd00::1", "192.0.2.1", "::ffff:10.0.0.1")
STRANGERS = ("203.0.113.7", "198.51.100.1", "2001:db8::7", "11.0.0.1", "192.0.2.2", "127.0.0.1", "::1")
ENTRIES = {  # as a proxy writes the client, and who that is
    "203.0.113.9": "203.0.113.9",
    " 203.0.113.9 ": "203.0.113.9",
    "\t203.0.113.9": "203.0.113.9",
    "203.0.113.9:4711": "203.0.113.9",
    "2001:db8::9": "2001:db8::9",
    "2001:DB8:0:0::9": "2001:db8::9",
    "[2001:db8::9]": "2001:db8::9",
    "[2001:db8::9]:443": "2001:db8::9",
    "::ffff:203.0.113.9": "203.0.113.9",
    "[::ffff:203.0.113.9]:80": "203.0.113.9",
}
MALFORMED = (
    *("", " ", "unknown", "_hidden", "localhost", "proxy.example", "-", "null", "None", "0", "1", "256.1.1.1", "1.2.3"),
    *(
        "1.2.3.4.5",
        "01.2.3.4",
        "0x7f.0.0.1",
        "2130706433",
        "1.2.3.4/8",
        "1.2.3.4:",
        "1.2.3.4:x",
        "1.2.3.4:123456",
        "1.2.3.4;",
    ),
    *(
        "1.2.3.4 5.6.7.8",
        '"1.2.3.4"',
        "'1.2.3.4'",
        "for=1.2.3.4",
        "[1.2.3.4]",
        "[::1",
        "::1]",
        "[::1]:",
        "[::1]x",
        ":::",
        "g::1",
    ),
    *(
        "fe80::1%eth0",
        "[fe80::1%25eth0]",
        "\uff11.2.3.4",
        "\u0661.2.3.4",
        "1.2.3.4\0",
        "1.2.3.4\r\nX-Evil: 1",
        "\x1b[31m",
        "1" * 5000,
    ),
    *("<script>", "' OR 1=1 --", "\ud800", "http://1.2.3.4/", "1.2.3.4@5.6.7.8", "10.0.0.1\u200b"),
)


class Case(NamedTuple):
    """A request and who really sent it."""

    peer: str
    forwarded_for: list[str]
    client: str


def cases() -> list[Case]:
    made = [Case(peer, [entry], peer) for peer, entry in itertools.product(STRANGERS, (*ENTRIES, "10.0.0.1", "x"))]
    for proxy in PROXIES:
        itself = proxy.removeprefix("::ffff:")
        made.append(Case(proxy, [], itself))
        for entry, client in ENTRIES.items():
            made += [
                Case(proxy, [entry], client),
                Case(proxy, [f"1.1.1.1, {entry}"], client),  # the left is what the client itself claims
                Case(proxy, ["1.1.1.1", entry], client),
                Case(proxy, [f"{entry},10.9.9.9", "fd00::2"], client),
            ]
    for bad in MALFORMED:
        made += [
            Case("10.0.0.1", [bad], "10.0.0.1"),
            Case("10.0.0.1", [f"1.1.1.1,{bad}"], "10.0.0.1"),
            Case("10.0.0.1", [f"1.1.1.1,{bad},10.0.0.2"], "10.0.0.2"),
            Case("10.0.0.1", [f"{bad},203.0.113.9"], "203.0.113.9"),
            Case("203.0.113.7", [bad], "203.0.113.7"),
        ]
    made += [
        Case("10.0.0.1", ["10.0.0.4,10.0.0.3", "10.0.0.2"], "10.0.0.4"),
        Case("", ["1.1.1.1"], ""),
        Case("unix:", [], "unix:"),
    ]
    return made


CASES = cases()


def test_there_are_as_many_cases_as_promised():
    assert len(CASES) >= 250


@pytest.mark.holds("S3")
def test_the_client_is_who_the_last_believable_one_says():
    wrong = [case for case in CASES if client_address(case.peer, case.forwarded_for, TRUSTED) != case.client]
    assert wrong == []


@pytest.mark.holds("S3")
def test_the_limiter_counts_the_client_and_not_what_it_claims():
    for case in CASES:
        found = client_address(case.peer, case.forwarded_for, TRUSTED)
        assert limiter_network(found) == limiter_network(case.client)


def test_without_trusted_proxies_only_the_peer_counts():
    for case in CASES:
        assert client_address(case.peer, case.forwarded_for, []) == case.peer.removeprefix("::ffff:")


@given(st.text(), st.lists(st.text()))
def test_nothing_that_is_sent_can_make_it_fail(peer, forwarded_for):
    assert client_address(peer, forwarded_for, TRUSTED)[:0] == ""
    assert client_address("10.0.0.1", forwarded_for, TRUSTED)
    assert client_scheme("10.0.0.1", forwarded_for, "http", TRUSTED) in {"http", "https"}
    assert network_of(peer)
    assert limiter_network(peer)
    assert is_loopback(peer) in {True, False}


@given(st.lists(st.ip_addresses().map(str), min_size=1, max_size=5))
def test_a_stranger_can_never_choose_its_address_by_adding_entries(entries):
    before = client_address("10.0.0.1", ["203.0.113.9"], TRUSTED)
    assert client_address("10.0.0.1", [",".join(entries), "203.0.113.9"], TRUSTED) == before


@pytest.mark.parametrize(
    ("ip", "ours", "limiters", "region"),
    [
        ("203.0.113.7", "203.0.113.7/32", "203.0.113.7/32", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.7/32", "203.0.113.7/32", "203.0.113.0/24"),
        ("2001:db8:1:22ff:3:4:5:6", "2001:db8:1:2200::/56", "2001:db8:1:22ff::/64", "2001:db8:1::/48"),
        ("2001:db8::", "2001:db8::/56", "2001:db8::/64", "2001:db8::/48"),
        ("fe80::1%eth0", "fe80::/56", "fe80::/64", "fe80::/48"),
        ("::1", "::/56", "::/64", "::/48"),
        ("", UNKNOWN, UNKNOWN, UNKNOWN),
        ("testclient", UNKNOWN, UNKNOWN, UNKNOWN),
        ("203.0.113.007", UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_an_address_belongs_to_a_network(ip, ours, limiters, region):
    assert network_of(ip) == ours
    assert limiter_network(ip) == limiters
    assert limiter_region(ip) == region


@given(st.ip_addresses(v=6), st.integers(0, 2**64 - 1))
@pytest.mark.holds("S3")
def test_rotating_inside_a_64_does_not_reset_the_limit(address, other):
    if address.ipv4_mapped is None and int(address) >> 64:
        neighbour = type(address)(int(address) >> 64 << 64 | other)
        assert limiter_network(str(address)) == limiter_network(str(neighbour))


@pytest.mark.parametrize(
    ("ip", "is_ours"),
    [
        *((ip, True) for ip in ("127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1")),
        *(
            (ip, False)
            for ip in ("128.0.0.1", "0.0.0.0", "::", "::2", "localhost", "", "127.1", "10.0.0.1", "2130706433")
        ),
    ],
)
def test_loopback_is_this_machine_and_nothing_else(ip, is_ours):
    assert is_loopback(ip) is is_ours


@pytest.mark.parametrize(
    ("peer", "forwarded_proto", "scheme"),
    [
        ("10.0.0.1", ["https"], "https"),
        ("10.0.0.1", ["HTTPS "], "https"),
        ("10.0.0.1", ["http"], "http"),
        ("10.0.0.1", ["https, http"], "http"),
        ("10.0.0.1", ["https", "http"], "http"),
        ("10.0.0.1", ["http,https"], "https"),
        ("10.0.0.1", [], "http"),
        ("10.0.0.1", ["wss"], "http"),
        ("10.0.0.1", ["https\r\n"], "http"),
        ("10.0.0.1", ["https,"], "http"),
        ("203.0.113.7", ["https"], "http"),
        ("", ["https"], "http"),
    ],
)
def test_only_a_trusted_proxy_can_say_that_the_browser_spoke_https(peer, forwarded_proto, scheme):
    assert client_scheme(peer, forwarded_proto, "http", TRUSTED) == scheme


def test_our_own_https_stands_when_nobody_else_says_anything():
    assert client_scheme("203.0.113.7", ["http"], "https", TRUSTED) == "https"
