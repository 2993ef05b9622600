"""What an operator does with commands: people, apps, migrations, the sweep."""

import json

import pytest

from admitone.basics import catalogue
from admitone.store.engine.migrate import newest
from tests import vault
from tests.callers import App, Person
from tests.running import Admitone
from tests.world import PASSWORD

NEW_PASSWORD = "a quite different passphrase"
LONG_AGO = 1_500_000_000_000


def test_migrate_makes_the_schema_once_and_says_so(admitone: Admitone) -> None:
    assert admitone.run("migrate", "--json").json == {"before": "nothing", "after": newest()}
    assert admitone.run("migrate", "--json").json == {"before": newest(), "after": newest()}
    assert "after" in admitone.run("migrate").out


def test_account_add_takes_the_password_from_standard_input(admitone: Admitone) -> None:
    account = admitone.add_account("mira")

    assert account["username"] == "mira"
    assert admitone.run("account", "list", "--json").json == [account]
    assert "mira" in admitone.run("account", "list").out


REFUSED_ACCOUNTS = [
    ("mira", "another good password", "taken"),
    ("MIRA", "another good password", "taken"),
    ("tomas", "short", "15"),
    ("tomas", "", "15"),
    ("tomas", "x" * 1025, "1,024"),
    ("to mas", "another good password", "letters"),
]


def test_account_add_refuses_with_a_sentence(peopled: Admitone) -> None:
    for username, password, word in REFUSED_ACCOUNTS:
        printed = peopled.run("account", "add", username, "--password-stdin", stdin=password, status=1)
        assert printed.err.startswith("admitone: ")
        assert word in printed.err
    assert len(peopled.run("account", "list", "--json").json) == 1


def test_account_password_signs_every_browser_out_and_keeps_sessions_unless_told(peopled: Admitone) -> None:
    app = App(peopled, server := peopled.serve(), peopled.add_app("CineShelf", "mira"))
    person = Person(peopled, server)
    person.sign_in()
    session = app.session()
    peopled.secrets.add(NEW_PASSWORD)

    peopled.run("account", "password", "mira", "--password-stdin", stdin=NEW_PASSWORD)
    assert person.get(f"/authenticate/{app.token()}").headers["location"].startswith("/signin")
    assert app.account(session).status_code == 200
    assert app.login(app.token()).json()["status_code"] == 30
    assert app.login(app.token(), password=NEW_PASSWORD).status_code == 200

    peopled.run("account", "password", "mira", "--password-stdin", "--disconnect-apps", stdin=PASSWORD)
    assert app.account(session).json()["status_code"] == 3
    assert (
        "nobody of this"
        in peopled.run("account", "password", "nobody", "--password-stdin", stdin=PASSWORD, status=1).err
    )


def test_app_credentials_work_at_once_are_kept_as_digests_and_are_never_shown_again(peopled: Admitone) -> None:
    credentials = peopled.add_app("CineShelf", "mira", "--redirect", "https://cineshelf.example/back")
    app = App(peopled, peopled.serve(), credentials)

    assert app.call("GET", "/3/authentication").status_code == 200
    [shown] = peopled.run("app", "list", "--json").json
    assert (shown["app"], shown["name"], shown["owner"]) == (credentials.app, "CineShelf", "Mira")
    for form in ("--json", ""):
        listed = peopled.run("app", "list", *([form] if form else []))
        assert credentials.api_key not in listed.out
        assert credentials.read_token not in listed.out


REFUSED_APPS = [
    (("Reel Sync", "--owner", "nobody"), "nobody of this user name"),
    (("", "--owner", "mira"), "60 characters"),
    (("Reel Sync", "--owner", "mira", "--redirect", "javascript:alert(1)"), "scheme is never followed"),
    (("CINESHELF", "--owner", "mira"), "too close"),
]


def test_app_add_refuses_with_a_sentence(peopled: Admitone) -> None:
    peopled.add_app("CineShelf", "mira")
    for arguments, word in REFUSED_APPS:
        printed = peopled.run("app", "add", *arguments, status=1)
        assert printed.err.startswith("admitone: ")
        assert word in printed.err
    assert len(peopled.run("app", "list", "--json").json) == 1


def test_app_rotate_lets_the_old_credentials_live_a_day_or_not_at_all(peopled: Admitone) -> None:
    first = peopled.add_app("CineShelf", "mira")
    server = peopled.serve()

    def works(api_key: str) -> bool:
        app = App(peopled, server, first)
        app.key = api_key
        return app.call("GET", "/3/authentication").status_code == 200

    rotated = peopled.run("app", "rotate", first.app, "--json").json
    second = peopled.keep(rotated)
    assert rotated["old_ones_work_for_hours"] == 24
    assert works(first.api_key)
    assert works(second.api_key)

    third = peopled.keep(peopled.run("app", "rotate", first.app, "--now", "--json").json)
    assert [works(each.api_key) for each in (first, second, third)] == [False, False, True]
    assert peopled.run("app", "rotate", "no-such-app", status=1).err.startswith("admitone: ")


def test_app_remove_ends_every_session_at_once(peopled: Admitone) -> None:
    credentials = peopled.add_app("CineShelf", "mira")
    app = App(peopled, peopled.serve(), credentials)
    session = app.session()

    peopled.run("app", "remove", credentials.app, stdin="n\n", status=1)
    assert app.account(session).status_code == 200
    peopled.run("app", "remove", credentials.app, "--yes")
    assert app.account(session).json()["status_code"] == 7
    assert peopled.run("app", "list", "--json").json == []
    assert vault.count(peopled.database, "sessions") == 0
    assert peopled.run("app", "remove", credentials.app, "--yes", status=1).err.startswith("admitone: ")


def test_sweep_removes_what_has_expired_and_nothing_else(peopled: Admitone) -> None:
    app = App(peopled, peopled.serve(env={"ADMITONE_SWEEP_MINUTES": "0"}), peopled.add_app("CineShelf", "mira"))
    old, new = app.token(), app.token()
    app.login(old)
    vault.change(
        peopled.database,
        f"UPDATE request_tokens SET made_at = {LONG_AGO}, expires_at = {LONG_AGO + 1} WHERE state = 'approved'",
    )

    assert peopled.run("sweep", "--json").json["request_tokens"] == 1
    assert peopled.run("sweep", "--json").json["request_tokens"] == 0
    assert app.exchange(old).json()["status_code"] == 17
    assert app.login(new).status_code == 200


def test_the_sample_catalogue_holds_what_published_clients_ask_for() -> None:
    titles = catalogue.sample()
    known = {(title["media_type"], title["id"]) for title in titles}

    assert len(known) == len(titles) == 3536
    films = (11, 278, 550, 597, 103332, 109445, 346698, 372058, 603692, 843906)
    assert {("movie", film) for film in films} <= known
    assert {("tv", series) for series in (1396, 1416, 1418, 69050)} <= known
    assert ("movie", 10) not in known


@pytest.mark.parametrize(("kind", "unknown"), [("sample", 404), ("any", 201)])
def test_the_catalogue_decides_which_titles_there_are(peopled: Admitone, kind: str, unknown: int) -> None:
    env = {"ADMITONE_CATALOGUE": kind}
    app = App(peopled, peopled.serve(env=env), peopled.add_app("CineShelf", "mira"))
    session = app.session()

    assert app.rate(session, 550, 8.5).status_code == 201
    assert app.rate(session, 10, 8.5).status_code == unknown


def test_every_command_explains_itself_and_refuses_what_it_does_not_know(alone: Admitone) -> None:
    for command in ("serve", "sandbox", "migrate", "sweep", "doctor"):
        assert "Usage" in alone.run(command, "--help").out
        assert "no-such-flag" in alone.run(command, "--no-such-flag", status=2).err
    for group in ("app", "account"):
        assert "list" in alone.run(group, "--help").out
    assert "no-such-command" in alone.run("no-such-command", status=2).err


def test_every_answer_for_programs_is_json(peopled: Admitone) -> None:
    credentials = peopled.add_app("CineShelf", "mira")
    for command in (
        ("migrate",),
        ("sweep",),
        ("doctor",),
        ("account", "list"),
        ("app", "list"),
        ("app", "rotate", credentials.app),
        ("account", "add", "tomas", "--password-stdin"),
        ("app", "add", "Reel Sync", "--owner", "tomas"),
    ):
        printed = peopled.run(*command, "--json", stdin=PASSWORD)
        shown = json.loads(printed.out)
        if isinstance(shown, dict) and "api_key" in shown:
            peopled.keep(shown)
        assert shown
