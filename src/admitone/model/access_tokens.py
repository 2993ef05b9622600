"""This file says what tokens of the fourth generation claim: JWTs, checked against what is kept of them (wire C)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from admitone.model.request_tokens import FOURTH_LIFE_MS

VERSION = 1
# With it inside, a token still fits into the cookie that waits for somebody to sign in.
LONGEST_ADDRESS = 1_500  # characters


class Scope(StrEnum):
    """What a token may do, as its claim `scopes` says it."""

    PENDING = "pending_request_token"
    READ = "api_read"
    WRITE = "api_write"


def request_claims(public_id: str, number: int, now: int, redirect_to: str | None) -> dict[str, Any]:
    """What a request token of the app `public_id` claims; `number` is unlike that of every other token (wire C.1)."""
    made_at = now // 1000
    return {
        "aud": public_id,
        "exp": made_at + FOURTH_LIFE_MS // 1000,
        "jti": number,
        "nbf": made_at,
        "redirect_to": redirect_to,
        "scopes": [Scope.PENDING.value],
        "version": VERSION,
    }


def access_claims(public_id: str, object_id: str, number: int, now: int) -> dict[str, Any]:
    """What a user access token claims; it has no end of its own (wire C.2)."""
    return {
        "aud": public_id,
        "jti": number,
        "nbf": now // 1000,
        "scopes": [Scope.READ.value, Scope.WRITE.value],
        "sub": object_id,
        "version": VERSION,
    }


def may(claims: Mapping[str, Any] | None, scope: Scope) -> bool:
    """Whether claims have a scope."""
    scopes = (claims or {}).get("scopes")
    return isinstance(scopes, list) and scope.value in scopes
