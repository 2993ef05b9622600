"""This file writes down what apps change and what was there before, in the transaction of the change."""

from collections.abc import Sequence

from admitone.model.connected.changes import PERSON, Thing
from admitone.store.connected import changes
from admitone.store.engine.tx import Tx

States = tuple[Thing, str, str]


async def record(tx: Tx, account_id: int, app_id: int | None, thing: Thing, before: str, after: str) -> None:
    """Write down that an app made `after` of what was `before`; without an app it was the person."""
    await tx.run(changes.RECORD, **_values(tx, account_id, app_id, (thing, before, after)))


async def record_all(tx: Tx, account_id: int, app_id: int | None, changed: Sequence[States]) -> None:
    """The same for many things at once."""
    await tx.many(changes.RECORD, [_values(tx, account_id, app_id, each) for each in changed])


def _values(tx: Tx, account_id: int, app_id: int | None, changed: States) -> dict[str, int | str]:
    thing, before, after = changed
    return {
        "account_id": account_id,
        "app_id": app_id or PERSON,
        **thing._asdict(),
        "before": before,
        "after": after,
        "now": tx.now,
    }
