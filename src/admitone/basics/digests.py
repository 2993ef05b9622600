"""This file turns secrets into what may be kept of them, signs what people carry for us, and hides what must wait.

A digest is one byte naming the key, then HMAC-SHA-256 over the kind of the secret, a zero byte and the secret. A stolen
database can therefore not be replayed without the key ring, and a digest of one kind is never good for another.
"""

import base64
import hashlib
import hmac
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from admitone.basics.entropy import Entropy
from admitone.basics.keyring import Key, KeyRing, KeyRingError
from admitone.basics.late import late

if TYPE_CHECKING:
    from cryptography import exceptions
    from cryptography.hazmat.primitives.ciphers import aead
else:
    exceptions = late("cryptography.exceptions")
    aead = late("cryptography.hazmat.primitives.ciphers.aead", for_people=True)

__all__ = ["Digests", "Key", "KeyRing", "KeyRingError", "Kind"]

_NONCE: Final = 12  # bytes, as AES-GCM wants them
_BLOCK: Final = 64  # bytes, of SHA-256; the two pads are RFC 2104's
_INNER: Final = bytes(byte ^ 0x36 for byte in range(256))
_OUTER: Final = bytes(byte ^ 0x5C for byte in range(256))


class Kind(StrEnum):
    """What a secret is for. The value goes into the digest; it never changes once released."""

    REQUEST_TOKEN = "request_token"
    SESSION = "session"
    ACCESS_TOKEN = "access_token"
    CONVERTED = "converted"  # the session id that a user access token stands for
    GUEST_SESSION = "guest_session"
    API_KEY = "api_key"
    READ_TOKEN = "read_token"
    VISIT = "visit"
    MAIL = "mail"
    INVITATION = "invitation"
    FORM = "form"
    PENDING = "pending"
    LIMIT = "limit"
    SAID = "said"
    KEPT = "kept"
    HALFWAY = "halfway"
    AUTHENTICATOR = "authenticator"
    RECOVERY_CODE = "recovery_code"
    APP_PASSWORD = "app_password"
    CHALLENGE = "challenge"
    PLACE = "place"
    NAME = "name"
    LEAVING = "leaving"


class Digests:
    """Digests, sealed and hidden texts and the signing key, all from one key ring."""

    def __init__(self, ring: KeyRing) -> None:
        self._digesters = tuple(_Mac(key.number, key.secret) for key in ring.keys)
        self._sealers = tuple(_Mac(key.number, _derived(key, "seal")) for key in ring.keys)
        self._signing = {str(key.number): _derived(key, "jwt") for key in ring.keys}
        self._hiding = {key.number: _derived(key, "hide") for key in ring.keys}
        self._newest = self._digesters[0]

    def of(self, kind: Kind, text: str) -> bytes:
        """Return the 33 bytes to keep of a secret, by the newest key. Any text will do, lone surrogates included."""
        return self._newest.of(_bytes(kind + "\0" + text))

    def candidates(self, kind: Kind, text: str) -> tuple[bytes, ...]:
        """Return what may have been kept of a secret under each key of the ring, newest first."""
        message = _bytes(kind + "\0" + text)
        if len(self._digesters) == 1:
            return (self._newest.of(message),)
        return tuple([digester.of(message) for digester in self._digesters])

    def seal(self, kind: Kind, text: str, expires_at: int | None = None) -> str:
        """Return `text` with our mark on it, in letters fit for cookies and forms, good until `expires_at` (ms).

        Sealed is not hidden: anybody can read it.
        """
        body = _base64url(_bytes(f"{'' if expires_at is None else expires_at}|{text}"))
        return f"{body}.{self._sealers[0].mark(kind, body)}"

    def unseal(self, kind: Kind, sealed: str, now: int | None = None) -> str | None:
        """Return the text that was sealed, or None if it is not ours, not of this kind, or over at `now`.

        What was sealed with a lifetime is over when no `now` is given.
        """
        body, dot, mark = sealed.partition(".")
        given = _bytes(mark)
        if not dot or not any(hmac.compare_digest(_bytes(sealer.mark(kind, body)), given) for sealer in self._sealers):
            return None
        # The mark proves that we wrote the body, so that it can be read without further doubt.
        payload = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode("utf-8", "surrogatepass")
        expires_at, _, text = payload.partition("|")
        if expires_at and (now is None or now >= int(expires_at)):
            return None
        return text

    def hide(self, kind: Kind, text: str, entropy: Entropy) -> bytes:
        """Return `text` so that only who has the key ring can read it: key number, nonce, AES-256-GCM over both."""
        number, key = next(iter(self._hiding.items()))
        nonce = entropy.bytes(_NONCE)
        return bytes([number]) + nonce + aead.AESGCM(key).encrypt(nonce, _bytes(text), kind.encode())

    def reveal(self, kind: Kind, hidden: bytes) -> str | None:
        """Return the text that was hidden, or None if it is not ours, not of this kind, or its key is gone."""
        key = self._hiding.get(hidden[0]) if len(hidden) > _NONCE else None
        if key is None:
            return None
        try:
            text = aead.AESGCM(key).decrypt(hidden[1 : 1 + _NONCE], hidden[1 + _NONCE :], kind.encode())
        except exceptions.InvalidTag:
            return None
        return text.decode("utf-8", "surrogatepass")

    def sign_key(self) -> tuple[str, bytes]:
        """Return the newest key for signing tokens that others read (JWT), with its id."""
        return next(iter(self._signing.items()))

    def check_key(self, key_id: str) -> bytes | None:
        """Return the key that signed under `key_id`, or None if the ring does not have it."""
        return self._signing.get(key_id)


class _Mac:
    """HMAC-SHA-256 under one key, with the pads hashed beforehand: half the time of `hmac.digest` for short texts."""

    def __init__(self, number: int, secret: bytes) -> None:
        padded = secret.ljust(_BLOCK, b"\0")
        self._inner = hashlib.sha256(padded.translate(_INNER))
        self._outer = hashlib.sha256(padded.translate(_OUTER))
        self._number = bytes([number])

    def of(self, message: bytes) -> bytes:
        inner = self._inner.copy()
        inner.update(message)
        outer = self._outer.copy()
        outer.update(inner.digest())
        return self._number + outer.digest()

    def mark(self, kind: Kind, body: str) -> str:
        return _base64url(self.of(_bytes(kind + "\0" + body)))


def _derived(key: Key, purpose: str) -> bytes:
    """Return a key of its own for a purpose that is not a Kind, so that no seal can pass for a digest."""
    return hmac.digest(key.secret, purpose.encode(), "sha256")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
