"""This file says what can be rated, marked and listed: films, series and episodes."""

from enum import StrEnum
from typing import NamedTuple
from zlib import crc32

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
    """A film or a series. `popularity` is in thousandths; what no catalogue tells is empty or 0.

    `votes` is how many people here rated it, `halves` the sum of what they gave, in half points.
    """

    media_type: str
    id: int
    title: str
    original_title: str
    original_language: str
    release_date: str
    popularity: int
    adult: int
    video: int
    imdb_id: str | None
    wikidata_id: str | None
    votes: int
    halves: int

    @property
    def average(self) -> float:
        """What people gave it on average, in points, 0 for nobody."""
        return mean_points(self.votes, self.halves)


def unknown_title(media_type: MediaType, media_id: int) -> Title:
    """What is shown of a title where no catalogue is installed: its number."""
    return Title(media_type.value, media_id, "", "", "", "", 0, 0, 0, None, None, 0, 0)


def numbers_a_title(media_id: int) -> bool:
    """Whether a number can be a title's at all."""
    return 1 <= media_id <= LARGEST_ID


class ExternalSource(StrEnum):
    """Other catalogues in which a title has a number or name; the values are the wire's words."""

    IMDB = "imdb_id"
    WIKIDATA = "wikidata_id"
    FACEBOOK = "facebook_id"
    FREEBASE = "freebase_id"
    FREEBASE_MID = "freebase_mid"
    INSTAGRAM = "instagram_id"
    TIKTOK = "tiktok_id"
    TVDB = "tvdb_id"
    TVRAGE = "tvrage_id"
    TWITTER = "twitter_id"
    YOUTUBE = "youtube_id"


# Those that are kept with our titles; by the others nothing is found.
KEPT_SOURCES = (ExternalSource.IMDB, ExternalSource.WIKIDATA)


class Mark(StrEnum):
    """What a person may keep a title as; the wire's word is the value."""

    FAVORITE = "favorite"
    WATCHLIST = "watchlist"


def mean_points(votes: int, halves: int) -> float:
    """The mean of `votes` ratings that sum up to `halves` half points, in points, with TMDB's three digits."""
    return round(halves / 2 / votes, 3) if votes else 0.0


def part_id(series_id: int, season: int, episode: int = 0) -> int:
    """The number of a season or episode. No catalogue gives us TMDB's own, so it is made from where it stands.

    Always the same, positive, and small enough for the integers of every client; nothing is looked up by it.
    """
    return 1 + crc32(f"{series_id}:{season}:{episode}".encode()) % (LARGEST_ID - 1)
