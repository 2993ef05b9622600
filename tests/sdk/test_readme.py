"""Runs the example of the client's README against a server that approves at once."""

import re
from pathlib import Path

import httpx
import pytest

README = Path(__file__).parents[2] / "client" / "README.md"
ANSWERS = {
    "/3/authentication/token/new": {"request_token": "ab" * 20, "expires_at": "2026-01-02 03:04:05 UTC"},
    "/3/authentication/session/new": {"session_id": "cd" * 20},
    "/3/account": {
        "id": 7,
        "username": "mira",
        "name": "",
        "iso_639_1": "en",
        "iso_3166_1": "GB",
        "include_adult": False,
    },
}
DENIED = {"success": False, "status_code": 17, "status_message": "Session denied."}


@pytest.mark.parametrize(("approved", "said"), [(True, "Signed in as mira"), (False, "Not approved, or not yet")])
def test_the_example_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, approved: bool, said: str
) -> None:
    def answer(_: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/session/new") and not approved:
            return httpx.Response(401, json=DENIED)
        return httpx.Response(200, json=ANSWERS[request.url.path])

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", answer)
    monkeypatch.setattr("builtins.input", lambda _: "")
    (example,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)

    exec(compile(example.replace("…", "the-key"), str(README), "exec"), {})

    shown = capsys.readouterr().out
    assert f"http://127.0.0.1:8000/authenticate/{'ab' * 20}" in shown
    assert said in shown
