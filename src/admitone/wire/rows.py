"""This file gives answers their shapes: the rows and bodies of wire.md D and F, as typed structures."""

from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from admitone.flows.callers import Person
from admitone.model.lists import MediaList
from admitone.model.media import MediaType, Title
from admitone.model.paging import Page


class MovieRow(Struct):
    """A film in a list of films (wire D.4); what is not known is empty, 0 or null as TMDB writes it."""

    id: int
    title: str
    original_title: str
    original_language: str
    release_date: str
    popularity: float
    adult: bool
    video: bool
    overview: str = ""
    genre_ids: tuple[int, ...] = ()
    backdrop_path: str | None = None
    poster_path: str | None = None
    vote_average: float = 0.0
    vote_count: int = 0
    softcore: bool = False


class TvRow(Struct):
    """A series in a list of series (wire D.4)."""

    id: int
    name: str
    original_name: str
    original_language: str
    first_air_date: str
    popularity: float
    adult: bool
    overview: str = ""
    genre_ids: tuple[int, ...] = ()
    origin_country: tuple[str, ...] = ()
    backdrop_path: str | None = None
    poster_path: str | None = None
    vote_average: float = 0.0
    vote_count: int = 0
    softcore: bool = False


class RatedMovieRow(MovieRow):
    """A film and what the person gave it."""

    rating: float = 0.0


class MovieItem(MovieRow):
    """A film on a list that holds series as well."""

    media_type: str = "movie"


class TvItem(TvRow):
    """A series on a list that holds films as well."""

    media_type: str = "tv"


class PageOf(Struct):
    """One page of rows (wire 1.12)."""

    page: int
    results: list[Any]
    total_pages: int
    total_results: int


class ListDetails(Struct):
    """A list and one page of its items (wire F)."""

    created_by: str
    description: str
    favorite_count: int
    id: int
    iso_639_1: str
    item_count: int
    items: list[MovieItem | TvItem]
    name: str
    poster_path: str | None
    page: int
    total_pages: int
    total_results: int


class Gravatar(Struct):
    """The hash of a picture elsewhere."""

    hash: str


class TmdbAvatar(Struct):
    """A picture of our own; there is none."""

    avatar_path: str | None = None


class Avatar(Struct):
    """A person's pictures."""

    gravatar: Gravatar
    tmdb: TmdbAvatar


class AccountDetails(Struct):
    """A person (wire D.1)."""

    avatar: Avatar
    id: int
    iso_639_1: str
    iso_3166_1: str
    name: str
    include_adult: bool
    username: str


def account_details(person: Person) -> AccountDetails:
    """A person as `/3/account` shows them."""
    return AccountDetails(
        avatar=Avatar(Gravatar(person.gravatar_hash), TmdbAvatar()),
        id=person.account_id,
        iso_639_1=person.iso_639_1,
        iso_3166_1=person.iso_3166_1,
        name=person.name,
        include_adult=person.include_adult,
        username=person.username,
    )


def movie(title: Title, row: type[MovieRow] = MovieRow, **more: Any) -> MovieRow:
    """A film as a row; `more` are the fields that a wider row adds."""
    return row(
        id=title.id,
        title=title.title,
        original_title=title.original_title,
        original_language=title.original_language,
        release_date=title.release_date,
        popularity=title.popularity / 1000,
        adult=bool(title.adult),
        video=bool(title.video),
        **more,
    )


def item(title: Title) -> MovieItem | TvItem:
    """A title as it stands on a list."""
    if title.media_type == MediaType.MOVIE:
        return movie(title, MovieItem)  # type: ignore[return-value]
    return TvItem(
        id=title.id,
        name=title.title,
        original_name=title.original_title,
        original_language=title.original_language,
        first_air_date=title.release_date,
        popularity=title.popularity / 1000,
        adult=bool(title.adult),
    )


def page_of(page: Page[Any], rows: list[Any]) -> PageOf:
    """A page with its rows in their outer shape."""
    return PageOf(page.number, rows, page.pages, page.total)


def list_details(media_list: MediaList, page: Page[Title]) -> ListDetails:
    """A list with one page of what is on it."""
    return ListDetails(
        created_by=media_list.username,
        description=media_list.description,
        favorite_count=0,
        id=media_list.id,
        iso_639_1=media_list.iso_639_1,
        item_count=media_list.item_count,
        items=[item(title) for title in page.rows],
        name=media_list.name,
        poster_path=None,
        page=page.number,
        total_pages=page.pages,
        total_results=page.total,
    )


def instant(ms: int) -> str:
    """An instant as TMDB writes it: `2026-01-01 00:00:00 UTC` (wire 1.3)."""
    return f"{datetime.fromtimestamp(ms // 1000, UTC).isoformat(' ')[:19]} UTC"
