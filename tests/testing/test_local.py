"""A sandbox of one's own ends at once, and leaves nothing behind, whoever still holds a line to it."""

import gc

import httpx
import pytest

from admitone.testing.local import LocalSandbox


@pytest.mark.filterwarnings("error")
def test_it_ends_over_lines_that_are_open(caplog: pytest.LogCaptureFixture) -> None:
    sandbox = LocalSandbox()
    with httpx.Client(base_url=sandbox.url) as idle, httpx.Client(base_url=sandbox.url) as held:
        world = idle.post("/sandbox/worlds", json={}).json()["world"]
        with held.stream("GET", f"/sandbox/inspect/{world}/live") as answer:
            lines = answer.iter_lines()
            next(lines)
            sandbox.stop()
            gc.collect()
            with pytest.raises(httpx.TransportError):
                list(lines)
        with pytest.raises(httpx.TransportError):
            idle.get("/sandbox/health")
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
