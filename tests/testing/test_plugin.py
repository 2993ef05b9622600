"""The pytest plugin gives each test a world of its own, costs nobody else anything, and tells what went wrong."""

from collections.abc import Iterator

import pytest

from admitone.testing.local import LocalSandbox

pytest_plugins = ("pytester",)

# What the plugin must not load for people who do not use it.
HEAVY = ("admitone.app", "admitone.testing.world", "uvicorn", "starlette", "sqlalchemy", "msgspec", "httpx", "requests")
WITHOUT_OURS = ("-p", "no:randomly", "-p", "no:schemathesis", "-p", "no:cacheprovider", "-p", "no:asyncio")


@pytest.fixture
def people(pytester: pytest.Pytester) -> pytest.Pytester:
    """Somebody who tests their app: a folder with a configuration of its own."""
    pytester.makeini("[pytest]\naddopts = --strict-markers -W error\n")
    return pytester


@pytest.fixture(scope="module")
def running() -> Iterator[LocalSandbox]:
    sandbox = LocalSandbox()
    yield sandbox
    sandbox.stop()


def run(people: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return people.runpytest_subprocess(*WITHOUT_OURS, *arguments, timeout=100)


WORLDS = """
    import json, urllib.request
    import pytest

    def get(admitone, path, **query):
        query = "&".join(f"{name}={value}" for name, value in {"api_key": admitone.api_key, **query}.items())
        with urllib.request.urlopen(f"{admitone.base_url}/3/{path}?{query}") as answer:
            return json.load(answer)

    seen = set()

    @pytest.mark.parametrize("number", range(6))
    def test_each_has_a_world(admitone, number):
        assert admitone.api_key not in seen
        seen.add(admitone.api_key)
        assert admitone.tokens["request_tokens"] == []
        get(admitone, "authentication/token/new")
        assert [token["state"] for token in admitone.tokens["request_tokens"]] == ["pending"]
        assert len(admitone.log.calls) == 1

    @pytest.mark.admitone(seed="any", profile="observed", clock="2027-01-15T08:00:00Z", entropy="x")
    def test_it_begins_as_its_marker_says(admitone):
        assert admitone.clock.now.isoformat() == "2027-01-15T08:00:00+00:00"
        assert admitone.clock.frozen
        assert get(admitone, "movie/424242")["id"] == 424242

    def test_the_server_makes_more_of_them(admitone_server, admitone):
        other = admitone_server.world(seed="sample")
        assert (other.base_url, other.name != admitone.name) == (admitone.base_url, True)
        other.delete()
"""


def test_each_test_has_a_world_of_its_own_and_workers_do_not_meet(people: pytest.Pytester) -> None:
    people.makepyfile(WORLDS)
    run(people, "-n", "2").assert_outcomes(passed=8)


def test_a_server_that_runs_already_is_used_and_left_alone(people: pytest.Pytester, running: LocalSandbox) -> None:
    people.makepyfile(f"""
        def test_it_is_this_one(admitone):
            assert admitone.base_url == "{running.url}"
    """)
    before = running.control.call("GET", "/health")["worlds"]
    run(people, "--admitone-url", running.url, "-p", "no:xdist").assert_outcomes(passed=1)
    assert running.control.call("GET", "/health")["worlds"] == before


@pytest.mark.parametrize(("url", "said"), [("http://127.0.0.1:1", "no sandbox answers at"), ("what", "like http://")])
def test_a_server_that_is_not_there_is_told_in_a_sentence(people: pytest.Pytester, url: str, said: str) -> None:
    people.makepyfile("def test_it(admitone): pass")
    result = run(people, "--admitone-url", url, "-p", "no:xdist")
    result.assert_outcomes(errors=1)
    assert said in result.stdout.str()
    assert "Traceback" not in result.stdout.str()


def test_the_log_of_the_world_is_in_the_report_of_a_failure(people: pytest.Pytester, running: LocalSandbox) -> None:
    people.makepyfile("""
        import urllib.error, urllib.request

        def test_it(admitone):
            address = f"{admitone.base_url}/3/account?api_key={admitone.api_key}&session_id=" + "ab" * 20
            try:
                urllib.request.urlopen(address)
            except urllib.error.HTTPError as error:
                error.close()
            admitone.clock.advance(minutes=61)
            assert False

        def test_that_passes(admitone):
            pass

        def test_that_has_none():
            assert False
    """)
    result = run(people, "--admitone-url", running.url, "-p", "no:xdist", "--tb=native")
    result.assert_outcomes(passed=1, failed=2)
    told = result.stdout.str()
    assert told.count("Admit One: what happened") == 1
    result.stdout.fnmatch_lines(
        ["*401 * GET /3/account?*", "*This app has no such session in this world*", "*control*"]
    )
    assert "ab" * 20 not in told


def test_whoever_does_not_use_it_pays_nothing(people: pytest.Pytester) -> None:
    people.makeconftest(f"""
        import sys

        def pytest_unconfigure():
            print("loaded", [name for name in {HEAVY!r} if name in sys.modules])
    """)
    people.makepyfile("def test_nothing(): pass")
    result = run(people, "-p", "no:xdist")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["loaded []"])


def test_it_is_found_by_every_pytest_where_admit_one_is_installed(people: pytest.Pytester) -> None:
    assert "@pytest.mark.admitone(seed, profile, clock, entropy)" in run(people, "--markers").stdout.str()
