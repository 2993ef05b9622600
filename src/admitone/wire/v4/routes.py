"""This file is the fourth generation's part of the table; `wire.routes` puts it with the rest."""

from admitone.model.faults import Fault
from admitone.model.limits import TOKENS
from admitone.wire import inputs
from admitone.wire.answers import NOT_YET
from admitone.wire.call import Route, Who
from admitone.wire.v4 import authentication

# For examples: tokens as they look, good for nothing.
EXAMPLE_TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzY29wZXMiOltdfQ.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

_redirect_to = inputs.text("redirect_to", "Where the person goes after deciding.", "https://cineshelf.example/back")
_request_token = inputs.text(
    "request_token", "A request token that was approved.", EXAMPLE_TOKEN, missing=Fault.PARAMETER_MISSING
)
ACCESS_TOKEN = inputs.text("access_token", "A user access token.", EXAMPLE_TOKEN, missing=Fault.PARAMETER_MISSING)

AUTHENTICATION = (
    Route(
        name="auth-create-request-token",
        method="POST",
        path="/4/auth/request_token",
        who=Who.READ_TOKEN,
        handler=authentication.create_request_token,
        writes=True,
        inputs=(_redirect_to,),
        throttle=TOKENS,
    ),
    Route(
        name="auth-create-access-token",
        method="POST",
        path="/4/auth/access_token",
        who=Who.ANY_TOKEN,
        handler=authentication.create_access_token,
        writes=True,
        inputs=(_request_token,),
        refusals=NOT_YET,
    ),
    Route(
        name="auth-logout",
        method="DELETE",
        path="/4/auth/access_token",
        who=Who.ANY_TOKEN,
        handler=authentication.delete_access_token,
        writes=True,
        inputs=(ACCESS_TOKEN,),
    ),
)

GROUPS: dict[str, tuple[Route, ...]] = {"Sign-in, fourth generation": AUTHENTICATION}
