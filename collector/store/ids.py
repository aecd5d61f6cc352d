"""Names and numbers of rows: random ids that people can read aloud, and counters handed out by the one writer."""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, insert, update

from collector.store.schema import counters

#: Crockford's base 32: no I, L, O, U, so that an id survives a telephone call
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new(length: int = 12) -> str:
    """A random id: 60 bits in 12 characters."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def take(connection: Connection, trust_id: str, name: str, count: int = 1) -> int:
    """Reserve `count` numbers of a counter and return the first."""
    after = connection.execute(
        update(counters)
        .where(counters.c.trust_id == trust_id, counters.c.name == name)
        .values(next=counters.c.next + count)
        .returning(counters.c.next)
    ).scalar()
    if after is None:
        connection.execute(insert(counters).values(trust_id=trust_id, name=name, next=1 + count))
        return 1
    return int(after) - count
