"""Large libraries are loaded when they are first used, and what people need by a thread before they are answered."""

import subprocess
import sys
from typing import Any

import pytest

from admitone.basics.late import late

COMES = """
import asyncio
import sys
import threading
from admitone.basics import addresses, digests, late, mail, passkeys

LARGE = ("aiosmtplib", "cryptography", "email_validator", "jinja2", "webauthn")
print([name for name in LARGE if name in sys.modules])

who = []
class Looked:
    def find_spec(self, name, path=None, target=None):
        if name in LARGE:
            who.append(threading.current_thread() is threading.main_thread())
sys.meta_path.insert(0, Looked())

async def both():
    await asyncio.gather(late.people_come(), late.people_come())

asyncio.run(both())
print([name for name in LARGE if name not in sys.modules], set(who))
"""


def test_a_module_is_loaded_when_something_in_it_is_asked_for() -> None:
    sys.modules.pop("this", None)
    zen: Any = late("this")
    assert "this" not in sys.modules

    assert zen.s.startswith("Gur Mra bs Clguba")
    assert "this" in sys.modules


def test_what_a_module_does_not_have_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing_of_this_name"):
        _ = late("json").nothing_of_this_name


def test_what_people_need_is_not_there_before_and_whole_after_they_come_loaded_by_a_thread() -> None:
    said = subprocess.run([sys.executable, "-c", COMES], capture_output=True, text=True, timeout=60, check=True)
    assert said.stdout.splitlines() == ["[]", "[] {False}"], said.stderr
