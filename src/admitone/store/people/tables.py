"""This file holds the tables of what belongs to people beside their account."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Identity, Index, LargeBinary, Table, Text

from admitone.store.schema import KEYED, STRICT, Digest, Instant, Number, Small, metadata

# Whose an e-mail address is, once that is proven: of one account only. The key is its canonical form.
addresses = Table(
    "addresses",
    metadata,
    Column("address_key", Text, primary_key=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("confirmed_at", Instant, nullable=False),
    **KEYED,
)

# The outbox: one row for each mail. What it says is hidden with a key of the ring, and erased when the mail has ended.
mails = Table(
    "mails",
    metadata,
    Column("id", Number, Identity(), primary_key=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="SET NULL"), index=True),
    Column("letter", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("hidden", LargeBinary),
    Column("made_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("claimed_until", Instant, nullable=False),
    Column("tries", Small, nullable=False),
    Column("ended_at", Instant),
    Column("outcome", Text, nullable=False),
    CheckConstraint("(hidden is null) = (ended_at is not null)", name="erased"),
    **STRICT,
)
Index("ix_mails_ended_at_due_at", mails.c.ended_at, mails.c.due_at)

# The links and codes that were sent.
mail_links = Table(
    "mail_links",
    metadata,
    Column("digest", Digest, primary_key=True),
    Column("code_digest", Digest, nullable=False),
    Column("mail_id", Number, nullable=False),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("used_at", Instant),
    # Which connection a link ends: the digest of the request token that it came from.
    Column("connection", Digest),
    CheckConstraint("purpose in ('confirm', 'reset', 'revert', 'disconnect')", name="purpose"),
    **KEYED,
)
Index("ix_mail_links_account_id_purpose", mail_links.c.account_id, mail_links.c.purpose)

invitations = Table(
    "invitations",
    metadata,
    Column("digest", Digest, primary_key=True),
    Column("note", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("used_at", Instant),
    Column("used_by", ForeignKey("accounts.id", ondelete="SET NULL")),
    **KEYED,
)
