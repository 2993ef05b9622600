"""HTTPS: spoken by `serve` itself, or by a proxy before it whose word is taken; and what plain HTTP is refused."""

import ssl
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import vault
from tests.callers import App, Person, elsewhere
from tests.running import Admitone, Credentials, Server
from tests.world import PASSWORD

PUBLIC = "https://admit.example"
FAR_AWAY = "203.0.113.7"
HSTS = "max-age=31536000; includeSubDomains"


def certificate(folder: Path) -> tuple[str, str]:
    """A certificate for this machine, signed by itself, and its key."""
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
    ]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "chain.pem")]
    subprocess.run([*command, *names, *files], check=True, capture_output=True)
    return str(folder / "chain.pem"), str(folder / "key.pem")


@pytest.fixture
def credentials(peopled: Admitone) -> Credentials:
    return peopled.add_app("CineShelf", "mira", "--redirect", "https://cineshelf.example/back")


@pytest.fixture
def secure(peopled: Admitone, credentials: Credentials) -> tuple[Server, ssl.SSLContext]:
    """A server that speaks HTTPS, and what a client must know to trust it."""
    chain, key = certificate(peopled.folder)
    server = peopled.serve("--tls-certificate", chain, "--tls-key", key)
    return server, ssl.create_default_context(cafile=chain)


def cookies(answer: httpx.Response) -> list[str]:
    return answer.headers.get_list("set-cookie")


def test_the_whole_flow_over_https(
    peopled: Admitone, credentials: Credentials, secure: tuple[Server, ssl.SSLContext]
) -> None:
    server, trust = secure
    app = App(peopled, server, credentials, verify=trust)
    person = Person(peopled, server, verify=trust)
    assert server.origin == server.url == f"https://127.0.0.1:{server.port}"

    made = app.call("GET", "/3/authentication/token/new")
    token = made.json()["request_token"]
    asked = person.get(f"/authenticate/{token}?redirect_to=https://cineshelf.example/back")
    form = person.get(asked.headers["location"])
    signed_in = person.press(form, username="mira", password=PASSWORD)
    ticket = person.get(signed_in.headers["location"])
    approved = person.press(ticket, decision="approve")
    session = app.exchange(token)

    assert approved.headers["location"] == f"https://cineshelf.example/back?request_token={token}&approved=true"
    assert app.account(session.json()["session_id"]).json()["username"] == "mira"
    assert made.headers["authentication-callback"] == f"{server.origin}/authenticate/{token}"
    every = [made, asked, form, signed_in, ticket, approved, session]
    assert [answer.headers["strict-transport-security"] for answer in every] == [HSTS] * len(every)
    given = [cookie for answer in every for cookie in cookies(answer)]
    assert len(given) >= 2
    for cookie in given:
        name, *attributes = (part.strip() for part in cookie.lower().split(";"))
        assert name.startswith("__host-")
        assert {"secure", "httponly", "path=/", "samesite=lax"} <= set(attributes)
        assert not any(attribute.startswith("domain") for attribute in attributes)


def test_https_logins_are_taken_from_anywhere_and_plain_http_is_not_spoken(
    peopled: Admitone, credentials: Credentials, secure: tuple[Server, ssl.SSLContext]
) -> None:
    server, trust = secure
    app = App(peopled, server, credentials, verify=trust)

    assert app.login(app.token()).status_code == 200
    with pytest.raises(httpx.HTTPError):
        httpx.get(f"http://127.0.0.1:{server.port}/3/authentication", trust_env=False)


def test_hsts_is_for_the_operator_to_choose(peopled: Admitone, credentials: Credentials) -> None:
    chain, key = certificate(peopled.folder)
    trust = ssl.create_default_context(cafile=chain)
    for days, header in (("0", None), ("1", "max-age=86400; includeSubDomains")):
        flags = ("--tls-certificate", chain, "--tls-key", key)
        server = peopled.serve(*flags, env={"ADMITONE_HSTS_DAYS": days})
        with httpx.Client(verify=trust, base_url=server.url, trust_env=False) as client:
            for path in ("/3/authentication", "/signin", "/no-such-page"):
                assert client.get(path).headers.get("strict-transport-security") == header
        server.stop()


def proxied(peopled: Admitone, trusted: str) -> Server:
    """A server that believes a proxy at these addresses; the tests are on 127.0.0.1."""
    return peopled.serve("--public-url", PUBLIC, env={"ADMITONE_TRUSTED_PROXIES": trusted})


def through(scheme: str | None, *addresses: str) -> dict[str, str]:
    """What a proxy says of a request that came to it."""
    said = {"x-forwarded-for": ", ".join(addresses)} if addresses else {}
    return said if scheme is None else {**said, "x-forwarded-proto": scheme}


LOGINS = [
    ("https", [FAR_AWAY], 200, "the proxy says https"),
    ("http", [FAR_AWAY], 403, "the proxy says http, from far away"),
    ("ftp", [FAR_AWAY], 403, "a scheme that is none counts as our own, which is http"),
    (None, [FAR_AWAY], 403, "the proxy says nothing of a scheme"),
    ("http", ["127.0.0.1"], 200, "a person at this very machine"),
    ("https", ["not an address"], 200, "an address that is none"),
    ("http", [FAR_AWAY, "127.0.0.1"], 403, "walked from the right, past the trusted one"),
    ("http", ["127.0.0.1", FAR_AWAY], 403, "what stands left of a stranger is the stranger's word"),
]


@pytest.mark.holds("S3")
def test_a_trusted_proxy_is_believed_about_scheme_and_address(peopled: Admitone, credentials: Credentials) -> None:
    server = proxied(peopled, "127.0.0.1")
    for scheme, addresses, status, why in LOGINS:
        app = App(peopled, server, credentials, headers=through(scheme, *addresses))
        for method in ("GET", "POST"):
            token = app.token()
            answer = login(app, method, token)
            assert (answer.status_code, why) == (status, why)
            if status == 403:
                assert answer.json()["success"] is False
                assert "HTTPS" in answer.json()["error"]
                assert app.exchange(token).json()["status_code"] == 17


@pytest.mark.holds("S3")
def test_nobody_else_is_believed(peopled: Admitone, credentials: Credentials) -> None:
    server = proxied(peopled, "10.0.0.0/8")
    app = App(peopled, server, credentials, headers=through("https", FAR_AWAY))
    answer = app.call("GET", "/3/authentication/token/new")

    # The peer is this machine itself, whatever the headers say: its login is taken, and no HTTPS was spoken.
    assert app.login(answer.json()["request_token"]).status_code == 200
    assert "strict-transport-security" not in answer.headers
    [networks] = vault.look(peopled.database, "SELECT DISTINCT network FROM request_tokens")
    assert networks == [("127.0.0.1/32",)]


def test_the_address_that_a_proxy_tells_is_what_is_kept(peopled: Admitone, credentials: Credentials) -> None:
    server = proxied(peopled, "127.0.0.1, 10.0.0.0/8")
    for addresses in ([FAR_AWAY], [FAR_AWAY, "10.0.0.7"], ["198.51.100.1", FAR_AWAY], ["bad", FAR_AWAY, "10.1.2.3"]):
        App(peopled, server, credentials, headers=through("https", *addresses)).token()

    [networks] = vault.look(peopled.database, "SELECT DISTINCT network FROM request_tokens")
    assert networks == [(f"{FAR_AWAY}/32",)]


HOSTS = ["evil.example", "evil.example:443", "admit.example.evil.example", "127.0.0.1", "[::1"]


@pytest.mark.holds("B14")
def test_the_host_header_never_gets_into_a_link_or_a_redirect(peopled: Admitone, credentials: Credentials) -> None:
    server = proxied(peopled, "127.0.0.1")
    for host in HOSTS:
        forged = {**through("https", FAR_AWAY), "host": host, "x-forwarded-host": host, "forwarded": f"host={host}"}
        made = App(peopled, server, credentials, headers=forged).call("GET", "/3/authentication/token/new")
        token = made.json()["request_token"]
        person = Person(peopled, server, PUBLIC, headers=forged)
        paths = ("/", "/signin", "/signin/", "/help", f"/authenticate/{token}", f"/authenticate/{token}/", "/no", "//x")
        answers = [made, *(person.get(path) for path in paths)]

        assert made.headers["authentication-callback"] == f"{PUBLIC}/authenticate/{token}"
        assert elsewhere(answers, PUBLIC) == []
        for answer in answers:
            assert "evil" not in answer.text
            assert not [value for value in answer.headers.values() if "evil" in value]


@pytest.mark.holds("B11")
def test_signing_in_needs_the_public_origin_and_gives_cookies_for_https_only(
    peopled: Admitone, credentials: Credentials
) -> None:
    server = proxied(peopled, "127.0.0.1")
    person = Person(peopled, server, PUBLIC, headers=through("https", FAR_AWAY))
    form = person.get("/signin")
    # Over plain HTTP to us a client keeps no Secure cookie, as a browser would not: it is handed on by hand.
    held = {"cookie": "; ".join(cookie.partition(";")[0] for cookie in cookies(form))}
    fields = {"username": "mira", "password": PASSWORD}
    person.origin = f"http://{PUBLIC.partition('://')[2]}"
    person.http.headers.update(held)
    assert not visits(person.press(form, **fields))

    person.origin = PUBLIC
    signed_in = person.press(form, **fields)
    assert signed_in.status_code == 303
    assert all(cookie.startswith("__Host-") and "Secure" in cookie for cookie in cookies(signed_in))
    assert visits(signed_in)


def visits(answer: httpx.Response) -> list[str]:
    """The cookies of an answer that would sign somebody in."""
    return [cookie for cookie in cookies(answer) if "visit=" in cookie]


def login(app: App, method: str, token: str) -> httpx.Response:
    """The same login, as clients send it: in the query of a GET, in the body of a POST."""
    fields: dict[str, Any] = {"username": "mira", "password": PASSWORD, "request_token": token}
    path = "/3/authentication/token/validate_with_login"
    return app.call("GET", path, **fields) if method == "GET" else app.call("POST", path, fields)
