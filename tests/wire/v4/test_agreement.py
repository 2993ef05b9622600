"""Both generations show the same lists, marks and ratings, whichever wrote them: random sequences, on both engines."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from admitone.flows import accounts
from tests.wire.program import Program
from tests.world import FILMS, PASSWORD, SERIES, World

TITLES = [*(("movie", film) for film in FILMS), *(("tv", series) for series in SERIES), ("movie", 10)]
titles = st.sampled_from(TITLES)
lists = st.integers(0, 2)
changes = st.one_of(
    st.tuples(st.just("make"), st.sampled_from([3, 4]), st.booleans()),
    st.tuples(st.just("add"), st.sampled_from([3, 4]), lists, titles),
    st.tuples(st.just("remove"), st.sampled_from([3, 4]), lists, titles),
    st.tuples(st.just("clear"), st.sampled_from([3, 4]), lists),
    st.tuples(st.just("delete"), st.sampled_from([3, 4]), lists),
    st.tuples(st.just("mark"), st.sampled_from(["favorite", "watchlist"]), titles, st.booleans()),
    st.tuples(st.just("rate"), titles, st.integers(0, 20)),
)


class Somebody:
    """A new person, who does one thing after another by either generation."""

    def __init__(self, program: Program, token: str) -> None:
        self._program = program
        self._headers = {"Authorization": f"Bearer {token}"}
        self.lists: list[int] = []

    async def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """Call with the user access token and no session, as both generations may be."""
        sent = {} if body is None else {"json": body}
        answered = await self._program.http.request(method, path, params=query, headers=self._headers, **sent)
        assert answered.status_code < 500
        return answered.json()

    async def do(self, change: tuple[Any, ...]) -> None:
        """Make one change; what is refused changes nothing."""
        match change:
            case "make", 3, public:
                made = await self.call("POST", "/3/list", {"name": "A", "language": "en", "public": public})
                self.lists.append(made["list_id"])
            case "make", _, public:
                made = await self.call("POST", "/4/list", {"name": "A", "iso_639_1": "en", "public": int(public)})
                self.lists.append(made["id"])
            case "mark", mark, (kind, number), kept:
                await self.call("POST", f"/3/account/0/{mark}", {"media_type": kind, "media_id": number, mark: kept})
            case "rate", (kind, number), 0:
                await self.call("DELETE", f"/3/{kind}/{number}/rating")
            case "rate", (kind, number), halves:
                await self.call("POST", f"/3/{kind}/{number}/rating", {"value": halves / 2})
            case what, generation, number, *title:
                if number < len(self.lists):
                    await self._change_list(what, generation, self.lists[number], *title)

    async def _change_list(self, what: str, generation: int, number: int, title: tuple[str, int] = ("", 0)) -> None:
        items = {"items": [{"media_type": title[0], "media_id": title[1]}]}
        third: dict[str, tuple[Any, ...]] = {
            "add": ("POST", f"/3/list/{number}/add_item", {"media_id": title[1]}),
            "remove": ("POST", f"/3/list/{number}/remove_item", {"media_id": title[1]}),
            "clear": ("POST", f"/3/list/{number}/clear", {"confirm": True}),
            "delete": ("DELETE", f"/3/list/{number}"),
        }
        fourth: dict[str, tuple[Any, ...]] = {
            "add": ("POST", f"/4/list/{number}/items", items),
            "remove": ("DELETE", f"/4/list/{number}/items", items),
            "clear": ("GET", f"/4/list/{number}/clear"),
            "delete": ("DELETE", f"/4/{number}"),
        }
        await self.call(*(third if generation == 3 else fourth)[what])

    async def agree(self) -> None:
        """Read everything by both generations and compare."""
        third, fourth = await self.call("GET", "/3/account/0/lists"), await self.call("GET", "/4/account/0/lists")
        assert totals(third) == totals(fourth)
        assert [(row["id"], row["name"], row["item_count"], row["iso_639_1"]) for row in third["results"]] == [
            (row["id"], row["name"], row["number_of_items"], row["iso_639_1"]) for row in fourth["results"]
        ]
        for number in self.lists:
            here, there = await self.call("GET", f"/3/list/{number}"), await self.call("GET", f"/4/list/{number}")
            assert here.get("items") == there.get("results")
            assert here.get("status_code") == there.get("status_code")
            assert totals(here) == totals(there)
        for kind, plural in (("movie", "movies"), ("tv", "tv")):
            for mark, name in (("favorite", "favorites"), ("watchlist", "watchlist")):
                for way in ("created_at.asc", "created_at.desc"):
                    here = await self.call("GET", f"/3/account/0/{mark}/{plural}", sort_by=way)
                    there = await self.call("GET", f"/4/account/0/{kind}/{name}", sort_by=way)
                    assert totals(here) == totals(there)
                    assert here["results"] == [without(row, "media_type") for row in there["results"]]
            here = await self.call("GET", f"/3/account/0/rated/{plural}")
            there = await self.call("GET", f"/4/account/0/{kind}/rated")
            assert totals(here) == totals(there)
            assert [without(row, "rating") for row in here["results"]] == [
                without(row, "account_rating") for row in there["results"]
            ]
            assert [row["rating"] for row in here["results"]] == [
                row["account_rating"]["value"] for row in there["results"]
            ]


def totals(page: dict[str, Any]) -> list[Any]:
    """What a page says of all pages."""
    return [page.get(name) for name in ("page", "total_pages", "total_results")]


def without(row: dict[str, Any], name: str) -> dict[str, Any]:
    """A row without the field that only one generation has."""
    return {each: value for each, value in row.items() if each != name}


def names() -> Iterator[str]:
    """User names that nobody has."""
    while True:
        yield f"p{uuid4().hex[:12]}"


NAMES = names()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=st.lists(changes, min_size=4, max_size=14))
async def test_both_generations_show_the_same_whichever_wrote_it(world: World, done: list[tuple[Any, ...]]) -> None:
    person = await accounts.add(world.house, next(NAMES), PASSWORD)
    program = Program(world)
    somebody = Somebody(program, await world.access_token(world.cineshelf, person))
    for change in done:
        await somebody.do(change)
        world.clock.advance(1)
    await somebody.agree()
    await program.http.aclose()
