"""This file rates titles and episodes, for people and for guests, and shows what they have rated."""

from typing import NamedTuple

from admitone.flows.connected import changes
from admitone.flows.house import House
from admitone.flows.media import titles
from admitone.model.connected.changes import ABSENT, Kind, Thing, state
from admitone.model.faults import Fault, Refused
from admitone.model.media import RatedType, Subject
from admitone.model.paging import ROWS, Order, Page, offset
from admitone.store.engine.tx import Tx
from admitone.store.ratings import OF_GUESTS, OF_PEOPLE, VOTE, RatedEpisode, RatedTitle, Ratings

__all__ = ["RatedEpisode", "RatedTitle", "Rater", "rate", "rated_episodes", "rated_titles", "unrate"]


class Rater(NamedTuple):
    """Who rates: an account, or a guest session, by number."""

    id: int
    guest: bool = False

    @property
    def ratings(self) -> Ratings:
        """The statements on the table where this rater's ratings are."""
        return OF_GUESTS if self.guest else OF_PEOPLE


async def rate(house: House, tx: Tx, rater: Rater, app_id: int | None, subject: Subject, halves: int) -> bool:
    """Give a title or episode half points; True when it had none before. Raises TITLE_UNKNOWN (wire E.1).

    `app_id` is who does it, None for the person on our own pages.
    """
    statements = rater.ratings
    given = await tx.one(
        statements.rate if house.catalogue else statements.rate_any,
        **_names(rater, subject),
        title_type=subject.title_type.value,
        halves=halves,
        app_id=app_id,
        now=tx.now,
    )
    if given is None:
        raise Refused(Fault.TITLE_UNKNOWN)
    await _vote(tx, rater, subject, people=0 if given.before else 1, halves=given.halves - given.before)
    if not rater.guest:
        before = state(given.before, given.at_before, given.app_before) if given.before else ABSENT
        await changes.record(tx, rater.id, app_id, _thing(subject), before, state(halves, tx.now, app_id))
    return not given.before


async def unrate(house: House, tx: Tx, rater: Rater, app_id: int | None, subject: Subject) -> None:
    """Take a rating back; one that was never given is no refusal. Raises TITLE_UNKNOWN."""
    await titles.must_exist(house, tx, subject.title_type, subject.id)
    taken = await tx.one(rater.ratings.unrate, **_names(rater, subject))
    if taken is not None:
        await _vote(tx, rater, subject, people=-1, halves=-taken.halves)
        if not rater.guest:
            await changes.record(tx, rater.id, app_id, _thing(subject), state(*taken), ABSENT)


async def rated_titles(
    _house: House, tx: Tx, rater: Rater, rated_type: RatedType, order: Order, page: int
) -> Page[RatedTitle]:
    """One page of the films or series that somebody has rated."""
    statement = rater.ratings.titles[rated_type, order]
    rows = await tx.all(statement, rater_id=rater.id, most=ROWS, offset=offset(page))
    return Page(page, rows, await _total(tx, rater, rated_type))


async def rated_episodes(_house: House, tx: Tx, rater: Rater, order: Order, page: int) -> Page[RatedEpisode]:
    """One page of the episodes that somebody has rated."""
    rows = await tx.all(rater.ratings.episodes[order], rater_id=rater.id, most=ROWS, offset=offset(page))
    return Page(page, rows, await _total(tx, rater, RatedType.EPISODE))


async def _total(tx: Tx, rater: Rater, rated_type: RatedType) -> int:
    return await tx.one(rater.ratings.total, rater_id=rater.id, media_type=rated_type.value) or 0


async def _vote(tx: Tx, rater: Rater, subject: Subject, *, people: int, halves: int) -> None:
    if rater.guest or (not people and not halves):
        return
    await tx.run(VOTE, **_of(subject), people=people, halves=halves)


def _thing(subject: Subject) -> Thing:
    return Thing(Kind.RATING, 0, subject.type.value, subject.id, subject.season, subject.episode)


def _names(rater: Rater, subject: Subject) -> dict[str, int | str]:
    return {"rater_id": rater.id, **_of(subject)}


def _of(subject: Subject) -> dict[str, int | str]:
    return {
        "media_type": subject.type.value,
        "media_id": subject.id,
        "season": subject.season,
        "episode": subject.episode,
    }
