"""Programs that know TMDB's address only are led to a sandbox by variables of their environment alone."""

import os
import ssl
import stat
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.pages.browser import Form
from tests.proxy.conftest import Led, written
from tests.running import REPOSITORY

HERE = Path(__file__).parent


def run(led: Led, *command: str) -> list[str]:
    """Run a program with the proxy's variables and what it must know of the sandbox; the lines it prints."""
    told = {f"LED_{name.rpartition('_')[2].upper()}": led.ready[name] for name in ("api_key", "username", "password")}
    told["LED_CLIENTS"] = str(REPOSITORY / "tests" / "clients" / "node")
    environment = {"PATH": os.environ["PATH"], **led.variables, **told}
    done = subprocess.run(command, env=environment, cwd=HERE, capture_output=True, text=True, check=False, timeout=90)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


def test_clients_in_python_sign_in_without_knowing_of_us(led: Led) -> None:
    assert run(led, sys.executable, "led.py") == [
        "by_tmdbsimple: mira",
        "by_tmdbv3api: mira",
        "by_httpx: Fight Club",
        "elsewhere: 403",
    ]


def test_a_client_in_javascript_signs_in_without_knowing_of_us(led: Led) -> None:
    assert run(led, "node", "led.mjs") == ["moviedb: mira"]


def test_a_command_is_run_led_and_ends_as_it_ends(led: Led) -> None:
    asks = "import os, sys; sys.exit(7 if os.environ['HTTPS_PROXY'].startswith('http://127.0.0.1:') else 1)"
    led.admitone.run("proxy", "--sandbox", led.ready["base_url"], "--", sys.executable, "-c", asks, status=7)


def test_what_is_trusted_is_its_owner_s_and_no_key_is_written(led: Led) -> None:
    folder = led.admitone.folder / "trust"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {
        "ca.pem": 0o600,
        "bundle.pem": 0o600,
    }
    assert not [path for path in folder.iterdir() if "PRIVATE" in path.read_text()]
    assert Path(led.variables["NODE_EXTRA_CA_CERTS"]) == folder / "ca.pem"


def test_a_proxy_told_to_stop_ends_well_and_leaves_no_folder_of_its_own(led: Led) -> None:
    before = sorted(led.admitone.folder.iterdir())
    other = led.admitone.start("proxy", "--sandbox", led.ready["base_url"], "--env-file", "other.env")

    written(led.admitone.folder / "other.env", other)
    assert other.stop() == 0
    left = {path.suffix for path in set(led.admitone.folder.iterdir()) - set(before)}
    assert left <= {".in", ".out", ".err", ".env"}


@pytest.mark.parametrize("address", ["https://127.0.0.1:1", "127.0.0.1:8000", "http://a:b@127.0.0.1", "http://h/3"])
def test_an_address_that_is_no_sandbox_s_is_told(led: Led, address: str) -> None:
    assert "--sandbox" in led.admitone.run("proxy", "--sandbox", address, status=2).err


def test_a_person_approves_on_tmdb_s_own_address(led: Led) -> None:
    trusted = ssl.create_default_context(cafile=led.variables["SSL_CERT_FILE"])
    proxy = led.variables["HTTPS_PROXY"]
    with httpx.Client(proxy=proxy, verify=trusted, trust_env=False, timeout=60) as http:
        key = {"api_key": led.ready["api_key"]}
        token = http.get("https://api.themoviedb.org/3/authentication/token/new", params=key).json()["request_token"]
        led.admitone.secrets.add(token)
        site = "https://www.themoviedb.org"
        headers = {"origin": site, "sec-fetch-site": "same-origin", "referer": f"{site}/authenticate/{token}"}

        def press(page: httpx.Response, **fields: str) -> httpx.Response:
            form = Form(page.text)
            return http.post(f"{site}{form.action}", data={**form.hidden, **fields}, headers=headers)

        page = http.get(f"{site}/authenticate/{token}", follow_redirects=True)
        signed_in = press(page, username=led.ready["username"], password=led.ready["password"])
        page = http.get(f"{site}{signed_in.headers['location']}")
        assert press(page, decision="approve").headers["location"] == f"/authenticate/{token}/allow"
        exchanged = http.get(
            "https://api.themoviedb.org/3/authentication/session/new", params={**key, "request_token": token}
        )
        assert exchanged.json()["success"] is True
