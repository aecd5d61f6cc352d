"""Days as people in British schools count them: they end at midnight in London, whatever UTC says. Knows no clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/London")


def day_of(moment: datetime) -> date:
    """The day in London at an aware time."""
    return moment.astimezone(ZONE).date()


def last_day(end: datetime) -> date:
    """The last day before an end: of what ends at midnight, the day that this midnight ends."""
    return day_of(end - timedelta(microseconds=1))


def end_of(day: date) -> datetime:
    """The midnight that ends a day, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), ZONE).astimezone(UTC)
