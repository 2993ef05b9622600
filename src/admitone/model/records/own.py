"""This file writes what a person takes away from here, and reads it again: JSON, exact to the millisecond."""

from typing import Any

from admitone.model.lists import allowed
from admitone.model.records.entries import Clue, Entry, File, Origin, Shelf, Skip, Sort
from admitone.model.records.gathering import Gathering
from admitone.model.records.tables import imdb_id, title

MARK = "admit-one"
FORMAT = 1
KINDS = (Sort.RATING, Sort.FAVORITE, Sort.WATCHLIST)
TYPES = ("movie", "tv", "episode")


def document(sort: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """A file of ours: what kind of rows it holds, and the rows."""
    return {"format": MARK, "version": FORMAT, "kind": sort, "rows": rows}


def row(entry: Entry) -> dict[str, Any]:
    """A row about one title."""
    clue = entry.clue
    told: dict[str, Any] = {
        "type": clue.media_type,
        "tmdb_id": clue.tmdb_id,
        "imdb_id": clue.imdb_id,
        "title": clue.title,
        "year": clue.year,
    }
    if entry.sort is Sort.RATING:
        told |= {"season": clue.season, "episode": clue.episode, "rating": entry.halves / 2}
    return {**told, "at": entry.at}


def list_row(shelf: Shelf, items: list[Entry]) -> dict[str, Any]:
    """A row about one list, with what is on it in its order."""
    about = {"name": shelf.name, "description": shelf.description, "language": shelf.iso_639_1, "public": shelf.public}
    return {**about, "items": [row(item) for item in items]}


def is_ours(value: Any) -> bool:
    """Whether JSON is a file of ours."""
    return isinstance(value, dict) and value.get("format") == MARK and isinstance(value.get("rows"), list)


def read(file: File, value: dict[str, Any], gathering: Gathering) -> None:
    """Read ratings, favourites, the watchlist or lists; what else an archive of ours holds belongs to one account."""
    gathering.from_(Origin.OURS)
    kind = value.get("kind")
    if kind not in (*KINDS, "lists"):
        if value["rows"]:
            gathering.skip(file, 0, Skip.OF_ACCOUNT)
        return
    for line, row in enumerate(value["rows"], start=1):
        if not isinstance(row, dict):
            gathering.skip(file, line, Skip.LINE_BAD)
        elif kind == "lists":
            _read_list(file, line, row, gathering)
        else:
            gathering.keep(_entry(Sort(kind), row, -1), file, line)


def _read_list(file: File, line: int, row: dict[str, Any], gathering: Gathering) -> None:
    public = row.get("public") is True
    shelf = gathering.shelf(
        _text(row, "name"), _text(row, "description"), _text(row, "language")[:2].lower(), public=public
    )
    items = row.get("items")
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict):
            gathering.keep(_entry(Sort.LISTED, item, shelf), file, line)


def _entry(sort: Sort, row: dict[str, Any], shelf: int) -> Entry:
    kind = _text(row, "type")
    clue = Clue(
        kind if kind in TYPES else "",
        _number(row, "tmdb_id"),
        imdb_id(_text(row, "imdb_id")),
        title(_text(row, "title")),
        _number(row, "year"),
        _number(row, "season"),
        _number(row, "episode"),
    )
    rating = row.get("rating")
    halves = rating * 2 if isinstance(rating, int | float) and not isinstance(rating, bool) else 0
    whole = int(halves) if halves in range(1, 21) else 0
    return Entry(sort, clue, whole if sort is Sort.RATING else 0, _number(row, "at"), shelf)


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return allowed(value) if isinstance(value, str) else ""


def _number(row: dict[str, Any], name: str) -> int:
    value = row.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53 else 0
