"""This file says messages in the language of whoever reads them: the marks, the catalogues, the choice of a language.

A constant is marked where it stands, `mark("Sign in first")`, and said when it is printed, `gettext(message)`. The
language is the context's: `speak` sets it for a request, `speaking` for a block, such as a mail to somebody else.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path
from typing import TYPE_CHECKING, NewType

import admitone
from admitone.basics.late import late

if TYPE_CHECKING:
    from babel import numbers
else:
    numbers = late("babel.numbers")

CATALOGUES = Path(admitone.__file__).parent / "languages"
DOMAIN = "messages"
LONGEST_HEADER = 1_000
MOST_WISHES = 20
WISH = re.compile(r"([a-z]{1,8}(?:-[a-z0-9]{1,8}){0,4}|\*)(?:[ \t]*;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?")

# What has been marked, so that a catalogue can hold it; mypy lets nothing else stand where words are kept.
Message = NewType("Message", str)


@dataclass(frozen=True, slots=True)
class Language:
    """A language that pages and mails are written in.

    `code` is what `lang` says, `name` what its speakers call it, `locale` whose dates and numbers it takes.
    """

    code: str
    name: str
    locale: str
    catalogue: NullTranslations
    direction: str = "ltr"


ENGLISH = Language("en", "English", "en_GB", NullTranslations())
OTHERS = {"de": "Deutsch", "es": "Español", "fr": "Français"}

_language = ContextVar("language", default=ENGLISH)


@cache
def languages() -> dict[str, Language]:
    """Every language there is, by its code; read once."""
    others = {code: Language(code, name, code, _catalogue(code)) for code, name in OTHERS.items()}
    return {ENGLISH.code: ENGLISH, **others}


def language() -> Language:
    """The language of the one who is spoken to."""
    return _language.get()


def speak(chosen: Language) -> None:
    """Say everything in this language from now on, as far as this context reaches."""
    _language.set(chosen)


@contextmanager
def speaking(chosen: Language) -> Iterator[None]:
    """Say everything within the block in this language."""
    before = _language.set(chosen)
    try:
        yield
    finally:
        _language.reset(before)


def choose(wanted: str, accepted: str = "") -> Language:
    """The language of a person: `wanted` is their account's, empty for nobody's; `accepted` an Accept-Language header.

    English when neither names one that we have. Any text is borne.
    """
    for wish in (wanted.lower(), *_wishes(accepted)):
        if found := _known(wish):
            return found
    return ENGLISH


def mark(message: str) -> Message:
    """Mark a constant as something that people read; it is translated where it is said."""
    return Message(message)


def gettext(message: str, /, **blanks: object) -> str:
    """Say a message in the reader's language, with what fills its `{blanks}`."""
    text = language().catalogue.gettext(message)
    return text.format_map(blanks) if blanks else text


def ngettext(one: str, many: str, number: int, /, **blanks: object) -> str:
    """Say a message about a number of things, `{count}` of them; each language has its own plurals."""
    text = language().catalogue.ngettext(one, many, number)
    return text.format_map({"count": figure(number), **blanks})


def figure(number: float) -> str:
    """A number as the reader's language writes it."""
    return numbers.format_decimal(number, locale=language().locale)


def _catalogue(code: str) -> NullTranslations:
    return translation(DOMAIN, CATALOGUES, [code])


def _wishes(accepted: str) -> list[str]:
    """The languages of an Accept-Language header, the dearest first; what cannot be read counts for nothing."""
    wishes: list[tuple[float, str]] = []
    for part in accepted[:LONGEST_HEADER].lower().split(",", MOST_WISHES)[:MOST_WISHES]:
        found = WISH.fullmatch(part.strip(" \t"))
        if found and (weight := float(found[2] or 1)):
            wishes.append((weight, found[1]))
    return [wish for _, wish in sorted(wishes, key=lambda each: -each[0])]


def _known(wish: str) -> Language | None:
    """The language that a tag asks for, as a whole or by its first part (RFC 4647, lookup)."""
    known = {code.lower(): found for code, found in languages().items()}
    while wish:
        if wish in known:
            return known[wish]
        wish = wish.rpartition("-")[0]
    return None
