"""Days, lengths of time, kinds of devices and money as the sentences of a plan say them. Pure; it knows no plan."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
#: plurals that an s does not make; what is said in capitals
_MANY = {
    "switch": "switches", "ups": "UPSs", "pdu": "PDUs", "kvm": "KVMs", "pbx": "telephone exchanges",
    "nas": "NAS devices", "storage": "storage systems", "transfer switch": "transfer switches",
    "unknown": "devices of unknown kind", "other": "other devices",
}  # fmt: skip


@lru_cache(maxsize=20_000)
def day_words(day: date) -> str:
    """14 October 2025."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


@lru_cache(maxsize=2_000)
def month_words(day: date) -> str:
    """October 2025."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def many(device_class: str) -> str:
    """A class as several of it: "desktops", "switches"."""
    return _MANY.get(device_class) or f"{device_class}s"


@lru_cache(maxsize=1_000)
def length(months: int) -> str:
    """Months as people say them: "5 years", "5 years and 6 months", "1 month"."""
    years, rest = divmod(months, 12)
    parts = [f"{count} {unit}{'s' * (count != 1)}" for count, unit in ((years, "year"), (rest, "month")) if count]
    return " and ".join(parts) or "0 months"


def money(pence: int) -> str:
    """£1,249.99; whole pounds without pence."""
    pounds, rest = divmod(pence, 100)
    return f"£{pounds:,}.{rest:02d}" if rest else f"£{pounds:,}"


def said(reason: str) -> str:
    """What a person gave as the reason, as the end of a sentence."""
    return f": {reason.strip().rstrip('.')}" if reason.strip() else ""
