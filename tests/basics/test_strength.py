"""Passwords that are tried first cannot be chosen, whatever signs are put between them, and good ones can."""

import pytest

from admitone.basics import strength
from admitone.basics.strength import is_listed, measure, squeezed
from admitone.model.passwords import LONGEST

LISTED = [
    "passwordpassword", "Password Password", "1234567890123456", "qwertyuiopasdfghjkl", "May the Force be with you!",
    "to be or not to be, that is the question", "iloveyouiloveyou", "monkey1234567890", "1qaz2wsx3edc4rfv",
    "abcdefghijklmnop", "letmeinletmeinletmein", "P-A-S-S-W-O-R-D-1", "password1", "12345678", "00000000000000",
]  # fmt: skip
GUESSABLE = ["summer2024summer2024", "qwertyuiopasdfgh", "aaaaaaaaaaaaaaab", "abcabcabcabcabcabc"]
GOOD = [
    "correct horse battery staple",
    "let-mira-in-please",
    "a wholly new password",
    "Vj4#kq91mzP!s0aQ",
    "wir fahren morgen ans meer",
]


@pytest.mark.parametrize("password", LISTED)
@pytest.mark.holds("A15", "ASVS 6.2.4")
def test_what_attackers_try_first_is_listed(password: str) -> None:
    assert is_listed(password)


@pytest.mark.parametrize("password", GOOD)
def test_a_good_password_is_neither_listed_nor_easy_to_guess(password: str) -> None:
    assert not is_listed(password)
    assert measure(password, ("mira", "Mira Okafor")).is_enough


@pytest.mark.parametrize("password", GUESSABLE)
def test_a_pattern_is_easy_to_guess(password: str) -> None:
    assert not measure(password, ("mira", "okafor")).is_enough


def test_three_thousand_of_the_list_would_be_long_enough() -> None:
    listed = strength._blocked()
    assert sum(len(word) >= 15 for word in listed) >= 3_000
    assert sum(len(word) >= 8 for word in listed) >= 10_000
    assert all(word == squeezed(word) for word in listed)


@pytest.mark.parametrize(
    "password", ["", " " * 20, "!" * LONGEST, "\x00" * 30, "\ud800" * 30, "é" * 512, "日本語" * 100]
)
def test_any_password_can_be_measured(password: str) -> None:
    assert not is_listed(password)
    assert 0 <= measure(password, ["x" * 1000] * 100).score <= strength.BEST
