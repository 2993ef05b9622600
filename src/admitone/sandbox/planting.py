"""This file puts people, apps, titles, ratings and lists into a world, through the flows that production has too."""

from collections.abc import Iterable
from typing import Any

import msgspec

from admitone.flows import accounts, apps, consents, request_tokens, sessions
from admitone.flows.apps import Credentials, Registration
from admitone.flows.house import House
from admitone.flows.media import lists, marks, ratings, titles
from admitone.flows.media.lists import NewList
from admitone.flows.media.marks import Marked
from admitone.flows.media.ratings import Rater
from admitone.model.apps import App
from admitone.model.faults import Fault, Refused
from admitone.model.media import Mark, MediaType, RatedType, Subject
from admitone.model.names import username_key
from admitone.model.request_tokens import Decision
from admitone.model.search import searched
from admitone.sandbox.shapes import AppMade, AppSeed, PersonMade, PersonSeed, RatingSeed, Seed, TitleSeed

USERNAME = "mira"
# Not a secret: everybody who runs a sandbox has the same one.
PASSWORD = "let-mira-in-please"
APP_NAME = "Sandbox app"
HERE = "127.0.0.1/32"
PEOPLE = [PersonSeed(username=USERNAME, password=PASSWORD, name="Mira Okafor")]
APPS = [AppSeed(name=APP_NAME)]


async def plant(house: House, seed: Seed) -> tuple[list[PersonMade], list[AppMade]]:
    """Put what a seed says into an empty world; what of people or apps it does not say is Mira and an app of hers.

    Raises what the flows refuse: a name taken, a title unknown.
    """
    if seed.titles:
        await house.write(titles.load, rows(seed.titles))
    people = [await add_person(house, person) for person in seed.people or PEOPLE]
    made = [await add_app(house, app, people[0].username) for app in seed.apps or APPS]
    first = await house.read(apps.find, made[0].app)
    for person, account in zip(seed.people, people, strict=False):
        await fill(house, person, account.id, first.id)
    return people, made


async def rotate(house: House, made: AppMade) -> AppMade:
    """An app with fresh credentials; the old ones are over."""
    credentials = await house.write(apps.rotate, made.app, 0)
    return msgspec.structs.replace(made, **credentials._asdict())


async def add_person(house: House, person: PersonSeed) -> PersonMade:
    """Add a person; here any password will do."""
    password = _password(person)
    account = await accounts.add_for_tests(house, person.username, password, person.name)
    return PersonMade(
        username=account.username, password=password, name=account.name, id=account.id, object_id=account.object_id
    )


async def add_app(house: House, app: AppSeed, owner: str) -> AppMade:
    """Add an app with its credentials; `owner` is whose it is where it does not say so itself."""
    owner = app.owner or owner
    registration = Registration(app.name, owner, app.website, app.kind, tuple(app.redirects))
    made, credentials = await house.write(apps.add, registration)
    return _made(made, owner, app, credentials)


async def fill(house: House, person: PersonSeed, account_id: int, app_id: int) -> None:
    """Let a person have rated, marked and listed what their seed says."""
    for rating in person.ratings:
        halves = round(rating.value * 2)
        await house.write(ratings.rate, Rater(account_id), app_id, _subject(rating), halves)
    for mark, kept in ((Mark.FAVORITE, person.favorites), (Mark.WATCHLIST, person.watchlist)):
        for title in kept:
            await house.write(marks.mark, account_id, app_id, Marked(mark, MediaType(title.media_type), title.id))
    for each in person.lists:
        new = NewList(each.name, each.description, each.language, each.public)
        list_id = await house.write(lists.create, account_id, None, new)
        for title in each.items:
            await house.write(lists.add_item, account_id, None, list_id, MediaType(title.media_type), title.id)


async def sign_in(house: House, public_id: str, account_id: int) -> str:
    """A session of a person with an app, by way of a request token that they approved."""
    app = await house.read(apps.find, public_id)
    token = await house.write(request_tokens.issue, app.id, HERE)
    await house.write(consents.decide, token.text, account_id, Decision.APPROVE)
    return await house.write(sessions.exchange, app.id, token.text, HERE)


def _made(app: App, owner: str, seed: AppSeed, credentials: Credentials) -> AppMade:
    redirects = list(seed.redirects)
    return AppMade(app=app.public_id, name=app.name, owner=owner, redirects=redirects, **credentials._asdict())


def _password(person: PersonSeed) -> str:
    return person.password or f"let-{person.username}-in-please"


def rows(seeds: Iterable[TitleSeed]) -> list[dict[str, Any]]:
    """Titles by the names of the columns that keep them."""
    return [_row(seed) for seed in seeds]


def same_name(one: str, other: str) -> bool:
    """Whether two user names are spellings of one."""
    return username_key(one) == username_key(other)


def _row(seed: TitleSeed) -> dict[str, Any]:
    original = seed.original_title or seed.title
    return {
        "media_type": seed.media_type,
        "id": seed.id,
        "title": seed.title,
        "original_title": original,
        "original_language": seed.original_language,
        "release_date": seed.release_date,
        "year": int(seed.release_date[:4]) if seed.release_date else None,
        "popularity": round(seed.popularity * 1000),
        "adult": int(seed.adult),
        "video": int(seed.video),
        "imdb_id": seed.imdb_id,
        "wikidata_id": seed.wikidata_id,
        "searched": searched(seed.title, original),
    }


def _subject(rating: RatingSeed) -> Subject:
    if rating.season is None and rating.episode is None:
        return Subject(RatedType(rating.media_type), rating.id)
    if rating.media_type != "tv" or rating.season is None or rating.episode is None:
        raise Refused(Fault.PARAMETER_BAD, detail="an episode is rated with media_type tv, season and episode")
    return Subject(RatedType.EPISODE, rating.id, rating.season, rating.episode)
