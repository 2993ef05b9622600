"""This file gives out what is written once for everybody, such as the OpenAPI document: no credential, no house."""

from collections.abc import Mapping

from admitone.model.faults import Fault, Refused
from admitone.wire import answers
from admitone.wire.door import Served
from admitone.wire.exchange import Answer, Request, answer, keepable

FRESH_S = 60 * 60


class Shelf:
    """Finished answers by path; stands where a door could."""

    def __init__(self, documents: Mapping[str, object]) -> None:
        """Write each document as JSON, once."""
        self._written: dict[str, Answer] = {path: answer(content) for path, content in documents.items()}

    async def serve(self, request: Request, _request_id: str) -> Served:
        """Answer one call. Never raises."""
        path = request.path.decode("latin-1")
        if path not in self._written:
            return _refused(Fault.ROUTE_UNKNOWN)
        if request.method not in {"GET", "HEAD"}:
            return _refused(Fault.METHOD_UNSUPPORTED)
        kept = keepable(self._written[path], FRESH_S, request.headers.get("if-none-match"))
        return Served(kept, path)


def _refused(fault: Fault) -> Served:
    return Served(answers.refused(Refused(fault)), fault=fault)
