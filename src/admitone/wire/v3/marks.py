"""This file answers the operations of favourites and watchlist (wire D.3 and D.4)."""

from admitone.flows.media import marks
from admitone.flows.media.marks import Marked
from admitone.model.faults import Fault
from admitone.model.media import Mark, MediaType
from admitone.wire.answers import done
from admitone.wire.call import DELETED, MADE_OR_CHANGED, Call, Handler, gives
from admitone.wire.exchange import Answer, answer
from admitone.wire.rows import MoviePage, TvPage, movie, page_of, tv


def change(mark: Mark) -> Handler:
    """What answers the keeping of a title as `mark`, and the taking back."""

    @gives(MADE_OR_CHANGED | DELETED, Fault.TITLE_UNKNOWN, says=f"Keep a title {_as(mark)}, or no longer.")
    async def answers(call: Call) -> Answer:
        values, account_id = call.values, call.person.account_id
        if values["media_id"] is None:  # the real service answers an explicit null so (client rules 5)
            return done(12)
        which = Marked(mark, values["media_type"], values["media_id"])
        if not values[mark.value]:
            await call.house.write(marks.unmark, account_id, call.app_id, which)
            return done(13)
        new = await call.house.write(marks.mark, account_id, call.app_id, which)
        return done(1 if new else 12, 201)

    return answers


def page(mark: Mark, media_type: MediaType) -> Handler:
    """What answers one page of what is kept as `mark`."""
    shape, what = (MoviePage, "films") if media_type is MediaType.MOVIE else (TvPage, "series")

    @gives(shape, says=f"The {what} that the person keeps {_as(mark)}.")
    async def answers(call: Call) -> Answer:
        values = call.values
        found = await call.house.read(
            marks.marked, call.person.account_id, mark, media_type, values["sort_by"], values["page"]
        )
        row = movie if media_type is MediaType.MOVIE else tv
        return answer(page_of(found, [row(title) for title in found.rows]))

    return answers


def _as(mark: Mark) -> str:
    return {Mark.FAVORITE: "as a favourite", Mark.WATCHLIST: "on the watchlist"}[mark]
