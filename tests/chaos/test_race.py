"""Many exchanges of one request token at once, by two server processes on one database: one session, ever."""

import asyncio
import os

import pytest

from tests import vault
from tests.chaos.asks import AppAsks, PersonAsks, refusal, visit_cookie
from tests.chaos.line import Line
from tests.running import Admitone

ROUNDS = int(os.environ.get("ADMITONE_ROUNDS", "500"))
AT_ONCE = 16
DENIED = (401, 17)


@pytest.mark.timeout(600)
@pytest.mark.holds("F11")
async def test_one_token_exchanged_sixteen_times_at_once_by_two_servers_is_one_session(admitone: Admitone) -> None:
    credentials = admitone.add_app("CineShelf", "mira")
    servers = [admitone.serve(), admitone.serve()]
    lines = [await Line.open(servers[number % 2].port) for number in range(AT_ONCE)]
    app = AppAsks(credentials.api_key)
    person = PersonAsks(servers[0].port)
    page = await lines[0].call(person.sign_in_page())
    person = PersonAsks(servers[0].port, visit_cookie(await lines[0].call(person.sign_in(page))))
    sessions: set[str] = set()
    for _ in range(ROUNDS):
        token = (await lines[1].call(app.token())).json["request_token"]
        ticket = await lines[0].call(person.ticket(token))
        assert (await lines[0].call(person.approve(token, ticket))).status == 303
        for line in lines:
            line.ask(app.session(token))
        answers = await asyncio.gather(*(line.answer() for line in lines))
        won = [answer.json["session_id"] for answer in answers if answer.status == 200]
        assert len(won) == 1
        assert [refusal(answer) for answer in answers if answer.status != 200] == [DENIED] * (AT_ONCE - 1)
        sessions.update(won)
    account = await lines[1].call(app.account(min(sessions)))
    assert account.json["username"] == "mira"
    for line in lines:
        await line.close()
    admitone.secrets |= sessions

    assert len(sessions) == ROUNDS
    [(kept, tokens)], [(spent,)], [(told,)] = vault.look(
        admitone.database,
        "SELECT count(*), count(DISTINCT token_digest) FROM sessions",
        "SELECT count(*) FROM request_tokens WHERE state = 'spent'",
        "SELECT count(*) FROM events WHERE kind = 'session started'",
    )
    assert kept == tokens == spent == told == ROUNDS
