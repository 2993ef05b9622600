"""This file finds titles by name."""

from admitone.flows.house import House
from admitone.model import search
from admitone.model.media import ExternalSource, MediaType, Title
from admitone.model.paging import ROWS, Page, offset
from admitone.store import titles
from admitone.store.engine.tx import Tx

SHORTEST_SIMILAR = 3  # characters: less than a trigram is like everything


async def by_name(
    _house: House, tx: Tx, typed: str, media_types: tuple[MediaType, ...], page: int, *, adult: bool = True
) -> Page[Title]:
    """One page of the titles of these kinds that are like what was typed, the likest first; `adult` ones if wanted."""
    wanted = search.folded(typed)
    candidates = await _candidates(tx, wanted) if wanted else []
    fit = [title for title in search.best(wanted, candidates) if title.media_type in media_types]
    found = [title for title in fit if adult or not title.adult]
    return Page(page, found[offset(page) : offset(page) + ROWS], len(found))


async def by_external_id(_house: House, tx: Tx, source: ExternalSource, external_id: str) -> list[Title]:
    """The titles that another catalogue calls so; none by a source that is not kept."""
    if source not in titles.BY_EXTERNAL_ID:
        return []
    return await tx.all(titles.BY_EXTERNAL_ID[source], external_id=external_id)


async def popular(_house: House, tx: Tx, media_type: MediaType, page: int) -> Page[Title]:
    """One page of the titles of one kind, the most popular first."""
    rows = await tx.all(titles.POPULAR, media_type=media_type.value, most=ROWS, offset=offset(page))
    return Page(page, rows, await tx.one(titles.TOTAL, media_type=media_type.value) or 0)


async def _candidates(tx: Tx, wanted: str) -> list[Title]:
    if len(wanted) < SHORTEST_SIMILAR:
        return await tx.all(titles.BEGINNING, typed=wanted, most=search.CANDIDATES)
    parts = (wanted[at : at + 3] for at in range(len(wanted) - 2))
    # Folded text has letters, digits and blanks only: nothing in it can end a quoted string.
    trigrams = " OR ".join(f'"{part}"' for part in dict.fromkeys(parts))
    return await tx.all(titles.SIMILAR, typed=wanted, trigrams=trigrams, most=search.CANDIDATES)
