"""This file reads from an address which titles a page is about and in which order, and writes such addresses."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.requests import Request

from admitone.basics.languages import Message, mark
from admitone.model.faults import Fault, Refused
from admitone.model.media import LARGEST_ID, MediaType, RatedType, Subject
from admitone.model.paging import Sorting, number_of
from admitone.pages.forms import asked_for, page_asked_for

NEWEST = Sorting.CREATED_REVERSED
LARGEST_PART = 99_999  # as the wire takes it
SORTS = {
    Sorting.CREATED_REVERSED: mark("Newest first"),
    Sorting.CREATED: mark("Oldest first"),
    Sorting.TITLE: mark("Title, A to Z"),
    Sorting.TITLE_REVERSED: mark("Title, Z to A"),
    Sorting.RELEASED_REVERSED: mark("Latest released first"),
    Sorting.RELEASED: mark("Earliest released first"),
    Sorting.VOTED_REVERSED: mark("Best rated here first"),
    Sorting.VOTED: mark("Worst rated here first"),
}


@dataclass(frozen=True, slots=True)
class View:
    """What of a shelf is looked at: which kind of title, in which order, which page."""

    kind: RatedType = RatedType.MOVIE
    sort: Sorting = NEWEST
    page: int = 1

    @property
    def sorts(self) -> dict[Sorting, Message]:
        """In which orders it can be looked at; nothing is known of episodes but when they were rated."""
        several = SORTS if self.kind is not RatedType.EPISODE else (Sorting.CREATED_REVERSED, Sorting.CREATED)
        return {sort: SORTS[sort] for sort in several}

    @property
    def query(self) -> str:
        """The part of an address that says so, with its question mark; empty for what goes without saying."""
        said = {"type": self.kind, "sort_by": self.sort, "page": self.page}
        plain = {"type": RatedType.MOVIE, "sort_by": NEWEST, "page": 1}
        told = {name: str(value) for name, value in said.items() if value != plain[name]}
        return f"?{urlencode(told)}" if told else ""

    def of(self, kind: RatedType) -> "View":
        """Another kind of title in the same order where it has that, from the first page on."""
        other = replace(self, kind=kind, page=1)
        return other if self.sort in other.sorts else replace(other, sort=NEWEST)

    def within(self, pages: int) -> "View":
        """The same, or its last page when what was looked at has fewer by now."""
        return self.at(min(self.page, max(1, pages)))

    def at(self, page: int) -> "View":
        """Another page of the same."""
        return replace(self, page=page)

    @property
    def start(self) -> str:
        """The address of a page of the same up to its number."""
        return f"?{urlencode({'type': self.kind, 'sort_by': self.sort})}&page="


def view_of(request: Request, kinds: tuple[RatedType, ...] = tuple(RatedType)) -> View:
    """What the address asks for; a kind or order that nobody knows counts for nothing. Raises PAGE_BAD."""
    kind, sort = asked_for(request, "type"), asked_for(request, "sort_by")
    view = View(RatedType(kind) if kind in kinds else kinds[0], page=page_asked_for(request))
    return replace(view, sort=Sorting(sort)) if sort in view.sorts else view


def back_to(request: Request, subject: Subject, kinds: tuple[RatedType, ...] = tuple(RatedType)) -> View:
    """The view that somebody came from to a title, as the address says; of what the title is. Raises PAGE_BAD."""
    view = view_of(request, kinds)
    return view if view.kind is subject.type else view.of(subject.type)


def media_type_in(request: Request) -> MediaType:
    """The kind of title that the path names. Raises ROUTE_UNKNOWN."""
    return media_type_of(str(request.path_params["kind"]))


def media_type_of(text: str) -> MediaType:
    """The kind of title that a text names. Raises ROUTE_UNKNOWN."""
    if text not in tuple(MediaType):
        raise Refused(Fault.ROUTE_UNKNOWN)
    return MediaType(text)


def subject_in(request: Request) -> Subject:
    """The title or episode that the path names. Raises ROUTE_UNKNOWN, and TITLE_UNKNOWN for what cannot be a title."""
    parts = request.path_params
    title_id = title_id_of(str(parts["title"]))
    if "episode" not in parts:
        return Subject(RatedType(media_type_in(request).value), title_id)
    return Subject(RatedType.EPISODE, title_id, part_of(str(parts["season"])), part_of(str(parts["episode"])))


def title_id_of(text: str) -> int:
    """The number of a title. Raises TITLE_UNKNOWN."""
    number = number_of(text, LARGEST_ID)
    if not number:
        raise Refused(Fault.TITLE_UNKNOWN)
    return number


def part_of(text: str) -> int:
    """The number of a season or an episode. Raises ROUTE_UNKNOWN."""
    number = number_of(text, LARGEST_PART)
    if number is None:
        raise Refused(Fault.ROUTE_UNKNOWN)
    return number


def anchor(subject: Subject) -> str:
    """The name that the row of a title or an episode has on its page."""
    part = f"-{subject.season}-{subject.episode}" if subject.type is RatedType.EPISODE else ""
    return f"{subject.type.value}-{subject.id}{part}"


def path_of(subject: Subject) -> str:
    """What of an address names a title or an episode."""
    part = f"/{subject.season}/{subject.episode}" if subject.type is RatedType.EPISODE else ""
    return f"{subject.type.value}/{subject.id}{part}"
