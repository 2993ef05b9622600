"""Where settings come from, which of them wins, and what `admitone doctor` says of them."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests import vault
from tests.databases import SqliteDatabases
from tests.running import Admitone, Nursery, Printed, program

PASSWORD = "hunter2-hunter2"


def doctor(admitone: Admitone, *flags: str, status: int = 0, **env: str) -> dict[str, Any]:
    """What doctor says, as a program reads it."""
    variables = {f"ADMITONE_{name}": value for name, value in env.items()}
    report: dict[str, Any] = admitone.run("doctor", "--json", *flags, env=variables, status=status).json
    return report


def settings(admitone: Admitone, *flags: str, **env: str) -> dict[str, Any]:
    """The settings that doctor shows."""
    shown: dict[str, Any] = doctor(admitone, *flags, status=0, **env)["settings"]
    return shown


@pytest.fixture
def configured(alone: Admitone) -> Admitone:
    """The program with a configuration file beside it."""
    (alone.folder / "admitone.toml").write_text('hsts_days = 7\nsweep_minutes = 3\ntrusted_proxies = ["10.0.0.7"]\n')
    return alone


def test_settings_come_from_a_file_then_the_environment_then_flags(configured: Admitone) -> None:
    file = ("--config", "admitone.toml")

    assert settings(configured)["hsts_days"] == 365
    assert settings(configured, *file)["hsts_days"] == 7
    assert settings(configured, CONFIG="admitone.toml")["hsts_days"] == 7
    assert settings(configured, *file, HSTS_DAYS="1") == {**settings(configured, *file), "hsts_days": 1}
    assert settings(configured, *file, "--database", "sqlite:///flag.db")["database"] == "sqlite:///flag.db"


def test_a_variable_may_name_a_file_that_holds_the_value(configured: Admitone) -> None:
    (configured.folder / "days").write_text("31\n")

    assert settings(configured, HSTS_DAYS_FILE="days")["hsts_days"] == 31
    assert settings(configured, HSTS_DAYS="2", HSTS_DAYS_FILE="days")["hsts_days"] == 31


def test_networks_come_as_an_array_or_by_commas(configured: Admitone) -> None:
    assert settings(configured, "--config", "admitone.toml")["trusted_proxies"] == ["10.0.0.7"]
    assert settings(configured, TRUSTED_PROXIES=" 10.0.0.8, ::1 ,")["trusted_proxies"] == ["10.0.0.8", "::1"]


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        ("DATABSE", "ADMITONE_DATABSE is no setting and is not read; ADMITONE_DATABASE is one."),
        ("SMTP_PASSWROD_FILE", "; ADMITONE_SMTP_PASSWORD_FILE is one."),
        ("ZZZ", "ADMITONE_ZZZ is no setting and is not read."),
    ],
)
def test_a_misspelt_variable_is_named_with_what_was_meant(configured: Admitone, variable: str, said: str) -> None:
    (problem,) = doctor(configured, status=1, **{variable: "x"})["problems"]
    assert said in problem


UNREADABLE = [
    ({"file": "databse = 'x'"}, ["databse"]),
    ({"file": "hsts_days = 'many'"}, ["hsts_days"]),
    ({"file": "port = "}, ["admitone.toml", "cannot be read"]),
    ({"file": "password_minimum = 70"}, ["password_minimum", "64"]),
    ({"env": {"PORT": "many"}}, ["port"]),
    ({"env": {"CATALOGUE": "all"}}, ["catalogue", "all"]),
    ({"env": {"PLAIN_HTTP": "perhaps"}}, ["plain_http"]),
    ({"env": {"PASSWORD_MINIMUM": "7"}}, ["password_minimum", "8"]),
    ({"env": {"CALLS_BY_NETWORK": "9223372036854775808"}}, ["calls_by_network"]),
    ({"env": {"CALLS_BY_APP": "1000000001"}}, ["calls_by_app", "1000000000"]),
    ({"env": {"DATABASE_FILE": "no-such-file"}}, ["ADMITONE_DATABASE_FILE", "no-such-file"]),
    ({"env": {"CONFIG": "no-such-file.toml"}}, ["no-such-file.toml"]),
]


@pytest.mark.parametrize(("given", "words"), UNREADABLE, ids=[str(row[0]) for row in UNREADABLE])
def test_a_setting_that_cannot_be_read_is_named_in_a_sentence(
    nursery: Nursery, tmp_path: Path, sqlite_databases: SqliteDatabases, given: dict[str, Any], words: list[str]
) -> None:
    (tmp_path / "admitone.toml").write_text(given.get("file", ""))
    variables = {f"ADMITONE_{name}": value for name, value in given.get("env", {}).items()}
    with program(nursery, tmp_path, sqlite_databases.empty()) as admitone:
        flags = () if "CONFIG" in given.get("env", {}) else ("--config", "admitone.toml")
        for command in ("doctor", "serve", "migrate"):
            printed = admitone.run(command, *flags, env=variables, status=2)
            assert printed.err.startswith("admitone: ")
            assert printed.err.count("\n") == 1
            assert [word for word in words if word not in printed.err] == []


def test_doctor_finds_nothing_wrong_with_a_fresh_start_and_makes_nothing(admitone: Admitone) -> None:
    printed = admitone.run("doctor")

    assert "Nothing is wrong." in printed.out
    assert not admitone.key_ring.exists()
    assert doctor(admitone)["problems"] == []


def test_doctor_finds_nothing_wrong_with_a_house_in_use(peopled: Admitone) -> None:
    peopled.serve()

    assert doctor(peopled)["problems"] == []


WRONG = [
    ({"HOST": "0.0.0.0"}, ["tls_certificate and tls_key", "public_url"]),
    ({"TLS_KEY": "key.pem"}, ["come together"]),
    ({"TRUSTED_PROXIES": "10.0.0.0/33"}, ["trusted_proxies", "10.0.0.0/33"]),
    ({"PUBLIC_URL": "https://admit.example/path"}, ["public_url"]),
    ({"DATABASE": "mysql://admitone:hunter2-hunter2@db/admitone"}, ["sqlite:///", "postgresql://"]),
    ({"DATABASE": "postgresql://admitone:hunter2-hunter2@127.0.0.1:1/admitone"}, ["cannot be reached"]),
    ({"DATABASE": "sqlite:///nowhere/admitone.db"}, ["database", "nowhere/admitone.db cannot be made"]),
    ({"READ_DATABASE": "postgresql://admitone:hunter2-hunter2@db/admitone"}, ["read_database", "only PostgreSQL"]),
    ({"METRICS_ADDRESS": "127.0.0.1:70000"}, ["metrics_address", "65535"]),
    ({"METRICS_ADDRESS": "127.0.0.1:65535", "WORKERS": "2"}, ["metrics_address", "65536"]),
    ({"POSTERS": "nowhere/posters"}, ["posters", "nowhere/posters is no folder"]),
    ({"KEY_RING": "nowhere/admitone.keys"}, ["key_ring", "nowhere/admitone.keys cannot be made"]),
    ({"DATABASE": "postgresql://127.0.0.1:1/admitone?user=admitone&password=hunter2-hunter2"}, ["cannot be reached"]),
]


@pytest.mark.parametrize(("env", "words"), WRONG, ids=[str(row[0]) for row in WRONG])
@pytest.mark.parametrize("form", ["--json", ""])
def test_doctor_says_what_is_wrong_and_keeps_passwords_to_itself(
    alone: Admitone, env: dict[str, str], words: list[str], form: str
) -> None:
    alone.secrets.add(PASSWORD)
    variables = {f"ADMITONE_{name}": value for name, value in env.items()}
    printed = alone.run("doctor", *([form] if form else []), env=variables, status=1)

    if form:
        assert len(json.loads(printed.out)["problems"]) >= 1
    told = problems(printed) if form else printed.out
    assert [word for word in words if word not in told] == []


def test_doctor_says_when_the_database_is_newer_or_the_key_ring_is_broken(peopled: Admitone) -> None:
    peopled.key_ring.chmod(0o640)
    assert "chmod 600" in problems(peopled.run("doctor", "--json", status=1))

    peopled.key_ring.chmod(0o600)
    peopled.key_ring.write_text('{"keys": [')
    assert "not whole" in problems(peopled.run("doctor", "--json", status=1))


def test_a_database_in_use_is_given_no_new_key_ring(peopled: Admitone) -> None:
    ring = peopled.key_ring.rename(peopled.folder / "aside")
    assert "has been in use" in problems(peopled.run("doctor", "--json", status=1))
    for command in (("serve",), ("account", "list")):
        assert "has been in use" in peopled.run(*command, status=1).err
    assert not peopled.key_ring.exists()

    ring.rename(peopled.key_ring)
    assert doctor(peopled)["problems"] == []


def test_doctor_says_when_what_happened_is_ahead_of_the_clock(peopled: Admitone) -> None:
    instant = time.time_ns() // 1_000_000 + 3_600_000
    vault.change(
        peopled.database,
        f"INSERT INTO events (at, kind, network, detail) VALUES ({instant}, 'signed out', '', '')",
    )
    assert "ahead of this machine's clock" in problems(peopled.run("doctor", "--json", status=1))


def problems(printed: Printed) -> str:
    """What doctor found, in one text."""
    return "\n".join(printed.json["problems"])
