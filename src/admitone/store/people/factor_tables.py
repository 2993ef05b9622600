"""This file holds the tables of what people prove themselves with, besides their passwords."""

from sqlalchemy import Column, ForeignKey, Identity, LargeBinary, Table, Text

from admitone.store.schema import KEYED, LASTING, Digest, Flag, Instant, Number, metadata

# The secret of an authenticator app: encrypted under the key ring, bound to its account.
authenticators = Table(
    "authenticators",
    metadata,
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("secret", LargeBinary, nullable=False),
    Column("made_at", Instant, nullable=False),
    # The step of the newest code that was taken: none is taken twice, and none older.
    Column("step", Number, nullable=False),
    **KEYED,
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("digest", Digest, primary_key=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("made_at", Instant, nullable=False),
    Column("used_at", Instant),
    **KEYED,
)

passkeys = Table(
    "passkeys",
    metadata,
    Column("id", Number, Identity(), primary_key=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("credential_id", LargeBinary, nullable=False, unique=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("uses", Number, nullable=False),  # as its authenticator counts them; 0 where it does not
    Column("name", Text, nullable=False),
    Column("aaguid", Text, nullable=False),
    Column("synced", Flag, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("used_at", Instant),
    **LASTING,
)

app_passwords = Table(
    "app_passwords",
    metadata,
    Column("id", Number, Identity(), primary_key=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("digest", Digest, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("used_at", Instant),
    **LASTING,
)

# Questions that were put to passkeys and have been answered: none is answered twice.
answered_challenges = Table(
    "answered_challenges",
    metadata,
    Column("digest", Digest, primary_key=True),
    Column("expires_at", Instant, nullable=False, index=True),
    **KEYED,
)

# Where an account's owner has signed in before: browsers, by a secret of theirs, and networks.
known_places = Table(
    "known_places",
    metadata,
    Column("digest", Digest, primary_key=True),
    Column(
        "account_id",
        ForeignKey("accounts.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
    ),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    # Until when this browser is not asked for a second step.
    Column("trusted_until", Instant),
    **KEYED,
)
