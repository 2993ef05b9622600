"""This file holds that chance is chance, and that a seed gives the same draws everywhere."""

import re

import pytest

from admitone.basics.entropy import SeededEntropy, SystemEntropy

EVERY = pytest.mark.parametrize("make", [SystemEntropy, lambda: SeededEntropy(7)], ids=["system", "seeded"])


@EVERY
def test_as_many_bytes_are_drawn_as_asked_for(make):
    entropy = make()
    assert [len(entropy.bytes(n)) for n in (0, 1, 20, 1000)] == [0, 1, 20, 1000]


@EVERY
def test_hex_is_two_small_digits_a_byte(make):
    assert re.fullmatch("[0-9a-f]{40}", make().hex(20))


@EVERY
@pytest.mark.holds("F8", "F9", "ASVS 6.5.3")
def test_draws_do_not_repeat_and_bits_are_even(make):
    entropy = make()
    draws = [entropy.bytes(20) for _ in range(10_000)]
    assert len(set(draws)) == len(draws)
    ones = sum(int.from_bytes(draw, "big").bit_count() for draw in draws)
    assert abs(ones - 800_000) < 5 * 632  # five standard deviations of 1.6 million fair coins


def test_a_seed_gives_the_same_draws_on_every_machine():
    entropy = SeededEntropy(7)
    assert (entropy.hex(8), entropy.hex(4)) == ("d756f2aa5c8cf998", "4b5442ea")


def test_other_seeds_give_other_draws():
    assert len({SeededEntropy(seed).hex(20) for seed in (7, 8, "7", "8", "seven", "")}) == 6


def test_a_sequence_goes_on_from_where_it_is():
    one, other = SeededEntropy("a"), SeededEntropy("a")
    assert [one.hex(4) for _ in range(5)] == [other.hex(4) for _ in range(5)]
    one.bytes(1)
    assert one.hex(4) != other.hex(4)
