"""Buildings, rooms, what ties a port to a room, and the term calendar."""

from __future__ import annotations

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Nothing yet."""
