"""This file answers what a person keeps and rated, and what is recommended, in the fourth generation (wire C.4)."""

from admitone.flows.fourth import account, recommendations
from admitone.model.media import Mark, MediaType
from admitone.wire.call import Call, Handler, gives
from admitone.wire.exchange import Answer, answer
from admitone.wire.rows import MovieItem, MoviePage, TvItem, TvPage, movie, page_of, tv
from admitone.wire.v4.rows import (
    FourthRatedMoviePage,
    FourthRatedMovieRow,
    FourthRatedTvPage,
    FourthRatedTvRow,
    MovieItemPage,
    TvItemPage,
    account_rating,
)

WHAT = {MediaType.MOVIE: "films", MediaType.TV: "series"}
ITEMS = {MediaType.MOVIE: MovieItemPage, MediaType.TV: TvItemPage}


def favourites(media_type: MediaType) -> Handler:
    """What answers one page of favourites."""
    shape = MoviePage if media_type is MediaType.MOVIE else TvPage

    @gives(shape, says=f"The {WHAT[media_type]} that the person keeps as favourites.")
    async def answers(call: Call) -> Answer:
        values, account_id = call.values, call.person.account_id
        page = await call.house.read(
            account.marked, account_id, Mark.FAVORITE, media_type, values["sort_by"], values["page"]
        )
        row = movie if media_type is MediaType.MOVIE else tv
        return answer(page_of(page, [row(kept.title) for kept in page.rows]))

    return answers


def watchlist(media_type: MediaType) -> Handler:
    """What answers one page of the watchlist, whose rows say what they are."""

    @gives(ITEMS[media_type], says=f"The {WHAT[media_type]} that the person keeps on the watchlist.")
    async def answers(call: Call) -> Answer:
        values, account_id = call.values, call.person.account_id
        page = await call.house.read(
            account.marked, account_id, Mark.WATCHLIST, media_type, values["sort_by"], values["page"]
        )
        if media_type is MediaType.MOVIE:
            return answer(page_of(page, [movie(kept.title, MovieItem) for kept in page.rows]))
        return answer(page_of(page, [tv(kept.title, TvItem) for kept in page.rows]))

    return answers


def rated(media_type: MediaType) -> Handler:
    """What answers one page of what the person rated."""
    shape = FourthRatedMoviePage if media_type is MediaType.MOVIE else FourthRatedTvPage

    @gives(shape, says=f"The {WHAT[media_type]} that the person rated, and when.")
    async def answers(call: Call) -> Answer:
        values = call.values
        page = await call.house.read(
            account.rated, call.person.account_id, media_type, values["sort_by"], values["page"]
        )
        given = [(row.title, account_rating(row.halves, row.rated_at)) for row in page.rows]
        if media_type is MediaType.MOVIE:
            films = [movie(title, FourthRatedMovieRow, account_rating=rating) for title, rating in given]
            return answer(page_of(page, films))
        return answer(page_of(page, [tv(title, FourthRatedTvRow, account_rating=rating) for title, rating in given]))

    return answers


def recommended(media_type: MediaType) -> Handler:
    """What answers one page of recommendations."""

    @gives(ITEMS[media_type], says=f"The {WHAT[media_type]} that people who rated alike rated high.")
    async def answers(call: Call) -> Answer:
        page = await call.house.read(
            recommendations.recommended, call.person.account_id, media_type, call.values["page"]
        )
        if media_type is MediaType.MOVIE:
            return answer(page_of(page, [movie(title, MovieItem) for title in page.rows]))
        return answer(page_of(page, [tv(title, TvItem) for title in page.rows]))

    return answers
