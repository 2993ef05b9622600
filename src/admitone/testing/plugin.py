"""This file is the pytest plugin: a world for each test that asks for one, and nothing for all others.

pytest loads it wherever Admit One is installed, so that it imports nothing by itself but pytest.
"""

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from admitone.testing.sandbox import Sandbox
    from admitone.testing.world import World

WORLD = pytest.StashKey["World"]()
MARKER = "admitone(seed, profile, clock, entropy): what the world of this test begins with"
LONGEST_LOG = 20_000  # characters in a report


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the address of a sandbox that runs already."""
    group = parser.getgroup("admitone", "Admit One")
    group.addoption(
        "--admitone-url",
        metavar="URL",
        help="Use the sandbox at this address, like http://127.0.0.1:8000, and start none.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker."""
    config.addinivalue_line("markers", MARKER)


@pytest.fixture(scope="session")
def admitone_server(request: pytest.FixtureRequest) -> Iterator["Sandbox"]:
    """The sandbox of this run: its `url`, and `world()` for a test that needs several."""
    from admitone.testing.control import SandboxError

    url = request.config.getoption("--admitone-url")
    try:
        if url:
            from admitone.testing.sandbox import Sandbox

            sandbox = Sandbox(url)
        else:
            from admitone.testing.local import LocalSandbox

            sandbox = LocalSandbox()
    except (SandboxError, ValueError) as error:
        pytest.fail(f"admitone: {error}", pytrace=False)
    yield sandbox
    sandbox.stop()


@pytest.fixture
def admitone(admitone_server: "Sandbox", request: pytest.FixtureRequest) -> Iterator["World"]:
    """A fresh world: `base_url` and `api_key` for the app under test, people, clock, faults and log for the test."""
    marker = request.node.get_closest_marker("admitone")
    world = admitone_server.world(**(marker.kwargs if marker else {}))
    request.node.stash[WORLD] = world
    yield world
    del request.node.stash[WORLD]
    world.delete()


# The older kind of wrapper: a pytest that does not know the newer one must not fail because we are installed.
@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    """Put the log of the world into the report of a test that failed."""
    outcome = yield
    report = outcome.get_result()
    world = item.stash.get(WORLD, None)
    if report.failed and world is not None:
        report.sections.append(("Admit One: what happened in the world of this test", _told(world)))


def _told(world: "World") -> str:
    from admitone.testing.control import SandboxError

    try:
        return str(world.log)[-LONGEST_LOG:] or "nothing"
    except SandboxError as error:
        return str(error)
