"""What a program may ask for at most, how long it has to wait, and how long what it gets is good for."""

from datetime import UTC, datetime

import pytest

from admitone.model.limits import LOGIN_BY_ACCOUNT, LOGIN_BY_NETWORK, TOKENS
from tests.wire.dumps import changed, dump
from tests.wire.goldens import REFUSALS, wrong_headers
from tests.wire.program import Answered, Program
from tests.world import PASSWORD, START, World

HOUR = 60 * 60 * 1000
FORM = [("Content-Type", "application/x-www-form-urlencoded")]


async def login(program: Program, token: str, username: str, password: str, peer: str = "203.0.113.7") -> Answered:
    body = f"username={username}&password={password.replace(' ', '+')}&request_token={token}"
    target = f"/3/authentication/token/validate_with_login?api_key={program.app.key}"
    return await program.raw("POST", target, FORM, body.encode(), peer=peer)


async def test_tokens_are_limited_for_one_app_and_network(world: World) -> None:
    program = Program(world)
    target = f"/3/authentication/token/new?api_key={program.app.key}"
    statuses = [(await program.raw("GET", target)).status for _ in range(TOKENS.burst)]
    assert set(statuses) == {200}
    before = await dump(world.house)
    answered = await program.raw("GET", target)
    assert (answered.status, answered.json()) == REFUSALS["25"]
    assert not list(wrong_headers(answered, {"retry-after": "1"}, plain=True))
    assert not changed(before, await dump(world.house))
    assert (await program.raw("GET", target, peer="203.0.113.8")).status == 200, "another network has its own"
    other = f"/3/authentication/token/new?api_key={world.reelsync.key}"
    assert (await program.raw("GET", other)).status == 200, "so has another app"
    world.clock.advance(1000)
    assert (await program.raw("GET", target)).status == 200


@pytest.mark.holds("A1")
async def test_wrong_passwords_are_limited_before_the_right_one_is_looked_at(world: World) -> None:
    program = Program(world)
    token = await world.token(world.cineshelf)
    for number in range(LOGIN_BY_ACCOUNT.burst):
        answered = await login(program, token, "mira", "wrong", peer=f"198.51.100.{number}")
        assert (answered.status, answered.json()) == REFUSALS["30"]
    for password in ("wrong", PASSWORD):
        before = await dump(world.house)
        answered = await login(program, token, " Mira ", password)
        assert (answered.status, answered.json()) == REFUSALS["25"]
        assert not list(wrong_headers(answered, {"retry-after": "30"}, plain=True))
        assert not changed(before, await dump(world.house))
    world.clock.advance(29_999)
    assert (await login(program, token, "mira", PASSWORD)).header("Retry-After") == "1"
    world.clock.advance(1)
    assert (await login(program, token, "mira", PASSWORD)).status == 200, "as long as it said"


async def test_wrong_passwords_for_many_names_are_limited_for_one_network(world: World) -> None:
    program = Program(world)
    for number in range(LOGIN_BY_NETWORK.burst):
        assert (await login(program, "x", f"nobody{number}", "wrong", peer=f"2001:db8::{number:x}")).status == 401
    assert (await login(program, "x", "nobody", "wrong", peer="2001:db8::ffff")).status == 429
    assert (await login(program, "x", "nobody", "wrong", peer="2001:db8:0:1::1")).status == 401, "the next /64"


async def test_ten_wrong_passwords_in_twenty_seconds_each_followed_by_the_right_one_lock_nobody_out(
    world: World,
) -> None:
    program = Program(world)
    for _ in range(5):
        for _ in range(10):
            token = await world.token(world.cineshelf)
            assert (await login(program, token, "mira", "wrong")).status == 401
            assert (await login(program, token, "mira", PASSWORD)).status == 200
            world.clock.advance(2000)


@pytest.mark.holds("A3", "ASVS 6.3.8")
async def test_a_wrong_password_and_a_user_name_that_nobody_has_sound_the_same(world: World) -> None:
    program = Program(world)
    token = await world.token(world.cineshelf)

    async def heard(username: str) -> tuple[int, list[str], bytes]:
        answered = await login(program, token, username, "wrong")
        return answered.status, [name for name, _ in answered.headers], answered.body

    assert (
        await heard("mira")
        == await heard("nobody")
        == await heard("x" * 2000)
        == await heard("%00")
        == await heard("%ED")
    )


@pytest.mark.parametrize("fraction", [0, 1, 999])
async def test_a_token_lives_until_the_instant_it_says_and_no_longer(world: World, fraction: int) -> None:
    program = Program(world)
    world.clock.set(START + fraction)
    tokens = [
        (await program.raw("GET", f"/3/authentication/token/new?api_key={program.app.key}")).json() for _ in range(4)
    ]
    assert {token["expires_at"] for token in tokens} == {"2027-01-15 09:00:00 UTC"}
    said = datetime.strptime(tokens[0]["expires_at"], "%Y-%m-%d %H:%M:%S UTC").replace(tzinfo=UTC)
    end = int(said.timestamp() * 1000) + fraction
    first, second, third, fourth = (token["request_token"] for token in tokens)

    async def exchange(token: str) -> int:
        target = f"/3/authentication/session/new?api_key={program.app.key}&request_token={token}"
        return (await program.raw("GET", target)).status

    await world.decide(first, world.mira)
    await world.decide(second, world.mira)
    world.clock.set(end - 1)
    assert await exchange(first) == 200
    answered = await login(program, third, "mira", PASSWORD)
    assert answered.json()["expires_at"] == "2027-01-15 09:00:00 UTC"
    world.clock.set(end)
    assert await exchange(second) == 401
    assert await exchange(third) == 401
    assert (await login(program, fourth, "mira", PASSWORD)).json() == REFUSALS["33"][1]
    world.clock.set(end + 24 * HOUR)
    assert await exchange(second) == 401
