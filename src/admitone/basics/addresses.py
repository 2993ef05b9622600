"""This file reads e-mail addresses: into the one form that is kept and sent to, and the one that is compared."""

import unicodedata
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from admitone.basics.late import late
from admitone.model.faults import Fault, Refused
from admitone.model.scripts import is_blank, is_one_script

if TYPE_CHECKING:
    import email_validator
else:
    email_validator = late("email_validator", for_people=True)

_LONGEST: Final = 254  # characters (RFC 5321)
_LONGEST_LOCAL: Final = 64  # bytes


class Address(NamedTuple):
    """An e-mail address: as mail is sent to it, and the form that is equal for all its spellings."""

    written: str
    key: str


def read_address(text: str) -> Address:
    """Read what somebody typed. Raises EMAIL_BAD.

    It is normalised before it is checked, so that what was checked is what is used (security.md A14).
    """
    if len(text) > 4 * _LONGEST:
        raise Refused(Fault.EMAIL_BAD)
    written, local, domain = _checked(unicodedata.normalize("NFKC", text).strip())
    key = f"{_folded(local)}@{domain.lower()}"
    # Folding must lead to an address again, and from there no further.
    _, local, domain = _checked(key)
    if f"{_folded(local)}@{domain.lower()}" != key:
        raise Refused(Fault.EMAIL_BAD)
    return Address(written, key)


def address_key(text: str) -> str:
    """The key of what somebody typed; empty, which is nobody's, for what is no address."""
    try:
        return read_address(text).key
    except Refused:
        return ""


def _checked(text: str) -> tuple[str, str, str]:
    if len(text) > _LONGEST or any(is_blank(char) for char in text):
        raise Refused(Fault.EMAIL_BAD)
    try:
        _allow_own_domains()
        found = email_validator.validate_email(text, check_deliverability=False, globally_deliverable=False)
    except (email_validator.EmailNotValidError, UnicodeError) as error:
        raise Refused(Fault.EMAIL_BAD) from error
    domain = found.ascii_domain or ""
    if "." not in domain or len(found.local_part.encode()) > _LONGEST_LOCAL or not is_one_script(found.local_part):
        raise Refused(Fault.EMAIL_BAD)
    return found.ascii_email or f"{found.local_part}@{domain}", found.local_part, domain


@cache
def _allow_own_domains() -> None:
    """Let a house have a mail server that is called by one of these; removing them is the library's own way."""
    for name in ("local", "test"):
        with suppress(ValueError):  # another thread was first
            email_validator.SPECIAL_USE_DOMAIN_NAMES.remove(name)


def _folded(local: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", local.casefold()).casefold())
