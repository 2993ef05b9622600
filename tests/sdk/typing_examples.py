"""Tells mypy which types users of the client rely on; it is checked by `make check` and never run."""

from typing import assert_type

from admitone_client import Account, AdmitOne, AsyncAdmitOne, Refused, RequestToken


def waiting(server: AdmitOne) -> None:
    assert_type(server.new_request_token(), RequestToken)
    assert_type(server.validate_with_login("token", "mira", "password"), RequestToken)
    assert_type(server.new_session("token"), str)
    assert_type(server.account("session"), Account)
    assert_type(server.approval_url("token"), str)
    with server as same:
        assert_type(same, AdmitOne)


async def awaiting(server: AsyncAdmitOne) -> None:
    assert_type(await server.new_request_token(), RequestToken)
    assert_type(await server.validate_with_login("token", "mira", "password"), RequestToken)
    assert_type(await server.new_session("token"), str)
    assert_type(await server.account("session"), Account)
    assert_type(server.approval_url("token"), str)
    async with server as same:
        assert_type(same, AsyncAdmitOne)


def refused(error: Refused) -> None:
    assert_type(error.status, int)
    assert_type(error.code, int)
    assert_type(error.message, str)
    assert_type(error.retry_after, int | None)
