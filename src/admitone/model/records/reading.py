"""This file finds out what each file is, and has it read by whoever knows its kind."""

import json
import re
from typing import Any

from admitone.model.faults import Fault, Refused
from admitone.model.records import archives, catalogues, letterboxd, movielens, own, trakt
from admitone.model.records.entries import MOST_ENTRIES, File, Reading, Skip
from admitone.model.records.gathering import Gathering
from admitone.model.records.tables import MOST_ROWS, Table, read_table, text_of

# One half of a pair of surrogates is no character: no database keeps it and no page shows it.
HALF_PAIR = re.compile(r"\\u[dD][89a-fA-F]")
# What is read takes many times the memory of what was sent: these are counted before. Cells of tables, or values of
# JSON; its lists and objects. The widest table that we know, full of entries, has three million cells.
MOST_PARTS = 40 * MOST_ENTRIES
MOST_GROUPS = 5 * MOST_ENTRIES


def read(sent: list[File], whose: str = "") -> Reading:
    """Read everything that was sent; `whose` is a person's number in a file of many people's ratings.

    Raises RECORDS_UNKNOWN when there is nothing that we know, RECORDS_TOO_LARGE, RECORDS_BROKEN, RECORDS_OF_MANY.
    """
    gathering = Gathering()
    tables: list[tuple[File, Table]] = []
    lists = trakt.Lists()
    # What tells the names of lists comes before the lists.
    files = sorted(archives.opened(sent), key=lambda file: not trakt.tells_of_lists(file))
    parts = rows = 0
    for file in files:
        text = text_of(file)
        if text.lstrip("\ufeff \r\n\t")[:1] in ("{", "["):
            _within(_count(text, "[{"), MOST_GROUPS)
            _within(_count(text, ","), MOST_PARTS)
            _read_json(file, text, lists, gathering)
            continue
        parts += _count(text, ",;\t\r\n")
        _within(parts, MOST_PARTS)
        if letterboxd.is_list(text):
            _within(_count(text, "\n"), MOST_ROWS)
            letterboxd.read_list(file, text, gathering)
        else:
            table = read_table(text)
            rows += len(table.rows)
            _within(rows, MOST_ROWS)
            tables.append((file, table))
    _read_tables(tables, whose, gathering)
    found = gathering.done()
    if not found.origins:
        raise Refused(Fault.RECORDS_UNKNOWN)
    return found


def _count(text: str, marks: str) -> int:
    return sum(text.count(each) for each in marks)


def _within(count: int, most: int) -> None:
    if count > most:
        raise Refused(Fault.RECORDS_TOO_LARGE)


def _read_json(file: File, text: str, lists: trakt.Lists, gathering: Gathering) -> None:
    try:
        value: Any = json.loads(text)
        if HALF_PAIR.search(text):
            value = json.loads(json.dumps(value, ensure_ascii=False).encode(errors="replace"))
    except (ValueError, RecursionError):
        gathering.skip(file, 0, Skip.LINE_BAD)
        return
    if own.is_ours(value):
        own.read(file, value, gathering)
    elif trakt.tells_of_lists(file):
        lists.tell(value)
    elif trakt.is_json(value):
        trakt.read_json(file, value, lists, gathering)


def _read_tables(tables: list[tuple[File, Table]], whose: str, gathering: Gathering) -> None:
    films = movielens.films([table for _, table in tables if movielens.is_films(table)])
    ratings_apart = any(file.name == "ratings.csv" and letterboxd.is_ours(table) for file, table in tables)
    for file, table in tables:
        known = True
        if catalogues.is_tmdb(table):
            catalogues.read_tmdb(file, table, gathering)
        elif catalogues.is_imdb(table):
            catalogues.read_imdb(file, table, gathering)
        elif letterboxd.is_ours(table):
            letterboxd.read(file, table, gathering, ratings_apart=ratings_apart)
        elif movielens.is_own(table):
            movielens.read_own(file, table, gathering)
        elif movielens.is_ratings(table):
            movielens.read(file, table, films, whose, gathering)
        elif trakt.is_table(table):
            trakt.read_table(file, table, gathering)
        else:
            known = False
        for line in table.broken if known else ():
            gathering.skip(file, line, Skip.LINE_BAD)
