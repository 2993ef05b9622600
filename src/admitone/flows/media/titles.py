"""This file keeps the catalogue: which films and series there are."""

from collections.abc import Mapping, Sequence
from typing import Any

from admitone.flows.house import House
from admitone.model.faults import Fault, Refused
from admitone.model.media import MediaType, Title, numbers_a_title, unknown_title
from admitone.store import titles
from admitone.store.engine.tx import Tx


async def must_exist(house: House, tx: Tx, media_type: MediaType, media_id: int) -> None:
    """Raises TITLE_UNKNOWN for what the catalogue does not hold; without one, for what can be no title's number."""
    if not house.catalogue:
        must_be_number(media_id)
    elif await tx.one(titles.EXISTS, media_type=media_type.value, media_id=media_id) is None:
        raise Refused(Fault.TITLE_UNKNOWN)


def must_be_number(media_id: int) -> None:
    """Raises TITLE_UNKNOWN for what can be no title's number."""
    if not numbers_a_title(media_id):
        raise Refused(Fault.TITLE_UNKNOWN)


async def show(house: House, tx: Tx, media_type: MediaType, media_id: int) -> Title:
    """A film or series. Raises TITLE_UNKNOWN; without a catalogue every number is a title of which nothing is known."""
    title = await tx.one(titles.SHOW, media_type=media_type.value, media_id=media_id)
    if title is None and house.catalogue:
        raise Refused(Fault.TITLE_UNKNOWN)
    return title or unknown_title(media_type, media_id)


async def load(_house: House, tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put titles into the catalogue, by the names of its columns; those that are there stay as they are."""
    await tx.many(titles.LOAD, rows)


async def load_counted(house: House, tx: Tx, rows: Sequence[Mapping[str, Any]]) -> int:
    """As `load`; how many of them were new."""
    before = await tx.one(titles.COUNT) or 0
    await load(house, tx, rows)
    return (await tx.one(titles.COUNT) or 0) - before


async def is_empty(_house: House, tx: Tx) -> bool:
    """Whether the catalogue holds nothing yet."""
    return not await tx.one(titles.ANY)
