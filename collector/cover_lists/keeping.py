"""For how long devices are to be kept, by the policies of the plan: what cover is held against."""

from __future__ import annotations

from datetime import date

from collector import covering
from collector.planning.gather import overrides
from collector.refresh.policies import Policies
from collector.store import Transaction
from collector.store import planning as planned
from collector.store.cover import Lives


def look(
    connection: Transaction, trust_id: str, today: date, schools: covering.Schools = None
) -> covering.Laid:  # fmt: skip
    """All contracts laid over the devices that stand at some schools, each of which ends as the plan has it end."""
    return covering.look(connection, trust_id, today, schools, lives(connection, trust_id))


def lives(connection: Transaction, trust_id: str) -> Lives:
    """Months by school, class, maker and model, as trust and schools set them."""
    said = planned.standing(connection, trust_id, planned.Kind.POLICY)
    policies = Policies(overrides(said))

    def months(school_id: str, device_class: str, maker: str, model: str) -> int:
        return policies.find(school_id, device_class, maker, model).policy.life

    return months
