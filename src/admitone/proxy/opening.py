"""This file opens the proxy: an authority, a certificate for each host, a port, and what programs must be told."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from admitone.basics.clock import Clock
from admitone.proxy.addresses import FIXED_HOSTS, Place
from admitone.proxy.authority import Authority, write_trust
from admitone.proxy.relay import Relay


@asynccontextmanager
async def open_proxy(
    sandbox: Place, clock: Clock, *, folder: Path | None = None, port: int = 0, others: bool = False
) -> AsyncIterator[dict[str, str]]:
    """A proxy that listens until the block ends; the variables that lead programs to it. Raises OSError.

    What they are to trust lies in `folder`, else in one that is gone afterwards.
    """
    async with AsyncExitStack() as stack:
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="admitone-proxy-")))
        authority = Authority(clock)
        alone, bundle = await asyncio.to_thread(write_trust, authority, folder.resolve())
        relay = Relay(sandbox, {host: authority.context(host, folder) for host in FIXED_HOSTS}, others=others)
        stack.push_async_callback(relay.aclose)
        server = await relay.listen(port)
        stack.callback(server.close)
        yield _variables(server.sockets[0].getsockname()[1], alone, bundle)


def _variables(port: int, alone: Path, bundle: Path) -> dict[str, str]:
    here = f"http://127.0.0.1:{port}"
    direct = "localhost,127.0.0.1,::1"
    return {
        "HTTPS_PROXY": here,
        "HTTP_PROXY": here,
        "NO_PROXY": direct,
        # Some programs read these only, and many prefer them.
        "https_proxy": here,
        "http_proxy": here,
        "no_proxy": direct,
        "SSL_CERT_FILE": str(bundle),
        "REQUESTS_CA_BUNDLE": str(bundle),
        "CURL_CA_BUNDLE": str(bundle),
        "NODE_EXTRA_CA_CERTS": str(alone),
        "NODE_USE_ENV_PROXY": "1",
    }
