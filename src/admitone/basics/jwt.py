"""This file mints and reads the tokens that others may look into: JWTs with one algorithm, signed from the key ring."""

import base64
import re
from typing import Any, Final

import jwt
import msgspec
from jwt.types import Options

from admitone.basics.digests import Digests

_ALGORITHM: Final = "HS256"
_LONGEST: Final = 4096  # characters
# Three base64url parts; the last is 32 bytes in the one spelling they have, so that a token cannot be respelled.
_SHAPE: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")
# Which claims count, and when, is for whoever knows what the token is for, by the house's own clock.
_SIGNATURE_ONLY: Final[Options] = {
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
}


_decode = msgspec.json.Decoder(dict[str, Any]).decode


def mint(claims: dict[str, Any], digests: Digests) -> str:
    """Return a token that says `claims`, signed with the ring's newest key."""
    key_id, key = digests.sign_key()
    return jwt.encode(claims, key, _ALGORITHM, headers={"kid": key_id})


def read(token: str, digests: Digests) -> dict[str, Any] | None:
    """Return the claims of a token that we signed, or None. Nothing in them has been judged, not even its times."""
    if len(token) > _LONGEST or not _SHAPE.fullmatch(token):
        return None
    try:
        key = digests.check_key(jwt.get_unverified_header(token).get("kid", ""))
        if key is None:
            return None
        return dict(jwt.decode(token, key, [_ALGORITHM], _SIGNATURE_ONLY))
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        return None


def claimed(token: str) -> dict[str, Any]:
    """What a token says of itself, unproven: fit for choosing where to look it up, and for nothing else."""
    payload = token[:_LONGEST].partition(".")[2].partition(".")[0]
    try:
        return _decode(base64.urlsafe_b64decode(payload.encode("ascii") + b"=" * (-len(payload) % 4)))
    except (ValueError, RecursionError):
        return {}
