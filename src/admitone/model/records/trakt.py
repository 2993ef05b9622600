"""This file reads what Trakt writes, as JSON or as tables: whole numbers up to ten, titles with many numbers each."""

import re
from collections.abc import Iterator
from typing import Any

from admitone.model.records.entries import Clue, Entry, File, Origin, Shelf, Skip, Sort
from admitone.model.records.gathering import Gathering, clue_of_type, sort_of_file
from admitone.model.records.tables import Table, halves, imdb_id, instant, number, title

TEN = 10
LONGEST_HINT = 300  # characters of a list's name, which is looked at again for each of its rows
TYPES = {"movie": "movie", "show": "tv", "episode": "episode"}
DATES = ("rated_at", "listed_at", "favorited_at", "collected_at")
NOT_KEPT = ("watched", "history", "collection", "playback", "hidden")
# What is on a list, by its number and, at the end, its name as Trakt spells it in addresses and the page.
LIST = re.compile(r"lists-list-(\d{1,12})-(.+)\.json")
ABOUT_LISTS = re.compile(r"lists-lists(?:-\d{1,4})?\.json")


class Lists:
    """The lists of what is read: what a file tells of each, and which have begun, for a long one has several files."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._told: dict[str, Shelf] = {}
        self._begun: dict[str, int] = {}

    def tell(self, value: Any) -> None:
        """Take in what a file tells of the lists."""
        for _, _, row in _rows(value, ""):
            number_of_list = _text(_inner(row, "ids").get("trakt"))
            self._told[number_of_list] = Shelf(_text(row.get("name")), _text(row.get("description")))

    def shelf(self, number_of_list: str, name: str, gathering: Gathering) -> int:
        """The shelf of a list, begun if it is not yet; `name` is for one that nothing is told of."""
        if number_of_list not in self._begun:
            told = self._told.get(number_of_list, Shelf(""))
            self._begun[number_of_list] = gathering.shelf(told.name or name, told.description)
        return self._begun[number_of_list]


def tells_of_lists(file: File) -> bool:
    """Whether a file of an archive of Trakt's tells what its lists are called."""
    return ABOUT_LISTS.fullmatch(file.name) is not None


def is_json(value: Any) -> bool:
    """Whether JSON is Trakt's: rows that hold a film, series or episode with its numbers."""
    return any(isinstance(row.get(kind), dict) for _, _, row in _rows(value, "") for kind in TYPES)


def read_json(file: File, value: Any, lists: Lists, gathering: Gathering) -> None:
    """Read ratings, a watchlist, favourites or a list."""
    gathering.from_(Origin.TRAKT)
    shelves: dict[str, int] = {}
    sorts: dict[str, Sort | None] = {}
    listed = LIST.fullmatch(file.name)
    for line, hint, row in _rows(value, ""):
        if hint not in sorts:
            # People call their lists as they like: "Criterion collection", "Old watchlist".
            sorts[hint] = Sort.LISTED if listed else _unrated(file, hint)
        sort = Sort.RATING if _is_rating(file, hint, row) else sorts[hint]
        # Comments and notes have no date of their own.
        if sort is None or (sort is Sort.LISTED and not listed and not any(date in row for date in DATES)):
            gathering.skip(file, line, Skip.NO_COUNTERPART, _title(row))
            continue
        clue = _clue(row)
        if clue is None:
            gathering.skip(file, line, Skip.NO_COUNTERPART, _title(row))
            continue
        shelf = -1
        if sort is Sort.LISTED and listed:
            shelf = lists.shelf(listed[1], listed[2], gathering)
        elif sort is Sort.LISTED:
            shelf = shelves[hint] if hint in shelves else shelves.setdefault(hint, gathering.shelf(hint or file.stem))
        at = next((instant(_text(row.get(date))) for date in DATES if date in row), 0)
        gathering.keep(Entry(sort, clue, _halves(row) if sort is Sort.RATING else 0, at, shelf), file, line)


def is_table(table: Table) -> bool:
    """Whether a table is Trakt's, by its columns."""
    return "trakt_id" in table.columns or {"type", "imdb_id", "tmdb_id", "rated_at"} <= table.columns


def read_table(file: File, table: Table, gathering: Gathering) -> None:
    """Read a table of ratings, or of a watchlist or list."""
    gathering.from_(Origin.TRAKT)
    rated = "rating" in table.columns and "rated_at" in table.columns
    sort = Sort.RATING if rated else _unrated(file, "")
    if sort is None:
        gathering.skip(file, 0, Skip.NO_COUNTERPART)
        return
    shelf = gathering.shelf(file.stem) if sort is Sort.LISTED and table.rows else -1
    for row in table.rows:
        named = Clue("", number(row.get("tmdb_id")), imdb_id(row.get("imdb_id")), title(row.get("title")))
        named = named._replace(year=number(row.get("year")))
        kind = row.get("type").lower()
        season, episode = number(row.get("season_number", "season")), number(row.get("episode_number", "episode"))
        clue = clue_of_type(TYPES.get(kind, ""), named, season, episode) if kind in TYPES else None
        if clue is None or (kind == "episode" and not episode):
            gathering.skip(file, row.line, Skip.NO_COUNTERPART, named.title)
            continue
        given = halves(row.get("rating"), TEN) if sort is Sort.RATING else 0
        gathering.keep(Entry(sort, clue, given, instant(row.get(*DATES)), shelf), file, row.line)


def _is_rating(file: File, hint: str, row: dict[str, Any]) -> bool:
    return "rating" in row and ("rated_at" in row or "rating" in hint.lower() or "rating" in file.name)


def _unrated(file: File, hint: str) -> Sort | None:
    """What entries without a rating are; None for what was only watched or is owned. The nearest name decides."""
    for name in (hint.lower(), file.name, file.path.lower()):
        if any(word in name for word in NOT_KEPT):
            return None
        sort = sort_of_file(File(name, b""), Sort.LISTED)
        if sort is not Sort.LISTED:
            return sort
    return Sort.LISTED


def _rows(value: Any, hint: str) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Every row of a list, or of the lists that an object holds by their names."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, list):
                yield from _rows(inner, str(name)[:LONGEST_HINT])
    elif isinstance(value, list):
        yield from ((at, hint, row) for at, row in enumerate(value, start=1) if isinstance(row, dict))


def _clue(row: dict[str, Any]) -> Clue | None:
    said = _text(row.get("type"))
    kind = said if said in TYPES else next((each for each in reversed(TYPES) if each in row), "")
    found = row.get("show" if kind == "episode" else kind)
    if not kind or not isinstance(found, dict) or said in ("season", "person"):
        return None
    ids = _inner(found, "ids")
    named = Clue(
        TYPES[kind],
        number(_text(ids.get("tmdb"))),
        imdb_id(_text(ids.get("imdb"))),
        title(_text(found.get("title"))),
        number(_text(found.get("year"))),
    )
    if kind != "episode":
        return named
    part = _inner(row, "episode")
    season, episode = number(_text(part.get("season"))), number(_text(part.get("number")))
    # Specials stand in season 0, which names no episode here.
    return named._replace(season=season, episode=episode) if season and episode else None


def _title(row: dict[str, Any]) -> str:
    return title(_text((_inner(row, "movie") or _inner(row, "show")).get("title")))


def _inner(row: dict[str, Any], name: str) -> dict[str, Any]:
    found = row.get(name)
    return found if isinstance(found, dict) else {}


def _halves(row: dict[str, Any]) -> int:
    return halves(_text(row.get("rating")), TEN)


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
