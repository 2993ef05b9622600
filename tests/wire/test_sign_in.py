"""Token → approval → session, as a program sees it."""

from tests.wire.program import Program
from tests.world import PASSWORD, World


async def test_a_program_gets_a_session_once_a_person_has_approved(program: Program, world: World) -> None:
    token = (await program.get("/3/authentication/token/new")).json()["request_token"]
    assert (await program.get("/3/authentication/session/new", request_token=token)).status_code == 401
    await world.decide(token, world.mira)
    session = (await program.post("/3/authentication/session/new", {"request_token": token})).json()["session_id"]
    assert (await program.get("/3/account", session_id=session)).json()["username"] == "mira"


async def test_a_password_approves_where_there_is_no_browser(program: Program) -> None:
    token = (await program.get("/3/authentication/token/new")).json()["request_token"]
    login = {"username": "mira", "password": PASSWORD, "request_token": token}
    assert (await program.post("/3/authentication/token/validate_with_login", login)).json()["request_token"] == token
    assert (await program.get("/3/authentication/session/new", request_token=token)).json()["success"] is True
