"""This file answers guest sessions and what they rated (wire A.7 and E.3)."""

from contextlib import suppress

from admitone.flows import guests
from admitone.flows.media.ratings import Rater
from admitone.flows.throttle import limited
from admitone.model.faults import Refused
from admitone.model.limits import GUESTS
from admitone.model.media import RatedType
from admitone.wire.bodies import NewGuestSession
from admitone.wire.call import Call, gives
from admitone.wire.exchange import Answer, answer
from admitone.wire.rows import RatedEpisodePage, RatedMoviePage, RatedTvPage, instant
from admitone.wire.v3.ratings import episode_page, title_page


@gives(NewGuestSession)
async def create(call: Call) -> Answer:
    """A new guest session, which rates without an account; it ends when unused for 60 minutes."""
    start = limited(GUESTS, call.network)(guests.start)
    guest = await call.house.write(start, call.app_id, call.network)
    return answer(NewGuestSession(True, guest.text, instant(guest.expires_at)))


@gives(RatedMoviePage)
async def rated_movies(call: Call) -> Answer:
    """The films that a guest rated."""
    return answer(await title_page(call, await _rater(call), RatedType.MOVIE))


@gives(RatedTvPage)
async def rated_tv(call: Call) -> Answer:
    """The series that a guest rated."""
    return answer(await title_page(call, await _rater(call), RatedType.TV))


@gives(RatedEpisodePage)
async def rated_episodes(call: Call) -> Answer:
    """The episodes that a guest rated."""
    return answer(await episode_page(call, await _rater(call)))


async def _rater(call: Call) -> Rater:
    guest, stale = await call.house.glance(guests.in_path, call.app_id, call.values["guest_session_id"])
    if stale:
        with suppress(Refused):  # whoever only reads need not suffer when nothing can be written
            await call.house.write(guests.touch, guest.id)
    return Rater(guest.id, guest=True)
