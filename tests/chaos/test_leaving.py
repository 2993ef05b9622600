"""Whoever deletes their account is gone at once, from every process that serves (A16)."""

import pytest

from tests.callers import App, Person
from tests.running import Admitone

REFUSED = 401


@pytest.mark.holds("A16", "S19", "ASVS 7.4.2")
def test_a_deleted_account_has_no_session_on_any_worker_also_when_it_is_kept_after_all(admitone: Admitone) -> None:
    credentials = admitone.add_app("CineShelf", "mira")
    admitone.add_account("tomas")
    servers = [admitone.serve() for _ in range(2)]
    apps = [App(admitone, server, credentials) for server in servers]
    people = [Person(admitone, server) for server in servers]
    for person in people:
        person.sign_in("tomas")
    sessions = [app.session("tomas") for app in apps for _ in range(3)]
    mine = apps[0].session("mira")
    assert {app.account(session).status_code for app in apps for session in sessions} == {200}
    page = people[0].get("/account/delete")
    done = people[0].press(page, username="tomas")
    assert done.status_code in (200, 303)
    # Not within a second: with the very next call.
    for app in reversed(apps):
        assert {app.account(session).status_code for session in sessions} == {REFUSED}
        assert app.login(app.token(), "tomas").status_code == REFUSED
        assert app.account(mine).status_code == 200
    for person in people:
        assert person.get("/account").status_code == 303  # to sign in
    back = people[1].sign_in("tomas")
    assert back.headers["location"] == "/leaving"
    people[1].press(people[1].get("/leaving"), choice="keep")
    # What ended has ended; the person is back.
    assert {app.account(session).status_code for app in apps for session in sessions} == {REFUSED}
    assert people[0].sign_in("tomas").headers["location"] != "/leaving"
    assert apps[0].account(apps[1].session("tomas")).status_code == 200
