"""This file reads the sample catalogue that ships with the program: facts about 3,536 titles (CC0, see its README)."""

import gzip
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

import msgspec

from admitone.model.media import MediaType
from admitone.model.search import searched

T = TypeVar("T")


class _Language(msgspec.Struct):
    iso_639_1: str
    english_name: str
    name: str


class _Country(msgspec.Struct):
    iso_3166_1: str
    english_name: str
    native_name: str


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


@cache
def languages() -> dict[str, str]:
    """The languages that people can say are theirs, by their code: their own name, else the English one."""
    return {row.iso_639_1: row.name or row.english_name for row in _facts("languages", _Language)}


@cache
def countries() -> dict[str, str]:
    """The countries, by their code."""
    return {row.iso_3166_1: row.native_name or row.english_name for row in _facts("countries", _Country)}


def _facts(name: str, kind: type[T]) -> list[T]:
    content = (files("admitone") / "catalogue" / f"{name}.json").read_bytes()
    return msgspec.json.decode(content, type=list[kind])  # type: ignore[valid-type]


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
