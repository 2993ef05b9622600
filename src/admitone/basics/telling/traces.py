"""This file tells OpenTelemetry of answered requests: a span for each, with what the log says of it and no more.

Only who wants traces loads it; the libraries that it needs come with `admitone[traces]`. A span is made when its
request is over, so that nothing of this stands in the way of an answer.
"""

from typing import Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

import admitone
from admitone.basics.clock import Clock
from admitone.basics.log import Answered

_NANOSECONDS: Final = 1_000_000  # in a millisecond
_trace_context = TraceContextTextMapPropagator()


class Traces:
    """Sends spans to a collector, in batches and on a thread of its own; what the collector does not take is lost."""

    def __init__(self, endpoint: str, clock: Clock) -> None:
        """`endpoint` takes OTLP over HTTP, like http://127.0.0.1:4318/v1/traces."""
        self._clock = clock
        resource = Resource.create({SERVICE_NAME: "admitone", SERVICE_VERSION: admitone.__version__})
        self._provider = TracerProvider(resource=resource)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint)))
        self._tracer = self._provider.get_tracer("admitone")

    def answered(self, request: Answered) -> None:
        """Make the span of a request that has its answer; a child of the caller's, if the caller named one."""
        ended = self._clock.now() * _NANOSECONDS
        span = self._tracer.start_span(
            f"{request.method} {request.route}".rstrip(),
            _trace_context.extract({"traceparent": request.traceparent}) if request.traceparent else None,
            SpanKind.SERVER,
            {
                "http.request.method": request.method,
                "http.response.status_code": request.status,
                "http.route": request.route,
                **({"error.type": request.fault} if request.fault else {}),
            },
            start_time=ended - int(request.milliseconds * _NANOSECONDS),
        )
        if request.status >= 500:
            span.set_status(Status(StatusCode.ERROR))
        span.end(ended)

    def close(self) -> None:
        """Send what waits."""
        self._provider.shutdown()
