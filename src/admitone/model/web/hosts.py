"""This file reads the host of a web address as browsers do, or not at all, and shows it without deceiving."""

import ipaddress
import re
import unicodedata
from ipaddress import IPv6Address
from typing import Final

from admitone.model.scripts import is_blank, is_everyday, is_one_script, passes_for_latin

_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_LONGEST: Final = 253  # characters, of a name in the DNS
# Letters outside ASCII that may be written plainly; every other name is written in its xn-- form. Inside these ranges
# browsers and we agree on the ASCII form, because what they would map to something else is left out in _is_plain.
_PLAIN: Final = (
    (0x00E0, 0x024F),  # Latin
    (0x0370, 0x03FF),  # Greek
    (0x0430, 0x045F),  # Cyrillic
    (0x3041, 0x30FF),  # kana
    (0x4E00, 0x9FA5),  # Han
    (0xAC00, 0xD7A3),  # Hangul
)
# Letters that browsers once mapped to others and now keep: sure only in the xn-- form.
_KEPT: Final = str.maketrans({"\u00df": "s", "\u03c2": "\u03c3"})
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})


def read_host(written: str) -> str | None:
    """Return a host in its one ASCII form, lower-case, IPv6 in brackets, or None if it is none to be trusted.

    Numbers are taken as IPv4 only in the form that browsers would write them in themselves: four decimal parts.
    """
    if written.startswith("["):
        return _read_six(written)
    labels = [_read_label(label) for label in written.split(".")]
    if None in labels:
        return None
    host = ".".join(label for label in labels if label)
    if len(host) > _LONGEST:
        return None
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        return _read_four(host)
    return host


def is_loopback_host(host: str) -> bool:
    """Tell whether browsers look for the host on the person's own device."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def readable_host(host: str) -> str:
    """Return a host as people may see it: only labels that cannot be taken for others leave their xn-- form."""
    return ".".join(_readable_label(label) for label in host.split("."))


def _read_six(written: str) -> str | None:
    """Read an IPv6 address in brackets, in its shortest form only, and none with an IPv4 address inside."""
    inside = written[1:-1].lower()
    try:
        address = IPv6Address(inside)
    except ValueError:
        return None
    hides_four = address.ipv4_mapped is not None or (int(address) >> 32 == 0 and int(address) > 1)
    if not written.endswith("]") or address.scope_id or address.compressed != inside or hides_four:
        return None
    return f"[{inside}]"


def _read_four(host: str) -> str | None:
    try:
        return str(ipaddress.IPv4Address(host))
    except ValueError:
        return None


def _read_label(written: str) -> str | None:
    label = written.lower()
    if not written.isascii():
        if not _is_plain(label):
            return None
        label = "xn--" + label.encode("punycode").decode()
    if not _LABEL.fullmatch(label) or (label.startswith("xn--") and _unicode_label(label) is None):
        return None
    return label


def _is_plain(label: str) -> bool:
    if label.startswith("-") or label.endswith("-") or label[2:4] == "--":
        return False
    return _is_settled(label) and all(
        (char in "abcdefghijklmnopqrstuvwxyz0123456789-" or any(first <= ord(char) <= last for first, last in _PLAIN))
        for char in label
    )


def _unicode_label(label: str) -> str | None:
    """Return what an xn-- label stands for, or None if browsers would not accept it."""
    try:
        text = label.removeprefix("xn--").encode().decode("punycode")
        again = text.encode("punycode").decode()
    except (UnicodeError, ValueError, OverflowError):
        return None
    if text.isascii() or f"xn--{again}" != label or not _is_settled(text.translate(_KEPT)) or not _runs_one_way(text):
        return None
    return text


def _is_settled(label: str) -> bool:
    """Tell whether a label is in the form all its spellings are mapped to: letters, marks, digits and dashes."""
    if unicodedata.normalize("NFKC", label).casefold() != label or unicodedata.normalize("NFC", label) != label:
        return False
    kinds = [unicodedata.category(char) for char in label]
    return kinds[0][0] != "M" and all(
        (kind[0] in "LM" or kind == "Nd" or char == "-") and not is_blank(char)
        for kind, char in zip(kinds, label, strict=True)
    )


def _runs_one_way(label: str) -> bool:
    """Tell whether a label with letters that run from right to left has no others (RFC 5893)."""
    kinds = [unicodedata.bidirectional(char) for char in label]
    if not _RIGHT_TO_LEFT.intersection(kinds):
        return True
    ends = [kind for kind in kinds if kind != "NSM"]
    return (
        kinds[0] in {"R", "AL"}
        and "L" not in kinds
        and not {"EN", "AN"} <= set(kinds)
        and ends[-1] in _RIGHT_TO_LEFT | {"EN"}
    )


def _readable_label(label: str) -> str:
    text = _unicode_label(label) if label.startswith("xn--") else None
    if text is None or not is_one_script(text) or passes_for_latin(text) or not is_everyday(text):
        return label
    return text
