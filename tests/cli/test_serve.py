"""`admitone serve`: where it agrees to listen, how it starts, and how it stops."""

import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests import vault
from tests.callers import App
from tests.running import Admitone, until
from tests.world import START

HOUR = 60 * 60 * 1000
LONG_AGO = START - 10 * 365 * 24 * HOUR

REFUSED = [
    (("--host", "0.0.0.0"), ["0.0.0.0", "tls_certificate and tls_key", "trusted_proxies", "plain_http"]),
    (("--host", "::"), ["::", "tls_certificate and tls_key", "trusted_proxies", "plain_http"]),
    (("--host", "0.0.0.0", "--plain-http"), ["public_url is needed"]),
    (("--tls-certificate", "chain.pem"), ["tls_certificate and tls_key come together"]),
    (("--tls-key", "key.pem"), ["tls_certificate and tls_key come together"]),
    (("--public-url", "ftp://admit.example"), ["public_url", "ftp://admit.example"]),
    (("--public-url", "https://admit.example/path"), ["public_url", "https://admit.example/path"]),
    (("--public-url", "https://admit.example:443"), ["public_url", "https://admit.example:443"]),
    (("--public-url", "https://Admit.Example"), ["public_url", "https://Admit.Example"]),
    (("--public-url", "https://mira@admit.example"), ["public_url", "https://mira@admit.example"]),
    (("--public-url", "admit.example"), ["public_url", "admit.example"]),
    (("--public-url", "http://admit.example"), ["public_url", "http://admit.example", "https://", "plain_http"]),
]


@pytest.mark.parametrize(("flags", "words"), REFUSED, ids=[" ".join(row[0]) for row in REFUSED])
def test_serve_refuses_a_place_where_it_would_be_unsafe_and_says_why(
    alone: Admitone, flags: tuple[str, ...], words: list[str]
) -> None:
    printed = alone.run("serve", *flags, status=2)

    assert printed.out == ""
    assert printed.err.startswith("admitone: ")
    assert printed.err.count("\n") == 1
    assert [word for word in words if word not in printed.err] == []


def test_serve_takes_a_certificate_file_that_is_none_as_a_sentence(alone: Admitone) -> None:
    flags = ("--tls-certificate", "chain.pem", "--tls-key", "key.pem")
    printed = alone.run("serve", *flags, status=2)

    assert "chain.pem" in printed.err


@pytest.mark.parametrize("flags", [("--plain-http",), ()], ids=["plain http accepted", "behind a trusted proxy"])
def test_serve_listens_beyond_this_machine_when_told_how_it_is_safe(alone: Admitone, flags: tuple[str, ...]) -> None:
    env = {} if flags else {"ADMITONE_TRUSTED_PROXIES": "10.0.0.7, 10.1.0.0/16"}
    server = alone.serve("--host", "0.0.0.0", "--public-url", "https://admit.example", *flags, env=env)

    assert server.origin == "https://admit.example"
    assert httpx.get(f"http://127.0.0.1:{server.port}/3/authentication").status_code == 401


def test_serve_says_in_a_sentence_that_its_port_is_taken(alone: Admitone) -> None:
    first = alone.serve()
    printed = alone.run("serve", "--port", str(first.port), status=1)

    assert printed.err.startswith("admitone: ")
    assert "in use" in printed.err


def test_serve_makes_its_database_and_a_key_ring_that_nobody_else_can_read(admitone: Admitone) -> None:
    admitone.serve().stop()

    assert admitone.key_ring.stat().st_mode & 0o777 == 0o600
    assert vault.count(admitone.database, "titles") == 3536


def test_serve_refuses_a_database_that_is_newer_than_itself(admitone: Admitone) -> None:
    admitone.run("migrate")
    vault.change(admitone.database, "UPDATE alembic_version SET version_num = '9999'")
    vault.change(admitone.database, "UPDATE schema_support SET since = '9999'")

    for command in ("serve", "migrate", "sweep"):
        printed = admitone.run(command, status=1)
        assert "schema 9999" in printed.err
        assert "newer Admit One" in printed.err


def test_serve_refuses_a_key_ring_that_others_can_read(peopled: Admitone) -> None:
    peopled.key_ring.chmod(0o644)

    assert "chmod 600" in peopled.run("serve", status=1).err


def test_serve_says_that_its_database_cannot_be_reached(alone: Admitone) -> None:
    elsewhere = "postgresql://admitone:hunter2hunter2@127.0.0.1:1/admitone"
    alone.secrets.add("hunter2hunter2")

    assert alone.run("serve", "--database", elsewhere, status=1).err.startswith("admitone: ")
    assert alone.run("serve", "--database", "sqlite:////no/such/folder/a.db", status=1).err.startswith("admitone: ")
    assert "sqlite:///" in alone.run("serve", "--database", "mysql://db/admitone", status=1).err


def test_serve_removes_what_has_expired_by_itself(peopled: Admitone) -> None:
    app = peopled.add_app("CineShelf", "mira")
    columns = "digest, app_id, state, network, made_at, expires_at"
    for number in range(3):
        digest = f"'\\x{number:02}'" if peopled.database.startswith("postgresql") else f"x'{number:02}'"
        row = f"{digest}, 1, 'pending', '', {LONG_AGO}, {LONG_AGO + HOUR}"
        vault.change(peopled.database, f"INSERT INTO request_tokens ({columns}) VALUES ({row})")
    server = peopled.serve()
    App(peopled, server, app).token()

    until(lambda: vault.count(peopled.database, "request_tokens") == 1 or None, "sweep")
    until(lambda: '"rows":3' in server.err.read_text() or None, "line about the sweep")


def test_serve_finishes_what_it_was_asked_before_it_stops(peopled: Admitone) -> None:
    credentials = peopled.add_app("CineShelf", "mira")
    server = peopled.serve(env={"ADMITONE_HASHING_THREADS": "1"})
    apps = [App(peopled, server, credentials) for _ in range(8)]
    tokens = [app.token() for app in apps]
    # One thread hashes, so that most are still waiting when the first has its answer.
    with ThreadPoolExecutor(len(apps)) as hands:
        logins = [hands.submit(app.login, token) for app, token in zip(apps, tokens, strict=True)]
        until(lambda: any(login.done() for login in logins) or None, "answer")
        server.send(signal.SIGTERM)
        answers = [login.result() for login in logins]

    assert [answer.status_code for answer in answers] == [200] * len(apps)
    assert server.wait() == 0
    assert vault.count(peopled.database, "request_tokens", "state = 'approved'") == len(apps)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_leaves_a_closed_house_behind_when_it_is_stopped(admitone: Admitone, number: signal.Signals) -> None:
    server = admitone.serve()
    with httpx.Client(base_url=server.url) as idle:
        idle.get("/3/authentication")
        server.send(number)
        assert server.wait() == 0

    # SQLite keeps a log beside its file until the last connection is closed.
    file = Path(admitone.database.removeprefix("sqlite:///"))
    assert [name for name in ("-wal", "-shm") if file.with_name(f"{file.name}{name}").exists()] == []
