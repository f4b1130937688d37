"""Tables that only the working copy of a replay has, beside all the others."""

from sqlalchemy import JSON, Column, Date, Integer, MetaData, String, Table

from wiseops.models.types import BIG

REPLAY = MetaData()

COPIES = Table("replay_copies", REPLAY, Column("identity", String(64), primary_key=True))
"""One row: what the copy was made of."""

POSTINGS = Table(
    "replay_postings",
    REPLAY,
    Column("id", BIG, primary_key=True),
    Column("account_id", BIG, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("number", String(60), nullable=False),
    Column("issued_on", Date, nullable=False, index=True),
    Column("due_on", Date, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("amount", BIG, nullable=False),
    Column("disputed", BIG, nullable=False),
    Column("allocate_to", String(60), nullable=False),
    Column("payment_reference", String(60), nullable=False),
    Column("reverses_id", BIG),
)
"""The ledger to be repeated: each entry waits here for its day."""

DAYS = Table(
    "replay_days",
    REPLAY,
    Column("on", Date, primary_key=True),
    Column("evaluated", Integer, nullable=False),
    Column("queued", Integer, nullable=False),
    Column("sent", Integer, nullable=False),
    Column("cancelled", Integer, nullable=False),
    Column("messages", JSON, nullable=False),
)
"""What came of each day, written in the transaction that lived it."""
