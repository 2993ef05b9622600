"""This file reads titles out of answers of an upstream, so that people here can rate, mark and list them."""

import re
from typing import Any, Final

from admitone.model.search import searched

KINDS: Final = ("movie", "tv")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LARGEST: Final = 2**31 - 1
_LONGEST: Final = 200


def rows(path: str, body: Any) -> list[dict[str, Any]]:
    """The titles in an answer to `path`, by the names of the columns that keep them."""
    kind = next((word for word in path.split("/")[2:] if word in KINDS), "")
    if not isinstance(body, dict):
        return []
    found = [row for name, each in body.items() if isinstance(each, list) for row in _titles(each, _kind(name) or kind)]
    return [*_titles([body], kind), *found]


def _kind(name: str) -> str:
    return name.removesuffix("_results") if name.endswith("_results") else ""


def _titles(found: list[Any], kind: str) -> list[dict[str, Any]]:
    return [row for each in found if isinstance(each, dict) and (row := _row(each, str(each.get("media_type", kind))))]


def _row(title: dict[str, Any], kind: str) -> dict[str, Any] | None:
    number = title.get("id")
    name = title.get("title" if kind == "movie" else "name")
    original = title.get("original_title" if kind == "movie" else "original_name")
    if kind not in KINDS or type(number) is not int or not 0 < number <= _LARGEST:
        return None
    if not (isinstance(name, str) and name and isinstance(original, str)):
        return None  # a genre, a season or a company has a name as well, but no original one
    date = title.get("release_date" if kind == "movie" else "first_air_date")
    date = date if isinstance(date, str) and _DATE.fullmatch(date) else ""
    popularity = title.get("popularity")
    name, original = _text(name), _text(original or name)
    return {
        "media_type": kind,
        "id": number,
        "title": name,
        "original_title": original,
        "original_language": _text(str(title.get("original_language") or "en"))[:10],
        "release_date": date,
        "year": int(date[:4]) if date else None,
        "popularity": round(min(popularity, 1e6) * 1000) if isinstance(popularity, int | float) else 0,
        "adult": int(title.get("adult") is True),
        "video": int(title.get("video") is True),
        "imdb_id": None,
        "wikidata_id": None,
        "searched": searched(name, original),
    }


def _text(text: str) -> str:
    return text.replace("\0", "")[:_LONGEST]  # no database keeps a NUL
