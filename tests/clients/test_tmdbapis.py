"""tmdbapis, unmodified, tells the whole story of the fourth generation: approved in Chromium, by the page's hooks."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from tmdbapis import TMDbAPIs
from tmdbapis.api4 import API4
from tmdbapis.exceptions import NotFound, PrivateResource, TMDbException, Unauthorized, WritePermission

from tests.clients.chromium import approve_by_hooks
from tests.clients.conftest import Stage
from tests.clients.redirection import Redirection, redirected

FIGHT_CLUB, RUBY_SPARKS, BREAKING_BAD = 550, 103332, 1396
FILM = {"media_type": "movie", "media_id": FIGHT_CLUB}
SERIES = {"media_type": "tv", "media_id": BREAKING_BAD}


def refused(kind: type[TMDbException], call: Callable[..., Any], *arguments: Any) -> str:
    """Make a call that must be refused in the client's own way; what it says."""
    with pytest.raises(kind) as caught:
        call(*arguments)
    assert caught.type is kind
    return str(caught.value)


def signed_in(stage: Stage) -> tuple[API4, Redirection]:
    """An app that somebody let in: by the link that the client gives, at our server, in Chromium."""
    session, redirection = redirected(stage.admitone, stage.server)
    tmdb = TMDbAPIs(stage.app.api_key, v4_access_token=stage.app.read_token, session=session)
    link = urlsplit(tmdb.v4_authenticate())
    with pytest.raises(TMDbException, match="hasn't been approved"):
        tmdb.v4_approved()
    ended = approve_by_hooks(f"{stage.server.url}{link.path}?{link.query}")
    assert ended == f"{stage.server.url}/auth/access/approve"
    tmdb.v4_approved()
    stage.admitone.secrets.add(tmdb.v4_access_token)
    return API4(tmdb.v4_access_token, session=session), redirection


def test_the_whole_story(stage: Stage) -> None:
    api, redirection = signed_in(stage)
    # Given a token, the client asks whose it is, and so knows that it may write (client rules 14).
    assert api.has_write_token
    assert len(api.account_id) == 24

    list_id = api.list_create_list("To See", "en", description="Soon", public=False)["id"]
    added = api.list_add_items(list_id, [FILM, SERIES, {"media_type": "movie", "media_id": 10}])["results"]
    assert [each["success"] for each in added] == [True, True, False]
    # The client asks for a comment and then leaves it out of what it sends.
    assert api.list_update_items(list_id, [{**FILM, "comment": "Twice."}])["results"][0]["success"] is True
    shown = api.list_get_list(list_id, sort_by="title.desc")
    assert [row["id"] for row in shown["results"]] == [FIGHT_CLUB, BREAKING_BAD]
    assert shown["comments"] == {"movie:550": None, "tv:1396": None}
    assert (shown["public"], shown["created_by"]["id"]) == (False, api.account_id)
    assert api.list_check_item_status(list_id, BREAKING_BAD, "tv")["success"] is True
    refused(NotFound, api.list_check_item_status, list_id, RUBY_SPARKS, "movie")
    api.list_update_list(list_id, name="Seen", public=True, sort_by="title.asc")
    (row,) = api.account_get_lists()["results"]
    assert (row["name"], row["public"], row["sort_by"], row["number_of_items"]) == ("Seen", 1, 9, 2)
    api.list_remove_items(list_id, [FILM])
    assert api.list_clear_list(list_id)["items_deleted"] == 1
    api.list_delete_list(list_id)
    refused(NotFound, api.list_get_list, list_id)

    for pages in (
        *(api.account_get_favorite_movies, api.account_get_favorite_tv_shows, api.account_get_movie_watchlist),
        *(api.account_get_tv_show_watchlist, api.account_get_rated_movies, api.account_get_rated_tv_shows),
        *(api.account_get_movie_recommendations, api.account_get_tv_show_recommendations),
    ):
        assert pages()["total_results"] == 0

    api.auth_delete_access_token(api.access_token)
    refused(Unauthorized, api.account_get_lists)
    assert all(each.split()[1].startswith(("/3/", "/4/")) for each in redirection.sent)


def test_who_may_not_is_refused_in_the_client_s_own_words(stage: Stage) -> None:
    api, _ = signed_in(stage)
    private = api.list_create_list("Mine", "en", public=False)["id"]
    session, _ = redirected(stage.admitone, stage.server)
    stage.admitone.add_account("tomas")
    reader = API4(stage.admitone.add_app("Reel Sync", "tomas").read_token, session=session)
    assert not reader.has_write_token
    refused(PrivateResource, reader.list_get_list, private)
    refused(WritePermission, reader.list_create_list, "A", "en")
    refused(WritePermission, reader.list_delete_list, private)
    with pytest.raises(Unauthorized):
        API4("no token", session=session)
