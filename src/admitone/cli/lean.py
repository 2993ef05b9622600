"""This file loads two libraries without what they would bring along, and what no command has a use for: 12 MB.

structlog draws tracebacks by rich, ours are lines; PyJWT speaks many algorithms by cryptography, we know one, which
needs none. Both are made to do without. Only the command line may decide so, because its process is ours alone: a test
program that serves a sandbox in its own may want more of them.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module


@contextmanager
def _without(*names: str) -> Iterator[None]:
    """Let these not be found meanwhile; Python's own word for that is None in the place of a module."""
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


with _without("rich", "greenlet"):
    import_module("structlog")
with _without("cryptography"):
    import_module("jwt")
