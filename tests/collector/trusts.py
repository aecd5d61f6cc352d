"""A trust with one school and one agent, and short words for what tests let that agent bring."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from collector import understand
from collector.store import Store, Transaction, agents, evidence, places, register
from collector.store.evidence import IncomingExamination, IncomingGroup, IncomingReport
from stocktake import ber, wire
from stocktake.values import Binding, Content, Gap, Method, Outcome, SmbiosTable, SnmpBindings, Subject, SubjectKind

DAY = timedelta(days=1)
START = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
ENTITIES = "1.3.6.1.2.1.47.1.1.1.1"  # entPhysicalTable, RFC 6933


def make_trust(connection: Transaction) -> tuple[str, str]:
    """The ids of a new trust and its site."""
    trust_id = places.add_trust(connection, "Elm Trust", START)
    school = places.add_school(connection, trust_id, "Oak Lane", "123456", START)
    site_id = places.add_site(connection, trust_id, school, "Main site")
    agent = agents.Agent("agent-1", site_id, school, "server", b"", (), "1", None)
    agents.add(connection, trust_id, agent, version="", expires=START, now=START)
    return trust_id, site_id


def keep(
    connection: Transaction, ids: tuple[str, str], sequence: int, body: IncomingExamination | Gap, when: datetime
) -> evidence.Kept:
    """Take in one report of the agent."""
    trust_id, site_id = ids
    report = IncomingReport(sequence, when, 0.0, "boot", body)
    return evidence.keep(connection, trust_id, "agent-1", site_id, "stream-1", [report], when)


class Trust:
    """The trust in a store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.sequence = 0
        self.id, self.site = store.write(make_trust)

    def keep(self, body: IncomingExamination | Gap, when: datetime, sequence: int | None = None) -> evidence.Kept:
        self.sequence = sequence or self.sequence + 1
        return self.store.write(lambda c: keep(c, (self.id, self.site), self.sequence, body, when))

    def say(
        self, when: datetime, *groups: IncomingGroup, address: str = "10.1.0.5", mac: str = "00:1b:21:00:00:01"
    ) -> None:
        """A device answers SNMP, and that is understood."""
        self.keep(asked(*groups, address=address, mac=mac), when)
        understand.understand_pending(self.store, self.id, when)

    def host(self, when: datetime, *groups: IncomingGroup) -> None:
        """The machine of the agent says something of itself, and that is understood."""
        subject = Subject(SubjectKind.HOST)
        self.keep(IncomingExamination(subject, Method.HOST, b"", relayed=False, groups=groups), when)
        understand.understand_pending(self.store, self.id, when)

    def devices(self) -> list[register.DeviceRow]:
        with self.store.reader() as connection:
            return register.devices(connection, self.id)

    def detail(self, device_id: str) -> register.DeviceDetail:
        with self.store.reader() as connection:
            found = register.device(connection, self.id, device_id)
        assert found is not None
        return found


def asked(*groups: IncomingGroup, address: str = "10.1.0.5", mac: str = "00:1b:21:00:00:01") -> IncomingExamination:
    """A device that was asked by SNMP, and what it answered."""
    subject = Subject(SubjectKind.ADDRESS, address, mac, "10.1.0.0/24")
    return IncomingExamination(subject, Method.SNMP_V2C, b"", relayed=False, groups=groups)


def group(name: str, content: Content, outcome: Outcome = Outcome.COMPLETE) -> IncomingGroup:
    raw = wire.encode_content(content)
    return IncomingGroup(name, outcome, raw, wire.digest(raw), "")


def system(name: str, outcome: Outcome = Outcome.COMPLETE, description: str = "a switch") -> IncomingGroup:
    bindings = (Binding("1.3.6.1.2.1.1.1.0", 4, description.encode()), Binding("1.3.6.1.2.1.1.5.0", 4, name.encode()))
    return group("system", SnmpBindings(bindings), outcome)


def entity(serial: str, maker: str = "HP", model: str = "J9773A") -> IncomingGroup:
    """A chassis."""
    cells = {2: "chassis", 7: "chassis", 11: serial, 12: maker, 13: model}
    rows = [
        Binding(f"{ENTITIES}.5.1", 2, ber.encode_integer(3)),
        *(Binding(f"{ENTITIES}.{n}.1", 4, value.encode()) for n, value in cells.items()),
    ]
    return group("entity", SnmpBindings(tuple(sorted(rows, key=lambda b: b.oid))))


def smbios(**pieces: str) -> IncomingGroup:
    """The firmware's table, in pieces."""
    return group("smbios", SmbiosTable(pieces=tuple(pieces.items())))
