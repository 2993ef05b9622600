"""This file holds the statements that let an account go: off at once, kept for a while, erased in batches."""

from typing import NamedTuple

from sqlalchemy import BigInteger, bindparam, delete, func, literal, null, select, update

from admitone.model.people.links import Purpose
from admitone.model.records.jobs import Leaving
from admitone.store.engine.statements import Statement, insert, no_row, only
from admitone.store.engine.sweeping import one
from admitone.store.people.tables import mail_links, mails
from admitone.store.records.tables import leavings, reserved_names
from admitone.store.schema import accounts, apps, events, list_items, lists, marks, ratings, sessions

NOW = bindparam("now", type_=BigInteger)
ACCOUNT = bindparam("account_id", type_=BigInteger)
MOST = bindparam("most", type_=BigInteger)
UNTIL = bindparam("until", type_=BigInteger)


class Rated(NamedTuple):
    """A rating of somebody who leaves."""

    account_id: int
    media_type: str
    media_id: int
    season: int
    episode: int
    halves: int


class Marked(NamedTuple):
    """A mark of somebody who leaves."""

    account_id: int
    mark: str
    media_type: str
    media_id: int


class OwnApp(NamedTuple):
    """An app of one's own, and how many people have it connected."""

    public_id: str
    name: str
    people: int


SWITCH_OFF = Statement(
    update(accounts)
    .where(accounts.c.id == ACCOUNT, accounts.c.switched_off_at.is_(None))
    .values(switched_off_at=NOW)
    .returning(accounts.c.id),
    only,
)
ASK = Statement(insert(leavings).values(account_id=ACCOUNT, asked_at=NOW, erase_at=UNTIL), no_row)
TAKE_BACK = Statement(
    delete(leavings).where(leavings.c.account_id == ACCOUNT, leavings.c.erase_at > NOW).returning(leavings.c.asked_at),
    only,
)
# Not one that the operator has switched off since.
SWITCH_ON = Statement(
    update(accounts)
    .where(accounts.c.id == ACCOUNT, accounts.c.switched_off_at == bindparam("asked_at", type_=BigInteger))
    .values(switched_off_at=None)
    .returning(accounts.c.id),
    only,
)
# Not while a link to take a change of address back works: whoever changed it may be a thief who covers the tracks.
_revertible = (
    select(mail_links.c.account_id)
    .where(
        mail_links.c.account_id == leavings.c.account_id,
        mail_links.c.purpose == Purpose.REVERT.value,
        mail_links.c.used_at.is_(None),
        mail_links.c.expires_at > NOW,
    )
    .exists()
)
# Nor while the mail that brings it has not been sent: its link is made only then.
_untold = (
    select(mails.c.id)
    .where(
        mails.c.account_id == leavings.c.account_id, mails.c.letter == bindparam("letter"), mails.c.ended_at.is_(None)
    )
    .exists()
)
# :letter is the one that brings such a link.
HASTEN = Statement(
    update(leavings)
    .where(leavings.c.account_id == ACCOUNT, ~_revertible, ~_untold)
    .values(erase_at=NOW)
    .returning(leavings.c.account_id),
    only,
)

_leaving = select(leavings.c.account_id, accounts.c.username, leavings.c.asked_at, leavings.c.erase_at).select_from(
    leavings.join(accounts, accounts.c.id == leavings.c.account_id)
)
FIND = Statement(_leaving.where(leavings.c.account_id == ACCOUNT), Leaving._make)
DUE = Statement(
    select(leavings.c.account_id).where(leavings.c.erase_at <= NOW).order_by(leavings.c.erase_at).limit(1), only
)

OWN_APPS = Statement(
    select(
        apps.c.public_id,
        apps.c.name,
        select(func.count(sessions.c.account_id.distinct()))
        .where(sessions.c.app_id == apps.c.id, sessions.c.ended_at.is_(None), sessions.c.account_id != apps.c.owner_id)
        .scalar_subquery(),
    )
    .where(apps.c.owner_id == ACCOUNT)
    .order_by(apps.c.id),
    OwnApp._make,
)

# The account again, as long as it is due: whoever kept it a moment before keeps all of it.
STILL_DUE = Statement(
    select(leavings.c.account_id).where(leavings.c.account_id == ACCOUNT, leavings.c.erase_at <= NOW).with_for_update(),
    only,
)
# Both first looked up and then removed one by one: see `engine.sweeping.oldest`.
_key = tuple(ratings.primary_key.columns)
RATED = Statement(
    select(*_key, ratings.c.halves).where(ratings.c.account_id == ACCOUNT).order_by(*_key).limit(MOST), Rated._make
)
UNRATE = one(ratings)
_marked = tuple(marks.primary_key.columns)
MARKED = Statement(select(*_marked).where(marks.c.account_id == ACCOUNT).order_by(*_marked).limit(MOST), Marked._make)
UNMARK = one(marks)
_items = (
    select(list_items.c.id)
    .where(list_items.c.list_id.in_(select(lists.c.id).where(lists.c.account_id == ACCOUNT)))
    .limit(MOST)
)
UNLIST = Statement(delete(list_items).where(list_items.c.id.in_(_items)), no_row)
# What happened stays, to whom does not: neither who it was nor from where.
FORGET_EVENTS = Statement(
    update(events)
    .where(events.c.id.in_(select(events.c.id).where(events.c.account_id == ACCOUNT).limit(MOST)))
    .values(account_id=null(), network=literal(""), detail=literal("")),
    no_row,
)
NAME_KEY = Statement(select(accounts.c.username_key).where(accounts.c.id == ACCOUNT), only)
ERASE = Statement(delete(accounts).where(accounts.c.id == ACCOUNT).returning(accounts.c.id), only)

RESERVE = Statement(
    insert(reserved_names)
    .values(digest=bindparam("digest"), until=UNTIL)
    .on_conflict_do_nothing(index_elements=[reserved_names.c.digest]),
    no_row,
)
IS_RESERVED = Statement(
    select(reserved_names.c.until).where(reserved_names.c.digest == bindparam("digest"), reserved_names.c.until > NOW),
    only,
)
SWEEP_NAMES = Statement(delete(reserved_names).where(reserved_names.c.until <= NOW), no_row)
