"""This file says which title a clue means, among those that could be meant: only when there is no doubt."""

from collections.abc import Sequence

from admitone.model.media import MediaType, Title
from admitone.model.records.entries import Clue, Skip

# Catalogues differ in which premiere is the first.
YEARS_APART = 1


def wanted_types(clue: Clue) -> tuple[MediaType, ...]:
    """The kinds of title that a clue can mean; episodes are looked up by their series."""
    if clue.media_type == "movie":
        return (MediaType.MOVIE,)
    if clue.media_type in ("tv", "episode"):
        return (MediaType.TV,)
    return (MediaType.MOVIE, MediaType.TV)


def choose(clue: Clue, candidates: Sequence[Title]) -> Title | Skip:
    """The one title that is meant, among those of the same name or number."""
    fit = [title for title in candidates if title.media_type in wanted_types(clue)]
    if len(fit) > 1 and clue.year:
        exact = [title for title in fit if _year(title) == clue.year]
        fit = exact or fit
    if len(fit) > 1 and not clue.media_type:
        fit = [title for title in fit if title.media_type == MediaType.MOVIE.value] or fit
    if not fit:
        return Skip.UNKNOWN
    return fit[0] if len(fit) == 1 else Skip.AMBIGUOUS


def of_that_year(clue: Clue, candidates: Sequence[Title]) -> list[Title]:
    """The candidates of a name that may be of the clue's year, and whose numbers do not say that they are others."""
    return [
        title
        for title in candidates
        if (not clue.year or not _year(title) or abs(_year(title) - clue.year) <= YEARS_APART)
        and not (clue.imdb_id and title.imdb_id and title.imdb_id != clue.imdb_id)
    ]


def _year(title: Title) -> int:
    year = title.release_date[:4]
    return int(year) if year.isdecimal() else 0
