"""This file holds the statements of the outbox: who sends a mail has claimed it, and nobody else sends meanwhile."""

from sqlalchemy import BigInteger, SmallInteger, bindparam, exists, func, literal, select, update

from admitone.model.people.mails import Claimed
from admitone.store.engine.statements import Statement, insert, no_row, only
from admitone.store.engine.sweeping import sweep
from admitone.store.people.tables import mails

NOW = bindparam("now", type_=BigInteger)
UNTIL = bindparam("until", type_=BigInteger)

QUEUE = Statement(
    insert(mails).values(
        account_id=bindparam("account_id"),
        letter=bindparam("letter"),
        language=bindparam("language"),
        hidden=bindparam("hidden"),
        made_at=NOW,
        due_at=NOW,
        claimed_until=literal(0, BigInteger),
        tries=0,
        outcome="",
    ),
    no_row,
)

_waits = mails.c.ended_at.is_(None)
_due = (_waits, mails.c.due_at <= NOW, mails.c.claimed_until <= NOW)
_first_due = select(mails.c.id).where(*_due).order_by(mails.c.due_at, mails.c.id).limit(1)
_other = mails.alias("other")

IS_DUE = Statement(_first_due, only)

# Only one mail is in hand at a time, whoever has it. A second sender that is a moment late finds the row claimed.
CLAIM = Statement(
    update(mails)
    .where(
        mails.c.id == _first_due.scalar_subquery(),
        *_due,
        ~exists(select(_other.c.id).where(_other.c.ended_at.is_(None), _other.c.claimed_until > NOW)),
    )
    .values(claimed_until=UNTIL, tries=mails.c.tries + literal(1, SmallInteger))
    .returning(
        mails.c.id, mails.c.account_id, mails.c.letter, mails.c.language, mails.c.hidden, mails.c.made_at, mails.c.tries
    ),
    Claimed._make,
)

_mine = (mails.c.id == bindparam("mail_id"), mails.c.tries == bindparam("tries"), _waits)

END = Statement(
    update(mails)
    .where(*_mine)
    .values(hidden=None, ended_at=NOW, claimed_until=literal(0, BigInteger), outcome=bindparam("outcome")),
    no_row,
)

# Also one that somebody has in hand: it is not tried again.
CALL_OFF = Statement(
    update(mails)
    .where(
        mails.c.account_id == bindparam("account_id"),
        mails.c.letter == bindparam("letter"),
        mails.c.id >= bindparam("mail_id", type_=BigInteger),
        _waits,
    )
    .values(hidden=None, ended_at=NOW, claimed_until=literal(0, BigInteger), outcome=bindparam("outcome")),
    no_row,
)

PUT_BACK = Statement(update(mails).where(*_mine).values(due_at=UNTIL, claimed_until=literal(0, BigInteger)), no_row)

FIRST_END = Statement(select(func.min(mails.c.ended_at)), only)

SWEEP = sweep(mails.c.ended_at)
