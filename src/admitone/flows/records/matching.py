"""This file finds the title that an entry of a file means: by TMDB's number, by IMDb's, by name and year."""

from typing import NamedTuple

from admitone.flows.house import House
from admitone.flows.media import search
from admitone.model.media import ExternalSource, MediaType, Title
from admitone.model.records.entries import Clue, Skip
from admitone.model.records.matching import choose, of_that_year, wanted_types
from admitone.model.search import folded
from admitone.store import titles
from admitone.store.engine.tx import Tx
from admitone.store.records import belongings


class Found(NamedTuple):
    """A title that exists here."""

    media_type: MediaType
    id: int


async def find(house: House, tx: Tx, clue: Clue) -> Found | Skip:
    """The title that a clue means, or why there is none. Without a catalogue TMDB's numbers are believed."""
    if clue.tmdb_id:
        types = wanted_types(clue)
        if not house.catalogue:
            return Found(types[0], clue.tmdb_id) if clue.media_type else Skip.UNKNOWN
        for media_type in types:
            if await tx.one(titles.EXISTS, media_type=media_type.value, media_id=clue.tmdb_id) is not None:
                return Found(media_type, clue.tmdb_id)
    if not house.catalogue:
        return Skip.UNKNOWN
    if clue.imdb_id:
        known = await search.by_external_id(house, tx, ExternalSource.IMDB, clue.imdb_id)
        found = choose(clue, known)
        if isinstance(found, Title):
            return _found(found)
    # A number that is TMDB's own, and that we do not have, is that of another title, whatever it is called.
    typed = "" if clue.tmdb_id else folded(clue.title)
    if not typed:
        return Skip.UNKNOWN
    chosen = choose(clue, of_that_year(clue, await tx.all(belongings.NAMED, typed=typed)))
    return _found(chosen) if isinstance(chosen, Title) else chosen


def _found(title: Title) -> Found:
    return Found(MediaType(title.media_type), title.id)
