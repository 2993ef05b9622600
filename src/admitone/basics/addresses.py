"""This file reads e-mail addresses: into the one form that is kept and sent to, and the one that is compared."""

import unicodedata
from typing import Final, NamedTuple

import email_validator
from email_validator import EmailNotValidError, validate_email

from admitone.model.faults import Fault, Refused
from admitone.model.scripts import is_blank, is_one_script

_LONGEST: Final = 254  # characters (RFC 5321)
_LONGEST_LOCAL: Final = 64  # bytes

# A house may have a mail server of its own that is called by one of these; removing them is the library's own way.
for _name in ("local", "test"):
    email_validator.SPECIAL_USE_DOMAIN_NAMES.remove(_name)


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
        found = validate_email(text, check_deliverability=False, globally_deliverable=False)
    except (EmailNotValidError, UnicodeError) as error:
        raise Refused(Fault.EMAIL_BAD) from error
    domain = found.ascii_domain or ""
    if "." not in domain or len(found.local_part.encode()) > _LONGEST_LOCAL or not is_one_script(found.local_part):
        raise Refused(Fault.EMAIL_BAD)
    return found.ascii_email or f"{found.local_part}@{domain}", found.local_part, domain


def _folded(local: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", local.casefold()).casefold())
