"""What the browser tests share: Chromium, a stage on each engine, and tabs that complain of every broken policy.

All of them run on one event loop, because a browser belongs to the loop that started it.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.browser.stage import Sink, Stage, make_certificate
from tests.browser.tab import Tab
from tests.chromium import FLAGS
from tests.chromium import path as chromium_path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


def _check(engine: str, stage: Stage) -> None:
    """Every page that was served is HTML without a mistake; on the other engine they are the same."""
    if engine == "sqlite" and len(stage.pages):
        assert stage.pages.complaints() == []


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Admit One, served; on both engines, always."""
    databases = request.getfixturevalue(f"{request.param}_databases")
    stage = Stage(databases.fresh(), tmp_path_factory.mktemp("stage"))
    yield stage
    stage.close()
    _check(request.param, stage)


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def named_stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Admit One at a name that passkeys can be bound to; on both engines, always."""
    databases = request.getfixturevalue(f"{request.param}_databases")
    stage = Stage(databases.fresh(), tmp_path_factory.mktemp("stage"), "localhost")
    yield stage
    stage.close()
    _check(request.param, stage)


@pytest.fixture(scope="session")
def secure_sink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sink]:
    """The web server behind every https://….example."""
    sink = Sink(make_certificate(tmp_path_factory.mktemp("certificate")))
    yield sink
    sink.close()


@pytest.fixture(scope="session")
def sink() -> Iterator[Sink]:
    """A program on the person's own device that listens for the way back."""
    sink = Sink()
    yield sink
    sink.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium(secure_sink: Sink) -> AsyncIterator[Browser]:
    """The distribution's Chromium, for which every host under .example is our own sink."""
    rules = f"--host-resolver-rules=MAP *.example:443 127.0.0.1:{secure_sink.port}"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=[*FLAGS, rules])
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def tab(chromium: Browser, stage: Stage) -> AsyncIterator[Tab]:
    """A fresh browser with one tab, on which nobody is signed in."""
    tab = await Tab.open_in(chromium, stage)
    yield tab
    await tab.close()
