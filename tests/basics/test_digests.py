"""This file holds that kept digests and sealed texts are ours, of one kind, and tell nothing."""

import hmac
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admitone.basics.digests import Digests, Key, KeyRing, Kind
from admitone.basics.entropy import SeededEntropy

OLD, NEW = Key(1, bytes(range(32))), Key(2, b"n" * 32)
DIGESTS = Digests(KeyRing([OLD]))
ROTATED = Digests(KeyRing([NEW, OLD]))
KINDS = st.sampled_from(Kind)
TEXTS = st.text(st.characters())


@given(KINDS, TEXTS)
def test_a_digest_is_the_key_s_number_and_its_hmac(kind, text):
    message = kind.value.encode() + b"\0" + text.encode("utf-8", "surrogatepass")
    assert DIGESTS.of(kind, text) == b"\x01" + hmac.digest(OLD.secret, message, "sha256")


def test_a_digest_stays_what_it_is_from_release_to_release():
    digest = DIGESTS.of(Kind.SESSION, "0123456789abcdef0123456789abcdef01234567")
    assert digest.hex() == "012149eba5a23bcbf97b6fa2d2eb0ff1b32935a4030f49961d37ac3e1566327543"


@given(KINDS, KINDS, TEXTS, TEXTS)
def test_digests_are_equal_for_equal_secrets_of_one_kind_only(kind, other_kind, text, other_text):
    is_same = (kind, text) == (other_kind, other_text)
    assert (DIGESTS.of(kind, text) == DIGESTS.of(other_kind, other_text)) is is_same


def test_other_keys_give_other_digests():
    assert DIGESTS.of(Kind.SESSION, "x") != Digests(KeyRing.new()).of(Kind.SESSION, "x")


@given(KINDS, TEXTS)
def test_what_an_older_key_digested_is_still_recognised(kind, text):
    assert ROTATED.of(kind, text)[0] == 2
    assert ROTATED.candidates(kind, text) == (ROTATED.of(kind, text), DIGESTS.of(kind, text))


@given(KINDS, TEXTS, st.one_of(st.none(), st.integers(1, 2**50)))
def test_what_was_sealed_is_read_again_until_its_time_is_over(kind, text, expires_at):
    sealed = DIGESTS.seal(kind, text, expires_at)
    now = 0 if expires_at is None else expires_at
    assert DIGESTS.unseal(kind, sealed, now - 1) == text
    assert DIGESTS.unseal(kind, sealed, now) == (text if expires_at is None else None)
    assert ROTATED.unseal(kind, sealed, now - 1) == text


def test_a_lifetime_is_not_forgotten_by_who_brings_no_clock():
    assert DIGESTS.unseal(Kind.PENDING, DIGESTS.seal(Kind.PENDING, "x", 1000)) is None
    assert DIGESTS.unseal(Kind.PENDING, DIGESTS.seal(Kind.PENDING, "x")) == "x"


def test_a_seal_fits_into_cookies_and_addresses():
    sealed = DIGESTS.seal(Kind.FORM, 'a|b;"\r\n\u00fc\ud800', 12)
    assert all(char.isascii() and (char.isalnum() or char in "-_.") for char in sealed)


@given(KINDS, TEXTS)
def test_a_seal_is_of_one_kind(kind, text):
    sealed = DIGESTS.seal(kind, text)
    assert [other for other in Kind if DIGESTS.unseal(other, sealed) is not None] == [kind]


def test_a_seal_by_a_key_that_was_taken_away_is_broken():
    assert DIGESTS.unseal(Kind.FORM, ROTATED.seal(Kind.FORM, "x")) is None


@given(st.data())
def test_a_seal_that_was_touched_anywhere_is_broken(data):
    sealed = DIGESTS.seal(Kind.FORM, "account 7", 10_000)
    at = data.draw(st.integers(0, len(sealed) - 1))
    other = data.draw(st.characters().filter(lambda char: char != sealed[at]))
    for touched in (
        sealed[:at] + other + sealed[at + 1 :],
        sealed[:at] + sealed[at + 1 :],
        sealed[:at] + other + sealed[at:],
    ):
        assert DIGESTS.unseal(Kind.FORM, touched, 0) is None


@given(KINDS, st.one_of(TEXTS, st.text("abc.=-_", max_size=9)))
def test_what_we_never_sealed_is_not_read(kind, text):
    assert DIGESTS.unseal(kind, text, 0) is None


def test_a_digest_that_was_kept_is_no_seal():
    """Digests and seals have keys of their own: what one of them says cannot be played back to the other."""
    body = DIGESTS.seal(Kind.FORM, "x").partition(".")[0]
    kept = DIGESTS.of(Kind.FORM, body)
    assert DIGESTS._sealers[0].of(b"form\0" + body.encode()) != kept


def test_signing_keys_are_known_by_their_id_and_are_none_of_the_ring_s():
    key_id, key = ROTATED.sign_key()
    assert key_id == "2"
    assert ROTATED.check_key("2") == key
    assert ROTATED.check_key("1") == DIGESTS.sign_key()[1]
    assert ROTATED.check_key("3") is None
    assert ROTATED.check_key("") is None
    assert key not in {OLD.secret, NEW.secret}
    assert len(key) == 32


def test_a_seeded_ring_gives_the_same_digests_again():
    one, other = (Digests(KeyRing.new(SeededEntropy(3))) for _ in range(2))
    assert one.of(Kind.VISIT, "x") == other.of(Kind.VISIT, "x")


def test_a_digest_costs_microseconds():
    started = time.perf_counter()
    for _ in range(2000):
        DIGESTS.of(Kind.SESSION, "0123456789abcdef0123456789abcdef01234567")
    assert (time.perf_counter() - started) / 2000 < 100e-6  # about 1 on a quiet machine; this one may be anything but


@pytest.mark.parametrize("number", [0, 256, -1])
def test_a_key_whose_number_is_no_byte_makes_no_ring(number):
    with pytest.raises(Exception, match="1 to 255"):
        KeyRing([Key(number, b"x" * 32)])
