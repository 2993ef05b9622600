"""This file holds the statements of links in mails: each is used once, and only as long as it works."""

from sqlalchemy import BigInteger, LargeBinary, bindparam, delete, func, select, update

from admitone.model.people.links import Link, Used
from admitone.store.engine.statements import Statement, insert, no_row, only
from admitone.store.engine.sweeping import sweep
from admitone.store.people.tables import mail_links
from admitone.store.schema import accounts

NOW = bindparam("now", type_=BigInteger)

MAKE = Statement(
    insert(mail_links).values(
        digest=bindparam("digest"),
        code_digest=bindparam("code_digest"),
        mail_id=bindparam("mail_id"),
        account_id=bindparam("account_id"),
        purpose=bindparam("purpose"),
        address=bindparam("address"),
        connection=bindparam("connection", type_=LargeBinary),
        made_at=NOW,
        expires_at=bindparam("expires_at", type_=BigInteger),
    ),
    no_row,
)

# What an older mail said ends with a newer one. Not what the same mail said on another try: either copy may arrive.
END_OLDER = Statement(
    delete(mail_links).where(
        mail_links.c.account_id == bindparam("account_id"),
        mail_links.c.purpose == bindparam("purpose"),
        mail_links.c.mail_id != bindparam("mail_id", type_=BigInteger),
        mail_links.c.used_at.is_(None),
    ),
    no_row,
)

_all = (
    mail_links.c.account_id == bindparam("account_id"),
    mail_links.c.purpose == bindparam("purpose"),
    mail_links.c.used_at.is_(None),
)
END_ALL = Statement(delete(mail_links).where(*_all), no_row)

# Those of one mail and of all that were queued after it, whenever they were made: a mail may have waited long.
END_SINCE = Statement(
    delete(mail_links).where(*_all, mail_links.c.mail_id >= bindparam("mail_id", type_=BigInteger)), no_row
)

FIND = Statement(
    select(
        mail_links.c.account_id,
        accounts.c.username,
        mail_links.c.address,
        mail_links.c.made_at,
        mail_links.c.expires_at,
        mail_links.c.used_at,
        mail_links.c.connection,
    )
    .select_from(mail_links.join(accounts, accounts.c.id == mail_links.c.account_id))
    .where(mail_links.c.digest == bindparam("digest"), mail_links.c.purpose == bindparam("purpose")),
    Link._make,
)

_works = (
    mail_links.c.purpose == bindparam("purpose"),
    mail_links.c.used_at.is_(None),
    mail_links.c.expires_at > NOW,
)

_used = (mail_links.c.account_id, mail_links.c.address, mail_links.c.connection, mail_links.c.mail_id)

# :digest :purpose :now → the account, for the one who comes first.
USE = Statement(
    update(mail_links).where(mail_links.c.digest == bindparam("digest"), *_works).values(used_at=NOW).returning(*_used),
    Used._make,
)

# The same by the code that stood beside the link.
USE_CODE = Statement(
    update(mail_links)
    .where(mail_links.c.code_digest == bindparam("digest"), mail_links.c.account_id == bindparam("account_id"), *_works)
    .values(used_at=NOW)
    .returning(*_used),
    Used._make,
)

FIRST_END = Statement(select(func.min(mail_links.c.expires_at)), only)

SWEEP = sweep(mail_links.c.expires_at)
