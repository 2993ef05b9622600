"""This file lets a library be loaded when it is first used, for those that are large and that a start does without.

What only people need, who sign in or get mail, a thread loads before the first of them is answered: a server that
nobody has come to holds none of it, and whoever calls meanwhile does not wait for it.

`importlib.util.LazyLoader` does the same for one module, but two threads that use it for the first time at once can
break it (until Python 3.11.9); here each use goes through `import_module`, which has a lock.
"""

import asyncio
from importlib import import_module
from types import ModuleType
from typing import Any

_for_people: list[str] = []
_here: set[str] = set()


class _Late(ModuleType):
    """Stands for a module, and looks everything up in it."""

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self.__name__), name)


def late(name: str, *, for_people: bool = False) -> ModuleType:
    """The module of this name, loaded when something in it is first asked for, or before that by `people_come`.

    Type checkers want the real one: `if TYPE_CHECKING: import x`, and `else: x = late("x")`.
    """
    if for_people:
        _for_people.append(name)
    return _Late(name)


async def people_come() -> None:
    """Wait until all that is there for people has been loaded, by a thread; nothing to wait for from then on."""
    # Not `sys.modules`: a module stands there before it can be used.
    if len(_here) < len(_for_people):
        await asyncio.to_thread(_load)


def _load() -> None:
    for name in [*_for_people]:
        import_module(name)
        _here.add(name)
