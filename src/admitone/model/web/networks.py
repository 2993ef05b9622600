"""This file tells whose network a request comes from, believing only the proxies that the operator trusts."""

import ipaddress
import re
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final

Networks = Sequence[IPv4Network | IPv6Network]

UNKNOWN: Final = "unknown"  # the one network of all addresses that are none, such as a Unix socket's

_LONGEST: Final = 64  # characters; an IPv6 address with brackets and port has 48
_WITH_PORT: Final = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*)\]|(?P<four>[0-9.]+))(?::[0-9]{1,5})?")


def network_of(ip: str) -> str:
    """Return the network that the pages call "your network": IPv4 /32, IPv6 /56 (ux.md §6.1)."""
    return _network(ip, 32, 56)


def limiter_network(ip: str) -> str:
    """Return the network whose tries are counted together: IPv4 /32, IPv6 /64 (security.md S3)."""
    return _network(ip, 32, 64)


def limiter_region(ip: str) -> str:
    """Return the networks that are one holder's as a rule, counted together as well: IPv4 /24, IPv6 /48 (S3)."""
    return _network(ip, 24, 48)


def is_loopback(ip: str) -> bool:
    """Tell whether the address is this machine's own."""
    address = _address(ip)
    return address is not None and address.is_loopback


def client_address(peer: str, forwarded_for: Sequence[str], trusted: Networks) -> str:
    """Return the address the request really comes from, as far as it can be believed; never raises.

    `peer` is who is connected to us, `forwarded_for` the values of all X-Forwarded-For headers in their order. Each
    trusted proxy vouches for the entry to the left of its own; a malformed entry vouches for nothing.
    """
    if not forwarded_for:
        return _written(peer)
    address = _address(peer)
    if address is None:
        return peer
    entries = [entry for header in forwarded_for for entry in header.split(",")]
    while entries and _is_within(address, trusted):
        before = _forwarded(entries.pop())
        if before is None:
            break
        address = before
    return str(address)


def client_scheme(peer: str, forwarded_proto: Sequence[str], own_scheme: str, trusted: Networks) -> str:
    """Return `http` or `https`, as the browser spoke it: a trusted peer's last X-Forwarded-Proto, else our own."""
    address = _address(peer)
    if address is None or not forwarded_proto or not _is_within(address, trusted):
        return own_scheme
    said = forwarded_proto[-1].rpartition(",")[2].strip(" \t").lower()
    return said if said in {"http", "https"} else own_scheme


@lru_cache(4096)
def _network(ip: str, four_bits: int, six_bits: int) -> str:
    address = _address(ip)
    if address is None:
        return UNKNOWN
    bits = four_bits if address.version == 4 else six_bits
    return str(ipaddress.ip_network((str(address), bits), strict=False))


@lru_cache(4096)
def _written(ip: str) -> str:
    """Return an address as it is written everywhere, and what is none as it is."""
    address = _address(ip)
    return ip if address is None else str(address)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address as the operating system writes it: perhaps with an interface, perhaps IPv4 inside IPv6."""
    return None if len(text) > _LONGEST else _parsed(text)


@lru_cache(4096)
def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address; the same few arrive with every request."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _forwarded(entry: str) -> IPv4Address | IPv6Address | None:
    """Read one entry of X-Forwarded-For: an address, which some proxies follow by a port."""
    entry = entry.strip(" \t")
    if len(entry) > _LONGEST or "%" in entry:
        return None
    with_port = _WITH_PORT.fullmatch(entry)
    return _address((with_port["six"] or with_port["four"]) if with_port else entry)


def _is_within(address: IPv4Address | IPv6Address, networks: Networks) -> bool:
    return any(address in network for network in networks)
