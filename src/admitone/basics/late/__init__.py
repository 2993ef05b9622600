"""This file lets a library be loaded when it is first used, for those that are large and that a start does without.

`importlib.util.LazyLoader` does the same, but two threads that use a module for the first time at once can break it
(until Python 3.11.9); here each use goes through `import_module`, which has a lock.
"""

from importlib import import_module
from types import ModuleType
from typing import Any

_promised: list[str] = []


class _Late(ModuleType):
    """Stands for a module, and looks everything up in it."""

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self.__name__), name)


def late(name: str) -> ModuleType:
    """The module of this name, loaded when something in it is first asked for.

    Type checkers want the real one: `if TYPE_CHECKING: import x`, and `else: x = late("x")`.
    """
    _promised.append(name)
    return _Late(name)


def load_promised() -> None:
    """Load all of them now: a server that stays should not have its first visitors wait."""
    for name in _promised:
        import_module(name)
