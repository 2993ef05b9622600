"""This file gives answers of the fourth generation their shapes: one field can have two types (wire C.6)."""

from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from admitone.flows.fourth.lists import Item, Listed
from admitone.model.lists import FourthList
from admitone.model.media import MediaType
from admitone.model.paging import Page
from admitone.model.ratings import shown
from admitone.wire.answers import CODES
from admitone.wire.rows import MovieItem, MovieRow, PageOf, TvItem, TvRow, instant, item

_, SUCCESS = CODES[1]


class AccountRating(Struct):
    """What somebody gave, in points, and when."""

    created_at: str
    value: float


class FourthRatedMovieRow(MovieRow):
    """A film and what the person gave it."""

    account_rating: AccountRating | None = None


class FourthRatedTvRow(TvRow):
    """A series and what the person gave it."""

    account_rating: AccountRating | None = None


class FourthRatedMoviePage(PageOf[FourthRatedMovieRow]):
    """One page of films that the person rated."""


class FourthRatedTvPage(PageOf[FourthRatedTvRow]):
    """One page of series that the person rated."""


class MovieItemPage(PageOf[MovieItem]):
    """One page of films that say what they are."""


class TvItemPage(PageOf[TvItem]):
    """One page of series that say what they are."""


class ListSummary(Struct):
    """A list in a list of lists: flags are numbers here, and the running time is text (wire C.6)."""

    account_object_id: str
    adult: int
    average_rating: float
    backdrop_path: str | None
    created_at: str
    description: str
    featured: int
    id: int
    iso_3166_1: str
    iso_639_1: str
    name: str
    number_of_items: int
    poster_path: str | None
    public: int
    revenue: int
    runtime: str
    sort_by: int
    updated_at: str


class ListSummaryPage(PageOf[ListSummary]):
    """One page of lists."""


class ListOwner(Struct):
    """Whose list it is."""

    avatar_path: str | None
    gravatar_hash: str
    id: str
    name: str
    username: str


class FourthListDetails(Struct):
    """A list and one page of what is on it; the comments are keyed by kind and number (wire C.6)."""

    average_rating: float
    backdrop_path: str | None
    results: list[MovieItem | TvItem]
    comments: dict[str, str | None]
    created_by: ListOwner
    description: str
    id: int
    iso_3166_1: str
    iso_639_1: str
    item_count: int
    name: str
    object_ids: dict[str, str]
    page: int
    poster_path: str | None
    public: bool
    revenue: int
    runtime: int
    sort_by: str
    total_pages: int
    total_results: int


class NewFourthList(Struct):
    """The number of a new list, here called `id`."""

    success: bool
    status_code: int
    status_message: str
    id: int


class Cleared(Struct):
    """How many items were taken off a list."""

    success: bool
    status_code: int
    status_message: str
    id: int
    items_deleted: int


class ItemDone(Struct):
    """Whether what was asked was done with one item."""

    media_id: int
    media_type: MediaType
    success: bool


class ItemsDone(Struct):
    """What was done with each item; the whole is a success also where one is not."""

    success: bool
    status_code: int
    status_message: str
    results: list[ItemDone]


class OnList(Struct):
    """That a title is on a list."""

    success: bool
    status_code: int
    status_message: str
    id: int
    media_id: int
    media_type: MediaType


def account_rating(halves: int, rated_at: int) -> AccountRating:
    """What somebody gave, with its instant in ISO 8601 (wire 1.3)."""
    at = datetime.fromtimestamp(rated_at / 1000, UTC).isoformat(timespec="milliseconds")
    return AccountRating(at.replace("+00:00", "Z"), shown(halves))


def list_summary(found: FourthList) -> ListSummary:
    """A list as a row."""
    return ListSummary(
        account_object_id=found.object_id,
        adult=0,
        average_rating=round(found.average, 3),
        backdrop_path=found.backdrop_path or None,
        created_at=instant(found.made_at),
        description=found.description,
        featured=0,
        id=found.id,
        iso_3166_1=found.iso_3166_1,
        iso_639_1=found.iso_639_1,
        name=found.name,
        number_of_items=found.item_count,
        poster_path=None,
        public=found.public,
        revenue=0,
        runtime="0",
        sort_by=found.sort_number,
        updated_at=instant(found.changed_at),
    )


def list_details(found: FourthList, page: Page[Listed]) -> FourthListDetails:
    """A list with one page of what is on it."""
    return FourthListDetails(
        average_rating=round(found.average, 3),
        backdrop_path=found.backdrop_path or None,
        results=[item(row.title) for row in page.rows],
        comments={f"{row.title.media_type}:{row.title.id}": row.comment for row in page.rows},
        created_by=ListOwner(None, found.gravatar_hash, found.object_id, found.person, found.username),
        description=found.description,
        id=found.id,
        iso_3166_1=found.iso_3166_1,
        iso_639_1=found.iso_639_1,
        item_count=found.item_count,
        name=found.name,
        object_ids={},
        page=page.number,
        poster_path=None,
        public=bool(found.public),
        revenue=0,
        runtime=0,
        sort_by=found.sort.value,
        total_pages=page.pages,
        total_results=page.total,
    )


def items_done(items: list[Item], done: list[bool]) -> ItemsDone:
    """What was done with each item."""
    rows = [ItemDone(each.media_id, each.media_type, good) for each, good in zip(items, done, strict=True)]
    return ItemsDone(True, 1, SUCCESS, rows)


def success(shape: type[Any], **more: Any) -> Any:
    """A success of some shape, with what it says beyond that."""
    return shape(success=True, status_code=1, status_message=SUCCESS, **more)
