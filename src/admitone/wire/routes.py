"""This file is THE table: every operation of the wire, who may ask, whether it writes, what it takes.

The table is the audit: a test walks it as nobody, with a wrong key, without a session, with somebody else's.
"""

from admitone.model.faults import Fault
from admitone.model.limits import LOGIN_BY_NETWORK, TOKENS
from admitone.model.lists import LONGEST_DESCRIPTION, LONGEST_NAME
from admitone.wire import inputs
from admitone.wire.answers import SESSION_DENIED
from admitone.wire.call import Route, Who
from admitone.wire.v3 import account, authentication, lists, ratings

APP, ACCOUNT = Who.APP, Who.ACCOUNT

_login = (
    inputs.text("username", missing=Fault.LOGIN_MISSING),
    inputs.text("password", missing=Fault.LOGIN_MISSING),
    inputs.text("request_token", missing=Fault.TOKEN_UNKNOWN),
)
_token = (inputs.text("request_token", missing=Fault.TOKEN_MISSING),)
_movie = inputs.title_in_path("movie_id")
_list = inputs.list_in_path()
_media_id = inputs.media_id("media_id")

AUTHENTICATION = (
    Route(
        name="authentication-validate-key",
        method="GET",
        path="/3/authentication",
        who=APP,
        handler=authentication.validate_key,
    ),
    Route(
        name="authentication-create-request-token",
        method="GET",
        path="/3/authentication/token/new",
        who=APP,
        handler=authentication.create_request_token,
        writes=True,
        throttle=TOKENS,
        absent=("POST",),
    ),
    *(
        Route(
            name="authentication-create-session-from-login",
            method=method,
            path="/3/authentication/token/validate_with_login",
            who=APP,
            handler=authentication.validate_with_login,
            writes=True,
            inputs=_login,
            throttle=LOGIN_BY_NETWORK,
            nothing=nothing,
        )
        for method, nothing in (("GET", None), ("POST", Fault.PARAMETER_MISSING))
    ),
    *(
        Route(
            name="authentication-create-session",
            method=method,
            path="/3/authentication/session/new",
            who=APP,
            handler=authentication.create_session,
            writes=True,
            inputs=_token,
            refusals=SESSION_DENIED,
        )
        for method in ("GET", "POST")
    ),
    Route(
        name="authentication-delete-session",
        method="DELETE",
        path="/3/authentication/session",
        who=APP,
        handler=authentication.delete_session,
        writes=True,
        inputs=(inputs.text("session_id", missing=Fault.PARAMETER_MISSING),),
    ),
)

ACCOUNT_OF_A_PERSON = (
    *(
        Route(name="account-details", method="GET", path=path, who=ACCOUNT, handler=account.details)
        for path in ("/3/account", "/3/account/{account_id}")
    ),
    Route(
        name="account-rated-movies",
        method="GET",
        path="/3/account/{account_id}/rated/movies",
        who=ACCOUNT,
        handler=ratings.rated_movies,
        inputs=(inputs.page(), inputs.order()),
    ),
)

RATINGS = (
    Route(
        name="movie-add-rating",
        method="POST",
        path="/3/movie/{movie_id}/rating",
        who=ACCOUNT,
        handler=ratings.rate_movie,
        writes=True,
        inputs=(inputs.rating(), _movie),
    ),
    Route(
        name="movie-delete-rating",
        method="DELETE",
        path="/3/movie/{movie_id}/rating",
        who=ACCOUNT,
        handler=ratings.unrate_movie,
        writes=True,
        inputs=(_movie,),
    ),
)

LISTS = (
    Route(
        name="list-create",
        method="POST",
        path="/3/list",
        who=ACCOUNT,
        handler=lists.create,
        writes=True,
        inputs=(
            inputs.stored_text("name", LONGEST_NAME, missing=Fault.PARAMETER_MISSING),
            inputs.stored_text("description", LONGEST_DESCRIPTION),
            inputs.stored_text("language", 10),
            inputs.stored_text("iso_639_1", 10, default="en"),
            inputs.flag("public", default=True),
        ),
    ),
    Route(
        name="list-details",
        method="GET",
        path="/3/list/{list_id}",
        who=APP,
        handler=lists.details,
        inputs=(_list, inputs.page()),
    ),
    Route(
        name="list-add-movie",
        method="POST",
        path="/3/list/{list_id}/add_item",
        who=ACCOUNT,
        handler=lists.add_item,
        writes=True,
        inputs=(_media_id, _list),
    ),
    Route(
        name="list-remove-movie",
        method="POST",
        path="/3/list/{list_id}/remove_item",
        who=ACCOUNT,
        handler=lists.remove_item,
        writes=True,
        inputs=(_media_id, _list),
    ),
    Route(
        name="list-delete",
        method="DELETE",
        path="/3/list/{list_id}",
        who=ACCOUNT,
        handler=lists.delete,
        writes=True,
        inputs=(_list,),
    ),
)

ROUTES: tuple[Route, ...] = (*AUTHENTICATION, *ACCOUNT_OF_A_PERSON, *RATINGS, *LISTS)
