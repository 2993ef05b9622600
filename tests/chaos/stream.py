"""A stream of apps and people who sign in, approve, exchange, rate and leave, whatever becomes of the server."""

import asyncio
import itertools
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from tests.chaos.asks import AppAsks, PersonAsks, refusal, visit_cookie
from tests.chaos.ledger import ENDED, LIVE, Ledger
from tests.chaos.line import Answer, Ask, CutError, Line
from tests.chaos.timeline import Timeline

DENIED = (401, 17)


def refused_for_now(answer: Answer) -> bool:
    """Whether there were too many logins: each that is cut off before its end counts as a wrong one."""
    return answer.status == 429


class Stream:
    """What all actors share: where the server is now, how much it has answered, what that was."""

    def __init__(self, ledger: Ledger, app: AppAsks, seed: int) -> None:
        self.ledger = ledger
        self.app = app
        self.chance = random.Random(seed)
        self.films = itertools.count(1)
        self.port = 0
        self.answered = 0
        self.over = False
        # Statuses that count as no answer; for tests that take the database away from under the server.
        self.excused: set[int] = set()
        # After each answer; for tests that need somebody there all the time more than as much as there can be.
        self.breath_s = 0.0
        self.timeline = Timeline()
        # All that are open, and what to do when one is cut.
        self.lines: set[Line] = set()
        self.cut: Callable[[Line], None] = lambda _: None
        self._flying = 0
        self._landed = asyncio.Event()
        self._up = asyncio.Event()
        self._goal = 0
        self._reached = asyncio.Event()

    def up(self, port: int) -> None:
        """The server is there, on this port."""
        self.port = port
        self._up.set()

    def down(self) -> None:
        """The server is gone."""
        self._up.clear()

    async def server(self) -> int:
        """Wait until there is a server; its port."""
        await self._up.wait()
        return self.port

    async def good_answers(self, number: int, acting: asyncio.Task[None]) -> None:
        """Wait until so many more good answers have come, or until something went wrong: then raise it."""
        self._goal = self.answered + number
        self._reached.clear()
        reached = asyncio.ensure_future(self._reached.wait())
        await asyncio.wait({acting, reached}, return_when=asyncio.FIRST_COMPLETED)
        reached.cancel()
        if acting.done():
            acting.result()

    async def quiet(self) -> None:
        """Let nobody ask any more until `up`, and wait until all who have asked were answered."""
        self.down()
        while self._flying:
            self._landed.clear()
            await self._landed.wait()

    @contextmanager
    def flight(self) -> Iterator[None]:
        """As long as this lasts, somebody waits for an answer."""
        self._flying += 1
        try:
            yield
        finally:
            self._flying -= 1
            self._landed.set()

    def hears(self, ask: Ask, answer: Answer, asked_at: float) -> None:
        """Count a good answer."""
        self.answered += 1
        self.timeline.answered(ask, answer, asked_at)
        if self.answered >= self._goal:
            self._reached.set()

    async def run(self, actors: int, readers: int = 0) -> None:
        """Let so many actors act until it is over, and some who only look."""
        async with asyncio.TaskGroup() as together:
            for _ in range(actors):
                together.create_task(Actor(self).act())
            for _ in range(readers):
                together.create_task(Actor(self).look())


class Actor:
    """An app and its person: one story after the other, each of them carried on after a cut where it stood."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._ledger = stream.ledger
        self._lines: list[Line] = []
        self._lines_to = 0
        self._cookie = ""

    async def act(self) -> None:
        """Live until it is over."""
        try:
            while not self._stream.over:
                if token := await self._token():
                    await (self._approve_by_login if self._chance(0.1) else self._approve)(token)
                    if session := await self._exchange(token):
                        await self._use(session)
        finally:
            await self._hang_up()

    async def look(self) -> None:
        """Look with one session again and again until it is over: it must be there each time."""
        try:
            session = None
            while session is None and not self._stream.over:
                if token := await self._token():
                    await self._approve(token)
                    session = await self._exchange(token)
            while session and not self._stream.over:
                account = await self._call(self._stream.app.account(session))
                assert account is None or account.json.get("username") == "mira", account
                film = await self._call(self._stream.app.film(550))
                assert film is None or film.json["id"] == 550, film
        finally:
            await self._hang_up()

    async def _token(self) -> str | None:
        answer = await self._call(self._stream.app.token())
        if answer is None:
            return None
        assert answer.status == 200, answer
        token = str(answer.json["request_token"])
        self._ledger.made(token)
        return token

    async def _approve(self, token: str) -> None:
        """On the page, by hand; after a cut, look again whether it was done."""
        while True:
            person = await self._person()
            ticket = await self._call(person.ticket(token))
            if ticket is None:
                continue
            if ticket.status == 303:
                assert ticket.headers["location"] == f"/authenticate/{token}/allow", ticket
                assert self._ledger.tokens[token] > {"approved"}, "approved without being asked"
                break
            asked = person.approve(token, ticket)
            self._ledger.tokens[token].add("approved")
            answer = await self._call(asked)
            if answer is not None:
                assert (answer.status, answer.headers["location"]) == (303, f"/authenticate/{token}/allow"), answer
                break
        self._ledger.tokens[token] = {"approved"}

    async def _approve_by_login(self, token: str) -> None:
        self._ledger.tokens[token].add("approved")
        while (answer := await self._call(self._stream.app.login(token))) is None:
            pass
        if refused_for_now(answer):
            return await self._approve(token)
        assert answer.status == 200, answer
        self._ledger.tokens[token] = {"approved"}
        return None

    async def _exchange(self, token: str) -> str | None:
        """Exchange, sometimes twice at once; the session, None for one that was made but whose answer was cut off."""
        cut = False
        self._ledger.tokens[token].add("spent")
        while True:
            answers = await self._call_at_once(self._stream.app.session(token), 2 if self._chance(0.3) else 1)
            won = [answer.json["session_id"] for answer in answers if answer and answer.status == 200]
            assert len(won) <= 1, "two sessions of one token"
            assert all(refusal(answer) == DENIED for answer in answers if answer and answer.status != 200)
            if won:
                self._ledger.began(won[0], token)
                return str(won[0])
            if None not in answers:
                assert cut, "an approved token was denied"
                self._ledger.tokens[token] = {"spent"}
                return None
            cut = True

    async def _use(self, session: str) -> None:
        while (account := await self._call(self._stream.app.account(session))) is None:
            pass
        assert account.json["username"] == "mira"
        for _ in range(2):
            film = next(self._stream.films)
            await self._rate(session, film)
            if self._chance(0.5):
                await self._rate(session, film)
        if self._chance(0.3):
            await self._end(session)

    async def _rate(self, session: str, film: int) -> None:
        halves = self._stream.chance.randint(1, 20)
        # One that was cut off before may still be under way in the database, and be done after this one.
        before = self._ledger.ratings.setdefault(film, {None})
        late = before - {None} if len(before) > 1 else set()
        before.add(halves)
        answer = await self._call(self._stream.app.rating(session, film, halves))
        if answer is not None:
            assert answer.status == 201, answer
            self._ledger.ratings[film] = {halves, *late}

    async def _end(self, session: str) -> None:
        cut = False
        self._ledger.sessions[session].add(ENDED)
        while (answer := await self._call(self._stream.app.end(session))) is None:
            cut = True
        assert answer.status == 200 or (cut and refusal(answer) == (404, 37)), answer
        self._ledger.sessions[session] -= {LIVE}
        for account in await self._call_at_once(self._stream.app.account(session), 2):
            assert account is None or refusal(account) == (401, 3)

    async def _person(self) -> PersonAsks:
        """A browser on which mira is signed in: nearly always the one from before."""
        while not self._cookie or self._chance(0.03):
            port = await self._stream.server()
            page = await self._call(PersonAsks(port).sign_in_page())
            signed_in = page and await self._call(PersonAsks(port).sign_in(page))
            if signed_in and not refused_for_now(signed_in):
                self._cookie = visit_cookie(signed_in)
                self._ledger.admitone.secrets.add(signed_in.cookies["visit"])
        return PersonAsks(await self._stream.server(), self._cookie)

    async def _call(self, ask: Ask) -> Answer | None:
        """The answer; None when the line was cut, or for an excuse."""
        [answer] = await self._call_at_once(ask, 1)
        return answer

    async def _call_at_once(self, ask: Ask, times: int) -> list[Answer | None]:
        try:
            await self._connect(times)
        except CutError:
            return [None] * times
        with self._stream.flight():
            answers = await asyncio.gather(*(self._on_line(line, ask) for line in self._lines[:times]))
        if self._stream.breath_s:
            await asyncio.sleep(self._stream.breath_s)
        return list(answers)

    async def _connect(self, lines: int) -> None:
        port = await self._stream.server()
        if port != self._lines_to:
            await self._hang_up()
            self._lines_to = port
        while len(self._lines) < lines:
            self._lines.append(await Line.open(port))
            self._stream.lines.add(self._lines[-1])

    async def _on_line(self, line: Line, ask: Ask) -> Answer | None:
        asked_at = time.monotonic()
        try:
            answer = await line.call(ask)
        except CutError:
            self._lines_to = 0
            self._stream.cut(line)
            return None
        if answer.status in self._stream.excused:
            return None
        self._stream.hears(ask, answer, asked_at)
        return answer

    async def _hang_up(self) -> None:
        lines, self._lines = self._lines, []
        self._stream.lines.difference_update(lines)
        for line in lines:
            with suppress(OSError):
                await line.close()

    def _chance(self, share: float) -> bool:
        return self._stream.chance.random() < share
