"""This file masks secrets before anything is written into a world's log: by their names, their shapes, and themselves.

Of a token its last four digits stay, so that one can be told from another; of a password nothing does.
"""

import re
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote

import msgspec

HIDDEN: Final = "[hidden]"
LONGEST: Final = 4000  # characters of one text
DEEPEST: Final = 12
TAIL: Final = 4

_TYPED: Final = re.compile(r"pass|otp|pin$|code$|secret|form_key|csrf|credential", re.IGNORECASE)
_HELD: Final = re.compile(r"token|api_?key|session_?id|authorization|cookie|^key$", re.IGNORECASE)
_JWT: Final = re.compile(r"eyJ[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*){0,4}")
_RUN: Final = re.compile(r"[A-Za-z0-9_-]{32,}")
_HEX: Final = re.compile(r"(?<![0-9a-f])[0-9a-f]{26,}(?![0-9a-f])", re.IGNORECASE)
# Codes of TMDB's envelope, which end in a word that usually names a secret.
_PUBLIC: Final = {"status_code", "error_code", "token_type"}


def text(value: str, known: Iterable[str] = ()) -> str:
    """A text without whatever in it has a secret's shape, and without the `known` secrets."""
    for secret in known:
        if secret and secret in value:
            value = value.replace(secret, HIDDEN)
    for shape in (_JWT, _HEX, _RUN):
        value = shape.sub(lambda found: _tail(found[0]), value)
    return value


def named(name: str, value: Any, known: Iterable[str] = (), depth: int = 0) -> Any:
    """A value that came under a name."""
    if depth > DEEPEST:
        return HIDDEN
    if isinstance(value, dict):
        return {text(str(key), known): named(str(key), inner, known, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [named(name, inner, known, depth + 1) for inner in value]
    if name in _PUBLIC or value is None or isinstance(value, bool):
        return value
    if _TYPED.search(name):
        return HIDDEN
    if _HELD.search(name) and value != "":
        return _tail(str(value))
    return text(value, known) if isinstance(value, str) else value


def pairs(query: bytes | str, known: Iterable[str] = ()) -> str:
    """A query or a form, masked, in the form it had."""
    came = query.decode("latin-1") if isinstance(query, bytes) else query
    fields = parse_qsl(came, keep_blank_values=True, errors="replace")
    masked = ((text(name, known), str(named(name, value, known))) for name, value in fields)
    written = "&".join(f"{quote(name, safe='[]')}={quote(value, safe='/:,[]*@')}" for name, value in masked)
    return cut(written.replace("%E2%80%A6", "…"))


def path(raw: bytes, known: Iterable[str] = ()) -> str:
    """A path, decoded, because a secret that is written with % is one as well, and masked."""
    return cut(text(unquote(raw.decode("latin-1")), known))


def body(content: bytes, kind: str, known: Iterable[str] = ()) -> str:
    """What was sent or answered; of what is neither JSON nor a form only its size."""
    if not content:
        return ""
    if "json" in kind or content[:1] in b"{[":
        try:
            read = msgspec.json.decode(content)
            return cut(msgspec.json.encode(named("", read, known)).decode())
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return f"({len(content)} bytes that are no JSON)"
    if "x-www-form-urlencoded" in kind:
        return pairs(content, known)
    return f"({len(content)} bytes)"


def cut(long: str) -> str:
    """A text of a length that can be kept."""
    return long if len(long) <= LONGEST else f"{long[:LONGEST]}…"


def hint(secret: str) -> str:
    """What may be shown of a token."""
    return _tail(secret)


def _tail(secret: str) -> str:
    # Of a short one four letters would be too much of it.
    return f"…{secret[-TAIL:]}" if len(secret) >= 4 * TAIL else HIDDEN
