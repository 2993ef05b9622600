"""This file is the sandbox's control plane: it exists in `admitone sandbox` only, and says so far that it is well."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

import admitone

WORLDS = 1


def make_control() -> Starlette:
    """The control plane under /sandbox, as an ASGI application."""
    return Starlette(routes=[Route("/sandbox/health", health)], exception_handlers={404: unknown, 405: unknown})


async def health(_request: Request) -> JSONResponse:
    """Ready, and which version."""
    return JSONResponse({"ready": True, "version": admitone.__version__, "worlds": WORLDS})


async def unknown(_request: Request, _error: Exception) -> JSONResponse:
    """There is no such call."""
    return JSONResponse({"error": "unknown_call", "detail": "The control plane has GET /sandbox/health."}, 404)
