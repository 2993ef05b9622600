"""Every kind of rating is of one kind of title."""

import pytest

from admitone.model.media import MediaType, RatedType, Subject, Title, unknown_title


@pytest.mark.parametrize(
    ("rated", "title"),
    [(RatedType.MOVIE, MediaType.MOVIE), (RatedType.TV, MediaType.TV), (RatedType.EPISODE, MediaType.TV)],
)
def test_what_must_exist_for_a_rating_to_exist(rated: RatedType, title: MediaType) -> None:
    assert Subject(rated, 1, 2, 3).title_type is title


def test_no_kind_is_forgotten() -> None:
    assert {Subject(rated, 1).title_type for rated in RatedType} == set(MediaType)
    assert set(MediaType) <= {MediaType(rated.value) for rated in RatedType if rated is not RatedType.EPISODE}


def test_a_title_of_which_nobody_knows_has_its_number_and_kind_only() -> None:
    assert unknown_title(MediaType.TV, 7) == Title("tv", 7, "", "", "", "", 0, 0, 0, None, None, 0, 0)
