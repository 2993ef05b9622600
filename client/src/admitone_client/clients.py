"""Gives people the two clients, alike but for `await`: each carries out what calls.py describes."""

from types import TracebackType
from typing import Self, TypeVar

import httpx

from admitone_client import calls
from admitone_client.answers import Account, RequestToken
from admitone_client.calls import Call
from admitone_client.server import describe, read, unanswered

T = TypeVar("T")


class AdmitOne:
    """Speaks to one server for one app. Close it, or use it in `with`."""

    def __init__(
        self,
        base_url: str,
        *,
        api_key: str | None = None,
        read_token: str | None = None,
        site_url: str | None = None,
        timeout: float = 10.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._server = describe(base_url, site_url, api_key, read_token)
        self._http = httpx.Client(
            base_url=self._server.base_url,
            params=self._server.params,
            headers=self._server.headers,
            timeout=timeout,
            transport=transport,
        )

    def new_request_token(self) -> RequestToken:
        """Ask for a request token, which a person can then approve."""
        return self._do(calls.new_request_token())

    def approval_url(self, token: str, redirect_to: str | None = None) -> str:
        """The page on which the person approves or denies; send their browser there. It returns to `redirect_to`."""
        return self._server.approval_url(token, redirect_to)

    def validate_with_login(self, token: str, username: str, password: str) -> RequestToken:
        """Approve `token` with a login instead of a browser. Raises WrongLogin, InvalidRequestToken."""
        return self._do(calls.validate_with_login(token, username, password))

    def new_session(self, token: str) -> str:
        """Exchange an approved token for a session id, once. Raises SessionDenied, after which you may ask again."""
        return self._do(calls.new_session(token))

    def delete_session(self, session_id: str) -> None:
        """End a session."""
        self._do(calls.delete_session(session_id))

    def account(self, session_id: str) -> Account:
        """The person whom the session acts for. Raises NoPermission when the session is over."""
        return self._do(calls.account(session_id))

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _do(self, call: Call[T]) -> T:
        try:
            response = self._http.request(call.method, call.path, params=call.query, json=call.json)
        except httpx.HTTPError as error:
            raise unanswered(call, error) from error
        return read(call, response)


class AsyncAdmitOne:
    """Speaks to one server for one app, without blocking. Close it, or use it in `async with`."""

    def __init__(
        self,
        base_url: str,
        *,
        api_key: str | None = None,
        read_token: str | None = None,
        site_url: str | None = None,
        timeout: float = 10.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._server = describe(base_url, site_url, api_key, read_token)
        self._http = httpx.AsyncClient(
            base_url=self._server.base_url,
            params=self._server.params,
            headers=self._server.headers,
            timeout=timeout,
            transport=transport,
        )

    async def new_request_token(self) -> RequestToken:
        """Ask for a request token, which a person can then approve."""
        return await self._do(calls.new_request_token())

    def approval_url(self, token: str, redirect_to: str | None = None) -> str:
        """The page on which the person approves or denies; send their browser there. It returns to `redirect_to`."""
        return self._server.approval_url(token, redirect_to)

    async def validate_with_login(self, token: str, username: str, password: str) -> RequestToken:
        """Approve `token` with a login instead of a browser. Raises WrongLogin, InvalidRequestToken."""
        return await self._do(calls.validate_with_login(token, username, password))

    async def new_session(self, token: str) -> str:
        """Exchange an approved token for a session id, once. Raises SessionDenied, after which you may ask again."""
        return await self._do(calls.new_session(token))

    async def delete_session(self, session_id: str) -> None:
        """End a session."""
        await self._do(calls.delete_session(session_id))

    async def account(self, session_id: str) -> Account:
        """The person whom the session acts for. Raises NoPermission when the session is over."""
        return await self._do(calls.account(session_id))

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _do(self, call: Call[T]) -> T:
        try:
            response = await self._http.request(call.method, call.path, params=call.query, json=call.json)
        except httpx.HTTPError as error:
            raise unanswered(call, error) from error
        return read(call, response)
