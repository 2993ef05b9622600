"""This file gives answers their shapes: the rows and bodies of wire.md D and F, as typed structures."""

from datetime import UTC, datetime
from typing import Any, Generic, Literal, TypeVar

from msgspec import Struct

from admitone.flows.callers import Person
from admitone.flows.media.ratings import RatedEpisode
from admitone.model.lists import MediaList
from admitone.model.media import MediaType, Title, part_id
from admitone.model.paging import Page
from admitone.model.ratings import shown as points

Row = TypeVar("Row")


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
    """A film and what the rater gave it."""

    rating: float = 0.0


class RatedTvRow(TvRow):
    """A series and what the rater gave it."""

    rating: float = 0.0


class RatedEpisodeRow(Struct):
    """An episode and what the rater gave it (wire D.4)."""

    id: int
    show_id: int
    season_number: int
    episode_number: int
    rating: float
    vote_average: float
    vote_count: int
    air_date: str = ""
    name: str = ""
    overview: str = ""
    production_code: str = ""
    runtime: int = 0
    still_path: str | None = None


class MovieItem(MovieRow, tag_field="media_type", tag="movie"):
    """A film among series, so that it says what it is."""


class TvItem(TvRow, tag_field="media_type", tag="tv"):
    """A series among films, so that it says what it is."""


class PageOf(Struct, Generic[Row]):
    """One page of rows (wire 1.12)."""

    page: int
    results: list[Row]
    total_pages: int
    total_results: int


class ListRow(Struct):
    """A list in a list of lists (wire D.5)."""

    description: str
    favorite_count: int
    id: int
    item_count: int
    iso_639_1: str
    list_type: str
    name: str
    poster_path: str | None


class MoviePage(PageOf[MovieRow]):
    """One page of films."""


class TvPage(PageOf[TvRow]):
    """One page of series."""


class ItemPage(PageOf[MovieItem | TvItem]):
    """One page of films and series."""


class RatedMoviePage(PageOf[RatedMovieRow]):
    """One page of films that somebody rated."""


class RatedTvPage(PageOf[RatedTvRow]):
    """One page of series that somebody rated."""


class RatedEpisodePage(PageOf[RatedEpisodeRow]):
    """One page of episodes that somebody rated."""


class ListPage(PageOf[ListRow]):
    """One page of lists."""


class Rated(Struct):
    """What somebody gave, in points."""

    value: float


class TitleStates(Struct):
    """What somebody did with a title (wire E.2); `rated` is false for nothing."""

    id: int
    favorite: bool
    rated: Rated | Literal[False]
    watchlist: bool


class EpisodeStates(Struct):
    """Whether somebody rated an episode, in the states of its season."""

    id: int
    episode_number: int
    rated: Rated | Literal[False]


class SeasonStates(Struct):
    """The episodes of a season that somebody rated."""

    id: int
    results: list[EpisodeStates]


class ListDetails(Struct):
    """A list and one page of its items (wire F); its number is text here, as documented and as clients compare it."""

    created_by: str
    description: str
    favorite_count: int
    id: str
    iso_639_1: str
    item_count: int
    items: list[MovieItem | TvItem]
    name: str
    poster_path: str | None
    page: int
    total_pages: int
    total_results: int


M = TypeVar("M", bound=MovieRow)
T = TypeVar("T", bound=TvRow)


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


def movie(title: Title, row: type[M] = MovieRow, **more: Any) -> M:  # type: ignore[assignment]
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
        vote_average=title.average,
        vote_count=title.votes,
        **more,
    )


def tv(title: Title, row: type[T] = TvRow, **more: Any) -> T:  # type: ignore[assignment]
    """A series as a row; `more` are the fields that a wider row adds."""
    return row(
        id=title.id,
        name=title.title,
        original_name=title.original_title,
        original_language=title.original_language,
        first_air_date=title.release_date,
        popularity=title.popularity / 1000,
        adult=bool(title.adult),
        vote_average=title.average,
        vote_count=title.votes,
        **more,
    )


def item(title: Title) -> MovieItem | TvItem:
    """A title as it stands on a list."""
    return movie(title, MovieItem) if title.media_type == MediaType.MOVIE else tv(title, TvItem)


def rated_episode(row: RatedEpisode) -> RatedEpisodeRow:
    """An episode as a row."""
    return RatedEpisodeRow(
        id=part_id(row.series_id, row.season, row.episode),
        show_id=row.series_id,
        season_number=row.season,
        episode_number=row.episode,
        rating=points(row.halves),
        vote_average=row.average,
        vote_count=row.votes,
    )


def list_row(media_list: MediaList) -> ListRow:
    """A list as a row."""
    return ListRow(
        description=media_list.description,
        favorite_count=0,
        id=media_list.id,
        item_count=media_list.item_count,
        iso_639_1=media_list.iso_639_1,
        list_type="movie",
        name=media_list.name,
        poster_path=None,
    )


def rated(halves: int | None) -> Rated | Literal[False]:
    """What somebody gave, or false for nothing (wire E.2)."""
    return False if halves is None else Rated(points(halves))


def page_of(page: Page[Any], rows: list[Row]) -> PageOf[Row]:
    """A page with its rows in their outer shape."""
    return PageOf(page.number, rows, page.pages, page.total)


def list_details(media_list: MediaList, page: Page[Title]) -> ListDetails:
    """A list with one page of what is on it."""
    return ListDetails(
        created_by=media_list.username,
        description=media_list.description,
        favorite_count=0,
        id=str(media_list.id),
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
