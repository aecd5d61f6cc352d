"""What could not be seen, said next to every total: missing agents, silence, refusals, drops, what is unread. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.store.register import AgentRow, SchoolRow
from collector.store.rows import Coverage
from collector.web import words

SILENCE = timedelta(hours=24)
CERTIFICATE_NOTICE = timedelta(days=5)  # a healthy agent renews with ten days left
_ITEMS_LIMIT = 60  # of one heading
_NAMES_LIMIT = 6  # of one item
_PAUSE_LIMIT = 366 * 86_400  # seconds; an agent that says more is not believed
EMPTY: Mapping[str, Coverage] = {}


@dataclass(frozen=True, slots=True)
class Item:
    """One place where it is so: what to call it, the school to open, and what is to be said of it."""

    label: str
    school_id: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """One kind of thing that could not be seen, and where. `more`: places that were left out."""

    sentence: str
    items: tuple[Item, ...]
    more: int = 0


def gaps(
    schools: Sequence[SchoolRow], agents: Sequence[AgentRow], now: datetime, coverage: Mapping[str, Coverage] = EMPTY
) -> list[Gap]:
    """What is known to be missing from the numbers, the worst first."""
    active = [agent for agent in agents if agent.revoked is None]
    watched = {agent.school_id for agent in active}
    blind = [Item(s.name, s.school_id) for s in schools if s.school_id not in watched]
    unread = [Item(s.name, s.school_id, words.plural(s.unread, "piece") + " of evidence") for s in schools if s.unread]
    found = [
        Gap("No agent, so nothing there is seen", tuple(blind)),
        *(Gap(sentence, tuple(_items(active, note))) for sentence, note in _of_agents(now)),
        *(Gap(sentence, tuple(_of_schools(schools, coverage, note))) for sentence, note in _COVERAGE),
        Gap("Evidence that could not be read", tuple(unread)),
    ]
    return [_bounded(gap) for gap in found if gap.items]


Note = Callable[[AgentRow], str | None]

#: what of a school's coverage is a gap, and what to say of it; empty: it is none
_COVERAGE: tuple[tuple[str, Callable[[Coverage], str]], ...] = (
    ("Networks that were named and that no agent sweeps", lambda c: _listed(c.unswept)),
    ("Addresses that were seen and never identified", lambda c: words.plural(c.unidentified, "device")
        if c.unidentified else ""),
    ("Tables that were cut short", lambda c: f"{words.plural(c.cut, 'group')} of questions to "
        f"{words.plural(c.cut_devices, 'device')}" if c.cut else ""),
)  # fmt: skip


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMES_LIMIT} more" if len(names) > _NAMES_LIMIT else ""
    return ", ".join(names[:_NAMES_LIMIT]) + more


def _of_schools(
    schools: Sequence[SchoolRow], coverage: Mapping[str, Coverage], note: Callable[[Coverage], str]
) -> Iterable[Item]:
    for school in schools:
        said = note(coverage.get(school.school_id, Coverage()))
        if said:
            yield Item(school.name, school.school_id, said)


def _of_agents(now: datetime) -> list[tuple[str, Note]]:
    return [
        ("Agents that have never reported", lambda a: "" if a.last_report is None else None),
        ("Agents that have been silent for more than a day", lambda a: _silence(a, now)),
        ("Agents whose certificate ends and was not renewed", lambda a: _certificate(a, now)),
        ("Agents that lost reports, as their spool was full", lambda a: _count(a, "spool_dropped_reports", "report")),
        ("Devices that were asked by SNMP and did not answer", lambda a: _count(a, "last_sweep_silent", "device")),
        ("Devices that refused SNMP: they took no credential", lambda a: _count(a, "snmp_refused", "device")),
        ("Credentials that fail: tried, and taken by no device", _failing),
        ("Agents that are paused: nothing is sent to devices", lambda a: _paused(a, now)),
        ("Agents that report trouble", lambda a: words.plural(len(a.troubles), "trouble") if a.troubles else None),
    ]  # fmt: skip


def _silence(agent: AgentRow, now: datetime) -> str | None:
    if agent.last_report is None or now - agent.last_report <= SILENCE:
        return None
    return f"last report {words.ago(agent.last_report, now)}"


def _certificate(agent: AgentRow, now: datetime) -> str | None:
    left = agent.certificate_expires - now
    if left > CERTIFICATE_NOTICE:
        return None
    return "ended" if left <= timedelta(0) else f"in {words.span(left.total_seconds())}"


def _failing(agent: AgentRow) -> str | None:
    return _listed([use.name for use in agent.credentials if use.fails]) or None


def _paused(agent: AgentRow, now: datetime) -> str | None:
    until: object = agent.numbers.get("pause_until")
    if not isinstance(until, int | float) or not now.timestamp() < until < now.timestamp() + _PAUSE_LIMIT:
        return None
    return f"for {words.span(until - now.timestamp())}"


def _count(agent: AgentRow, number: str, one: str) -> str | None:
    value: object = agent.numbers.get(number)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 10**15:
        return None
    return words.plural(int(value), one)


def _items(agents: Iterable[AgentRow], note: Note) -> Iterable[Item]:
    for agent in agents:
        said = note(agent)
        if said is not None:
            yield Item(f"{agent.name} ({agent.school_name})", agent.school_id, said)


def _bounded(gap: Gap) -> Gap:
    return Gap(gap.sentence, gap.items[:_ITEMS_LIMIT], max(0, len(gap.items) - _ITEMS_LIMIT))
