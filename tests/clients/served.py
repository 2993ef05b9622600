"""A server for clients that others wrote: one real process on either engine, an app, a person with a session."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.callers import App, Person
from tests.databases import Databases
from tests.running import Nursery, Server, program
from tests.world import PASSWORD

USERNAME = "regina.phalange"  # tmdbsimple's tests know her


class Served:
    """What a client is told: where, and as whom. Acts itself through `app`."""

    def __init__(self, server: Server, app: App, read_token: str, person: Person) -> None:
        self.origin = server.url
        self.app = app
        self.key = app.key
        self._person = person
        self.read_token = read_token
        self.username, self.password = USERNAME, PASSWORD
        self.session = app.session(USERNAME)

    def approved(self) -> str:
        """A request token of the fourth generation that she approved at her browser."""
        self._person.sign_in(self.username, self.password)
        return self.app.approved_access(self._person)

    def does(self, method: str, path: str, body: dict[str, object] | None = None, **query: str) -> dict[str, object]:
        """What she does, with her session; it must succeed."""
        response = self.app.call(method, f"/3{path}", body, session_id=self.session, **query)
        assert response.is_success, response.text
        answer: dict[str, object] = response.json()
        return answer


@pytest.fixture
def served(nursery: Nursery, tmp_path: Path, databases: Databases) -> Iterator[Served]:
    """`admitone serve` with the sample catalogue, on a database that nobody has made yet."""
    with program(nursery, tmp_path / "served", databases.empty()) as admitone:
        admitone.add_account(USERNAME)
        credentials = admitone.add_app("Phoebe's films", USERNAME)
        server = admitone.serve()
        app, person = App(admitone, server, credentials), Person(admitone, server)
        yield Served(server, app, credentials.read_token, person)
