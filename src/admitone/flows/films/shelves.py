"""This file shows people what they rated and keep, whether they did it or an app, and finds what they look for."""

from collections.abc import Iterable
from typing import NamedTuple

from admitone.flows.fourth import account
from admitone.flows.house import House
from admitone.flows.media import search
from admitone.flows.media.marks import Marked
from admitone.model.faults import Fault, Refused
from admitone.model.media import LARGEST_ID, Mark, MediaType, RatedType, Subject, Title, unknown_title
from admitone.model.paging import LAST, ROWS, Order, Page, Sorting, number_of, offset
from admitone.store import apps, states, titles
from admitone.store.engine.tx import Tx
from admitone.store.films import shelves
from admitone.store.films.shelves import GivenEpisode
from admitone.store.fourth.account import MARKED, RATED
from admitone.store.people import accounts
from admitone.store.ratings import OF_PEOPLE
from admitone.store.states import States

EPISODE_ORDERS = {Sorting.CREATED: Order.OLDEST_FIRST, Sorting.CREATED_REVERSED: Order.NEWEST_FIRST}


class Entry(NamedTuple):
    """A title, or an episode of it, that a person keeps: since when, and the name of the app that put it there.

    `app` is empty for the person's own doing, `halves` are 0 for what is no rating.
    """

    title: Title
    subject: Subject
    at: int
    app: str
    halves: int = 0


class About(NamedTuple):
    """A title to one person: what they gave it, and what they keep it as."""

    title: Title
    subject: Subject
    rating: Entry | None
    marks: dict[Mark, Entry]


class Found(NamedTuple):
    """A title that was looked for, and what the person did with it already."""

    title: Title
    states: States


async def rated(house: House, tx: Tx, account_id: int, rated_type: RatedType, sort: Sorting, page: int) -> Page[Entry]:
    """One page of the films, series or episodes that a person has rated; of episodes, only by when."""
    if rated_type is RatedType.EPISODE:
        order = EPISODE_ORDERS.get(sort, Order.NEWEST_FIRST)
        rows = await tx.all(shelves.EPISODES[order], account_id=account_id, most=ROWS, offset=offset(page))
        total = await tx.one(OF_PEOPLE.total, rater_id=account_id, media_type=rated_type.value) or 0
        names = await app_names(tx, (row.app_id for row in rows))
        return Page(page, [_episode(row, names) for row in rows], total)
    found = await account.rated(house, tx, account_id, MediaType(rated_type.value), sort, page)
    names = await app_names(tx, (row.app_id for row in found.rows))
    entries = [
        Entry(row.title, whole(row.title), row.rated_at, names.get(row.app_id, ""), row.halves) for row in found.rows
    ]
    return Page(page, entries, found.total)


async def marked(
    house: House, tx: Tx, account_id: int, mark: Mark, media_type: MediaType, sort: Sorting, page: int
) -> Page[Entry]:
    """One page of what a person keeps as one thing."""
    found = await account.marked(house, tx, account_id, mark, media_type, sort, page)
    names = await app_names(tx, (row.app_id for row in found.rows))
    entries = [Entry(row.title, whole(row.title), row.marked_at, names.get(row.app_id, "")) for row in found.rows]
    return Page(page, entries, found.total)


async def about(house: House, tx: Tx, account_id: int, subject: Subject) -> About:
    """What a person did with a title or episode. Raises TITLE_UNKNOWN for one that nobody knows and they don't keep."""
    which = {"media_type": subject.title_type.value, "media_id": subject.id}
    part = {"season": subject.season, "episode": subject.episode}
    given = await tx.one(
        shelves.GIVEN, account_id=account_id, **part, media_type=subject.type.value, media_id=subject.id
    )
    kept = await tx.all(shelves.KEPT, account_id=account_id, **which)
    title = await tx.one(titles.SHOW, **which)
    if title is None:
        if house.catalogue and given is None and not kept:
            raise Refused(Fault.TITLE_UNKNOWN)
        title = unknown_title(subject.title_type, subject.id)
    names = await app_names(tx, (row.app_id for row in (given, *kept) if row is not None))
    rating = given and Entry(title, subject, given.rated_at, names.get(given.app_id, ""), given.halves)
    marks = {Mark(row.mark): Entry(title, subject, row.marked_at, names.get(row.app_id, "")) for row in kept}
    return About(title, subject, rating, marks)


async def look_for(house: House, tx: Tx, account_id: int, typed: str, page: int) -> Page[Found]:
    """One page of the titles like what was typed, those for adults only where the person wants them.

    Where no catalogue is installed, a number is a title of which nothing is known.
    """
    person = await tx.one(accounts.PROFILE, account_id=account_id)
    adult = bool(person and person.include_adult)
    found = await search.by_name(house, tx, typed, tuple(MediaType), page, adult=adult)
    rows = found.rows or _numbered(house, typed)
    done = [await _states(tx, account_id, title) for title in rows]
    return Page(page, [Found(*each) for each in zip(rows, done, strict=True)], found.total or len(rows))


async def page_with_rating(_house: House, tx: Tx, account_id: int, subject: Subject, sort: Sorting) -> int:
    """On which page of their ratings in this order people find one; 1 for one that is on none."""
    if subject.type is RatedType.EPISODE:
        order = EPISODE_ORDERS.get(sort, Order.NEWEST_FIRST)
        rows = await tx.all(shelves.EPISODES[order], account_id=account_id, most=LAST * ROWS, offset=0)
        return page_of(subject[1:], [(row.title.id, row.season, row.episode) for row in rows])
    statement = RATED[MediaType(subject.type.value), sort]
    given = await tx.all(statement, account_id=account_id, most=LAST * ROWS, offset=0)
    return page_of(subject.id, [row.title.id for row in given])


async def page_with_mark(_house: House, tx: Tx, account_id: int, which: Marked, sort: Sorting) -> int:
    """On which page of what they keep in this order people find a title; 1 for one that is on none."""
    statement = MARKED[which.media_type, sort]
    kept = await tx.all(statement, account_id=account_id, mark=which.mark.value, most=LAST * ROWS, offset=0)
    return page_of(which.media_id, [row.title.id for row in kept])


def whole(title: Title) -> Subject:
    """A film or a series as what is rated, not one of its episodes."""
    return Subject(RatedType(title.media_type), title.id)


def page_of(wanted: object, shown: list[object]) -> int:
    """The number of the page on which one thing of many stands."""
    return shown.index(wanted) // ROWS + 1 if wanted in shown else 1


async def app_names(tx: Tx, app_ids: Iterable[int | None]) -> dict[int | None, str]:
    """What the apps with these numbers are called; nothing of those that were removed."""
    names: dict[int | None, str] = {}
    for app_id in {each for each in app_ids if each}:
        app = await tx.one(apps.FIND_BY_ID, app_id=app_id)
        if app is not None:
            names[app_id] = app.name
    return names


def _episode(row: GivenEpisode, names: dict[int | None, str]) -> Entry:
    subject = Subject(RatedType.EPISODE, row.title.id, row.season, row.episode)
    return Entry(row.title, subject, row.rated_at, names.get(row.app_id, ""), row.halves)


def _numbered(house: House, typed: str) -> list[Title]:
    number = None if house.catalogue else number_of(typed.strip(), LARGEST_ID)
    return [unknown_title(kind, number) for kind in MediaType] if number else []


async def _states(tx: Tx, account_id: int, title: Title) -> States:
    which = {"title_type": title.media_type, "media_type": title.media_type, "media_id": title.id}
    return await tx.one(states.STATES, account_id=account_id, **which, season=0, episode=0) or States(0, 0, None)
