"""This file shows people's marks and ratings in every order that the fourth generation knows."""

from admitone.flows.house import House
from admitone.model.media import Mark, MediaType
from admitone.model.paging import ROWS, Page, Sorting, offset
from admitone.store import marks
from admitone.store.engine.tx import Tx
from admitone.store.fourth.account import MARKED, RATED, GivenTitle, MarkedTitle
from admitone.store.ratings import OF_PEOPLE

__all__ = ["GivenTitle", "MarkedTitle", "marked", "rated"]


async def marked(
    _house: House, tx: Tx, account_id: int, mark: Mark, media_type: MediaType, sort: Sorting, page: int
) -> Page[MarkedTitle]:
    """One page of what a person keeps as one thing, with since when."""
    kept = {"account_id": account_id, "mark": mark.value}
    rows = await tx.all(MARKED[media_type, sort], **kept, most=ROWS, offset=offset(page))
    return Page(page, rows, await tx.one(marks.TOTAL, **kept, media_type=media_type.value) or 0)


async def rated(
    _house: House, tx: Tx, account_id: int, media_type: MediaType, sort: Sorting, page: int
) -> Page[GivenTitle]:
    """One page of the films or series that a person has rated, with when."""
    rows = await tx.all(RATED[media_type, sort], account_id=account_id, most=ROWS, offset=offset(page))
    return Page(page, rows, await tx.one(OF_PEOPLE.total, rater_id=account_id, media_type=media_type.value) or 0)
