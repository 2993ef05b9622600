"""Tokens that must let nobody in, made from a good one: tampered, re-signed, without a signature, of confused keys."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

KEYS: dict[str, bytes] = {
    "no key": b"",
    "a blank": b" ",
    "the word secret": b"secret",
    "the word null": b"null",
    "zeros": bytes(32),
    "an EC key's frame": b"-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0D\n-----END PUBLIC KEY-----\n",
    "an RSA key's frame": b"-----BEGIN RSA PUBLIC KEY-----\nMIIBCgKCAQEA\n-----END RSA PUBLIC KEY-----\n",
}
NO_ALGORITHM: tuple[Any, ...] = (
    "none",
    "None",
    "NONE",
    "nOnE",
    "noNe",
    " none",
    "none ",
    "none\0",
    "",
    None,
    0,
    [],
    {},
    ["none"],
)
ALGORITHMS = (
    *("hs256", "HS384", "HS512", "HS1", "HS256 ", " HS256", "HS2\u200b56", "SHA256", "HMAC", "A256KW", "dir"),
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "ES256K", "EdDSA", "HS256\0"),
)
KEY_IDS: tuple[Any, ...] = (
    *("0", "2", "01", "1 ", " 1", "1\0", "+1", "1.0", "one", "", "../1", "../../etc/passwd", "/dev/null", "1;2", "255"),
    *("' OR 1=1 --", "1' UNION SELECT 'x", "$(id)", "https://evil.example/key", "\u0661", None, 1, 1.0, True, [], {}),
    *(["1"], {"1": 1}, "1" * 500),
)
EXTRA_HEADERS: tuple[dict[str, Any], ...] = (
    {"jku": "https://evil.example/jwks.json"},
    {"x5u": "https://evil.example/cert.pem"},
    {"jwk": {"kty": "oct", "k": "c2VjcmV0"}},
    {"x5c": ["MIIB"]},
    {"crit": ["exp"]},
    {"crit": []},
    {"b64": False, "crit": ["b64"]},
    {"zip": "DEF"},
    {"cty": "JWT"},
    {"typ": "JWE"},
    {"typ": None},
    {"enc": "A128GCM"},
)
CLAIMS: tuple[dict[str, Any], ...] = (
    {"sub": "000000000000000000000000"},
    {"sub": None},
    {"sub": 1},
    {"aud": "0" * 32},
    {"aud": ["0" * 32]},
    {"jti": 0},
    {"jti": 10**30},
    {"scopes": []},
    {"scopes": ["api_read"]},
    {"scopes": ["pending_request_token"]},
    {"scopes": ["api_read", "api_write", "admin"]},
    {"scopes": "api_write"},
    {"scopes": {"api_write": True}},
    {"exp": 0},
    {"exp": 1},
    {"exp": "never"},
    {"nbf": 2**53},
    {"nbf": None},
    {"iat": -1},
    {"version": 2},
    {"iss": "https://evil.example"},
    {"redirect_to": "https://evil.example"},
    {"__proto__": {"scopes": ["api_write"]}},
)


def part(content: Any) -> str:
    """One part of a token."""
    raw = content if isinstance(content, bytes) else json.dumps(content, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def read(text: str) -> Any:
    """What a part says."""
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def signed(header: Any, claims: Any, key: bytes, algorithm: Any = hashlib.sha256) -> str:
    """A token signed with a key of the forger's."""
    text = f"{part(header)}.{part(claims)}"
    return f"{text}.{part(hmac.digest(key, text.encode(), algorithm))}"


def forged(token: str) -> list[str]:
    """What somebody could make of a token without our key; none is the token itself."""
    return [each for each in dict.fromkeys(_forged(token)) if each != token]


def _forged(token: str) -> Iterator[str]:
    first, second, signature = token.split(".")
    header, claims = read(first), read(second)
    yield from _reshaped(first, second, signature)
    for algorithm in NO_ALGORITHM:
        bare = f"{part({**header, 'alg': algorithm})}.{second}"
        yield from (f"{bare}.", f"{bare}.{signature}", bare)
    for algorithm in ALGORITHMS:
        yield f"{part({**header, 'alg': algorithm})}.{second}.{signature}"
        yield signed({**header, "alg": algorithm}, claims, b"secret")
    for key in KEYS.values():
        yield signed(header, claims, key)
        yield signed(header, claims, key, hashlib.sha512)
    for key_id in KEY_IDS:
        yield f"{part({**header, 'kid': key_id})}.{second}.{signature}"
        yield signed({**header, "kid": key_id}, claims, b"")
    for extra in EXTRA_HEADERS:
        yield f"{part({**header, **extra})}.{second}.{signature}"
        yield signed({**header, **extra}, claims, b"secret")
    for claim in CLAIMS:
        yield f"{first}.{part({**claims, **claim})}.{signature}"
        yield signed(header, {**claims, **claim}, b"secret")


def _reshaped(first: str, second: str, signature: str) -> Iterator[str]:
    token = f"{first}.{second}.{signature}"
    raw = base64.urlsafe_b64decode(signature + "=")
    yield from (f"{first}.{second}", f"{first}.{second}.", f"{first}..{signature}", f".{second}.{signature}", "..", ".")
    yield from (f"{token}.", f"{token}.x", f".{token}", f"{token}=", f"{token}==", f"{token}\n", token[:-1], token[1:])
    yield from (f"{second}.{first}.{signature}", f"{first}.{first}.{signature}", f"{signature}.{second}.{first}")
    yield from (token.upper(), token.lower(), token.swapcase(), token[::-1], token.replace(".", ","), token * 2)
    # The last letter of a signature holds four bits that say nothing: another spelling of the same bytes.
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".index(signature[-1])
    for spare in range(1, 4):
        yield token[:-1] + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[last ^ spare]
    for at in range(0, len(raw), 4):
        flipped = bytes(byte ^ (1 if place == at else 0) for place, byte in enumerate(raw))
        yield f"{first}.{second}.{part(flipped)}"
    for size in (0, 1, 16, 31):
        yield f"{first}.{second}.{part(raw[:size])}"
    yield f"{first}.{second}.{part(raw + b'x')}"
    yield f"{part(b'[' * 1000)}.{second}.{signature}"
    yield f"{first}.{part(b'{' * 1000)}.{signature}"
    yield f"{first}.{part(b'')}.{signature}"
    yield f"{first}.{part('x' * 4000)}.{signature}"
    yield json.dumps({"protected": first, "payload": second, "signature": signature})
