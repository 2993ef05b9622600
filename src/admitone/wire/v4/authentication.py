"""This file answers the sign-in of the fourth generation: request token → approval → user access token (wire C)."""

from admitone.flows import access_tokens
from admitone.flows.throttle import limited
from admitone.model.faults import Fault
from admitone.model.limits import TOKENS
from admitone.wire.answers import CODES, NOT_YET, SESSION_DENIED, done
from admitone.wire.bodies import NewAccessToken, NewFourthRequestToken
from admitone.wire.call import MADE, Call, gives
from admitone.wire.exchange import Answer, answer

_, SUCCESS = CODES[1]
REFUSALS = (Fault.SIGNED_TOKEN_BAD, Fault.ACCESS_TOKEN_UNKNOWN, *(SESSION_DENIED | NOT_YET))


@gives(NewFourthRequestToken, Fault.RETURN_ADDRESS_BAD)
async def create_request_token(call: Call) -> Answer:
    """A new request token, which a person may approve within 15 minutes; where they go then is fixed with it."""
    issue = limited(TOKENS, call.app_id, call.network)(access_tokens.issue)
    text = await call.house.write(issue, call.app_id, call.network, call.values["redirect_to"])
    return answer(NewFourthRequestToken(True, 1, SUCCESS, text))


@gives(NewAccessToken, *REFUSALS)
async def create_access_token(call: Call) -> Answer:
    """Exchange an approved request token for a user access token; code 41 while nobody has decided it."""
    token = await call.house.write(access_tokens.exchange, call.app_id, call.values["request_token"], call.network)
    return answer(NewAccessToken(True, 1, SUCCESS, token.text, token.object_id))


@gives(MADE, Fault.ACCESS_TOKEN_UNKNOWN)
async def delete_access_token(call: Call) -> Answer:
    """End a user access token, and the session that it is."""
    await call.house.write(access_tokens.end, call.app_id, call.values["access_token"], call.network)
    return done(1)
