"""This file is THE table: every operation of the wire, who may ask, whether it writes, what it takes.

The table is the audit: a test walks it as nobody, with a wrong key, without a session, with somebody else's. The
OpenAPI document is written from it, and every answer in the tests is held to that.
"""

from admitone.model.faults import Fault
from admitone.model.limits import GUESTS, LOGIN_BY_NETWORK, TOKENS
from admitone.model.lists import LONGEST_DESCRIPTION, LONGEST_NAME
from admitone.model.media import ExternalSource, Mark, MediaType
from admitone.wire import inputs
from admitone.wire.answers import SESSION_DENIED
from admitone.wire.call import Handler, Route, Who
from admitone.wire.inputs import Input
from admitone.wire.v3 import account, authentication, configuration, guests, lists, marks, ratings, states, titles
from admitone.wire.v4 import routes as fourth

APP, RATER, ACCOUNT = Who.APP, Who.RATER, Who.ACCOUNT
MOVIE, TV = MediaType.MOVIE, MediaType.TV

# For how long anybody may keep what is nobody's own, in seconds.
MINUTES, HOURS = 5 * 60, 6 * 60 * 60

_movie_id = inputs.title_in_path("movie_id", 550)
_series_id = inputs.title_in_path("series_id", 1396)
_season = (_series_id, inputs.number_in_path("season_number"))
_episode = (*_season, inputs.number_in_path("episode_number"))
_list_id = inputs.list_in_path()
_media_id, _on_list = inputs.media_id("media_id", 278), inputs.media_id("movie_id", 550)
_page = inputs.page()
_paged = (_page, inputs.order())
_SECRET = "0123456789abcdef0123456789abcdef01234567"  # for examples
_token = (inputs.text("request_token", "A request token that was approved.", _SECRET, missing=Fault.TOKEN_MISSING),)
_guest_id = inputs.text("guest_session_id", "The guest session.", _SECRET[:32], missing=Fault.GUEST_UNKNOWN)
_guest = (_guest_id, *_paged)
_login = (
    inputs.text("username", "Who approves.", "mira", missing=Fault.LOGIN_MISSING),
    inputs.text("password", "Their password.", "correct horse battery staple", missing=Fault.LOGIN_MISSING),
    inputs.text("request_token", "What they approve.", _SECRET, missing=Fault.TOKEN_UNKNOWN),
)
_session = inputs.text("session_id", "The session to end.", _SECRET, missing=Fault.PARAMETER_MISSING)
_new_list = (
    inputs.stored_text("name", "What it is called.", "To See", LONGEST_NAME, missing=Fault.PARAMETER_MISSING),
    inputs.stored_text("description", "What it is about.", "Before summer.", LONGEST_DESCRIPTION),
    inputs.stored_text("language", "The language of both.", "en", 10),
    inputs.stored_text("iso_639_1", "The same, where `language` is not given.", "en", 10, default="en"),
    inputs.flag("public", "Whether others may see it.", default=True),
)
_confirm = inputs.confirmation()
_search = (inputs.text("query", "A title, its beginning, or something like it.", "fight"), _page)
_external = (
    inputs.text("external_id", "What it is called there.", "tt0137523"),
    inputs.word("external_source", "Which other catalogue.", ExternalSource, Fault.EXTERNAL_SOURCE_BAD),
)


def _get(
    name: str, path: str, who: Who, handler: Handler, *taken: Input, fresh_s: int = 0, appends: str | None = None
) -> Route:
    """A row that reads."""
    return Route(
        name=name, method="GET", path=path, who=who, handler=handler, inputs=taken, fresh_s=fresh_s, appends=appends
    )


def _change(name: str, method: str, path: str, who: Who, handler: Handler, *taken: Input) -> Route:
    """A row that writes."""
    return Route(name=name, method=method, path=path, who=who, handler=handler, writes=True, inputs=taken)


AUTHENTICATION = (
    _get("authentication-validate-key", "/3/authentication", APP, authentication.validate_key),
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
        for method, nothing in (("POST", Fault.PARAMETER_MISSING), ("GET", None))
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
        for method in ("POST", "GET")
    ),
    Route(
        name="authentication-create-guest-session",
        method="GET",
        path="/3/authentication/guest_session/new",
        who=APP,
        handler=guests.create,
        writes=True,
        throttle=GUESTS,
    ),
    _change(
        "authentication-delete-session",
        "DELETE",
        "/3/authentication/session",
        APP,
        authentication.delete_session,
        _session,
    ),
    Route(
        name="authentication-create-session-from-v4-token",
        method="POST",
        path="/3/authentication/session/convert/4",
        who=APP,
        handler=authentication.convert_session,
        inputs=(fourth.ACCESS_TOKEN,),
    ),
)

_account = "/3/account/{account_id}"
PEOPLE = (
    _get("account-details", _account, ACCOUNT, account.details, appends="/3/account/0"),
    _get("account-details", "/3/account", ACCOUNT, account.details, appends="/3/account/0"),
    _get("account-lists", f"{_account}/lists", ACCOUNT, lists.of_account, _page),
    _get("account-rated-movies", f"{_account}/rated/movies", ACCOUNT, ratings.rated_movies, *_paged),
    _get("account-rated-tv", f"{_account}/rated/tv", ACCOUNT, ratings.rated_tv, *_paged),
    _get("account-rated-tv-episodes", f"{_account}/rated/tv/episodes", ACCOUNT, ratings.rated_episodes, *_paged),
    _get("account-get-favorites", f"{_account}/favorite/movies", ACCOUNT, marks.page(Mark.FAVORITE, MOVIE), *_paged),
    _get("account-favorite-tv", f"{_account}/favorite/tv", ACCOUNT, marks.page(Mark.FAVORITE, TV), *_paged),
    _get(
        "account-watchlist-movies", f"{_account}/watchlist/movies", ACCOUNT, marks.page(Mark.WATCHLIST, MOVIE), *_paged
    ),
    _get("account-watchlist-tv", f"{_account}/watchlist/tv", ACCOUNT, marks.page(Mark.WATCHLIST, TV), *_paged),
    *(
        _change(
            name,
            "POST",
            f"{_account}/{mark}",
            ACCOUNT,
            marks.change(mark),
            inputs.media_type(),
            inputs.media_id("media_id", 550, null=None),
            inputs.flag(mark, "Whether to keep it.", missing=Fault.PARAMETER_MISSING),
        )
        for name, mark in (("account-add-favorite", Mark.FAVORITE), ("account-add-to-watchlist", Mark.WATCHLIST))
    ),
)

_guest_path = "/3/guest_session/{guest_session_id}/rated"
GUEST_RATINGS = (
    _get("guest-session-rated-movies", f"{_guest_path}/movies", APP, guests.rated_movies, *_guest),
    _get("guest-session-rated-tv", f"{_guest_path}/tv", APP, guests.rated_tv, *_guest),
    _get("guest-session-rated-tv-episodes", f"{_guest_path}/tv/episodes", APP, guests.rated_episodes, *_guest),
)

_tv = "/3/tv/{series_id}"
_season_path = f"{_tv}/season/{{season_number}}"
_episode_path = f"{_season_path}/episode/{{episode_number}}"
RATINGS = (
    *(
        route
        for kind, path, places in (
            ("movie", "/3/movie/{movie_id}", (_movie_id,)),
            ("tv-series", _tv, (_series_id,)),
            ("tv-episode", _episode_path, _episode),
        )
        for route in (
            _change(f"{kind}-add-rating", "POST", f"{path}/rating", RATER, ratings.rate, inputs.rating(), *places),
            _change(f"{kind}-delete-rating", "DELETE", f"{path}/rating", RATER, ratings.unrate, *places),
            _get(f"{kind}-account-states", f"{path}/account_states", RATER, states.of_subject, *places),
        )
    ),
    _get("tv-season-account-states", f"{_season_path}/account_states", RATER, states.of_season, *_season),
)

_list = "/3/list/{list_id}"
LISTS = (
    _change("list-create", "POST", "/3/list", ACCOUNT, lists.create, *_new_list),
    _get("list-details", _list, APP, lists.details, _list_id, _page),
    _get("list-check-item-status", f"{_list}/item_status", APP, lists.item_status, _on_list, _list_id),
    _change("list-add-movie", "POST", f"{_list}/add_item", ACCOUNT, lists.add_item, _media_id, _list_id),
    _change("list-remove-movie", "POST", f"{_list}/remove_item", ACCOUNT, lists.remove_item, _media_id, _list_id),
    _change("list-clear", "POST", f"{_list}/clear", ACCOUNT, lists.clear, _confirm, _list_id),
    _change("list-delete", "DELETE", _list, ACCOUNT, lists.delete, _list_id),
    _get("movie-lists", "/3/movie/{movie_id}/lists", APP, lists.with_movie, _movie_id, _page),
)

_movie = "/3/movie/{movie_id}"
TITLES = (
    _get("movie-details", _movie, APP, titles.movie_by_id, _movie_id, fresh_s=MINUTES, appends=_movie),
    _get("tv-series-details", _tv, APP, titles.tv_by_id, _series_id, fresh_s=MINUTES, appends=_tv),
    _get("tv-season-details", _season_path, APP, titles.season, *_season, fresh_s=HOURS, appends=_season_path),
    _get("tv-episode-details", _episode_path, APP, titles.episode, *_episode, fresh_s=HOURS, appends=_episode_path),
    _get("movie-popular-list", "/3/movie/popular", APP, titles.popular(MOVIE), _page, fresh_s=MINUTES),
    _get("tv-series-popular-list", "/3/tv/popular", APP, titles.popular(TV), _page, fresh_s=MINUTES),
    _get("search-movie", "/3/search/movie", APP, titles.found(MOVIE), *_search, fresh_s=MINUTES),
    _get("search-tv", "/3/search/tv", APP, titles.found(TV), *_search, fresh_s=MINUTES),
    _get("search-multi", "/3/search/multi", APP, titles.found(MOVIE, TV), *_search, fresh_s=MINUTES),
    _get("find-by-id", "/3/find/{external_id}", APP, titles.by_external_id, *_external, fresh_s=HOURS),
    _get("movie-external-ids", f"{_movie}/external_ids", APP, titles.external_ids(MOVIE), _movie_id, fresh_s=HOURS),
    _get("tv-series-external-ids", f"{_tv}/external_ids", APP, titles.external_ids(TV), _series_id, fresh_s=HOURS),
    *(
        _get(
            f"movie-{name.replace('/', '-').replace('_', '-')}",
            f"{_movie}/{name}",
            APP,
            titles.unknown_facts(MOVIE, name, shape),
            _movie_id,
            fresh_s=HOURS,
        )
        for name, shape in titles.NOTHING_KNOWN.items()
    ),
    *(
        _get(
            f"tv-series-{name.replace('/', '-').replace('_', '-')}",
            f"{_tv}/{name}",
            APP,
            titles.unknown_facts(TV, name, shape),
            _series_id,
            fresh_s=HOURS,
        )
        for name, shape in titles.NOTHING_KNOWN_OF_TV.items()
    ),
)

CONFIGURATION = tuple(
    _get(name, path, APP, configuration.sends(file), fresh_s=HOURS)
    for name, path, file in (
        ("configuration-details", "/3/configuration", "configuration"),
        ("configuration-countries", "/3/configuration/countries", "countries"),
        ("configuration-jobs", "/3/configuration/jobs", "jobs"),
        ("configuration-languages", "/3/configuration/languages", "languages"),
        ("configuration-primary-translations", "/3/configuration/primary_translations", "primary_translations"),
        ("configuration-timezones", "/3/configuration/timezones", "timezones"),
        ("genre-movie-list", "/3/genre/movie/list", "movie_genres"),
        ("genre-tv-list", "/3/genre/tv/list", "tv_genres"),
    )
)

# The parts of the table, as documents head them.
GROUPS: dict[str, tuple[Route, ...]] = {
    "Sign-in": AUTHENTICATION,
    "Account": PEOPLE,
    "Guest sessions": GUEST_RATINGS,
    "Ratings": RATINGS,
    "Lists": LISTS,
    "Titles": TITLES,
    "Configuration": CONFIGURATION,
    **fourth.GROUPS,
}
ROUTES: tuple[Route, ...] = tuple(route for routes in GROUPS.values() for route in routes)
