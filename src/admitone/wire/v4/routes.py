"""This file is the fourth generation's part of the table; `wire.routes` puts it with the rest."""

from admitone.model.faults import Fault
from admitone.model.limits import TOKENS
from admitone.model.lists import LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_PATH, ListSort
from admitone.model.media import MediaType
from admitone.wire import inputs
from admitone.wire.answers import NOT_ON_LIST, NOT_YET
from admitone.wire.call import Handler, Route, Who
from admitone.wire.inputs import Input
from admitone.wire.v4 import account, authentication, lists, values

# For examples: tokens as they look, good for nothing.
EXAMPLE_TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzY29wZXMiOltdfQ.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

# What the operations are called where the pattern does not hold.
_FAVOURITES = {"movie": "account-favorite-movies", "tv": "account-favorite-tv"}
_RATED = {"movie": "account-rated-movies", "tv": "account-rated-tv"}

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

_page = inputs.page()
_account = "/4/account/{account_object_id}"
_KINDS = (("movie", MediaType.MOVIE), ("tv", MediaType.TV))


def _own(name: str, path: str, handler: Handler, *taken: Input) -> Route:
    """A row that reads what is a person's own."""
    return Route(name=name, method="GET", path=path, who=Who.PERSON_TOKEN, handler=handler, inputs=taken)


ACCOUNT = (
    _own("account-lists", f"{_account}/lists", lists.of_account, _page),
    *(
        route
        for kind, media_type in _KINDS
        for sort in (values.sort_of_marks(media_type),)
        for route in (
            _own(_FAVOURITES[kind], f"{_account}/{kind}/favorites", account.favourites(media_type), _page, sort),
            _own(
                f"account-{kind}-watchlist", f"{_account}/{kind}/watchlist", account.watchlist(media_type), _page, sort
            ),
            _own(_RATED[kind], f"{_account}/{kind}/rated", account.rated(media_type), _page, sort),
            _own(
                f"account-{kind}-recommendations",
                f"{_account}/{kind}/recommendations",
                account.recommended(media_type),
                _page,
            ),
        )
    ),
)

_list = "/4/list/{list_id}"
_list_id = inputs.list_in_path()
_missing = Fault.PARAMETER_MISSING


def _write(name: str, method: str, path: str, handler: Handler, *taken: Input, absent: tuple[str, ...] = ()) -> Route:
    """A row that writes for a person."""
    return Route(
        name=name,
        method=method,
        path=path,
        who=Who.WRITE_TOKEN,
        handler=handler,
        writes=True,
        inputs=taken,
        absent=absent,
    )


LISTS = (
    _write(
        "list-create",
        "POST",
        "/4/list",
        lists.create,
        inputs.stored_text("name", "What it is called.", "To See", LONGEST_NAME, missing=_missing),
        inputs.stored_text("iso_639_1", "The language of its texts.", "en", 10, missing=_missing),
        inputs.stored_text("description", "What it is about.", "Before summer.", LONGEST_DESCRIPTION),
        inputs.flag("public", "Whether others may see it.", default=True),
        inputs.stored_text("iso_3166_1", "The country of its texts.", "US", 10, default="US"),
        values.kept_sort(ListSort.ORIGINAL),
    ),
    Route(
        name="list-details",
        method="GET",
        path=_list,
        who=Who.APP,
        handler=lists.details,
        inputs=(_list_id, _page, values.sort_of_list()),
    ),
    _write(
        "list-update",
        "PUT",
        _list,
        lists.update,
        _list_id,
        values.change_of_text("name", "What it is called.", "Seen", LONGEST_NAME, may_be_empty=False),
        values.change_of_text("description", "What it is about.", "All.", LONGEST_DESCRIPTION, may_be_empty=True),
        values.change_of_flag("public", "Whether others may see it."),
        values.kept_sort(None),
        values.change_of_text("backdrop_path", "A picture of TMDB's.", "/a.jpg", LONGEST_PATH, may_be_empty=True),
    ),
    _write("list-delete", "DELETE", _list, lists.delete, _list_id),
    # As TMDB's own document prints the path; there is nothing else below it.
    _write("list-delete", "DELETE", "/4/{list_id}", lists.delete, _list_id, absent=("GET", "HEAD", "POST", "PUT")),
    _write("list-clear", "GET", f"{_list}/clear", lists.clear, _list_id, absent=("POST",)),
    _write("list-add-items", "POST", f"{_list}/items", lists.add, values.items(), _list_id),
    _write("list-update-items", "PUT", f"{_list}/items", lists.comment, values.items(comments=True), _list_id),
    _write("list-remove-items", "DELETE", f"{_list}/items", lists.remove, values.items(), _list_id),
    Route(
        name="list-item-status",
        method="GET",
        path=f"{_list}/item_status",
        who=Who.PERSON_TOKEN,
        handler=lists.item_status,
        inputs=(inputs.media_id("media_id", 550), inputs.media_type(), _list_id),
        refusals=NOT_ON_LIST,
    ),
)

GROUPS: dict[str, tuple[Route, ...]] = {
    "Sign-in, fourth generation": AUTHENTICATION,
    "Account, fourth generation": ACCOUNT,
    "Lists, fourth generation": LISTS,
}
