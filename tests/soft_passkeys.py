"""A passkey in software: it answers questions as devices do, and as none would, one part at a time."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ELIGIBLE, BACKED_UP, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "===")


@dataclass
class Twist:
    """What an answer has wrong; each is right unless it is set."""

    client: dict[str, Any] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    host: str | None = None
    flags: int | None = None
    algorithm: int = -7
    tail: bytes = b""
    cut: int = 0
    outer: dict[str, Any] = field(default_factory=dict)
    response: dict[str, Any] = field(default_factory=dict)
    format: str = "none"
    statement: Any = field(default_factory=dict)
    raw_client: bytes | None = None
    signature: bytes | None = None
    uses: int | None = None


HONEST = Twist()


class SoftPasskey:
    """One passkey for one site."""

    def __init__(self, origin: str, credential_id: bytes = b"soft passkey one", *, counts: bool = True) -> None:
        self.origin = origin
        self.host = origin.partition("://")[2].partition(":")[0]
        self.id = credential_id
        self.handle = b""
        self.uses = 0
        self._counts = counts
        self._key = ec.derive_private_key(
            int.from_bytes(hashlib.sha256(credential_id).digest(), "big") >> 8, ec.SECP256R1()
        )

    def create(self, options: str, twist: Twist = HONEST) -> str:
        """The answer to `navigator.credentials.create()`, as the browser hands it to the form."""
        asked = json.loads(options)
        self.handle = unb64(asked["user"]["id"])
        numbers = self._key.public_key().public_numbers()
        cose = {1: 2, 3: twist.algorithm, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(cose)
        flags = PRESENT | VERIFIED | ELIGIBLE | BACKED_UP | ATTESTED if twist.flags is None else twist.flags
        auth = self._authenticator(twist, flags, 0) + (attested if flags & ATTESTED else b"") + twist.tail
        auth = auth[: len(auth) - twist.cut]
        attestation = cbor2.dumps({"fmt": twist.format, "attStmt": twist.statement, "authData": auth})
        client = self._client("webauthn.create", asked["challenge"], twist)
        response = {"clientDataJSON": b64(client), "attestationObject": b64(attestation), **twist.response}
        return self._credential(response, twist)

    def sign(self, options: str, twist: Twist = HONEST) -> str:
        """The answer to `navigator.credentials.get()`."""
        asked = json.loads(options)
        self.uses += self._counts
        flags = PRESENT | VERIFIED | ELIGIBLE | BACKED_UP if twist.flags is None else twist.flags
        uses = self.uses if twist.uses is None else twist.uses
        auth = self._authenticator(twist, flags, uses) + twist.tail
        auth = auth[: len(auth) - twist.cut]
        client = self._client("webauthn.get", asked["challenge"], twist)
        signed = self._key.sign(auth + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": b64(client),
            "authenticatorData": b64(auth),
            "signature": b64(signed if twist.signature is None else twist.signature),
            "userHandle": b64(self.handle),
            **twist.response,
        }
        return self._credential(response, twist)

    def _authenticator(self, twist: Twist, flags: int, uses: int) -> bytes:
        host = self.host if twist.host is None else twist.host
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + uses.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str, twist: Twist) -> bytes:
        if twist.raw_client is not None:
            return twist.raw_client
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False, **twist.client}
        return json.dumps({name: value for name, value in said.items() if name not in twist.drop}).encode()

    def _credential(self, response: dict[str, Any], twist: Twist) -> str:
        whole = {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": response, **twist.outer}
        return json.dumps({name: value for name, value in whole.items() if name not in twist.drop})
