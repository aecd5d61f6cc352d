"""What lists of the register are sorted and chosen by, beside the cells that it repeats."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from collector.store.cells import repeated

revision = "0017"
down_revision = "0016"

_PAGE = 2_000  # versions that are read at once
_TEXTS = {
    "life": 16, "by_name": 40, "by_asset_tag": 40, "by_serial": 40, "by_school": 40, "by_purchased": 10,
    "by_made_best": 10, "by_support_ends": 10,
}  # fmt: skip
_FILLED = (*_TEXTS, "by_cost")


def upgrade() -> None:
    """Add the columns, fill them for every version of the register, and index them."""
    for name, length in _TEXTS.items():
        op.add_column("register", sa.Column(name, sa.String(length=length), server_default="", nullable=False))
    op.add_column("register", sa.Column("by_cost", sa.BigInteger()))
    _repeat_what_is_kept()
    op.drop_index("ix_register_device", "register")
    device = ["trust_id", "device_id", "recorded_to", "recorded_from", "class", "school_id"]
    op.create_index("ix_register_device", "register", device)
    chosen = ["trust_id", "recorded_to", "recorded_from", "device_id", "class", "school_id", "life", "gone", "cost"]
    op.create_index("ix_register_list", "register", [*chosen, "lot", *_FILLED[1:]])


def _repeat_what_is_kept() -> None:
    connection = op.get_bind()
    register = sa.table("register", *(sa.column(name) for name in ("trust_id", "row_id", "cells", *_FILLED)))
    c = register.c
    key = (c.trust_id == sa.bindparam("of")) & (c.row_id == sa.bindparam("at"))
    change = sa.update(register).where(key).values({name: sa.bindparam(f"new_{name}") for name in _FILLED})
    after = ("", 0)
    while True:
        further = sa.or_(c.trust_id > after[0], sa.and_(c.trust_id == after[0], c.row_id > after[1]))
        query = sa.select(c.trust_id, c.row_id, c.cells).where(further).order_by(c.trust_id, c.row_id).limit(_PAGE)
        rows = connection.execute(query).all()
        if not rows:
            return
        after = (rows[-1].trust_id, rows[-1].row_id)
        said = [(row, repeated(row.cells)) for row in rows]
        new = [
            {"of": row.trust_id, "at": row.row_id} | {f"new_{name}": told[name] for name in _FILLED}
            for row, told in said
            if told
        ]
        if new:
            connection.execute(change, new)
