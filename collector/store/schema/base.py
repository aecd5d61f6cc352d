"""What all tables share: one `MetaData`, how a time is kept, and the columns of history in two times."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Date, DateTime, Dialect, MetaData, Text
from sqlalchemy.types import TypeDecorator


class Time(TypeDecorator[datetime]):
    """An aware UTC time; SQLite keeps it without a zone, so the zone is taken off and put back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"})


def history() -> tuple[Column[datetime], ...]:
    """The columns of history in two times: when it was so, and when that was believed."""
    return (
        Column("observed_from", Time, nullable=False),
        Column("observed_to", Time),
        Column("recorded_from", Time, nullable=False),
        Column("recorded_to", Time),
    )


def undertaking() -> tuple[Column[Any], ...]:
    """The columns of what a person says until the end of a day: why, who looks after it, and who said and ended it."""
    return (
        Column("reason", Text, nullable=False),
        Column("owner", Text, nullable=False),
        Column("until", Date, nullable=False),  # the last day, London time
        Column("made", Time, nullable=False),
        Column("made_by", Text, nullable=False),
        Column("ended", Time),  # taken back before its end
        Column("ended_by", Text, nullable=False, server_default=""),
    )
