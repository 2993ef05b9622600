"""This file gives shapes to what no catalogue of ours tells, as TMDB says that there is none, and to configuration."""

from typing import Any

from msgspec import Struct

Nothing = tuple[Any, ...]


class AlternativeTitles(Struct):
    """Other names of a film."""

    id: int
    titles: Nothing = ()


class Credits(Struct):
    """Who is in a title, and who made it."""

    id: int
    cast: Nothing = ()
    crew: Nothing = ()


class Images(Struct):
    """The pictures of a title."""

    id: int
    backdrops: Nothing = ()
    logos: Nothing = ()
    posters: Nothing = ()


class Keywords(Struct):
    """What a film is about, in single words."""

    id: int
    keywords: Nothing = ()


class Results(Struct):
    """Everything of one kind that is known of a title."""

    id: int
    results: Nothing = ()


class ResultsByCountry(Struct):
    """What is known of a title, by country."""

    id: int
    results: dict[str, Any] = {}


class NoPage(Struct):
    """One page of what is known of a title."""

    id: int
    page: int = 1
    results: Nothing = ()
    total_pages: int = 0
    total_results: int = 0


class Translations(Struct):
    """In which languages the words about a title are known."""

    id: int
    translations: Nothing = ()


class Pictures(Struct):
    """Where pictures are, and in which sizes."""

    base_url: str
    secure_base_url: str
    backdrop_sizes: list[str]
    logo_sizes: list[str]
    poster_sizes: list[str]
    profile_sizes: list[str]
    still_sizes: list[str]


class Configuration(Struct):
    """What clients must know before they show anything."""

    images: Pictures
    change_keys: list[str]


class Country(Struct):
    """A country and its names."""

    iso_3166_1: str
    english_name: str
    native_name: str


class Department(Struct):
    """A department of a film crew and the jobs in it."""

    department: str
    jobs: list[str]


class Language(Struct):
    """A language and its names."""

    iso_639_1: str
    english_name: str
    name: str


class Timezones(Struct):
    """The time zones of a country."""

    iso_3166_1: str
    zones: list[str]


class Genre(Struct):
    """A genre."""

    id: int
    name: str


class Genres(Struct):
    """The genres of a kind of titles."""

    genres: list[Genre]
