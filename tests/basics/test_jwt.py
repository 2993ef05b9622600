"""This file holds that only tokens we signed are read, in the one way we sign them."""

import base64
import hmac
import json
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from admitone.basics.digests import Digests, Key, KeyRing
from admitone.basics.jwt import mint, read

OLD, NEW = Key(1, b"o" * 32), Key(2, b"n" * 32)
DIGESTS = Digests(KeyRing([OLD]))
CLAIMS = {
    "aud": "0123456789abcdef0123456789abcdef",
    "sub": "4f1b2c3d4e5f60718293a4b5",
    "scopes": ["api_read"],
    "version": 1,
    "nbf": 1_700_000_000.123,
    "jti": "7",
}


def part(content) -> str:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(header, claims, key=None, algorithm="sha256") -> str:
    text = f"{part(header)}.{part(claims)}"
    secret = DIGESTS.sign_key()[1] if key is None else key
    return f"{text}.{part(hmac.digest(secret, text.encode(), algorithm))}"


def test_what_was_minted_is_read_again():
    assert read(mint(CLAIMS, DIGESTS), DIGESTS) == CLAIMS


def test_a_token_has_the_shape_that_clients_expect():
    header, claims, signature = mint(CLAIMS, DIGESTS).split(".")
    assert json.loads(base64.urlsafe_b64decode(header + "==")) == {"alg": "HS256", "typ": "JWT", "kid": "1"}
    assert json.loads(base64.urlsafe_b64decode(claims + "==")) == CLAIMS
    assert len(signature) == 43


def test_tokens_outlive_a_new_key_but_not_the_loss_of_theirs():
    rotated, replaced = Digests(KeyRing([NEW, OLD])), Digests(KeyRing([NEW]))
    assert read(mint(CLAIMS, DIGESTS), rotated) == CLAIMS
    assert read(mint(CLAIMS, rotated), rotated) == CLAIMS
    assert read(mint(CLAIMS, DIGESTS), replaced) is None


def test_a_ring_with_other_keys_under_the_same_ids_reads_nothing():
    assert read(mint(CLAIMS, DIGESTS), Digests(KeyRing([Key(1, b"x" * 32)]))) is None


def test_the_times_are_left_to_who_knows_the_time():
    past_and_future = {"exp": 1, "nbf": 2**40, "iat": 2**40}
    assert read(mint(past_and_future, DIGESTS), DIGESTS) == past_and_future


KEY = DIGESTS.sign_key()[1]
HEADER = {"alg": "HS256", "typ": "JWT", "kid": "1"}
WRONG_ALGORITHMS: list[Any] = ["none", "hs256", "HS384", "HS512", "RS256", "", None, 7, []]
WRONG_KEY_IDS: list[Any] = ["2", "", "01", " 1", "../1", None, 1, [], {}, True]
NOT_CLAIMS: list[Any] = [[], "x", 7, None, b"", b"{", b"\xff\xfe", b"[" * 2000]
NOT_HEADERS: list[Any] = [[], "x", 7, None, b"", b"{", b"\xff", b"[" * 1500]


@pytest.mark.parametrize(
    "token",
    [
        *("", ".", "..", "...", "a.b.c", "eyJ.eyJ.", mint(CLAIMS, DIGESTS) + ".x", " " + mint(CLAIMS, DIGESTS)),
        mint(CLAIMS, DIGESTS) + "\n",
        mint(CLAIMS, DIGESTS) + "=",
        mint(CLAIMS, DIGESTS)[:-1],
        mint(CLAIMS, DIGESTS).rpartition(".")[0] + ".",
        # another algorithm, whatever the header says
        jwt.encode(CLAIMS, "", "none", headers={"kid": "1"}),
        *(f"{part({**HEADER, 'alg': alg})}.{part(CLAIMS)}." for alg in ("none", "None", "NONE", "nOnE", "", None)),
        *(signed({**HEADER, "alg": alg}, CLAIMS) for alg in WRONG_ALGORITHMS),
        signed({"alg": "HS256", "typ": "JWT"}, CLAIMS),
        signed({**HEADER, "jku": "https://evil.example/keys", "kid": "9"}, CLAIMS),
        signed({**HEADER, "crit": ["exp"]}, CLAIMS),
        signed(HEADER, CLAIMS, key=b""),
        signed(HEADER, CLAIMS, key=OLD.secret),
        # not the claims of anything
        *(signed(HEADER, claims) for claims in NOT_CLAIMS),
        *(signed(header, CLAIMS) for header in NOT_HEADERS),
        signed(HEADER, {"x": "x" * 4096}),
    ],
)
def test_what_we_did_not_sign_our_way_is_not_read(token):
    assert read(token, DIGESTS) is None


def test_the_hand_made_signature_of_these_tests_is_right():
    assert read(signed(HEADER, CLAIMS), DIGESTS) == CLAIMS


@given(st.data())
def test_a_token_that_was_touched_anywhere_is_not_read(data):
    token = mint(CLAIMS, DIGESTS)
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.one_of(st.sampled_from("AQgw-_.=+/ "), st.characters()).filter(lambda char: char != token[at]))
    for touched in (
        token[:at] + other + token[at + 1 :],
        token[:at] + token[at + 1 :],
        token[:at] + other + token[at:],
    ):
        assert read(touched, DIGESTS) is None


@given(st.one_of(st.text(), st.text("eyJhbGciOiJIUzI1NiJ9._-", max_size=200)))
def test_any_text_can_be_shown_to_it(text):
    assert read(text, DIGESTS) is None
