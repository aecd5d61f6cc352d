"""What follows when something else is known of devices: row → age → health → history. The order exists once, here.

Whoever changes what is believed (a lane was understood, a person merged two devices, a rule changed) names the devices
and the cause; what the pages show, how old the devices are and what the register will have said today follow from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from collector.age.assess import assess
from collector.store import Transaction, ages, devices, health, history, judged, references, school_lives

#: causes by which a person said something: who did looks at the audit soon, which has its turn of an hour else
PERSONS = frozenset({"record", "correction", "merge", "split"})


def restate(
    connection: Transaction, trust_id: str, device_ids: Iterable[str], cause: str, now: datetime,
    since: datetime | None = None,
) -> None:  # fmt: skip
    """Bring everything that is derived of some devices up to date, those included that became another.

    `cause`: a word of `store.history`. `since`: when the evidence was observed, where it came late.
    """
    device_ids = frozenset(device_ids)
    if not device_ids:
        return
    living = devices.living(connection, trust_id, device_ids)
    devices.refresh(connection, trust_id, living)
    reckon(connection, trust_id, living, now)
    health.evaluate(connection, trust_id, living, now)
    history.keep(connection, trust_id, device_ids, cause, now, since)
    if cause in PERSONS:
        judged.want(connection, trust_id, set(school_lives.schools_of(connection, trust_id, living).values()), now)


def reckon(connection: Transaction, trust_id: str, device_ids: Iterable[str], now: datetime) -> None:
    """Assess how old devices are, from all that is known of each."""
    rows = references.support(connection, trust_id)
    found = {known.device_id: assess(known, rows) for known in ages.dossiers(connection, trust_id, device_ids)}
    ages.keep(connection, trust_id, found, now)
