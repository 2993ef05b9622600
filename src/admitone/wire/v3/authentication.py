"""This file answers the operations of the sign-in: token → approval → session (wire A)."""

from admitone.flows import access_tokens, logins, request_tokens, sessions
from admitone.flows.logins import Attempt
from admitone.flows.throttle import limited
from admitone.model.faults import Fault, Refused
from admitone.model.limits import TOKENS
from admitone.wire.answers import SESSION_DENIED, done
from admitone.wire.bodies import Ended, NewRequestToken, NewSession
from admitone.wire.call import MADE, Call, gives
from admitone.wire.exchange import Answer, answer
from admitone.wire.rows import instant

LOGIN_REFUSALS = (
    *(Fault.LOGIN_INSECURE, Fault.LOGIN_LIMITED, Fault.HASHING_BUSY, Fault.LOGIN_WRONG),
    *(Fault.SECOND_STEP_NEEDED, Fault.ACCOUNT_SWITCHED_OFF),
    *SESSION_DENIED,
)


@gives(MADE)
async def validate_key(_call: Call) -> Answer:
    """Whether the app's credential is good."""
    return done(1)


@gives(NewRequestToken)
async def create_request_token(call: Call) -> Answer:
    """A new request token, which a person may approve within 60 minutes."""
    issue = limited(TOKENS, call.app_id, call.network)(request_tokens.issue)
    token = await call.house.join(issue, call.app_id, call.network)
    return answer(
        NewRequestToken(True, instant(token.expires_at), token.text),
        200,
        ("Authentication-Callback", f"{call.public_url}/authenticate/{token.text}"),
    )


@gives(NewRequestToken, *LOGIN_REFUSALS)
async def validate_with_login(call: Call) -> Answer:
    """Approve a request token with a person's user name and password; the same token comes back."""
    if not call.private:
        raise Refused(Fault.LOGIN_INSECURE)
    values = call.values
    attempt = Attempt(values["username"], values["password"], call.request.address)
    token = await logins.validate_with_login(call.house, call.app_id, values["request_token"], attempt)
    return answer(NewRequestToken(True, instant(token.expires_at), values["request_token"]))


@gives(NewSession, *SESSION_DENIED)
async def create_session(call: Call) -> Answer:
    """Exchange an approved request token for a session; a refusal does not consume it."""
    session = await call.house.join(sessions.exchange, call.app_id, call.values["request_token"], call.network)
    return answer(NewSession(True, session))


@gives(Ended, Fault.SESSION_NOT_FOUND)
async def delete_session(call: Call) -> Answer:
    """End a session."""
    await call.house.write(sessions.end, call.app_id, call.values["session_id"], call.network)
    return answer(Ended(True))


@gives(NewSession, Fault.ACCESS_TOKEN_UNKNOWN)
async def convert_session(call: Call) -> Answer:
    """The session that a user access token stands for, to use with operations of the third generation."""
    session = await call.house.read(access_tokens.convert, call.app_id, call.values["access_token"])
    return answer(NewSession(True, session))
