"""This file rates titles and shows what a person has rated."""

from admitone.flows import titles
from admitone.flows.house import House
from admitone.model.faults import Fault, Refused
from admitone.model.media import RatedType, Subject
from admitone.model.paging import ROWS, Order, Page, offset
from admitone.store import ratings
from admitone.store.engine.tx import Tx
from admitone.store.ratings import RatedTitle

__all__ = ["RatedTitle", "rate", "rated", "unrate"]


async def rate(house: House, tx: Tx, account_id: int, app_id: int, subject: Subject, halves: int) -> bool:
    """Give a title or episode half points; True when it had none before. Raises TITLE_UNKNOWN (wire E.1)."""
    times = await tx.one(
        ratings.RATE if house.catalogue else ratings.RATE_ANY,
        account_id=account_id,
        media_type=subject.type.value,
        title_type=subject.title_type.value,
        media_id=subject.id,
        season=subject.season,
        episode=subject.episode,
        halves=halves,
        app_id=app_id,
        now=tx.now,
    )
    if times is None:
        raise Refused(Fault.TITLE_UNKNOWN)
    return times == 1


async def unrate(house: House, tx: Tx, account_id: int, subject: Subject) -> None:
    """Take a rating back; one that was never given is no refusal. Raises TITLE_UNKNOWN."""
    await tx.one(
        ratings.UNRATE,
        account_id=account_id,
        media_type=subject.type.value,
        media_id=subject.id,
        season=subject.season,
        episode=subject.episode,
    )
    await titles.must_exist(house, tx, subject.title_type, subject.id)


async def rated(
    _house: House, tx: Tx, account_id: int, rated_type: RatedType, order: Order, page: int
) -> Page[RatedTitle]:
    """One page of what a person has rated of one kind."""
    rows = await tx.all(ratings.PAGES[rated_type, order], account_id=account_id, most=ROWS, offset=offset(page))
    total = await tx.one(ratings.TOTAL, account_id=account_id, media_type=rated_type.value)
    return Page(page, rows, total or 0)
