"""This file holds the gates of request tokens: each change of state is one conditional statement (law 3)."""

from sqlalchemy import (
    BigInteger,
    LargeBinary,
    SmallInteger,
    Text,
    bindparam,
    case,
    func,
    insert,
    literal,
    select,
    update,
)

from admitone.model.request_tokens import RequestToken, Spent, State
from admitone.store.engine.statements import Statement, no_row, only
from admitone.store.engine.sweeping import sweep
from admitone.store.schema import accounts, apps, request_tokens

NOW = bindparam("now", type_=BigInteger)
_live = (request_tokens.c.digest == bindparam("digest"), request_tokens.c.expires_at > NOW)
# EXISTS and not IN: SQLite would make a list of the whole table first.
_app_on = select(apps.c.id).where(apps.c.id == request_tokens.c.app_id, apps.c.switched_off_at.is_(None)).exists()
_decider_on = (
    select(accounts.c.id)
    .where(accounts.c.id == request_tokens.c.decided_by, accounts.c.switched_off_at.is_(None))
    .exists()
)

# No row is made for an app that was removed or switched off a moment ago. Its row is locked as the foreign key would do
# it a moment later.
ISSUE = Statement(
    insert(request_tokens).from_select(
        ["digest", "app_id", "state", "network", "made_at", "expires_at", "generation", "redirect_to"],
        select(
            bindparam("digest", type_=LargeBinary),
            apps.c.id,
            literal(State.PENDING.value, Text),
            bindparam("network", type_=Text),
            NOW,
            bindparam("expires_at", type_=BigInteger),
            bindparam("generation", type_=SmallInteger),
            bindparam("redirect_to", type_=Text),
        )
        .where(apps.c.id == bindparam("app_id"), apps.c.switched_off_at.is_(None))
        .with_for_update(read=True, key_share=True),
    ),
    no_row,
    together=("digest",),
)

SHOW = Statement(
    select(
        request_tokens.c.app_id,
        apps.c.switched_off_at,
        request_tokens.c.state,
        request_tokens.c.network,
        request_tokens.c.made_at,
        request_tokens.c.expires_at,
        request_tokens.c.decided_by,
        case((accounts.c.id.is_(None), None), (accounts.c.switched_off_at.is_(None), 1), else_=0),
        request_tokens.c.generation,
        request_tokens.c.redirect_to,
    )
    .select_from(
        request_tokens.join(apps, apps.c.id == request_tokens.c.app_id).outerjoin(
            accounts, accounts.c.id == request_tokens.c.decided_by
        )
    )
    .where(request_tokens.c.digest == bindparam("digest")),
    RequestToken._make,
)

# :digest :account_id :to_state :how :by_network :browser :now → the app, when this statement decided it.
DECIDE = Statement(
    update(request_tokens)
    .where(
        *_live,
        request_tokens.c.state == State.PENDING.value,
        _app_on,
        select(accounts.c.id)
        .where(accounts.c.id == bindparam("account_id"), accounts.c.switched_off_at.is_(None))
        .exists(),
    )
    .values(
        state=bindparam("to_state"),
        decided_by=bindparam("account_id"),
        decided_at=NOW,
        approved_how=bindparam("how", type_=Text),
        approved_network=bindparam("by_network", type_=Text),
        approved_browser=bindparam("browser", type_=Text),
    )
    .returning(request_tokens.c.app_id),
    only,
)

# :digest :app_id :generation :now → who approved it and how, when this statement spent it.
SPEND = Statement(
    update(request_tokens)
    .where(
        *_live,
        request_tokens.c.app_id == bindparam("app_id"),
        request_tokens.c.generation == bindparam("generation", type_=SmallInteger),
        request_tokens.c.state == State.APPROVED.value,
        _decider_on,
    )
    .values(state=State.SPENT.value, spent_at=NOW)
    .returning(
        request_tokens.c.decided_by,
        request_tokens.c.decided_at,
        request_tokens.c.approved_how,
        request_tokens.c.approved_network,
        request_tokens.c.approved_browser,
    ),
    Spent._make,
    together=("digest",),
)

# What a person approved and nobody has exchanged yet; only live ones, by the index of their ends.
REVOKE_ALL_OF_ACCOUNT = Statement(
    update(request_tokens)
    .where(
        request_tokens.c.expires_at > NOW,
        request_tokens.c.decided_by == bindparam("account_id"),
        request_tokens.c.state == State.APPROVED.value,
    )
    .values(state=State.DENIED.value, decided_at=NOW),
    no_row,
)

# When the first of those that are left ended, or will.
FIRST_END = Statement(select(func.min(request_tokens.c.expires_at)), only)

# A token is kept a day past its end, so that the log can tell "expired" from "never was"; :before :most
SWEEP = sweep(request_tokens.c.expires_at)
