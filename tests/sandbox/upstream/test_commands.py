"""`admitone sandbox` before another that plays TMDB: reads through, records, replays, and says what it cannot do."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import typer

from admitone.cli.upstream import opened_source
from tests.databases import SqliteDatabases
from tests.proxy.conftest import written
from tests.running import Admitone, Nursery, program

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl"


@pytest.fixture
def admitone(nursery: Nursery, tmp_path: Path, sqlite_databases: SqliteDatabases) -> Iterator[Admitone]:
    with program(nursery, tmp_path / "here", sqlite_databases.empty()) as admitone:
        yield admitone


def sandbox(admitone: Admitone, name: str, *flags: str) -> dict[str, Any]:
    process = admitone.start("sandbox", "--port", "0", "--ready-file", name, *flags)
    ready: dict[str, Any] = json.loads(written(admitone.folder / name, process))
    admitone.secrets |= {ready[each] for each in ("api_key", "read_token", "password")}
    return ready


def get(ready: dict[str, Any], path: str, **query: str) -> httpx.Response:
    return httpx.get(f"{ready['base_url']}/3/{path}", params={"api_key": ready["api_key"], **query})


def log(ready: dict[str, Any]) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = httpx.get(f"{ready['control_url']}/worlds/{ready['world']}/log").json()["log"]
    return entries


def test_it_reads_through_records_and_replays(admitone: Admitone) -> None:
    far = sandbox(admitone, "far.json")
    (admitone.folder / "token").write_text(f"{far['read_token']}\n")
    flags = ("--upstream", far["base_url"], "--upstream-token-file", "token", "--record", "tape")
    near = sandbox(admitone, "near.json", "--seed", "own", *flags)
    assert get(near, "movie/550").json()["title"] == "Fight Club"
    assert get(near, "movie/999999").status_code == 404
    session = httpx.post(f"{near['control_url']}/worlds/{near['world']}/people/mira/sessions", json={}).json()[
        "session_id"
    ]
    admitone.secrets.add(session)
    mine = {"api_key": near["api_key"], "session_id": session}
    rated = httpx.post(f"{near['base_url']}/3/movie/550/rating", params=mine, json={"value": 8.5})
    assert rated.status_code == 201
    other = httpx.post(f"{near['control_url']}/worlds", json={}).json()
    assert get(other, "movie/550").json()["title"] == "Fight Club"

    asked = [entry["path"] for entry in log(far)]
    # A read token acts for its owner, whose answers nobody may keep: it is asked each time.
    assert asked == ["/3/movie/550", "/3/movie/999999", "/3/movie/550"]
    assert [entry["fault"] for entry in log(near) if entry.get("fault")] == []
    tape = [path.read_text() for path in (admitone.folder / "tape").iterdir()]
    assert len(tape) == 2
    assert [secret for secret in admitone.secrets if secret in str(tape)] == []

    again = sandbox(admitone, "again.json", "--seed", "own", "--replay", "tape")
    assert get(again, "movie/550").json()["title"] == "Fight Club"
    missing = get(again, "movie/551")
    assert (missing.status_code, missing.json()["status_code"]) == (502, 47)
    assert log(again)[-1]["fault"] == "not_recorded"


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--upstream", "https://api.themoviedb.org"), "come together"),
        (("--upstream-token-file", "token"), "come together"),
        (("--upstream", "http://api.themoviedb.org", "--upstream-token-file", "token"), "https://api.themoviedb.org"),
        (("--upstream", "https://api.themoviedb.org", "--upstream-token-file", "empty"), "read access token"),
        (("--upstream", "https://api.themoviedb.org", "--upstream-token-file", "nothing"), "No such file"),
        (("--record", "tape"), "an --upstream to record"),
        (("--replay", "tape"), "holds no recordings"),
        (("--replay", "tape", "--record", "tape"), "asks nobody"),
    ],
    ids=range(8),
)
def test_what_cannot_be_is_told_in_a_sentence(admitone: Admitone, flags: tuple[str, ...], said: str) -> None:
    (admitone.folder / "token").write_text(TOKEN)
    (admitone.folder / "empty").write_text("")
    printed = admitone.run("sandbox", "--port", "0", *flags, status=2)
    assert said in printed.err
    assert TOKEN not in printed.err


def test_what_to_install_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "token").write_text(TOKEN)
    monkeypatch.setitem(sys.modules, "httpx", None)
    monkeypatch.delitem(sys.modules, "admitone.sandbox.upstream.source", raising=False)
    with pytest.raises(typer.Exit):
        opened_source("https://api.themoviedb.org", tmp_path / "token", None, None)
    assert "pip install 'admitone[upstream]'" in capsys.readouterr().err
