"""This file reads what MovieLens writes: numbers of its own, which a second file turns into TMDB's and IMDb's."""

import re

from admitone.model.faults import Fault, Refused
from admitone.model.records.entries import Clue, Entry, File, Origin, Sort
from admitone.model.records.gathering import Gathering
from admitone.model.records.tables import Row, Table, halves, imdb_id, number, title

STARS = 5
NAMED = re.compile(r"(.*?)\s*\((\d{4})\)\s*")
SECONDS = re.compile(r"\d{1,11}")


def is_ratings(table: Table) -> bool:
    """Whether a table has ratings by MovieLens's own numbers."""
    return {"movieid", "rating"} <= table.columns


def is_films(table: Table) -> bool:
    """Whether a table says which films those numbers are."""
    return "movieid" in table.columns and bool({"tmdbid", "imdbid", "title"} & table.columns)


def is_own(table: Table) -> bool:
    """Whether a table is what a person downloads from MovieLens itself, with every number in it."""
    return {"movie_id", "tmdb_id", "rating"} <= table.columns


def films(tables: list[Table]) -> dict[str, Clue]:
    """What the tables of films say, by MovieLens's numbers."""
    known: dict[str, Clue] = {}
    for table in tables:
        for row in table.rows:
            before = known.get(row.get("movieid"), Clue("movie"))
            named, year = _named(row)
            known[row.get("movieid")] = before._replace(
                tmdb_id=number(row.get("tmdbid")) or before.tmdb_id,
                imdb_id=imdb_id(row.get("imdbid")) or before.imdb_id,
                title=named or before.title,
                year=year or before.year,
            )
    return known


def read(file: File, table: Table, known: dict[str, Clue], whose: str, gathering: Gathering) -> None:
    """Read the ratings of one person; `whose` is their number, empty where only one is there.

    Raises RECORDS_OF_MANY when several people's are, and nobody said which.
    """
    gathering.from_(Origin.MOVIELENS)
    if not whose and len({row.get("userid") for row in table.rows}) > 1:
        raise Refused(Fault.RECORDS_OF_MANY)
    for row in table.rows:
        if whose and row.get("userid") != whose:
            continue
        clue = known.get(row.get("movieid"), Clue("movie"))
        at = row.get("timestamp")
        seconds = int(at) if SECONDS.fullmatch(at) and at.isascii() else 0
        entry = Entry(Sort.RATING, clue, halves(row.get("rating"), STARS), seconds * 1000)
        gathering.keep(entry, file, row.line)


def read_own(file: File, table: Table, gathering: Gathering) -> None:
    """Read what a person downloads from MovieLens itself."""
    gathering.from_(Origin.MOVIELENS)
    for row in table.rows:
        named, year = _named(row)
        clue = Clue("movie", number(row.get("tmdb_id")), imdb_id(row.get("imdb_id")), named if year else "", year)
        gathering.keep(Entry(Sort.RATING, clue, halves(row.get("rating"), STARS)), file, row.line)


def _named(row: Row) -> tuple[str, int]:
    """A title and the year behind it, 0 for none."""
    # On one line and cut before it is looked at: the pattern takes the square of a run of blanks.
    named = title(row.get("title"))
    found = NAMED.fullmatch(named)
    return (title(_turned(found[1])), int(found[2])) if found else (named, 0)


def _turned(name: str) -> str:
    """A title whose article stands at its end, with it in front again."""
    head, found, article = name.rpartition(", ")
    return (
        f"{article} {head}"
        if found and article in {"The", "A", "An", "La", "Le", "Les", "El", "Das", "Der", "Die"}
        else name
    )
