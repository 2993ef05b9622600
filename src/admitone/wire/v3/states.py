"""This file answers account_states: what somebody did with a title (wire E.2)."""

from admitone.flows.media import states
from admitone.model.media import RatedType, part_id
from admitone.wire.call import Call, gives
from admitone.wire.exchange import Answer, answer
from admitone.wire.rows import EpisodeStates, SeasonStates, TitleStates, rated
from admitone.wire.v3.ratings import subject


@gives(TitleStates)
async def of_subject(call: Call) -> Answer:
    """What the person or guest did with a film, a series or an episode."""
    which = subject(call)
    found = await call.house.glance(states.of_subject, call.rater, which)
    number = part_id(which.id, which.season, which.episode) if which.type is RatedType.EPISODE else which.id
    return answer(TitleStates(number, bool(found.favorite), rated(found.halves), bool(found.watchlist)))


@gives(SeasonStates)
async def of_season(call: Call) -> Answer:
    """The episodes of a season that the person or guest rated; which others there are, no catalogue of ours tells."""
    series_id, season = call.values["series_id"], call.values["season_number"]
    found = await call.house.read(states.of_season, call.rater, series_id, season)
    episodes = [
        EpisodeStates(part_id(series_id, season, each.episode), each.episode, rated(each.halves)) for each in found
    ]
    return answer(SeasonStates(part_id(series_id, season), episodes))
