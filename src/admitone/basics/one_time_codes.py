"""This file makes and checks the codes of authenticator apps (RFC 6238), by the library that knows them."""

import base64
import hmac
from typing import TYPE_CHECKING

from admitone.basics.late import late
from admitone.model.people.factors import DIGITS, STEP_S, WINDOW, step_of

if TYPE_CHECKING:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.twofactor import totp
else:
    hashes = late("cryptography.hazmat.primitives.hashes")
    totp = late("cryptography.hazmat.primitives.twofactor.totp", for_people=True)


def step_that_fits(secret: bytes, code: str, now: int) -> int | None:
    """The number of the step whose code this is, now or one step off; None for none. Always as much work."""
    fitting = None
    for offset in WINDOW:
        step = step_of(now) + offset
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode("utf-8", "surrogatepass")):
            fitting = step
    return fitting


def code_at(secret: bytes, step: int) -> str:
    """The code of one half minute."""
    return _codes(secret).generate(step * STEP_S).decode()


def address(secret: bytes, username: str, issuer: str) -> str:
    """What a QR code says to an authenticator app (`otpauth://…`)."""
    return _codes(secret).get_provisioning_uri(username, issuer)


def spelled(secret: bytes) -> str:
    """The key as people type it into an authenticator app, in groups of four."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def _codes(secret: bytes) -> "totp.TOTP":
    # SHA-1 is what authenticator apps can do; as an HMAC key's hash it is not broken.
    return totp.TOTP(secret, DIGITS, hashes.SHA1(), STEP_S)
