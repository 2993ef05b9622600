"""The fixtures of the published suites."""

from tests.clients.served import served

__all__ = ["served"]
