"""This file recommends titles to a person, by the rule of `model.recommendations`; four statements at most."""

from admitone.flows.house import House
from admitone.model.media import MediaType, Title, unknown_title
from admitone.model.paging import ROWS, Page, offset
from admitone.model.recommendations import ALIKE, TASTES, most_alike, ranked
from admitone.store.engine.tx import Tx
from admitone.store.fourth.recommendations import LIKED_BY, RATERS_OF, TASTE, TITLES, titles_of


async def recommended(_house: House, tx: Tx, account_id: int, media_type: MediaType, page: int) -> Page[Title]:
    """One page of the films or series that a person has not rated and may like, the likeliest first."""
    who = {"account_id": account_id, "media_type": media_type.value}
    taste = await tx.all(TASTE, **who)
    alike = most_alike(await tx.all(RATERS_OF, **who, **titles_of(taste, TASTES))) if taste else {}
    liked = await tx.all(LIKED_BY, **who, **titles_of(list(alike), ALIKE)) if alike else []
    found = ranked(liked, alike)
    shown = found[offset(page) : offset(page) + ROWS]
    places = titles_of(shown, ROWS)
    known = {title.id: title for title in await tx.all(TITLES, media_type=media_type.value, **places)} if shown else {}
    rows = [known.get(media_id) or unknown_title(media_type, media_id) for media_id in shown]
    return Page(page, rows, len(found))
