"""Traces: what a collector is told of requests, and that it is told no secret."""

import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from tests.callers import App
from tests.running import Admitone

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"
WITHOUT = """
import sys
sys.modules["opentelemetry"] = None
from admitone.cli import main
sys.argv = ["admitone", "serve"]
main()
"""


class Collector(HTTPServer):
    """Takes OTLP over HTTP, and keeps it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.taken: list[bytes] = []

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1/traces"

    def spans(self) -> list[Span]:
        found: list[Span] = []
        for each in self.taken:
            request = ExportTraceServiceRequest.FromString(each)
            found += [span for part in request.resource_spans for scope in part.scope_spans for span in scope.spans]
        return found


class _Taking(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        assert self.headers["content-type"] == "application/x-protobuf"
        self.server.taken.append(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as collector:
        thread = Thread(target=collector.serve_forever)
        thread.start()
        yield collector
        collector.shutdown()
        thread.join()


def attributes(span: Span) -> dict[str, str | int]:
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}


def test_a_collector_is_told_of_every_request_and_of_no_secret(alone: Admitone, collector: Collector) -> None:
    alone.add_account("mira")
    credentials = alone.add_app("CineShelf", "mira")
    server = alone.serve(env={"ADMITONE_TRACES_ENDPOINT": collector.endpoint})
    app = App(alone, server, credentials, headers={"traceparent": f"00-{TRACE}-{PARENT}-01"})
    token = app.token()
    app.call("GET", "/3/account", session_id="0" * 40)
    app.http.get(f"/authenticate/{token}")
    server.stop()

    spans = {span.name: span for span in collector.spans()}
    assert sorted(spans) == ["GET /3/account", "GET /3/authentication/token/new", "GET /authenticate/{token}"]
    refused = spans["GET /3/account"]
    assert refused.trace_id.hex() == TRACE
    assert refused.parent_span_id.hex() == PARENT
    assert refused.kind == Span.SPAN_KIND_SERVER
    assert 0 <= refused.end_time_unix_nano - refused.start_time_unix_nano < 60 * 10**9
    assert attributes(refused) == {
        "http.request.method": "GET",
        "http.response.status_code": 401,
        "http.route": "/3/account",
        "error.type": "session_unknown",
    }
    assert {span.status.code for span in spans.values()} == {Status.STATUS_CODE_UNSET}
    secrets = [credentials.api_key, token, "0" * 40]
    assert [secret for secret in secrets if any(secret.encode() in each for each in collector.taken)] == []


def test_a_collector_that_is_not_there_stops_nothing(alone: Admitone) -> None:
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as closed:
        nowhere = f"http://127.0.0.1:{closed.server_port}/v1/traces"
    server = alone.serve(env={"ADMITONE_TRACES_ENDPOINT": nowhere})
    assert httpx.get(f"{server.origin}/3/authentication").status_code == 401
    server.stop()


def test_without_opentelemetry_serve_says_what_to_install(tmp_path: Path) -> None:
    wanted = {**os.environ, "ADMITONE_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}
    command = [sys.executable, "-c", WITHOUT]
    ran = subprocess.run(command, cwd=tmp_path, env=wanted, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.strip().endswith("pip install 'admitone[traces]'")
    assert list(tmp_path.iterdir()) == []
