"""This file reads what Letterboxd writes: films by title and year, without numbers; stars from a half to five."""

import re

from admitone.model.records.entries import Clue, Entry, File, Origin, Skip, Sort
from admitone.model.records.gathering import Gathering, sort_of_file
from admitone.model.records.tables import Row, Table, halves, imdb_id, instant, number, read_table, title

STARS = 5
LIST_MARK = "letterboxd list export"
# Kept by the service for itself: entries that the person deleted, or whose film it no longer has.
ASIDE = ("deleted", "orphaned")
NOTHING_OF_OURS = ("comments.csv", "profile.csv")
TEN = 10
# In a file that others write for it to read, which may have titles in place of names, and points beside stars.
FOR_IT = ({"letterboxduri"}, {"title", "rating10"}, {"title", "watcheddate"}, {"name", "year", "rating10"})
FILMS = re.compile(r"\"?position\"?[,;\t]", re.IGNORECASE)  # begins the table of a list


def is_ours(table: Table) -> bool:
    """Whether a table is Letterboxd's, by its columns."""
    return "letterboxd uri" in table.columns or any(columns <= table.columns for columns in FOR_IT)


def read(file: File, table: Table, gathering: Gathering, *, ratings_apart: bool) -> None:
    """Read ratings, diary, watchlist or likes; `ratings_apart` says that ratings are in a file of their own."""
    if any(file.within(folder) for folder in ASIDE) or file.name in NOTHING_OF_OURS:
        return
    if file.name == "reviews.csv" and ratings_apart:
        return
    gathering.from_(Origin.LETTERBOXD)
    if not {"rating", "rating10"} & table.columns:
        _read_unrated(file, table, gathering)
        return
    for row in table.rows:
        if not row.get("rating", "rating10"):
            gathering.skip(file, row.line, Skip.NO_COUNTERPART, row.get("name"))
        elif not ratings_apart or file.name == "ratings.csv":
            day = instant(row.get("watched date", "watcheddate", "date")) or instant(row.get("date"))
            points = halves(row.get("rating"), STARS) if row.get("rating") else halves(row.get("rating10"), TEN)
            gathering.keep(Entry(Sort.RATING, _clue(row), points, day), file, row.line)


def is_list(text: str) -> bool:
    """Whether a file is a list of Letterboxd's, by its first line."""
    return text.lstrip('\ufeff\r\n "').lower().startswith(LIST_MARK)


def read_list(file: File, text: str, gathering: Gathering) -> None:
    """Read a list: a line that says so, a table of one line about it, an empty line, the table of its films."""
    if any(file.within(folder) for folder in ASIDE):
        return
    gathering.from_(Origin.LETTERBOXD)
    lines = text.replace("\r\n", "\n").split("\n")
    start = next((at for at, line in enumerate(lines) if FILMS.match(line)), len(lines))
    about = read_table("\n".join(lines[1:start]), 2).rows
    head = about[0] if about else Row(2, [], {})
    shelf = gathering.shelf(head.get("name") or file.stem, head.get("description"))
    made = instant(head.get("date"))
    for row in read_table("\n".join(lines[start:]), start + 1).rows:
        gathering.keep(Entry(Sort.LISTED, _clue(row), 0, made, shelf), file, row.line)


def _read_unrated(file: File, table: Table, gathering: Gathering) -> None:
    sort = sort_of_file(file, Sort.LISTED)
    if sort is Sort.LISTED and (file.name.startswith("watched") or file.within("likes")):
        # That somebody has seen a film is nothing that is kept here.
        gathering.skip(file, 0, Skip.NO_COUNTERPART)
        return
    shelf = gathering.shelf(file.stem) if sort is Sort.LISTED and table.rows else -1
    for row in table.rows:
        gathering.keep(Entry(sort, _clue(row), 0, instant(row.get("date")), shelf), file, row.line)


def _clue(row: Row) -> Clue:
    named = title(row.get("name", "title"))
    return Clue("movie", number(row.get("tmdbid")), imdb_id(row.get("imdbid")), named, number(row.get("year")))
