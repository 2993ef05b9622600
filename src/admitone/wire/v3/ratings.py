"""This file answers the operations of ratings (wire D.4 and E.1)."""

from admitone.flows import ratings
from admitone.model.media import RatedType, Subject
from admitone.model.ratings import shown
from admitone.wire.answers import done
from admitone.wire.call import Call
from admitone.wire.exchange import Answer, answer
from admitone.wire.rows import RatedMovieRow, movie, page_of


async def rate_movie(call: Call) -> Answer:
    """E.1: 201 either way, with code 1 for a new rating and 12 for a changed one."""
    subject = Subject(RatedType.MOVIE, call.values["movie_id"])
    person, halves = call.person, call.values["value"]
    new = await call.house.write(ratings.rate, person.account_id, call.app_id, subject, halves)
    return done(1 if new else 12, 201)


async def unrate_movie(call: Call) -> Answer:
    """E.1: also when nothing was rated."""
    subject = Subject(RatedType.MOVIE, call.values["movie_id"])
    await call.house.write(ratings.unrate, call.person.account_id, subject)
    return done(13)


async def rated_movies(call: Call) -> Answer:
    """D.4."""
    values = call.values
    page = await call.house.read(
        ratings.rated, call.person.account_id, RatedType.MOVIE, values["sort_by"], values["page"]
    )
    return answer(page_of(page, [movie(row.title, RatedMovieRow, rating=shown(row.halves)) for row in page.rows]))
