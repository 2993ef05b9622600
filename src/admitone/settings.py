"""This file is the one place that reads the environment and configuration files; the class below has every setting."""

import os
import ssl
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

import msgspec
from msgspec import Meta

from admitone.basics.mail import Smtp, Tls, is_sender
from admitone.model.people.joining import SignUp
from admitone.model.web.hosts import is_loopback_host
from admitone.model.web.networks import Networks
from admitone.model.web.returns import Unregistered
from admitone.pages.site import Site

PREFIX = "ADMITONE_"
FILE_SUFFIX = "_FILE"
LAST_PORT = 65535
MOST_CALLS = 1_000_000_000  # in a second; what counts them has room for them all


class SettingsError(Exception):
    """The settings cannot be used; the sentence says which one and what it should be."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything an operator may choose. Flags go before the environment, that before a file, that before defaults."""

    database: Annotated[
        str, Meta(description="Where everything is kept: `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`.")
    ] = "sqlite:///admitone.db"
    read_database: Annotated[
        str,
        Meta(description="A replica of a PostgreSQL database: what is known of titles is read there while it runs."),
    ] = ""
    key_ring: Annotated[
        str, Meta(description="The file with the secret keys, made on first start. Back it up apart from the database.")
    ] = "admitone.keys"
    host: Annotated[str, Meta(description="The address to listen on.")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535, description="The port to listen on; 0 for any free one.")] = 8000
    public_url: Annotated[
        str, Meta(description="What browsers and apps call this server, like `https://admit.example`.")
    ] = ""
    tls_certificate: Annotated[str, Meta(description="A certificate chain in PEM, to serve HTTPS.")] = ""
    tls_key: Annotated[str, Meta(description="The key of that certificate.")] = ""
    trusted_proxies: Annotated[
        tuple[str, ...],
        Meta(description="Networks whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed, by commas."),
    ] = ()
    plain_http: Annotated[
        bool, Meta(description="Allow plain HTTP beyond this machine: everybody in between can read passwords.")
    ] = False
    unregistered_redirects: Annotated[
        Unregistered, Meta(description="What to do with a return address of an app that registered none.")
    ] = Unregistered.ASK
    catalogue: Annotated[
        Literal["sample", "any"],
        Meta(description="`sample`: the titles that ship with the program; `any`: every positive number is a title."),
    ] = "sample"
    posters: Annotated[
        str,
        Meta(
            description="A folder of posters by the numbers of titles, like `movie/603.jpg` and `tv/1399.webp`: people "
            "see them beside their own films."
        ),
    ] = ""
    password_minimum: Annotated[
        int, Meta(ge=8, le=64, description="How many characters a new password needs; the standards say 15.")
    ] = 15
    calls_by_network: Annotated[
        int,
        Meta(
            ge=0,
            le=MOST_CALLS,
            description="How many calls an app may make from one network in a second; 0 for any number.",
        ),
    ] = 50
    calls_by_app: Annotated[
        int,
        Meta(
            ge=0,
            le=MOST_CALLS,
            description="How many calls an app may make in a second from all networks; 0 for any number.",
        ),
    ] = 0
    hashing_threads: Annotated[
        int, Meta(ge=0, le=64, description="Threads that hash passwords; 0 for all cores but one.")
    ] = 0
    workers: Annotated[
        int, Meta(ge=1, le=64, description="Processes that serve: one on SQLite, one a core on PostgreSQL.")
    ] = 1
    metrics_address: Annotated[
        str,
        Meta(
            pattern=r"^([^\s/@]+:\d{1,5})?$",
            description="Where Prometheus finds `/metrics`, like `127.0.0.1:9100`; more workers take the next ports.",
        ),
    ] = ""
    traces_endpoint: Annotated[
        str,
        Meta(
            pattern=r"^(https?://[^\s?#]+)?$",
            description="Where an OpenTelemetry collector takes traces (OTLP over HTTP), like "
            "`http://127.0.0.1:4318/v1/traces`; needs `admitone[traces]`.",
        ),
    ] = ""
    drain_seconds: Annotated[
        int,
        Meta(ge=0, le=600, description="How long a worker that stops still serves while `/health/ready` says no."),
    ] = 0
    sign_up: Annotated[
        SignUp,
        Meta(description="Who may make an account: `open`, by `invitation` (`admitone account invite`), `closed`."),
    ] = SignUp.INVITATION
    contact: Annotated[
        str,
        Meta(description="Who runs this server and how to ask them, in a line; people read it when they are stuck."),
    ] = ""
    smtp_host: Annotated[str, Meta(description="The mail server that takes our mail; without one none is sent.")] = ""
    smtp_port: Annotated[int, Meta(ge=1, le=65535, description="Its port: 587 for STARTTLS, 465 for TLS.")] = 587
    smtp_tls: Annotated[
        Tls, Meta(description="`starttls`, `tls` from the first byte, or `none` for a server on this very machine.")
    ] = "starttls"
    smtp_user: Annotated[str, Meta(description="The user name there, if it asks for one.")] = ""
    smtp_password: Annotated[
        str, Meta(description="The password there; best in a file that `ADMITONE_SMTP_PASSWORD_FILE` names.")
    ] = ""
    mail_from: Annotated[
        str, Meta(description="Whom mail comes from, like `Admit One <admit@example.org>`; needed with `smtp_host`.")
    ] = ""
    hsts_days: Annotated[
        int, Meta(ge=0, description="For how long browsers shall insist on HTTPS once they have seen it; 0 for not.")
    ] = 365
    sweep_minutes: Annotated[
        int, Meta(ge=0, description="How often expired rows are removed; 0 for never (`admitone sweep` does it then).")
    ] = 10
    log_format: Annotated[
        Literal["json", "words"], Meta(description="One JSON object a line, or words for a person.")
    ] = "json"
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Meta(description="The least that is worth a line.")
    ] = "info"

    @property
    def tls(self) -> bool:
        """Whether this program itself speaks HTTPS."""
        return bool(self.tls_certificate)

    @property
    def origin(self) -> str:
        """What this server is called: the public address, else the one it listens on."""
        if self.public_url:
            return self.public_url.removesuffix("/")
        scheme = "https" if self.tls else "http"
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = self.port == {"http": 80, "https": 443}[scheme]
        return f"{scheme}://{host}" if usual else f"{scheme}://{host}:{self.port}"

    @property
    def smtp(self) -> Smtp | None:
        """What hands mail over; None where none is sent."""
        if not self.smtp_host:
            return None
        return Smtp(self.smtp_host, self.smtp_port, self.smtp_tls, self.smtp_user, self.smtp_password, self.mail_from)

    @property
    def proxies(self) -> Networks:
        """The trusted proxies, as networks."""
        return tuple(ip_network(proxy) for proxy in self.trusted_proxies)

    @property
    def client_address_known(self) -> bool:
        """Whether callers' addresses are their own: not so when all of them come from a proxy nobody told us about."""
        return bool(self.trusted_proxies) or not is_loopback_host(self.host)

    @property
    def hsts(self) -> str | None:
        """The header that keeps browsers on HTTPS."""
        return f"max-age={self.hsts_days * 86400}; includeSubDomains" if self.hsts_days else None


def load(
    flags: Mapping[str, Any] | None = None,
    *,
    file: Path | None = None,
    environment: Mapping[str, str] | None = None,
    defaults: Mapping[str, Any] | None = None,
) -> Settings:
    """Read the settings; `flags` that are None were not given. Raises SettingsError.

    A variable is named as its setting: `ADMITONE_PUBLIC_URL`. With `_FILE` behind it names a file that holds the value.
    """
    environment = os.environ if environment is None else environment
    file = file or (Path(environment[f"{PREFIX}CONFIG"]) if f"{PREFIX}CONFIG" in environment else None)
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    values = {**(defaults or {}), **_from_file(file), **_from_environment(environment), **given}
    try:
        return msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as error:
        message = f"Settings: {error}"
        raise SettingsError(message) from error


def problems(settings: Settings) -> list[str]:
    """What is wrong with the settings as a whole, one sentence each; nothing for those that can serve."""
    found = [*_unusable_replica(settings), *_unusable_metrics(settings), *_unusable_posters(settings)]
    if bool(settings.tls_certificate) != bool(settings.tls_key):
        found.append("tls_certificate and tls_key come together: give both or neither.")
    elif settings.tls:
        found.extend(_unusable_certificate(settings))
    for proxy in settings.trusted_proxies:
        try:
            ip_network(proxy)
        except ValueError:
            found.append(f"trusted_proxies: {proxy} is no network; write 10.0.0.7 or 10.0.0.0/24.")
    try:
        site = Site(settings.origin)
    except ValueError as error:
        found.append(f"public_url: {error}.")
    else:
        if settings.public_url and not (site.secure or site.loopback or settings.plain_http):
            found.append(
                f"public_url: over {settings.public_url} others can read passwords. Let it begin with https://, or set "
                "plain_http if you accept that."
            )
    if settings.smtp_host:
        found.extend(_unusable_mail(settings))
    if not is_loopback_host(settings.host):
        found.extend(_beyond_this_machine(settings))
    return found


def unread(environment: Mapping[str, str] | None = None) -> list[str]:
    """Variables that begin like a setting's and are none, one sentence each, with the name that was probably meant."""
    environment = os.environ if environment is None else environment
    names = [name.upper() for name in get_type_hints(Settings)]
    known = sorted(("CONFIG", *names, *(name + FILE_SUFFIX for name in names)))
    found = []
    for name in sorted(environment):
        given = name.removeprefix(PREFIX)
        if given != name and given not in known:
            near = get_close_matches(given.upper(), known, 1)
            found.append(f"{name} is no setting and is not read{f'; {PREFIX}{near[0]} is one' if near else ''}.")
    return found


def _unusable_replica(settings: Settings) -> list[str]:
    places = (settings.database, settings.read_database)
    if settings.read_database and not all(place.startswith(("postgresql://", "postgres://")) for place in places):
        return ["read_database: only PostgreSQL has replicas; both addresses begin with postgresql://."]
    return []


def _unusable_certificate(settings: Settings) -> list[str]:
    try:
        # Without a password given, OpenSSL would ask for one at the terminal.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(settings.tls_certificate, settings.tls_key, password="")
    except OSError as error:
        pair = f"{settings.tls_certificate} and {settings.tls_key}"
        return [f"tls_certificate and tls_key: {pair} cannot be used: {error.strerror or error}."]
    return []


def _unusable_metrics(settings: Settings) -> list[str]:
    last = int(settings.metrics_address.rpartition(":")[2] or 0) + settings.workers - 1
    if last > LAST_PORT:
        return [f"metrics_address: with a port for each worker the last one would be {last}; ports end at {LAST_PORT}."]
    return []


def _unusable_posters(settings: Settings) -> list[str]:
    if settings.posters and not Path(settings.posters).is_dir():
        return [f"posters: {settings.posters} is no folder; write where `movie` and `tv` with their pictures are."]
    return []


def _unusable_mail(settings: Settings) -> list[str]:
    found = []
    if not is_sender(settings.mail_from):
        found.append("mail_from: write whom mail comes from, like admit@example.org.")
    if settings.smtp_user and settings.smtp_tls == "none" and not is_loopback_host(settings.smtp_host):
        found.append("smtp_tls: none would show the password to everybody in between; use starttls or tls.")
    return found


def _beyond_this_machine(settings: Settings) -> list[str]:
    found = []
    if not (settings.tls or settings.trusted_proxies or settings.plain_http):
        found.append(
            f"{settings.host} can be reached from other machines, and plain HTTP would show them every password and "
            "session. Give tls_certificate and tls_key, or name the HTTPS proxy before this server in trusted_proxies, "
            "or set plain_http if you accept that."
        )
    if not settings.public_url:
        found.append(
            "public_url is needed when listening beyond this machine: links are made from it, never from requests."
        )
    return found


def _from_file(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"The configuration file {file} cannot be read: {error}"
        raise SettingsError(message) from error


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, hint in get_type_hints(Settings).items():
        variable = PREFIX + name.upper()
        text = environment.get(variable)
        if (secret_file := environment.get(variable + FILE_SUFFIX)) is not None:
            text = _first_line(Path(secret_file), variable + FILE_SUFFIX)
        if text is not None:
            values[name] = _parts(text) if hint == tuple[str, ...] else text
    return values


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _first_line(file: Path, variable: str) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        message = f"{variable} names {file}, which cannot be read: {error}"
        raise SettingsError(message) from error
