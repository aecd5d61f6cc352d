"""People: who they are, what they may see and until when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from collector.store.schema import Time

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Give accounts their schools and factors, and make the tables of logins and guesses."""
    with op.batch_alter_table("account") as account:
        account.add_column(sa.Column("schools", sa.Text()))
        account.add_column(sa.Column("until", Time()))
        account.add_column(sa.Column("removed", Time()))
        account.add_column(sa.Column("password", sa.Text(), nullable=False, server_default=""))
        account.add_column(sa.Column("second_factor", sa.LargeBinary()))
        account.add_column(sa.Column("last_code", sa.BigInteger(), nullable=False, server_default="0"))
    with op.batch_alter_table("pass") as passes:
        passes.add_column(sa.Column("schools", sa.Text()))
    op.create_table(
        "login",
        sa.Column("trust_id", sa.String(36), nullable=False),
        sa.Column("issuer", sa.String(255), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("account_id", sa.String(36), nullable=False),
        sa.Column("linked", Time(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "issuer", "subject", name="pk_login"),
    )
    op.create_index("ix_login_account", "login", ["trust_id", "account_id"])
    op.create_table(
        "departure",
        sa.Column("trust_id", sa.String(36), nullable=False),
        sa.Column("state_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("nonce", sa.String(64), nullable=False),
        sa.Column("verifier", sa.String(128), nullable=False),
        sa.Column("expires", Time(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "state_hash", name="pk_departure"),
    )
    op.create_table(
        "guess",
        sa.Column("trust_id", sa.String(36), nullable=False),
        sa.Column("guess_id", sa.String(36), nullable=False),
        sa.Column("aimed_at", sa.LargeBinary(32), nullable=False),
        sa.Column("made", Time(), nullable=False),
        sa.PrimaryKeyConstraint("trust_id", "guess_id", name="pk_guess"),
    )
    op.create_index("ix_guess_aimed", "guess", ["trust_id", "aimed_at", "made"])
