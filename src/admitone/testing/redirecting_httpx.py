"""This file leads a client of httpx to a sandbox where it means TMDB."""

import httpx

from admitone.proxy.addresses import FIXED_HOSTS


class Redirected(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport for sync and async clients; other hosts than TMDB's are reached as ever."""

    def __init__(self, base_url: str) -> None:
        """`base_url` is the sandbox's."""
        self._place = httpx.URL(base_url)
        self._near = httpx.HTTPTransport(trust_env=False)
        self._near_async = httpx.AsyncHTTPTransport(trust_env=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        return self._near.handle_request(self._led(request))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        return await self._near_async.handle_async_request(self._led(request))

    def close(self) -> None:
        """Close what is open."""
        self._near.close()

    async def aclose(self) -> None:
        """Close what is open."""
        await self._near_async.aclose()

    def _led(self, request: httpx.Request) -> httpx.Request:
        if request.url.host not in FIXED_HOSTS:
            return request
        place = self._place
        url = request.url.copy_with(scheme=place.scheme, host=place.host, port=place.port)
        headers = [(name, place.netloc if name.lower() == b"host" else value) for name, value in request.headers.raw]
        return httpx.Request(request.method, url, headers=headers, stream=request.stream, extensions=request.extensions)
