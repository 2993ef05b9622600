"""This file gives the details of films and series their shapes; what no catalogue tells is empty as TMDB writes it."""

from typing import Any

from msgspec import Struct, field

from admitone.model.media import Title


class MovieDetails(Struct):
    """A film with everything TMDB says of one."""

    id: int
    title: str
    original_title: str
    original_language: str
    release_date: str
    popularity: float
    adult: bool
    video: bool
    imdb_id: str | None
    vote_average: float
    vote_count: int
    backdrop_path: str | None = None
    belongs_to_collection: dict[str, Any] | None = None
    budget: int = 0
    genres: tuple[Any, ...] = ()
    homepage: str = ""
    origin_country: tuple[str, ...] = ()
    overview: str = ""
    poster_path: str | None = None
    production_companies: tuple[Any, ...] = ()
    production_countries: tuple[Any, ...] = ()
    revenue: int = 0
    runtime: int = 0
    softcore: bool = False
    spoken_languages: tuple[Any, ...] = ()
    status: str = ""
    tagline: str = ""


class TvDetails(Struct):
    """A series with everything TMDB says of one."""

    id: int
    name: str
    original_name: str
    original_language: str
    first_air_date: str
    popularity: float
    adult: bool
    vote_average: float
    vote_count: int
    backdrop_path: str | None = None
    created_by: tuple[Any, ...] = ()
    episode_run_time: tuple[int, ...] = ()
    genres: tuple[Any, ...] = ()
    homepage: str = ""
    in_production: bool = False
    languages: tuple[str, ...] = ()
    last_air_date: str = ""
    last_episode_to_air: dict[str, Any] | None = None
    networks: tuple[Any, ...] = ()
    next_episode_to_air: dict[str, Any] | None = None
    number_of_episodes: int = 0
    number_of_seasons: int = 0
    origin_country: tuple[str, ...] = ()
    overview: str = ""
    poster_path: str | None = None
    production_companies: tuple[Any, ...] = ()
    production_countries: tuple[Any, ...] = ()
    seasons: tuple[Any, ...] = ()
    softcore: bool = False
    spoken_languages: tuple[Any, ...] = ()
    status: str = ""
    tagline: str = ""
    type: str = ""


class SeasonDetails(Struct):
    """A season of which only the number is known. TMDB gives it two: `object_id` is the one of 24 hex digits."""

    object_id: str = field(name="_id")
    id: int
    season_number: int
    air_date: str = ""
    episodes: tuple[Any, ...] = ()
    name: str = ""
    networks: tuple[Any, ...] = ()
    overview: str = ""
    poster_path: str | None = None
    vote_average: float = 0.0


class EpisodeDetails(Struct):
    """An episode of which only the number is known."""

    id: int
    season_number: int
    episode_number: int
    air_date: str = ""
    crew: tuple[Any, ...] = ()
    guest_stars: tuple[Any, ...] = ()
    name: str = ""
    overview: str = ""
    production_code: str = ""
    runtime: int = 0
    still_path: str | None = None
    vote_average: float = 0.0
    vote_count: int = 0


def movie_details(title: Title) -> MovieDetails:
    """A film with what we know of it."""
    return MovieDetails(
        id=title.id,
        title=title.title,
        original_title=title.original_title,
        original_language=title.original_language,
        release_date=title.release_date,
        popularity=title.popularity / 1000,
        adult=bool(title.adult),
        video=bool(title.video),
        imdb_id=title.imdb_id,
        vote_average=title.average,
        vote_count=title.votes,
    )


def tv_details(title: Title) -> TvDetails:
    """A series with what we know of it."""
    return TvDetails(
        id=title.id,
        name=title.title,
        original_name=title.original_title,
        original_language=title.original_language,
        first_air_date=title.release_date,
        popularity=title.popularity / 1000,
        adult=bool(title.adult),
        vote_average=title.average,
        vote_count=title.votes,
    )
