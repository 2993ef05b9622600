"""This file tells what one person or guest did with one title: account_states (wire E.2)."""

from admitone.flows.house import House
from admitone.flows.media import titles
from admitone.flows.media.ratings import Rater
from admitone.model.faults import Fault, Refused
from admitone.model.media import RatedType, Subject
from admitone.store import states
from admitone.store.engine.tx import Tx
from admitone.store.ratings import RatedPart
from admitone.store.states import States

__all__ = ["RatedPart", "States", "of_season", "of_subject"]


async def of_subject(house: House, tx: Tx, rater: Rater, subject: Subject) -> States:
    """What somebody did with a film, series or episode; no episode is marked, nor by a guest. Raises TITLE_UNKNOWN."""
    which = {"media_id": subject.id, "media_type": subject.type.value}
    part = {"season": subject.season, "episode": subject.episode}
    if rater.guest or subject.type is RatedType.EPISODE:
        await titles.must_exist(house, tx, subject.title_type, subject.id)
        return States(0, 0, await tx.one(rater.ratings.one, rater_id=rater.id, **which, **part))
    found = await tx.one(states.STATES, account_id=rater.id, title_type=subject.title_type.value, **which, **part)
    if house.catalogue and not (found and found.known):
        raise Refused(Fault.TITLE_UNKNOWN)
    return found or States(0, 0, None)


async def of_season(house: House, tx: Tx, rater: Rater, series_id: int, season: int) -> list[RatedPart]:
    """Which episodes of a season somebody rated, in their order. Raises TITLE_UNKNOWN."""
    series = Subject(RatedType.TV, series_id)
    await titles.must_exist(house, tx, series.title_type, series.id)
    return await tx.all(rater.ratings.season, rater_id=rater.id, media_id=series_id, season=season)
