"""Large libraries are loaded when they are first used, by whichever thread, and by a server before anybody asks."""

import subprocess
import sys
from typing import Any

import pytest

from admitone.basics.late import late

LARGE = ("aiosmtplib", "alembic", "asyncpg", "email_validator", "segno", "sqlalchemy.orm", "webauthn", "zxcvbn")
STARTS = f"""
import sys
import admitone.cli.sandbox
from admitone.basics.late import load_promised

print([name for name in {LARGE!r} if name in sys.modules])
load_promised()
print([name for name in {LARGE!r} if name not in sys.modules])
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


def test_a_sandbox_starts_without_them_and_a_server_asks_for_all() -> None:
    said = subprocess.run([sys.executable, "-c", STARTS], capture_output=True, text=True, timeout=60, check=True)
    assert said.stdout.splitlines() == ["[]", "[]"], said.stderr
