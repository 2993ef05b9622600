"""This file reads the sample catalogue that ships with the program: facts about 3,536 titles (CC0, see its README)."""

import gzip
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import msgspec

from admitone.model.media import MediaType
from admitone.model.search import searched


class _Line(msgspec.Struct):
    """One title, in the fields of TMDB's daily export and a few more."""

    id: int
    media_type: MediaType
    popularity: float
    adult: bool = False
    video: bool = False
    original_title: str = ""
    original_name: str = ""
    title: str = ""
    name: str = ""
    original_language: str = ""
    release_date: str = ""
    year: int | None = None
    imdb_id: str | None = None
    wikidata_id: str | None = None


def sample() -> list[dict[str, Any]]:
    """Every title of the sample catalogue, by the names of the columns that keep it."""
    return [_columns(line) for line in _lines()]


def _lines() -> Iterator[_Line]:
    packed = (files("admitone") / "catalogue" / "titles.jsonl.gz").read_bytes()
    decode = msgspec.json.Decoder(_Line).decode
    return map(decode, gzip.decompress(packed).splitlines())


def _columns(line: _Line) -> dict[str, Any]:
    title, original_title = line.title or line.name, line.original_title or line.original_name
    return {
        "media_type": line.media_type.value,
        "id": line.id,
        "title": title,
        "original_title": original_title,
        "original_language": line.original_language,
        "release_date": line.release_date,
        "year": line.year,
        "popularity": round(line.popularity * 1000),
        "adult": int(line.adult),
        "video": int(line.video),
        "imdb_id": line.imdb_id,
        "wikidata_id": line.wikidata_id,
        "searched": searched(title, original_title),
    }
