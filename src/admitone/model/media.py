"""This file says what can be rated, marked and listed: films, series and episodes."""

from enum import StrEnum
from typing import NamedTuple

LARGEST_ID = 2**31 - 1  # every id of TMDB fits; a larger one names nothing


class MediaType(StrEnum):
    """What a title is, as the wire writes it."""

    MOVIE = "movie"
    TV = "tv"


class RatedType(StrEnum):
    """What a rating is of."""

    MOVIE = "movie"
    TV = "tv"
    EPISODE = "episode"


class Subject(NamedTuple):
    """What a rating is about: a title, or one episode of a series (season and episode are 0 for what is none)."""

    type: RatedType
    id: int
    season: int = 0
    episode: int = 0

    @property
    def title_type(self) -> MediaType:
        """The kind of title that must exist for this subject to exist."""
        return MediaType.MOVIE if self.type is RatedType.MOVIE else MediaType.TV


class Title(NamedTuple):
    """A film or a series of the catalogue. `popularity` is in thousandths; unknown texts are empty."""

    media_type: str
    id: int
    title: str
    original_title: str
    original_language: str
    release_date: str
    popularity: int
    adult: int
    video: int


def unknown_title(media_type: MediaType, media_id: int) -> Title:
    """What is shown of a title that no catalogue tells about: only its number."""
    return Title(media_type.value, media_id, "", "", "", "", 0, 0, 0)
