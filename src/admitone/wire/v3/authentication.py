"""This file answers the operations of the sign-in: token → approval → session (wire A)."""

from admitone.flows import logins, request_tokens, sessions
from admitone.flows.logins import Attempt
from admitone.flows.throttle import limited
from admitone.model.faults import Fault, Refused
from admitone.model.limits import TOKENS
from admitone.wire.answers import done
from admitone.wire.call import Call
from admitone.wire.exchange import Answer, answer
from admitone.wire.rows import instant


async def validate_key(_call: Call) -> Answer:
    """A.1: the credential was good, or we would not be here."""
    return done(1)


async def create_request_token(call: Call) -> Answer:
    """A.2."""
    issue = limited(TOKENS, call.app_id, call.network)(request_tokens.issue)
    token = await call.house.write(issue, call.app_id, call.network)
    content = {"success": True, "expires_at": instant(token.expires_at), "request_token": token.text}
    return answer(content, 200, ("Authentication-Callback", f"{call.public_url}/authenticate/{token.text}"))


async def validate_with_login(call: Call) -> Answer:
    """A.3: the same token comes back, now approved."""
    if not call.private:
        raise Refused(Fault.LOGIN_INSECURE)
    values = call.values
    attempt = Attempt(values["username"], values["password"], call.request.address)
    token = await logins.validate_with_login(call.house, call.app_id, values["request_token"], attempt)
    content = {"success": True, "expires_at": instant(token.expires_at), "request_token": values["request_token"]}
    return answer(content)


async def create_session(call: Call) -> Answer:
    """A.4."""
    session = await call.house.write(sessions.exchange, call.app_id, call.values["request_token"], call.network)
    return answer({"success": True, "session_id": session})


async def delete_session(call: Call) -> Answer:
    """A.5."""
    await call.house.write(sessions.end, call.app_id, call.values["session_id"], call.network)
    return answer({"success": True})
