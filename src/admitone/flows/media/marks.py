"""This file keeps favourites and watchlists."""

from typing import NamedTuple

from admitone.flows.connected import changes
from admitone.flows.house import House
from admitone.flows.media import titles
from admitone.model.connected.changes import ABSENT, Thing, state
from admitone.model.faults import Fault, Refused
from admitone.model.media import Mark, MediaType, Title
from admitone.model.paging import ROWS, Order, Page, offset
from admitone.store import marks
from admitone.store.engine.tx import Tx


class Marked(NamedTuple):
    """Which title is kept as what."""

    mark: Mark
    media_type: MediaType
    media_id: int


async def mark(house: House, tx: Tx, account_id: int, app_id: int | None, which: Marked) -> bool:
    """Keep a title; True when it was not kept before. Raises TITLE_UNKNOWN (wire D.3).

    `app_id` is who does it, None for the person on our own pages.
    """
    if not house.catalogue:
        titles.must_be_number(which.media_id)
    times = await tx.one(
        marks.MARK if house.catalogue else marks.MARK_ANY,
        account_id=account_id,
        mark=which.mark.value,
        media_type=which.media_type.value,
        media_id=which.media_id,
        app_id=app_id,
        now=tx.now,
    )
    if times is None:
        raise Refused(Fault.TITLE_UNKNOWN)
    if times == 1:
        await changes.record(tx, account_id, app_id, _thing(which), ABSENT, state(tx.now, app_id))
    return times == 1


async def unmark(_house: House, tx: Tx, account_id: int, app_id: int | None, which: Marked) -> None:
    """Keep a title no longer; one that was not kept is no refusal."""
    taken = await tx.one(
        marks.UNMARK,
        account_id=account_id,
        mark=which.mark.value,
        media_type=which.media_type.value,
        media_id=which.media_id,
    )
    if taken is not None:
        await changes.record(tx, account_id, app_id, _thing(which), state(*taken), ABSENT)


async def marked(
    _house: House, tx: Tx, account_id: int, mark: Mark, media_type: MediaType, order: Order, page: int
) -> Page[Title]:
    """One page of what a person keeps as one thing."""
    kept = {"account_id": account_id, "mark": mark.value}
    rows = await tx.all(marks.PAGES[media_type, order], **kept, most=ROWS, offset=offset(page))
    total = await tx.one(marks.TOTAL, **kept, media_type=media_type.value)
    return Page(page, rows, total or 0)


def _thing(which: Marked) -> Thing:
    return Thing(which.mark.value, 0, which.media_type.value, which.media_id)
