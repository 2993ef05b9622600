"""This file answers what is known of films and series: details, search, popular ones (TMDB's shapes, mostly empty)."""

import re
from typing import Any

from msgspec import Struct

from admitone.flows.house import House
from admitone.flows.media import search, titles
from admitone.model.media import ExternalSource, MediaType, Title, part_id
from admitone.model.paging import Page
from admitone.wire import facts
from admitone.wire.bodies import ExternalIds, Found, SeriesExternalIds
from admitone.wire.call import Call, Handler, gives
from admitone.wire.details import EpisodeDetails, MovieDetails, SeasonDetails, TvDetails, movie_details, tv_details
from admitone.wire.exchange import Answer, answer
from admitone.wire.rows import ItemPage, MovieItem, MoviePage, TvItem, TvPage, item, movie, page_of, tv

IMDB = re.compile(r"tt[0-9]{1,12}")

PAGES: dict[MediaType, tuple[Any, str]] = {MediaType.MOVIE: (MoviePage, "films"), MediaType.TV: (TvPage, "series")}

# What no catalogue of ours tells, in the shape in which TMDB says that there is nothing.
NOTHING_KNOWN: dict[str, type[Struct]] = {
    "alternative_titles": facts.AlternativeTitles,
    "credits": facts.Credits,
    "images": facts.Images,
    "keywords": facts.Keywords,
    "recommendations": facts.NoPage,
    "release_dates": facts.Results,
    "reviews": facts.NoPage,
    "similar": facts.NoPage,
    "translations": facts.Translations,
    "videos": facts.Results,
    "watch/providers": facts.ResultsByCountry,
}
NOTHING_KNOWN_OF_TV: dict[str, type[Struct]] = {
    **{name: shape for name, shape in NOTHING_KNOWN.items() if name != "release_dates"},
    "aggregate_credits": facts.Credits,
    "alternative_titles": facts.Results,
    "content_ratings": facts.Results,
    "keywords": facts.Results,
}


@gives(MovieDetails)
async def movie_by_id(call: Call) -> Answer:
    """A film."""
    title = await call.house.browse(titles.show, MediaType.MOVIE, call.values["movie_id"])
    return answer(movie_details(title))


@gives(TvDetails)
async def tv_by_id(call: Call) -> Answer:
    """A series."""
    title = await call.house.browse(titles.show, MediaType.TV, call.values["series_id"])
    return answer(tv_details(title))


@gives(SeasonDetails)
async def season(call: Call) -> Answer:
    """A season: any number of a known series is one."""
    series_id, number = call.values["series_id"], call.values["season_number"]
    await call.house.browse(titles.must_exist, MediaType.TV, series_id)
    part = part_id(series_id, number)
    return answer(SeasonDetails(object_id=f"{part:024x}", id=part, season_number=number))


@gives(EpisodeDetails)
async def episode(call: Call) -> Answer:
    """An episode: any number of a known series is one."""
    series_id, number, part = (call.values[name] for name in ("series_id", "season_number", "episode_number"))
    await call.house.browse(titles.must_exist, MediaType.TV, series_id)
    return answer(EpisodeDetails(id=part_id(series_id, number, part), season_number=number, episode_number=part))


def unknown_facts(media_type: MediaType, name: str, shape: type[Struct]) -> Handler:
    """What answers for a side of known titles of which nothing is known."""
    place, what = _named(media_type)
    words = name.replace("_", " ").replace("/", " ")

    @gives(shape, says=f"The {words} of {what}: none, because no catalogue of ours tells.")
    async def answers(call: Call) -> Answer:
        media_id = call.values[place]
        await call.house.browse(titles.must_exist, media_type, media_id)
        return answer(shape(media_id))

    return answers


def external_ids(media_type: MediaType) -> Handler:
    """What answers by which numbers other catalogues call a title."""
    place, what = _named(media_type)
    shape = ExternalIds if media_type is MediaType.MOVIE else SeriesExternalIds

    @gives(shape, says=f"By which numbers other catalogues call {what}.")
    async def answers(call: Call) -> Answer:
        title = await call.house.browse(titles.show, media_type, call.values[place])
        return answer(shape(title.id, title.imdb_id, title.wikidata_id))

    return answers


def found(*media_types: MediaType) -> Handler:
    """What answers a search by name; rows of several kinds say which they are."""
    shape, what = (ItemPage, "films and series") if len(media_types) > 1 else PAGES[media_types[0]]

    @gives(shape, says=f"The {what} of a name like this one, the likest first.")
    async def answers(call: Call) -> Answer:
        page = await call.house.browse(search.by_name, call.values["query"], media_types, call.values["page"])
        return answer(page_of(page, _rows(page, mixed=len(media_types) > 1)))

    return answers


def popular(media_type: MediaType) -> Handler:
    """What answers with the most popular titles."""
    shape, what = PAGES[media_type]

    @gives(shape, says=f"The {what} of the catalogue, the most popular first.")
    async def answers(call: Call) -> Answer:
        page = await call.house.browse(search.popular, media_type, call.values["page"])
        return answer(page_of(page, _rows(page, mixed=False)))

    return answers


@gives(Found)
async def by_external_id(call: Call) -> Answer:
    """The titles that another catalogue calls by a number of its own; nothing found is no refusal."""
    source = call.values["external_source"]
    known = await call.house.browse(search.by_external_id, source, call.values["external_id"])
    movies = [movie(title, MovieItem) for title in known if title.media_type == MediaType.MOVIE]
    series = [tv(title, TvItem) for title in known if title.media_type == MediaType.TV]
    return answer(Found(movies, (), series, (), ()))


async def number_of(house: House, imdb_id: str) -> str:
    """The number of the film that IMDb calls so, as it would stand in a path; what it calls otherwise stays."""
    known = await house.browse(search.by_external_id, ExternalSource.IMDB, imdb_id)
    return next((str(title.id) for title in known if title.media_type == MediaType.MOVIE), imdb_id)


def _rows(page: Page[Title], *, mixed: bool) -> list[Any]:
    if mixed:
        return [item(title) for title in page.rows]
    return [movie(title) if title.media_type == MediaType.MOVIE else tv(title) for title in page.rows]


def _named(media_type: MediaType) -> tuple[str, str]:
    return ("movie_id", "a film") if media_type is MediaType.MOVIE else ("series_id", "a series")
