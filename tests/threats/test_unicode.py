"""Names and addresses are read to one form, from which reading them again leads nowhere else (A14, C08, C09)."""

import itertools
import unicodedata
from collections.abc import Callable, Iterator

import pytest

from admitone.basics.addresses import address_key, read_address
from admitone.model.faults import Fault, Refused
from admitone.model.names import clean_name, clean_username, skeleton, username_key
from admitone.model.scripts import is_blank

# ruff: noqa: RUF001 - such letters are what this is about
NAMES = ("mira", "Mira.Okafor", "tomas", "müller", "мира", "मीरा", "mira_7")
# What is put into a name: at its start, in its middle, at its end.
STRANGERS = (
    *("\0", "\t", "\n", "\r", "\x1b", "\x7f", "\x85", "\xa0", "\xad"),  # control
    *("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u180e", "\u3164", "\u115f", "\u2800", "\U000e0061"),  # unseen
    *("\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069", "\u200e"),
    "\u200f",
    *("а", "е", "о", "р", "ѕ", "і", "Α", "Ο", "ο", "ɑ", "ı", "ⅼ", "𝐚", "ａ", "ﬁ", "ß", "ſ", "K", "İ"),  # look-alikes
    *("\u0300", "\u0301\u0301\u0301\u0301", "\u0489", "\u20dd", "\ufe0f"),  # marks
    *("\ud800", "\udfff", "\uffff", "\ue000", "\U0010ffff"),  # none
    *("<b>", "'", '"', "`", "\\", "/", "%", "{{7}}", "${7}", "\r\nSet-Cookie: a=b", "💩", "٣", "²", "½", " ", "@"),
    *(":", "#"),
)  # fmt: skip
WHOLE = (
    "", " ", ".", "-", "_", "..", "a..b", ".a", "a.", "--", "a" * 41, "a" * 100_000, "admin", "root", "Admit One",
    "null",
    "undefined", "true", "0", "-1", "1e309", "NaN", "CON", "constructor", "__proto__", "ß" * 40, "İ" * 40, "ﬃ" * 14,
)  # fmt: skip
LOCALS = ("mira", "mira.okafor", "mira+films", "josé", "用户", "MIRA", "o'hara", "a" * 64)
DOMAINS = ("example.org", "bücher.example", "xn--bcher-kva.example", "sub.example.co.uk", "EXAMPLE.ORG", "例子.example")
ADDRESSES = (
    "", "@", "mira", "mira@", "@example.org", "mira@@example.org", "mira@a@example.org", "mira＠example.org",
    "mira@localhost",
    '"mira"@example.org', '"a b"@example.org', '"a\\"b"@example.org', '"a@b"@example.org', "(c)mira@example.org",
    "mira(c)@example.org", "mira@(c)example.org", "mira@[127.0.0.1]", "mira@[IPv6:::1]", "mira@127.0.0.1",
    "Mira <mira@example.org>", "<mira@example.org>", "mira@example.org,tom@example.org",
    "mira@example.org;tom@example.org",
    "mira@example.org\r\nBcc: a@example.org", "mira@example.org\nSubject: x", "mira\r@example.org",
    "mira@example.org\0",
    "mira%40evil.example@example.org", "mira!evil@example.org", "mira@evil.example#@example.org",
    "m" * 320 + "@example.org",
    "m" * 65 + "@example.org", "m@" + "a" * 64 + ".example", "m@" + "a." * 130 + "example",
    "m@" + "é" * 60 + ".example",
    "mira@-example.org", "mira@example-.org", "mira@example..org", "mira@.example.org", "mira@example.org.",
    "mira@xn--.org",
    "mira@xn--a.example", "mira@\u2460.example", "mira@exam\u2100ple.org", "\u212aira@example.org", "m" * 10**6,
)  # fmt: skip


def twisted(text: str) -> Iterator[str]:
    """A text with every stranger in every place, and in other forms of itself."""
    middle = len(text) // 2
    for stranger in STRANGERS:
        yield from (stranger + text, text[:middle] + stranger + text[middle:], text + stranger)
    yield from (text.upper(), text.lower(), text.swapcase(), text.title(), f" {text} ")
    yield from (unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKC", "NFKD"))


USERNAMES = tuple(dict.fromkeys([*WHOLE, *itertools.chain(*map(twisted, NAMES))]))
MAILBOXES = tuple(
    dict.fromkeys(
        [
            *ADDRESSES,
            *(f"{local}@{domain}" for local in LOCALS for domain in DOMAINS),
            *(f"{local}@{DOMAINS[0]}" for name in LOCALS[:2] for local in twisted(name)),
            *(f"{LOCALS[0]}@{domain}" for domain in twisted(DOMAINS[0])),
        ]
    )
)


@pytest.mark.holds("A14")
def test_there_are_as_many_names_and_addresses_as_promised() -> None:
    assert len(USERNAMES) >= 700
    assert len(MAILBOXES) >= 500


@pytest.mark.holds("A14")
def test_a_user_name_is_refused_or_harmless_and_read_again_it_is_the_same() -> None:
    taken = [name for text in USERNAMES if (name := kept(clean_username, text, Fault.USERNAME_BAD)) is not None]
    assert 50 < len(taken) < len(USERNAMES) // 2
    for name in taken:
        assert clean_username(name) == name
        assert name == unicodedata.normalize("NFKC", name)
        assert not any(is_blank(char) or char.isspace() or unicodedata.category(char)[0] in "CZ" for char in name)
        assert not set("<>\"'`\\/%{}@:#") & set(name)


@pytest.mark.holds("A14")
def test_every_key_is_its_own_key_and_no_two_names_share_one_unless_they_are_spellings_of_one() -> None:
    for text in USERNAMES:
        key = username_key(text)
        assert username_key(key) == key
        assert skeleton(skeleton(text)) == skeleton(text)
        if (name := kept(clean_username, text, Fault.USERNAME_BAD)) is not None:
            assert username_key(name) == key != ""


@pytest.mark.holds("A14")
def test_a_display_name_is_refused_or_shows_all_that_it_is() -> None:
    for text in USERNAMES:
        name = kept(clean_name, text, Fault.NAME_BAD)
        if name is not None:
            assert clean_name(name) == name
            assert not any(is_blank(char) for char in name)
            assert name.isprintable()


@pytest.mark.holds("A14", "B9")
def test_an_address_is_refused_or_one_mailbox_and_read_again_it_is_the_same() -> None:
    taken = [text for text in MAILBOXES if kept(read_address, text, Fault.EMAIL_BAD) is not None]
    assert 50 < len(taken) < len(MAILBOXES)
    for text in taken:
        address = read_address(text)
        assert read_address(address.written).key == address.key
        assert read_address(address.key).key == address.key == address_key(text)
        for form in address:
            assert form.count("@") == 1
            assert form.isprintable()
            assert not set(' ,;:<>()[]"\\') & set(form)
            assert form.rpartition("@")[2].isascii()


def kept(read: Callable[[str], object], text: str, fault: Fault) -> str | None:
    """What becomes of a text; None when it is refused, which must be for this reason."""
    try:
        return str(read(text))
    except Refused as refused:
        if refused.fault is fault:
            return None
        raise
