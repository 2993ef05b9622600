"""`admitone serve --workers N`: several processes behind one port that come, go and give way without a gap."""

import os
import re
import resource
import signal
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from tests.callers import App
from tests.running import Admitone, Server, until

BEGAN = re.compile(r"Started server process \[(\d+)\]")
ENDED = re.compile(r"Finished server process \[(\d+)\]")


def began(server: Server) -> list[int]:
    """The workers that have ever served, oldest first."""
    return [int(pid) for pid in BEGAN.findall(server.err.read_text())]


def ended(server: Server) -> set[int]:
    """Those of them that stopped as they should."""
    return {int(pid) for pid in ENDED.findall(server.err.read_text())}


def crew(admitone: Admitone, size: int = 2, **env: str) -> Server:
    """A server with so many workers, all of them serving."""
    server = admitone.serve("--workers", str(size), env=env)
    until(lambda: len(began(server)) == size or None, "crew")
    return server


@contextmanager
def asked_all_the_time(app: App, session: str) -> Iterator[list[int]]:
    """Calls without a pause on a connection that is kept, as long as the block lasts; their statuses."""
    statuses: list[int] = []
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            statuses.extend((app.account(session).status_code, app.rate(session, 550, 8.5).status_code))

    with ThreadPoolExecutor(1) as hands:
        asking = hands.submit(ask)
        try:
            until(lambda: len(statuses) > 4 or None, "answers")
            yield statuses
        finally:
            over.set()
        asking.result()


@pytest.mark.holds("S19")
def test_what_one_worker_wrote_every_other_sees_at_once(peopled: Admitone) -> None:
    credentials = peopled.add_app("CineShelf", "mira")
    server = crew(peopled)
    # A connection stays with one worker; of sixteen, some are with each.
    apps = [App(peopled, server, credentials) for _ in range(16)]
    session = apps[0].session()
    for number, app in enumerate(apps):
        assert app.rate(session, 550, number % 10 + 1).status_code == 201
        assert {other.rated(session)[550] for other in apps} == {number % 10 + 1}
    assert apps[0].call("DELETE", "/3/authentication/session", {"session_id": session}).status_code == 200
    assert {app.account(session).status_code for app in apps} == {401}


def test_workers_that_are_killed_as_soon_as_they_serve_are_replaced_each_time(peopled: Admitone) -> None:
    server = crew(peopled)
    left, *killed = began(server)

    def ten() -> bool | None:
        newest = began(server)[-1]
        if newest not in killed[1:]:
            os.kill(newest, signal.SIGKILL)
            killed.append(newest)
        return len(killed) == 10 or None

    # If each had to wait twice as long as the one before, this would take minutes.
    until(ten, "ten replacements")
    until(lambda: len(began(server)) == 11 or None, "the last one")
    assert httpx.get(f"{server.url}/health/ready").status_code == 200
    assert server.stop() == 0
    assert ended(server) == {left, began(server)[-1]}


def test_old_workers_stay_as_long_as_no_new_one_comes_to_serve(peopled: Admitone) -> None:
    server = crew(peopled)
    old = began(server)
    keys = peopled.key_ring.read_bytes()
    peopled.key_ring.write_bytes(b"no keys")
    server.send(signal.SIGHUP)
    # Twice, so that whoever looks after them had time to do something about the old ones.
    until(lambda: server.err.read_text().count("a worker ended") == 2 or None, "failed starts")
    assert httpx.get(f"{server.url}/health/ready").status_code == 200
    assert ended(server) == set()

    peopled.key_ring.write_bytes(keys)
    until(lambda: ended(server) == set(old) or None, "end of the old workers")
    assert len(began(server)) == 4
    assert httpx.get(f"{server.url}/health/ready").status_code == 200
    assert server.stop() == 0


def test_new_workers_take_over_without_a_failed_call(peopled: Admitone) -> None:
    credentials = peopled.add_app("CineShelf", "mira")
    server = crew(peopled)
    old = began(server)
    app = App(peopled, server, credentials)
    with asked_all_the_time(app, app.session()) as statuses:
        server.send(signal.SIGHUP)
        until(lambda: ended(server) == set(old) or None, "end of the old workers")
        asked = len(statuses)
        until(lambda: len(statuses) > asked + 8 or None, "answers of the new ones")

    assert set(statuses) == {200, 201}
    assert len(began(server)) == 4
    assert server.stop() == 0
    assert ended(server) == set(began(server))


def test_a_program_that_cannot_be_run_anew_leaves_the_old_workers(alone: Admitone) -> None:
    settings = alone.folder / "admitone.toml"
    settings.write_text("workers = 2\n")
    server = alone.serve("--config", str(settings))
    settings.write_text('workers = "many"\n')
    server.send(signal.SIGHUP)
    until(lambda: "not handed over" in server.err.read_text() or None, "refusal")

    assert httpx.get(f"{server.url}/health/ready").status_code == 200
    assert ended(server) == set()


def test_a_database_that_is_away_leaves_the_old_workers(alone: Admitone) -> None:
    settings = alone.folder / "admitone.toml"
    there = f'workers = 2\ndatabase = "{alone.database}"\n'
    settings.write_text(there)
    server = alone.serve("--config", str(settings), env={"ADMITONE_DATABASE": ""})
    until(lambda: len(began(server)) == 2 or None, "crew")
    old = began(server)
    settings.write_text('workers = 2\ndatabase = "postgresql://nobody@127.0.0.1:1/away"\n')
    server.send(signal.SIGHUP)
    until(lambda: "a worker ended" in server.err.read_text() or None, "failed start")
    assert httpx.get(f"{server.url}/health/ready").status_code == 200
    assert ended(server) == set()

    settings.write_text(there)
    server.send(signal.SIGHUP)
    until(lambda: ended(server) == set(old) or None, "end of the old workers")
    assert httpx.get(f"{server.url}/health/ready").status_code == 200
    assert server.stop() == 0


def test_a_machine_that_has_nothing_left_for_new_workers_keeps_those_there_are(alone: Admitone) -> None:
    server = crew(alone)
    left, killed = began(server)
    usual = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (3, usual[1]))
    os.kill(killed, signal.SIGKILL)
    until(lambda: "no worker could be started" in server.err.read_text() or None, "failed start")
    server.send(signal.SIGHUP)
    until(lambda: "not handed over" in server.err.read_text() or None, "refusal")
    assert httpx.get(f"{server.url}/health/ready").status_code == 200
    assert ended(server) == set()

    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, usual)
    until(lambda: len(began(server)) == 3 or None, "another worker")
    assert server.stop() == 0
    assert ended(server) == {left, began(server)[-1]}


def test_a_worker_alone_stays_on_sighup_and_says_why(alone: Admitone) -> None:
    server = alone.serve()
    server.send(signal.SIGHUP)
    until(lambda: "SIGHUP is not heeded" in server.err.read_text() or None, "word of it")
    assert httpx.get(f"{server.url}/health/ready").status_code == 200
    assert server.stop() == 0


def test_a_crew_that_stops_holds_no_port_open_beside_its_workers(alone: Admitone) -> None:
    server = crew(alone, ADMITONE_DRAIN_SECONDS="600")

    def sockets() -> list[str]:
        found = []
        for held in Path(f"/proc/{server.pid}/fd").iterdir():
            with suppress(FileNotFoundError):
                found.append(str(held.readlink()))
        return [name for name in found if name.startswith("socket:")]

    assert sockets()
    server.send(signal.SIGTERM)
    until(lambda: not sockets() or None, "end of listening")
    assert server.status() is None
    for worker in began(server):
        os.kill(worker, signal.SIGKILL)
    assert server.wait() == 0


def test_no_worker_outlives_who_looks_after_it(peopled: Admitone) -> None:
    server = crew(peopled)
    server.kill()

    until(lambda: ended(server) == set(began(server)) or None, "end of the workers")
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{server.url}/health/live")


def test_sqlite_with_several_workers_says_what_it_costs(alone: Admitone) -> None:
    assert "write no faster than one" in crew(alone).err.read_text()


def test_a_server_that_stops_says_so_before_it_turns_anybody_away(alone: Admitone) -> None:
    server = alone.serve(env={"ADMITONE_DRAIN_SECONDS": "600"})
    with httpx.Client(base_url=server.url) as client:
        assert client.get("/health/ready").json() == {"success": True}
        server.send(signal.SIGTERM)
        until(lambda: client.get("/health/ready").is_error or None, "word of leaving")

        refused = client.get("/health/ready")
        assert (refused.status_code, refused.json()["status_code"]) == (503, 9)
        assert httpx.get(f"{server.url}/health/live").status_code == 200
        assert httpx.get(f"{server.url}/3/authentication").status_code == 401
        # Whose clock has not stopped: the second at which it says it is goes on.
        date = client.get("/health/live").headers["date"]
        until(lambda: client.get("/health/live").headers["date"] != date or None, "the next second")
    server.send(signal.SIGINT)  # nobody has to wait for the rest of ten minutes
    assert server.wait() == 0


def test_health_refuses_what_it_does_not_know(alone: Admitone) -> None:
    server = alone.serve()
    for path in ("/health", "/health/", "/health/readyz"):
        assert httpx.get(f"{server.url}{path}").status_code == 404
    answer = httpx.post(f"{server.url}/health/live")
    assert answer.status_code == 405
    assert answer.json()["success"] is False


@pytest.mark.holds("S13")
def test_each_worker_tells_its_figures_and_names_nobody(peopled: Admitone) -> None:
    credentials = peopled.add_app("CineShelf", "mira")
    # Held, so that nobody else is given it; who shares it may listen on it.
    held = peopled.opened.enter_context(socket.socket())
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    held.bind(("127.0.0.1", 0))
    port = held.getsockname()[1]
    server = peopled.serve(env={"ADMITONE_METRICS_ADDRESS": f"127.0.0.1:{port}"})
    app = App(peopled, server, credentials)
    session = app.session()
    assert app.rate(session, 550, 8.5).status_code == 201
    assert app.rate(session, 550, 8.4).status_code == 400
    told = httpx.get(f"http://127.0.0.1:{port}/metrics").text

    assert 'admitone_request_seconds_count{route="/3/movie/{movie_id}/rating",status="201"} 1.0' in told
    assert 'admitone_refusals_total{fault="rating_not_half"} 1.0' in told
    assert "admitone_requests_in_progress 0.0" in told
    assert "admitone_hashing_passwords 0.0" in told
    assert re.search(r"admitone_commit_seconds_count [1-9]", told)
    labels = " ".join(re.findall(r"{.*}", told))
    assert [secret for secret in (session, credentials.api_key, "mira", "CineShelf", "550") if secret in labels] == []
    assert httpx.get(f"{server.url}/metrics").status_code == 404
