"""The numbers for Prometheus: estate aggregates, what the agents tell of themselves, and the collector's own.

It reads the register and knows no page, token or listener. These hold:

1. Nothing that a device or an agent said is a label: labels are ids that we gave, the class (a closed list), and a
   school's name and URN, which people entered.
2. No device has a series here, so the number of series grows with schools and agents only; `school` has those.
3. What is not known has no series: absence is never a zero.
4. `FAMILIES` is the whole of it; docs/metrics.md is compared with it by a test.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from prometheus_client import CollectorRegistry, ProcessCollector

from collector.facts import text
from collector.metrics.families import (
    CONTENT_TYPE,
    LABEL_LIMIT,
    OTHER,
    URN_LIMIT,
    Family,
    Filled,
    Sample,
    filled,
    known_class,
    page,
    school_labels,
)
from collector.store import Store, bounds, conditions, coverage, register
from collector.store.conditions import ConditionCount
from collector.store.register import AgeCount, AgentRow, SchoolRow, Totals
from collector.store.rows import Coverage

REFUSALS = ("unreadable", "content_unknown", "too_large", OTHER)  # RefusalReason in report_service.proto


@dataclass(frozen=True, slots=True)
class Counts:
    """What this process counted since it started; intake keeps it and the service hands it over."""

    received_reports: int = 0
    refused_reports: Mapping[str, int] = field(default_factory=dict)  # by a reason of REFUSALS
    repeated_reports: int = 0


@dataclass(frozen=True, slots=True)
class Estate:
    """One reading of the register, and the counts of this process."""

    schools: tuple[SchoolRow, ...]
    agents: tuple[AgentRow, ...]
    classes: Mapping[tuple[str, str], int]  # (school id, class) → devices
    totals: Totals
    counts: Counts
    ages: tuple[AgeCount, ...] = ()
    coverage: Mapping[str, Coverage] = field(default_factory=dict)  # by school id
    conditions: tuple[ConditionCount, ...] = ()
    acknowledged: Mapping[tuple[str, str], int] = field(default_factory=dict)  # (school id, aspect) → devices


__all__ = [
    "CONTENT_TYPE", "FAMILIES", "LABEL_LIMIT", "Counts", "Estate", "Family", "exposition", "families", "filled",
    "known_class", "page", "read_estate", "school_labels",
]  # fmt: skip

# ------------------------------------------------------------------------------------------------ what there is

_SCHOOL, _AGENT = ("school",), ("school", "agent")

#: families about one agent that come from its own numbers, and the name of the number
_AGENT_NUMBERS = {
    Family("agent_spool_pending_reports", "gauge", _AGENT,
           "Reports in the agent's spool that the collector has not acknowledged, as the agent last told."):
        "spool_pending_reports",
    Family("agent_spool_bytes", "gauge", _AGENT, "Size of the agent's spool file."): "spool_bytes",
    Family("agent_spool_oldest_seconds", "gauge", _AGENT,
           "Age of the oldest report in the agent's spool that is not acknowledged; absent where none waits."):
        "spool_oldest_seconds",
    Family("agent_spool_dropped_reports", "counter", _AGENT,
           "Reports that the agent had to drop, each accounted for by a gap, since its spool was made."):
        "spool_dropped_reports",
    Family("agent_resident_memory_bytes", "gauge", _AGENT, "Resident memory of the agent's main process."):
        "resident_memory_bytes",
    Family("agent_processor_seconds", "counter", _AGENT, "Processor time of the agent since it started."):
        "processor_seconds",
    Family("agent_packets_sent", "counter", _AGENT, "Packets that the agent sent to devices since it started."):
        "packets_sent",
    Family("agent_sweeps", "counter", _AGENT, "Sweeps that the agent finished since it started."): "sweeps",
    Family("agent_last_sweep_timestamp_seconds", "gauge", _AGENT, "When the agent's last sweep ended, by its clock."):
        "last_sweep_time",
    Family("agent_last_sweep_duration_seconds", "gauge", _AGENT, "How long the agent's last sweep took."):
        "last_sweep_seconds",
    Family("agent_last_sweep_sightings", "gauge", _AGENT, "Addresses that answered in the agent's last sweep."):
        "last_sweep_sightings",
    Family("agent_last_sweep_examinations", "gauge", _AGENT,
           "Devices that answered SNMP in the agent's last sweep."): "last_sweep_examinations",
    Family("agent_last_sweep_silent", "gauge", _AGENT,
           "Devices that were asked by SNMP in the agent's last sweep and did not answer."): "last_sweep_silent",
    Family("agent_health_rounds", "counter", _AGENT, "Rounds of health that the agent finished since it started."):
        "health_rounds",
    Family("agent_last_health_round_duration_seconds", "gauge", _AGENT,
           "How long the agent's last round of health took."):
        "last_health_round_seconds",
    Family("agent_last_health_round_devices", "gauge", _AGENT,
           "Devices that were asked in the agent's last round of health."): "last_health_round_devices",
    Family("agent_last_health_round_silent", "gauge", _AGENT,
           "Devices that were asked in the agent's last round of health and did not answer."):
        "last_health_round_silent",
    Family("agent_snmp_refused", "gauge", _AGENT,
           "Devices that speak SNMP and took none of the agent's credentials when they were last asked."):
        "snmp_refused",
    Family("agent_clock_skew_seconds", "gauge", _AGENT,
           "How far the agent's clock was ahead of the collector's at its last Sync; negative where it is behind."):
        "clock_skew_seconds",
}  # fmt: skip


_SIGNED = frozenset({"clock_skew_seconds"})


def _devices(estate: Estate, names: Mapping[str, str]) -> Iterator[Sample]:
    found: Counter[tuple[str, str]] = Counter()
    for (school_id, device_class), count in estate.classes.items():
        found[names.get(school_id, school_id), known_class(device_class)] += count
    return ((labels, count) for labels, count in found.items())


def _by_age(
    of: Callable[[AgeCount], Iterable[tuple[tuple[str, ...], int]]],
) -> Callable[[Estate, Mapping[str, str]], Iterator[Sample]]:
    """Devices by school and what `of` counts in an `AgeCount`."""

    def samples(estate: Estate, names: Mapping[str, str]) -> Iterator[Sample]:
        found: Counter[tuple[str, ...]] = Counter()
        for count in estate.ages:
            school = names.get(count.school_id, count.school_id)
            for labels, devices in of(count):
                found[school, *labels] += devices
        return ((labels, count) for labels, count in found.items())

    return samples


def _conditions(estate: Estate, names: Mapping[str, str]) -> Iterator[Sample]:
    found: Counter[tuple[str, ...]] = Counter()
    for one in estate.conditions:
        school = names.get(one.school_id, one.school_id)
        found[school, known_class(one.device_class), one.aspect, one.state] += one.devices
    return ((labels, count) for labels, count in found.items())


def _acknowledged(estate: Estate, names: Mapping[str, str]) -> Iterator[Sample]:
    return (
        ((names.get(school_id, school_id), aspect), count) for (school_id, aspect), count in estate.acknowledged.items()
    )


def _school_info(estate: Estate, names: Mapping[str, str]) -> Iterator[Sample]:
    for school in estate.schools:
        urn, name = text(school.urn, URN_LIMIT), text(school.name, LABEL_LIMIT)
        yield (names[school.school_id], school.school_id, urn, name), 1


def _agents(estate: Estate, names: Mapping[str, str]) -> Iterator[Sample]:
    found = Counter({(names[s.school_id], state): 0 for s in estate.schools for state in ("active", "revoked")})
    found.update((names.get(a.school_id, a.school_id), "revoked" if a.revoked else "active") for a in estate.agents)
    return ((labels, count) for labels, count in found.items())


def _of_agents(told: Callable[[AgentRow], float | None]) -> Callable[[Estate, Mapping[str, str]], Iterator[Sample]]:
    def samples(estate: Estate, names: Mapping[str, str]) -> Iterator[Sample]:
        for agent in estate.agents:
            value = told(agent)
            if agent.revoked is None and value is not None:
                yield (names.get(agent.school_id, agent.school_id), agent.agent_id), value

    return samples


def _of_schools(told: Callable[[SchoolRow], float | None]) -> Callable[[Estate, Mapping[str, str]], Iterator[Sample]]:
    def samples(estate: Estate, names: Mapping[str, str]) -> Iterator[Sample]:
        for school in estate.schools:
            value = told(school)
            if value is not None:
                yield (names[school.school_id],), value

    return samples


def _covered(told: Callable[[Coverage], float]) -> Callable[[Estate, Mapping[str, str]], Iterator[Sample]]:
    return lambda estate, names: (((names[i],), told(found)) for i, found in estate.coverage.items() if i in names)


def _refused(estate: Estate, names: Mapping[str, str]) -> Iterator[Sample]:
    del names
    found = Counter(dict.fromkeys(REFUSALS, 0))
    for reason, count in estate.counts.refused_reports.items():
        found[reason if reason in REFUSALS else OTHER] += count
    return (((reason,), count) for reason, count in found.items())


def _one(told: Callable[[Estate], float]) -> Callable[[Estate, Mapping[str, str]], Iterator[Sample]]:
    return lambda estate, names: iter([((), told(estate))])


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


def _number(name: str) -> Callable[[AgentRow], float | None]:
    """A number as an agent told it. What is not finite, or below zero where that cannot be, counts as not told."""

    def told(agent: AgentRow) -> float | None:
        if name.startswith("last_sweep_") and "last_sweep_time" not in agent.numbers:
            return None  # the zeros of an agent that has not swept yet say nothing of its network
        value: object = agent.numbers.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return None
        return float(value) if value >= 0 or name in _SIGNED else None

    return told


FAMILIES: dict[Family, Callable[[Estate, Mapping[str, str]], Iterable[Sample]]] = {
    Family("schools", "gauge", (), "Schools of the trust."): _one(lambda e: len(e.schools)),
    Family("school_info", "info", ("school", "school_id", "urn", "name"),
           "A school: the label that the other metrics use, its permanent id, its URN and its name."): _school_info,
    Family("devices", "gauge", ("school", "class"),
           "Devices in the register by class. A class that has no device has no series."): _devices,
    Family("devices_by_age", "gauge", ("school", "class", "age"),
           "Devices by class and band of age, since their best date of manufacture; age unknown where none is told."):
        _by_age(lambda told: (((known_class(told.device_class), band), n) for band, n in told.bands.items())),
    Family("devices_by_age_confidence", "gauge", ("school", "confidence"),
           "Devices by how far their date of manufacture is to be believed: high, medium, low, none."):
        _by_age(lambda told: (((word,), n) for word, n in told.confidences.items())),
    Family("conditions", "gauge", ("school", "class", "aspect", "state"),
           "Devices by aspect of health and its state: ok, warning, critical, unknown. Those that are acknowledged are "
           "among them."): _conditions,
    Family("conditions_acknowledged", "gauge", ("school", "aspect"),
           "Devices with a condition that is warning or critical, and of which a person knows."): _acknowledged,
    Family("school_last_report_timestamp_seconds", "gauge", _SCHOOL,
           "When an agent of the school last brought a report; absent where none ever did."):
        _of_schools(lambda s: _seconds(s.last_report)),
    Family("school_unread_evidence", "gauge", _SCHOOL, "Pieces of evidence that a rule could not read."):
        _of_schools(lambda s: s.unread),
    Family("school_unswept_networks", "gauge", _SCHOOL,
           "Networks that were named for the school and that no agent says it sweeps."):
        _covered(lambda c: len(c.unswept)),
    Family("school_unidentified_devices", "gauge", _SCHOOL,
           "Devices of which an address was seen and that never said anything of themselves."):
        _covered(lambda c: c.unidentified),
    Family("school_cut_answers", "gauge", _SCHOOL,
           "Groups of questions whose latest answer was cut short: what is missing in them is not known."):
        _covered(lambda c: c.cut),
    Family("agent_failing_credentials", "gauge", _AGENT,
           "Credentials of the agent that were tried and that no device takes."):
        _of_agents(lambda a: sum(use.fails for use in a.credentials)),
    Family("reports_pending", "gauge", (), "Reports that are stored and wait to be interpreted."):
        _one(lambda e: e.totals.pending_reports),
    Family("reports_unread", "gauge", (), "Reports that are stored and could not be interpreted."):
        _one(lambda e: e.totals.unread_reports),
    Family("agents", "gauge", ("school", "state"), "Agents by state: active or revoked."): _agents,
    Family("agent_last_report_timestamp_seconds", "gauge", _AGENT,
           "When the agent last brought a report; absent where it never did."):
        _of_agents(lambda a: _seconds(a.last_report)),
    Family("agent_last_sync_timestamp_seconds", "gauge", _AGENT,
           "When the agent last asked for its plan and told its numbers; absent where it never did."):
        _of_agents(lambda a: _seconds(a.last_sync)),
    Family("agent_certificate_expiry_timestamp_seconds", "gauge", _AGENT,
           "When the agent's certificate ends. It renews itself well before."):
        _of_agents(lambda a: _seconds(a.certificate_expires)),
    Family("agent_troubles", "gauge", _AGENT, "Troubles that the agent told of last, at most 20."):
        _of_agents(lambda a: len(a.troubles)),
    **{family: _of_agents(_number(number)) for family, number in _AGENT_NUMBERS.items()},
    Family("collector_received_reports", "counter", (),
           "Reports that this collector process stored since it started."):
        _one(lambda e: e.counts.received_reports),
    Family("collector_refused_reports", "counter", ("reason",),
           "Reports that this collector process refused since it started, by reason."): _refused,
    Family("collector_repeated_reports", "counter", (),
           "Reports that came again after they were stored: harmless, and a sign of lost receipts."):
        _one(lambda e: e.counts.repeated_reports),
}  # fmt: skip


# ------------------------------------------------------------------------------------------------ exposition


def read_estate(store: Store, trust_id: str, counts: Counts, today: date, school_ids: bounds.Schools = None) -> Estate:
    """One reading of the register; ages are counted from `today`."""
    with store.reader() as connection:
        ages = register.age_counts(connection, trust_id, today, school_ids)
        classes = {(row.school_id, row.device_class): row.devices for row in ages}
        return Estate(
            schools=tuple(register.schools(connection, trust_id, school_ids, classes)),
            agents=tuple(register.agents(connection, trust_id, school_ids=school_ids)),
            classes=classes,
            totals=register.totals(connection, trust_id, school_ids),
            counts=counts,
            ages=tuple(ages),
            coverage=coverage.coverage(connection, trust_id, school_ids),
            conditions=tuple(conditions.counts(connection, trust_id, school_ids)),
            acknowledged=conditions.acknowledged_counts(connection, trust_id, today, school_ids),
        )


def families(estate: Estate, trust_id: str) -> Iterator[Filled]:
    """Every family with its samples; those without a sample are left out."""
    names = school_labels(estate.schools)
    for family, samples in FAMILIES.items():
        metric = filled(family, trust_id, samples(estate, names))
        if metric.told:
            yield metric


def exposition(estate: Estate, trust_id: str, *, registry: CollectorRegistry | None = None) -> bytes:
    """The whole page, in Prometheus' text format. `registry`: a fresh one unless the caller has more to say on it."""
    told = registry or CollectorRegistry()
    ProcessCollector(registry=told)
    return page(families(estate, trust_id), told)
