"""What is recommended, by the rule alone: whoever likes more of the same counts for more, and ties have one order."""

from hypothesis import given
from hypothesis import strategies as st

from admitone.model.recommendations import ALIKE, most_alike, ranked

pairs = st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), max_size=200)


def test_whoever_likes_more_of_the_same_is_more_alike() -> None:
    assert most_alike([(550, 1), (11, 1), (550, 2), (550, 3)]) == {1: 2, 2: 1, 3: 1}


def test_a_title_counts_for_how_alike_those_are_who_like_it() -> None:
    alike = {1: 2, 2: 1, 3: 1}
    assert ranked([(2, 278), (3, 278), (1, 597), (1, 13), (2, 597)], alike) == [597, 13, 278]


@given(pairs, st.randoms(use_true_random=False))
def test_the_order_of_what_was_found_does_not_matter(found, chance) -> None:
    shuffled = chance.sample(found, len(found))
    alike = most_alike(found)
    assert most_alike(shuffled) == alike
    assert list(most_alike(shuffled)) == list(alike)
    assert len(alike) <= ALIKE
    liked = [(account_id, media_id) for media_id, account_id in found if account_id in alike]
    assert ranked(chance.sample(liked, len(liked)), alike) == ranked(liked, alike)
