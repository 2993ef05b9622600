"""What is nobody's own may be kept by anybody for a while, and is not sent again to who has it; all else never."""

import re

import pytest

from admitone.wire.call import Route
from admitone.wire.routes import ROUTES
from tests.wire.program import Program
from tests.wire.situation import Situation
from tests.world import World

PLACES = {"movie_id": "550", "series_id": "1396", "season_number": "1", "episode_number": "2", "external_id": "tt1"}
KEPT = [row for row in ROUTES if row.fresh_s]


def target(row: Route, more: str = "") -> str:
    return f"{row.path.format(**PLACES)}?api_key={{key}}&query=fight&external_source=imdb_id{more}"


async def test_what_is_nobody_s_own_is_kept_and_marked(
    world: World, program: Program, subtests: pytest.Subtests
) -> None:
    situation = Situation(world)
    for row in KEPT:
        with subtests.test(row.path):
            whole = await program.raw("GET", await situation.fill(target(row)))
            mark = whole.header("etag")
            assert whole.status == 200
            assert whole.header("cache-control") == f"public, max-age={row.fresh_s}"
            assert whole.header("vary") == "Authorization"
            assert mark is not None
            assert re.fullmatch(r'W/"[0-9a-f]{16}"', mark)
            for known in (mark, f'"other", {mark}', "*"):
                again = await program.raw("GET", await situation.fill(target(row)), {"If-None-Match": known}.items())
                assert (again.status, again.body, again.header("content-length")) == (304, b"", None)
                assert again.header("etag") == mark
            other = await program.raw("GET", await situation.fill(target(row)), {"If-None-Match": 'W/"0"'}.items())
            assert other.body == whole.body
            head = await program.raw("HEAD", await situation.fill(target(row)))
            assert (head.status, head.body, head.header("etag")) == (200, b"", mark)
            assert head.header("content-length") == str(len(whole.body))


@pytest.mark.holds("F23", "B13")
async def test_what_somebody_asks_for_is_kept_by_nobody(
    world: World, program: Program, subtests: pytest.Subtests
) -> None:
    situation = Situation(world)
    for row in KEPT:
        for who in ("&session_id={session}", "&guest_session_id={guest}"):
            with subtests.test(row.path, who=who):
                answered = await program.raw("GET", await situation.fill(target(row, who)))
                assert (answered.status, answered.header("cache-control")) == (200, "no-store")
                assert answered.header("etag") is None


def test_only_answers_for_any_app_that_change_nothing_may_be_kept() -> None:
    assert {(row.who, row.writes) for row in KEPT} == {("app", False)}
