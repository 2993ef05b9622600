"""This file rules what people and apps may be called, so that nobody can pass for somebody else."""

import re
import unicodedata
from typing import Final

from admitone.model.faults import Fault, Refused
from admitone.model.scripts import is_blank, is_everyday, is_one_script, latin_twin, skeleton

__all__ = ["clean_app_name", "clean_name", "clean_username", "skeleton", "username_key"]

PRODUCT: Final = "Admit One"
LONGEST_USERNAME: Final = 40  # characters
LONGEST_NAME: Final = 60  # characters (ux.md §6.4)

_LONGEST_WRITTEN: Final = 1000  # characters that are looked at at all
_MOST_MARKS: Final = 3  # on one letter; more would reach into the lines above and below
_JOINTS: Final = "._-"


def clean_username(text: str) -> str:
    """Return a user name as it is kept and shown. Raises USERNAME_BAD (ux.md §7.3, security.md A14).

    Letters of one script, ASCII digits, dots, dashes and underscores; a dot or dash joins two of the others.
    """
    if len(text) > _LONGEST_WRITTEN:
        raise Refused(Fault.USERNAME_BAD)
    name = unicodedata.normalize("NFKC", text.strip())
    parts = re.split("[.-]", name)
    if not 0 < len(name) <= LONGEST_USERNAME or not all(parts) or not all(map(_is_name_char, name)):
        raise Refused(Fault.USERNAME_BAD)
    if not any(char.isalnum() for char in name) or _has_stray_marks(name):
        raise Refused(Fault.USERNAME_BAD)
    if not is_one_script(name) or not is_everyday(name) or _is_ours(name):
        raise Refused(Fault.USERNAME_BAD)
    twin = latin_twin(name)
    if twin is not None and username_key(name) != twin.casefold():
        # Only its capitals pass for Latin, so that its key, which knows no case, does not keep the two apart.
        raise Refused(Fault.USERNAME_BAD)
    return name


def username_key(text: str) -> str:
    """Return the form in which user names are compared: equal for all spellings of one name, and for its exact twins.

    Takes any text; what is too long to be a name, or holds what no name can, has the empty key, which is nobody's.
    """
    if len(text) > _LONGEST_WRITTEN:
        return ""
    # Folding can bring forth characters that fold again: a second round settles them.
    key = _folded(_folded(text)).strip()
    key = latin_twin(key) or key
    # A NUL or half a surrogate pair must not even reach the database: not every one can be asked for it.
    return key if len(key) <= _LONGEST_WRITTEN and key.isprintable() else ""


def clean_name(text: str, limit: int = LONGEST_NAME) -> str:
    """Return a display or app name of at most `limit` characters, rid of all that cannot be seen. Raises NAME_BAD."""
    if len(text) > _LONGEST_WRITTEN:
        raise Refused(Fault.NAME_BAD)
    seen = "".join(" " if char.isspace() else char for char in text if char.isspace() or not is_blank(char))
    name = " ".join(_with_few_marks(unicodedata.normalize("NFC", seen)).split())
    if len(name) > limit or not any(unicodedata.category(char)[0] in "LNS" for char in name):
        raise Refused(Fault.NAME_BAD)
    return name


def clean_app_name(text: str, limit: int = LONGEST_NAME) -> str:
    """Return an app's name like `clean_name`; one that has the product's name or its likeness in it raises NAME_BAD.

    For apps that belong to this server, `clean_name` alone is enough.
    """
    name = clean_name(text, limit)
    if _is_ours(name):
        raise Refused(Fault.NAME_BAD)
    return name


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _is_name_char(char: str) -> bool:
    if char.isascii():
        return char.isalnum() or char in _JOINTS
    return unicodedata.category(char)[0] in "LM" and not is_blank(char)


def _has_stray_marks(name: str) -> bool:
    """Tell whether a mark stands on nothing, or too many stand on one letter."""
    marks = "".join("m" if unicodedata.category(char)[0] == "M" else "l" if char.isalpha() else "." for char in name)
    return marks.startswith("m") or ".m" in marks or "m" * (_MOST_MARKS + 1) in marks


def _with_few_marks(text: str) -> str:
    kept: list[str] = []
    run = 0
    for char in text:
        run = run + 1 if unicodedata.category(char)[0] == "M" else 0
        if run <= _MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def _is_ours(name: str) -> bool:
    return skeleton(PRODUCT) in skeleton(name)
