"""Stands in for `util.py` beside tmdbv3api's tests, which its source distribution lacks; ours, by TMDB's reference.

It sets the client up, and asks an object, or each row of a non-empty list, for the fields that TMDB documents.
"""

import os
from typing import Any
from unittest import TestCase

from tmdbv3api import TMDb

_votes = ["vote_average", "vote_count"]
_pictures = ["backdrop_path", "poster_path"]
_title = ["id", "original_language", "overview", "popularity", *_pictures, *_votes]
_person = ["adult", "gender", "id", "known_for_department", "name", "original_name", "popularity", "profile_path"]

pagination_attributes = ["page", "results", "total_pages", "total_results"]
movie_attributes = [*_title, "adult", "original_title", "release_date", "title", "video"]
tv_attributes = [*_title, "first_air_date", "name", "origin_country", "original_name"]
episode_attributes = [
    *("air_date", "episode_number", "id", "name", "overview", "production_code", "season_number", "still_path"),
    *_votes,
]
list_attributes = ["description", "favorite_count", "id", "iso_639_1", "item_count", "name", "poster_path"]
alt_titles_attributes = ["iso_3166_1", "title", "type"]
cast_attributes = [*_person, "order"]
crew_attributes = [*_person, "department"]
person_attributes = _person
all_person_attributes = [*_person, "also_known_as", "biography", "birthday", "deathday", "place_of_birth"]
image_attributes = ["aspect_ratio", "file_path", "height", "width", *_votes]
translation_attributes = ["data", "english_name", "iso_3166_1", "iso_639_1", "name"]
review_attributes = ["author", "author_details", "content", "created_at", "id", "updated_at", "url"]
video_attributes = ["id", "iso_3166_1", "iso_639_1", "key", "name", "official", "published_at", "site", "size", "type"]
episode_group_attributes = ["description", "episode_count", "group_count", "id", "name", "network", "type"]


def setup() -> TMDb:
    """The client, with the credentials of this run."""
    tmdb = TMDb()
    tmdb.api_key = os.environ["TMDB_API_KEY"]
    tmdb.session_id = os.environ["TMDB_SESSION_ID"]
    tmdb.language = "en"
    tmdb.cache = False
    return tmdb


def assertAttrs(test: TestCase, thing: Any, names: list[str]) -> None:  # noqa: N802 - the tests call it so
    """Every field must be there."""
    missing = [name for name in names if not hasattr(thing, name)]
    assert not missing, f"no {missing} in {thing}"


def assertListAttrs(test: TestCase, thing: Any, name: str | None, names: list[str]) -> None:  # noqa: N802 - the tests call it so
    """There must be rows, and every field in each."""
    rows = getattr(thing, name) if name else thing
    assert len(rows) > 0, f"no row in {name or 'the answer'}"
    for row in rows:
        assertAttrs(test, row, names)
