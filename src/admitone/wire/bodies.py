"""This file gives the short answers their shapes: what was made, what was found, what other catalogues call a title."""

from typing import Any

from msgspec import Struct

from admitone.wire.rows import ListRow, MovieItem, TvItem


class NewRequestToken(Struct):
    """A request token, and until when it can be approved and exchanged (wire A.2)."""

    success: bool
    expires_at: str
    request_token: str


class NewSession(Struct):
    """A session; it lasts until it is ended (wire A.4)."""

    success: bool
    session_id: str


class NewFourthRequestToken(Struct):
    """A request token of the fourth generation; it can be approved and exchanged for 15 minutes (wire C.1)."""

    success: bool
    status_code: int
    status_message: str
    request_token: str


class NewAccessToken(Struct):
    """A user access token and the object id of whose it is; it lasts until it is ended (wire C.2)."""

    success: bool
    status_code: int
    status_message: str
    access_token: str
    account_id: str


class NewGuestSession(Struct):
    """A guest session, and when it ends if nobody uses it (wire A.7)."""

    success: bool
    guest_session_id: str
    expires_at: str


class Ended(Struct):
    """That a session has ended (wire A.5)."""

    success: bool


class NewList(Struct):
    """The number of a new list, under code 1 with a sentence of its own (wire F)."""

    status_message: str
    success: bool
    status_code: int
    list_id: int


class ItemStatus(Struct):
    """Whether a film is on a list; the list's number comes as text, as recorded (wire F)."""

    id: str
    item_present: bool


class ListsWithMovie(Struct):
    """One page of the public lists that a film is on."""

    id: int
    page: int
    results: list[ListRow]
    total_pages: int
    total_results: int


class Found(Struct):
    """The titles that another catalogue calls by one number, by kind."""

    movie_results: list[MovieItem]
    person_results: tuple[Any, ...]
    tv_results: list[TvItem]
    tv_episode_results: tuple[Any, ...]
    tv_season_results: tuple[Any, ...]


class ExternalIds(Struct):
    """What other catalogues call a title."""

    id: int
    imdb_id: str | None
    wikidata_id: str | None
    facebook_id: str | None = None
    instagram_id: str | None = None
    twitter_id: str | None = None


class SeriesExternalIds(ExternalIds):
    """The same of a series, which more catalogues know."""

    freebase_mid: str | None = None
    freebase_id: str | None = None
    tvdb_id: int | None = None
    tvrage_id: int | None = None
