"""What every command works with: the configuration, the store open for writing, the trust, and a clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from collector.config import Config
from collector.store import Store, places


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command works with. `trust_id` is empty before `init`."""

    config: Config
    store: Store
    trust_id: str
    trust_name: str = ""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


def open_desk(config: Config, store: Store) -> Desk:
    """The desk of the store's trust."""
    with store.reader() as connection:
        known = places.trust_ids(connection)
    return Desk(config, store, *(known[0] if known else ("", "")))
