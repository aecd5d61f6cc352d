"""Cover held against how long devices are to be kept by the policies of the plan; and what was laid, kept for a while.

It knows no page and no list.
"""

from __future__ import annotations

from datetime import date, datetime

from collector import covering, keeping, london
from collector.cover import Cover
from collector.cover.counting import Counts, count
from collector.planning.gather import overrides
from collector.refresh.policies import Policies
from collector.store import Store, Transaction
from collector.store import planning as planned
from collector.store.cover import Lives

MOST_LAID = 4  # sets of schools of which is kept what was laid: 50,000 devices take some 30 MB
_LAID = keeping.Topic[tuple[covering.Laid, Counts]](MOST_LAID)


def look(
    connection: Transaction, trust_id: str, today: date, schools: covering.Schools = None
) -> covering.Laid:  # fmt: skip
    """All contracts laid over the devices that stand at some schools, each of which ends as the plan has it end."""
    return covering.look(connection, trust_id, today, schools, lives(connection, trust_id))


def of_device(
    connection: Transaction, trust_id: str, device_id: str, today: date, schools: covering.Schools = None
) -> Cover | None:  # fmt: skip
    """How one device is covered, read now; None where it does not stand at these schools."""
    return covering.of_device(connection, trust_id, device_id, today, schools, lives(connection, trust_id))


def kept(
    store: Store, trust_id: str, now: datetime, schools: frozenset[str] | None = None
) -> tuple[covering.Laid, Counts]:  # fmt: skip
    """The same as of today, and counted: once for all who see the same schools."""

    def lay(connection: Transaction) -> tuple[covering.Laid, Counts]:
        laid = look(connection, trust_id, london.day_of(now), schools)
        return laid, count(laid.covers)

    return _LAID.of(store, trust_id).take(now, lay, schools).value


def lives(connection: Transaction, trust_id: str) -> Lives:
    """Months by school, class, maker and model, as trust and schools set them."""
    said = overrides(planned.standing(connection, trust_id, planned.Kind.POLICY))
    policies, own = Policies(said), {one.school_id for one in said}

    def months(school_id: str, device_class: str, maker: str, model: str) -> int:
        # schools that set nothing themselves share what is found
        return policies.find(school_id if school_id in own else "", device_class, maker, model).policy.life

    return months
