"""The program before the newest step of the schema and the one with it serve one database side by side."""

import asyncio
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from admitone.store.engine import look, migrate
from tests.databases import Databases
from tests.running import Credentials, Nursery, Server, program, until
from tests.upgrades.older import OlderNursery, before
from tests.world import PASSWORD

engine = sys.modules[migrate.__module__]
ANY_FILM = {"ADMITONE_CATALOGUE": "any"}


class App:
    """An app of Mira's, at one of the servers."""

    def __init__(self, server: Server, credentials: Credentials, opened: ExitStack) -> None:
        self._client = opened.enter_context(httpx.Client(base_url=f"{server.url}/3/", timeout=60))
        self._key = credentials.api_key

    def call(self, method: str, path: str, *, form: dict[str, str] | None = None, **query: str) -> httpx.Response:
        answer = self._client.request(method, path, params={"api_key": self._key, **query}, data=form)
        assert answer.status_code in {200, 201}, (path, answer.text)
        return answer

    def session(self) -> str:
        """Mira signs in for the app."""
        token = self.call("GET", "authentication/token/new").json()["request_token"]
        form = {"username": "mira", "password": PASSWORD, "request_token": token}
        self.call("POST", "authentication/token/validate_with_login", form=form)
        made: str = self.call("GET", "authentication/session/new", request_token=token).json()["session_id"]
        return made

    def rate(self, session: str, film: int, value: float) -> None:
        self.call("POST", f"movie/{film}/rating", form={"value": str(value)}, session_id=session)

    def rating(self, session: str, film: int) -> float:
        states = self.call("GET", f"movie/{film}/account_states", session_id=session).json()
        found: float = states["rated"]["value"]
        return found

    def rated(self, session: str) -> int:
        person = self.call("GET", "account", session_id=session).json()["id"]
        page = self.call("GET", f"account/{person}/rated/movies", session_id=session, sort_by="created_at.desc").json()
        assert len(page["results"]) == min(20, page["total_results"])
        total: int = page["total_results"]
        return total

    def story(self, number: int) -> None:
        """Sign in, rate, look, and leave."""
        session, film, value = self.session(), 1_000 + number, 0.5 + number % 20 / 2
        self.rate(session, film, value)
        assert self.rating(session, film) == value
        assert self.rated(session) >= 1
        self.call("DELETE", "authentication/session", session_id=session)


class Stories(threading.Thread):
    """Stories at one server, one after another, until told to stop."""

    def __init__(self, app: App, first: int) -> None:
        super().__init__()
        self.app, self.told, self.failed = app, first, ""
        self._over = threading.Event()

    def run(self) -> None:
        try:
            while not self._over.is_set():
                self.app.story(self.told)
                self.told += 1
        except Exception as error:  # noqa: BLE001 - whatever it is, the test tells it
            self.failed = repr(error)

    def another(self, count: int = 1) -> None:
        """Wait for so many stories more."""
        wanted = self.told + count
        until(lambda: self.told >= wanted or self.failed or None, "story")
        assert not self.failed

    def end(self) -> None:
        self._over.set()
        self.join()
        assert not self.failed


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> tuple[OlderNursery, str]:
    """The program before the newest step, and the newest step that it knows."""
    commit, step = before(engine.newest())
    return OlderNursery(commit, tmp_path_factory.mktemp("older")), step


def test_the_program_before_the_newest_step_serves_on_beside_the_one_with_it(
    databases: Databases, older: tuple[OlderNursery, str], nursery: Nursery, tmp_path: Path
) -> None:
    nursery_of_old, step = older
    url = databases.empty()
    side_by_side(url, nursery_of_old, nursery, tmp_path)
    assert step < engine.newest()
    assert asyncio.run(look(url)) == (engine.newest(), engine.newest())


def side_by_side(url: str, older: OlderNursery, nursery: Nursery, folder: Path) -> None:
    """Stories at the older program go on while the newer one starts, and then both agree."""
    with program(older, folder, url, **ANY_FILM) as before_it, program(nursery, folder, url, **ANY_FILM) as with_it:
        before_it.add_account("mira")
        credentials = before_it.add_app("CineShelf", "mira")
        with_it.secrets |= before_it.secrets
        old = App(before_it.serve(), credentials, before_it.opened)
        from_before = old.session()
        stories = Stories(old, 0)
        stories.start()
        try:
            stories.another()
            new = App(with_it.serve(), credentials, with_it.opened)
            stories.another(2)
            new_stories = Stories(new, 10_000)
            new_stories.start()
            new_stories.another()
            new_stories.end()
            agree(old, new, from_before)
        finally:
            stories.end()


def agree(old: App, new: App, from_before: str) -> None:
    """What one wrote the other reads, and what one ends is over at the other."""
    old.rate(from_before, 7, 3.5)
    assert new.rating(from_before, 7) == 3.5
    from_new = new.session()
    new.rate(from_new, 7, 9.0)
    assert old.rating(from_new, 7) == 9.0
    assert old.rated(from_new) >= 1
    old.call("DELETE", "authentication/session", session_id=from_new)
    with pytest.raises(AssertionError, match="permissions"):
        new.rating(from_new, 7)
