"""This file answers the operations of ratings (wire D.4 and E.1)."""

from typing import Any

from admitone.flows.media import ratings
from admitone.flows.media.ratings import Rater
from admitone.model.media import RatedType, Subject
from admitone.model.paging import Page
from admitone.model.ratings import shown
from admitone.wire.answers import done
from admitone.wire.call import DELETED, MADE_OR_CHANGED, Call, gives
from admitone.wire.exchange import Answer, answer
from admitone.wire.rows import (
    PageOf,
    RatedEpisodePage,
    RatedEpisodeRow,
    RatedMoviePage,
    RatedMovieRow,
    RatedTvPage,
    RatedTvRow,
    movie,
    page_of,
    rated_episode,
    tv,
)


def subject(call: Call) -> Subject:
    """What the path of a call is about."""
    values = call.values
    if "movie_id" in values:
        return Subject(RatedType.MOVIE, values["movie_id"])
    if "episode_number" in values:
        return Subject(RatedType.EPISODE, values["series_id"], values["season_number"], values["episode_number"])
    return Subject(RatedType.TV, values["series_id"])


@gives(MADE_OR_CHANGED)
async def rate(call: Call) -> Answer:
    """Rate a title or episode: code 1 for a new rating, 12 for a changed one."""
    new = await call.house.join(ratings.rate, call.rater, call.app_id, subject(call), call.values["value"])
    return done(1 if new else 12, 201)


@gives(DELETED)
async def unrate(call: Call) -> Answer:
    """Take a rating back; one that was never given is no refusal."""
    await call.house.write(ratings.unrate, call.rater, call.app_id, subject(call))
    return done(13)


@gives(RatedMoviePage)
async def rated_movies(call: Call) -> Answer:
    """The films that the person rated."""
    return answer(await title_page(call, Rater(call.person.account_id), RatedType.MOVIE))


@gives(RatedTvPage)
async def rated_tv(call: Call) -> Answer:
    """The series that the person rated."""
    return answer(await title_page(call, Rater(call.person.account_id), RatedType.TV))


@gives(RatedEpisodePage)
async def rated_episodes(call: Call) -> Answer:
    """The episodes that the person rated."""
    return answer(await episode_page(call, Rater(call.person.account_id)))


async def title_page(call: Call, rater: Rater, rated_type: RatedType) -> PageOf[Any]:
    """One page of the films or series that somebody rated."""
    values = call.values
    page: Page[ratings.RatedTitle] = await call.house.read(
        ratings.rated_titles, rater, rated_type, values["sort_by"], values["page"]
    )
    if rated_type is RatedType.MOVIE:
        return page_of(page, [movie(row.title, RatedMovieRow, rating=shown(row.halves)) for row in page.rows])
    return page_of(page, [tv(row.title, RatedTvRow, rating=shown(row.halves)) for row in page.rows])


async def episode_page(call: Call, rater: Rater) -> PageOf[RatedEpisodeRow]:
    """One page of the episodes that somebody rated."""
    values = call.values
    page = await call.house.read(ratings.rated_episodes, rater, values["sort_by"], values["page"])
    return page_of(page, [rated_episode(row) for row in page.rows])
