"""This file says whether a process lives and whether it wants more to do, for whatever stands before it.

`/health/live` is yes as long as the process answers at all. `/health/ready` is yes while it can read its database and
has not been told to stop: a load balancer that asks it sends callers elsewhere before the port closes.
"""

from admitone.flows import events
from admitone.flows.house import House
from admitone.model.faults import Fault, Refused
from admitone.wire import answers
from admitone.wire.door import Served
from admitone.wire.exchange import Request, answer

LIVE, READY = "/health/live", "/health/ready"


class Health:
    """Answers both; stands where a door could."""

    def __init__(self, house: House) -> None:
        """Begin ready."""
        self._house = house
        self._leaving = False

    def leave(self) -> None:
        """Say from now on that nobody should come any more."""
        self._leaving = True

    async def serve(self, request: Request, _request_id: str) -> Served:
        """Answer one call. Never raises."""
        path = request.path.decode("latin-1")
        try:
            await self._look(path, request.method)
        except Refused as refusal:
            return Served(answers.refused(refusal), fault=refusal.fault)
        return Served(answer({"success": True}), path)

    async def _look(self, path: str, method: str) -> None:
        if path not in {LIVE, READY}:
            raise Refused(Fault.ROUTE_UNKNOWN)
        if method not in {"GET", "HEAD"}:
            raise Refused(Fault.METHOD_UNSUPPORTED)
        if path == READY:
            if self._leaving:
                raise Refused(Fault.LEAVING)
            await self._house.store.glance(events.latest)
