"""This file writes the audit: what happened, to whom, in the transaction in which it happened."""

from enum import StrEnum
from typing import Any

from admitone.store import events
from admitone.store.engine.tx import Tx


class Happened(StrEnum):
    """What the audit calls a change of state. The values never change once released."""

    TOKEN_MADE = "token made"
    TOKEN_APPROVED = "token approved"
    TOKEN_APPROVED_BY_LOGIN = "token approved by login"
    TOKEN_DENIED = "token denied"
    SESSION_STARTED = "session started"
    SESSION_ENDED = "session ended"
    SIGNED_IN = "signed in"
    CONFIRMED = "confirmed who they are"
    SIGNED_OUT = "signed out"
    WRONG_PASSWORD = "wrong password"
    APP_PASSWORD_NEEDED = "password given to an app instead of an app password"
    WRONG_CODE = "wrong code"
    SIGNED_OUT_ELSEWHERE = "signed out elsewhere"
    PASSKEY_RENAMED = "passkey renamed"
    PASSKEY_COPIED = "passkey counted backwards"
    APP_PASSWORD_REMOVED = "app password removed"
    PASSWORD_SET = "password set"
    ACCOUNT_ADDED = "account added"
    INVITATION_MADE = "invitation made"
    EMAIL_CONFIRMED = "e-mail address confirmed"
    EMAIL_CHANGED = "e-mail address changed"
    EMAIL_REVERTED = "e-mail address taken back"
    APPS_DISCONNECTED = "all apps disconnected"
    DISCONNECTED_BY_MAIL = "app disconnected by mail"
    NEW_DEVICE = "new device"
    PASSKEY_ADDED = "passkey added"
    PASSKEY_REMOVED = "passkey removed"
    AUTHENTICATOR_ON = "authenticator on"
    AUTHENTICATOR_OFF = "authenticator off"
    RECOVERY_CODES_MADE = "recovery codes made"
    RECOVERY_CODE_USED = "recovery code used"
    APP_PASSWORD_MADE = "app password made"
    APP_PASSWORD_USED = "app password used"
    IMPORT_STARTED = "import started"
    IMPORT_DONE = "import done"
    EXPORT_STARTED = "export started"
    EXPORT_READY = "export ready"
    EXPORT_FETCHED = "export fetched"
    DELETION_STARTED = "deletion started"
    DELETION_TAKEN_BACK = "deletion taken back"
    ACCOUNT_DELETED = "account deleted"
    ACCOUNT_NEVER_CONFIRMED = "account removed that nobody confirmed"
    APP_ADDED = "app added"
    APP_ROTATED = "app credentials rotated"
    APP_REMOVED = "app removed"


# How long what is nobody's, or nobody's any more, is kept (security.md A16).
NOBODYS_MS = 365 * 24 * 60 * 60 * 1000


async def record(
    tx: Tx,
    kind: Happened,
    *,
    app_id: int | None = None,
    account_id: int | None = None,
    network: str = "",
    detail: str = "",
) -> None:
    """Write one row of the audit. `detail` must not hold a secret."""
    await tx.run(events.RECORD, **_row(tx, kind, app_id, account_id, network, detail))


async def record_numbered(
    tx: Tx, kind: Happened, *, app_id: int, account_id: int | None = None, network: str = ""
) -> int:
    """Write one row of the audit; its number, greater than that of every row before."""
    number: int | None = await tx.one(events.RECORD_NUMBERED, **_row(tx, kind, app_id, account_id, network, ""))
    assert number is not None  # noqa: S101 - an insert without a conflict clause returns its row or raises
    return number


async def latest(tx: Tx) -> int:
    """The instant of the newest row of the audit; 0 for none."""
    return await tx.one(events.LATEST) or 0


def _row(
    tx: Tx, kind: Happened, app_id: int | None, account_id: int | None, network: str, detail: str
) -> dict[str, Any]:
    return {
        "at": tx.now,
        "kind": kind.value,
        "app_id": app_id,
        "account_id": account_id,
        "network": network,
        "detail": detail,
    }
