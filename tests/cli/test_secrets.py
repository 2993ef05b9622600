"""The watch over what processes print: every test with `admitone` in it ends with it, so it must see what it is for."""

from pathlib import Path

import pytest

from tests.databases import SqliteDatabases
from tests.running import Admitone, Nursery

PRINTED = [
    "correct horse battery staple",
    "a secret that this test alone knows",
    "0123456789abcdef0123456789abcdef01234567",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtaXJhIn0.c2lnbmF0dXJl",
    "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$dGFn",
    "postgresql://admitone:hunter2@db/admitone",
]


@pytest.mark.parametrize("text", PRINTED)
@pytest.mark.parametrize("stream", ["out", "err"])
def test_a_secret_that_was_printed_fails_the_test(
    nursery: Nursery, tmp_path: Path, sqlite_databases: SqliteDatabases, text: str, stream: str
) -> None:
    admitone = Admitone(nursery, tmp_path, sqlite_databases.empty())
    admitone.secrets.add("a secret that this test alone knows")
    admitone.run("doctor")
    with (tmp_path / f"0.{stream}").open("a") as file:
        file.write(f'{{"event":"told","what":"{text}"}}\n')

    with pytest.raises(AssertionError, match=r"^admitone .* printed"):
        admitone.close()
