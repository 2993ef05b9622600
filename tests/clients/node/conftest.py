"""The fixtures of the stories in JavaScript."""

from tests.clients.served import served

__all__ = ["served"]
