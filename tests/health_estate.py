"""Two schools with devices of many kinds that can be made to fail: what dashboards, alerts and pages of health show.

Devices are the recorded ones of `tests/devices`, with a few lines more; they come into a store the way evidence does.
A cycle is one health walk of all of them: `World.cycle` moves the clock, brings every device's answers and has them
understood and judged. `World.change` makes a device answer otherwise from then on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from collector import access, understand, watching
from collector.intake.incoming import read_report
from collector.store import Store, Transaction, agents, conditions, evidence, places, register
from stocktake import ber, snmprec, wire
from stocktake import values as v

DEVICES = Path(__file__).parent / "devices"
CYCLE = timedelta(minutes=5)
URNS = {"oak": "100001", "beech": "100002"}
NAMES = {"oak": "Oak Lane Primary", "beech": "Beech Hill Academy"}
ERRORS_IN, ERRORS_OUT, IF_STATUS = "1.3.6.1.2.1.2.2.1.14", "1.3.6.1.2.1.2.2.1.20", "1.3.6.1.2.1.2.2.1.8"
POE = "1.3.6.1.2.1.105.1.3.1.1"
UPS = "1.3.6.1.2.1.33.1"
SUPPLY = "1.3.6.1.2.1.43.11.1.1"
UPTIME = "1.3.6.1.2.1.1.3.0"


@dataclass(frozen=True, slots=True)
class Kit:
    """A device of a school: the recording that it answers from, and what it says beside or instead of that."""

    school: str
    recording: str
    mac: str
    more: tuple[str, ...] = ()


KIT: dict[str, Kit] = {
    "switch": Kit("oak", "cisco-2960x-24ts", "00:56:2b:00:01:80"),
    "edge": Kit("oak", "hp-2530-24g", "3c:a8:2a:5e:10:00", (
        f"{ERRORS_IN}.1|65|12", *(f"{ERRORS_IN}.{port}|65|0" for port in range(2, 6)),
        *(f"{ERRORS_OUT}.{port}|65|0" for port in range(1, 6)),
        f"{POE}.2.1|66|195", f"{POE}.3.1|2|1", f"{POE}.4.1|66|171",
    )),
    "printer": Kit("oak", "canon-lbp6670", "88:87:17:00:01:01"),
    "ups": Kit("oak", "eaton-5p-ups", "00:20:85:00:01:02", (
        f"{UPS}.4.1.0|2|3", f"{UPS}.4.4.1.5.1|2|35", f"{UPTIME}|67|90000000",
    )),
    "nas": Kit("oak", "synology-ds920", "00:11:32:00:01:02", ("1.3.6.1.4.1.6574.3.1.1.3.0|2|1",)),
    "wireless": Kit("beech", "cisco-wlc-3504", "70:70:8b:00:03:00"),
    "branch": Kit("beech", "aruba-2930f", "b0:5a:da:10:00:00", ("1.3.6.1.2.1.31.1.1.1.15.1|66|100",)),
    "office": Kit("beech", "hp-laserjet-m402dn", "f4:30:b9:0a:0b:0c", (
        f"{SUPPLY}.3.1.1|2|1", f"{SUPPLY}.5.1.1|2|3", f"{SUPPLY}.6.1.1|4|Black Cartridge HP CF226X",
        f"{SUPPLY}.8.1.1|2|100", f"{SUPPLY}.9.1.1|2|12", "1.3.6.1.2.1.43.12.1.1.4.1.1|4|black",
    )),
    "old-ups": Kit("beech", "apc-smart-ups-1500", "00:c0:b7:00:01:02"),
    "backup": Kit("beech", "linux-server", "24:6e:96:00:01:02"),
}  # fmt: skip
AGENT_HOST = "server"
RELEASES = {"oak-server": "12", "beech-server": "9"}  # one supported, one not any more
FAN, TONER = "1.3.6.1.4.1.9.9.13.1.4.1.3.1005", f"{SUPPLY}.9.1.1"
SOURCE, RAID_DISK = f"{UPS}.4.1.0", "1.3.6.1.4.1.6574.2.1.1.5.0"
PRINTER_ERRORS = "1.3.6.1.2.1.25.3.5.1.2.1"  # hrPrinterDetectedErrorState; bit 5 is jammed
ACCESS_POINT = "1.3.6.1.4.1.14179.2.2.1.1.6.160.248.73.0.4.0"
FRAMES_A_CYCLE = 3000  # errors of a port that fails: ten a second


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that is made to fail: what the device says then, and when it is well; the alert that must follow."""

    name: str
    device: str
    device_class: str
    broken: tuple[str, ...]
    mended: tuple[str, ...]
    alert: str
    aspect: str
    severity: str = "critical"
    growing: str = ""  # a counter that grows while it is broken


FAILURES = (
    Failure("fan", "switch", "switch", (f"{FAN}|2|3",), (f"{FAN}|2|1",), "FanFailed", "fan"),
    Failure("toner", "printer", "printer", (f"{TONER}|2|3",), (f"{TONER}|2|100",), "SuppliesLow", "supplies"),
    Failure("UPS on battery", "ups", "ups", (f"{SOURCE}|2|5", f"{UPS}.2.2.0|2|120"),
            (f"{SOURCE}|2|3", f"{UPS}.2.2.0|2|0"), "UpsTrouble", "ups"),
    Failure("port errors", "edge", "switch", (), (), "PortTrouble", "ports", growing=f"{ERRORS_IN}.1"),
    Failure("disk", "nas", "nas", (f"{RAID_DISK}|2|5",), (f"{RAID_DISK}|2|1",), "DiskFailing", "disk"),
)  # fmt: skip
SMART = b'{"smart_status": {"passed": %s}, "temperature": {"current": 36}, "power_on_time": {"hours": 21000}}'


@dataclass
class World:
    """A store with the estate, and the clock of everything that looks at it."""

    store: Store
    trust_id: str
    owner: str
    now: datetime
    school_ids: dict[str, str] = field(default_factory=dict)
    sites: dict[str, str] = field(default_factory=dict)
    said: dict[str, dict[str, v.Binding]] = field(default_factory=dict)
    disk_passes: bool = True
    growing: set[tuple[str, str]] = field(default_factory=set)
    _reports: int = 0

    def clock(self) -> datetime:
        """What the pages take for the time."""
        return self.now

    def link(self) -> str:
        """A link that signs the owner in."""
        return access.make_link(self.store, self.trust_id, self.owner, self.now)

    def token(self, scope: access.Scope) -> str:
        """A token for programs."""
        return access.make_token(self.store, self.trust_id, "test", scope, account_id=self.owner, now=self.now)

    def device_id(self, name: str) -> str:
        """The permanent id of a device of KIT, or of the agents' own machines."""
        with self.store.reader() as connection:
            rows = register.devices(connection, self.trust_id)
        if name in KIT:
            return next(row.device_id for row in rows if row.address == address_of(name))
        return next(row.device_id for row in rows if row.name == name)

    def state(self, device_id: str, aspect: str) -> str:
        """What the collector holds of an aspect of a device now; empty where nothing."""
        with self.store.reader() as connection:
            rows = conditions.of_device(connection, self.trust_id, device_id, self.now.date())
        return next((row.state for row in rows if row.aspect == aspect and not row.component), "")

    def change(self, name: str, *lines: str) -> None:
        """From now on a device says this, as lines of a recording."""
        self.said[name] |= {binding.oid: binding for binding in snmprec.read(list(lines))}

    def fail(self, failure: Failure) -> None:
        """From now on this is broken."""
        self.change(failure.device, *failure.broken)
        if failure.growing:
            self.growing.add((failure.device, failure.growing))

    def mend(self, failure: Failure) -> None:
        """From now on this is well again."""
        self.change(failure.device, *failure.mended)
        self.growing.discard((failure.device, failure.growing))

    def break_all(self) -> None:
        """Everything in FAILURES, the agents' disks, a jam of paper, and an access point."""
        for failure in FAILURES:
            self.fail(failure)
        self.disk_passes = False
        self.change("printer", f"{PRINTER_ERRORS}|4x|04")
        self.change("wireless", f"{ACCESS_POINT}|2|2")

    def cycle(self, times: int = 1) -> None:
        """One health walk of everything, understood and judged; the clock moves on by five minutes."""
        for _ in range(times):
            self.now += CYCLE
            self.bring()
            while understand.understand_pending(self.store, self.trust_id, self.now):
                pass
            watching.watch(self.store, self.trust_id, self.now)

    def bring(self) -> None:
        """One health walk of everything, which nobody has understood yet."""
        for name, oid in self.growing:
            count = int.from_bytes(self.said[name][oid].value, "big") + FRAMES_A_CYCLE
            self.change(name, f"{oid}|{ber.COUNTER32}|{count}")
        for school in URNS:
            self.store.write(lambda connection, school=school: self._bring(connection, school))  # type: ignore[misc]

    def _bring(self, connection: Transaction, school: str) -> None:
        names = [name for name, kit in KIT.items() if kit.school == school]
        found = [asked(name, self.said[name]) for name in names]
        found.append(neighbours(names))
        found.append(host(f"{school}-{AGENT_HOST}", passes=self.disk_passes))
        incoming = []
        for examination in found:
            self._reports += 1
            report = v.Report(self.now, 10.0 + self._reports, "boot", examination)
            incoming.append(read_report(self._reports, wire.encode_report(report)))
        agent, stream = f"{school}-agent", f"{school}-stream"
        evidence.keep(connection, self.trust_id, agent, self.sites[school], stream, incoming, self.now)
        agents.note_report(connection, self.trust_id, agent, self.now)
        agents.note_sync(connection, self.trust_id, agent, TOLD, self.now)


TOLD = agents.Told(
    version="0.1.0",
    numbers='{"spool_pending_reports": 3, "spool_bytes": 40960, "spool_oldest_seconds": 12, "spool_dropped_reports": 0,'
    ' "resident_memory_bytes": 90000000, "processor_seconds": 12, "packets_sent": 4000, "sweeps": 7,'
    ' "last_sweep_time": 1795339800, "last_sweep_seconds": 41, "last_sweep_sightings": 7, "last_sweep_examinations": 5,'
    ' "last_sweep_silent": 1, "snmp_refused": 0, "clock_skew_seconds": 0.4}',
    troubles="[]",
    networks='["10.1.0.0/22"]',
)


def address_of(name: str) -> str:
    """The address at which a device of KIT is asked."""
    return f"10.1.0.{10 + list(KIT).index(name)}"


def asked(name: str, said: Mapping[str, v.Binding]) -> v.Examination:
    """What a device answered."""
    bindings = tuple(sorted(said.values(), key=lambda binding: ber.oid_key(binding.oid)))
    group = v.GroupResult("walk", v.Outcome.COMPLETE, v.SnmpBindings(bindings))
    subject = v.Subject(v.SubjectKind.ADDRESS, address_of(name), KIT[name].mac, "10.1.0.0/22")
    return v.Examination(subject, v.Method.SNMP_V2C, (group,), b"\x07" * 32)


def neighbours(names: list[str]) -> v.Examination:
    """What a sweep met."""
    seen = tuple(v.Sighting(address_of(name), KIT[name].mac, "eth0") for name in names)
    group = v.GroupResult("neighbours", v.Outcome.COMPLETE, v.Sightings(seen, swept=True))
    return v.Examination(v.Subject(v.SubjectKind.NETWORK, network="10.1.0.0/22"), v.Method.TOUCH, (group,))


def host(name: str, *, passes: bool) -> v.Examination:
    """A laptop that serves as the agent's machine: a disk with SMART and a battery that has aged."""
    smart = SMART % (b"true" if passes else b"false")
    number = sum(name.encode()) % 1000
    smbios = (
        ("sys_vendor", "LENOVO"), ("product_name", "20L5S01S00"), ("product_serial", f"PF1{number:05}"),
        ("chassis_type", "10"), ("bios_date", "06/28/2018"),
    )  # fmt: skip
    contents: dict[str, v.Content] = {
        "smbios": v.SmbiosTable(pieces=smbios),
        "disks": v.Disks((v.Disk("sda", "ST1000LM035-1RK172", f"WDE{number:05}", "SDM1", 10**12, True, smart),)),
        "power": v.Power(
            (v.Battery("BAT0", "SANYO", "01AV419", f"{number}", "Li-poly", "", 57_000, 30_780, 412, 96),), True
        ),
        "operating_system": v.OperatingSystem(
            "debian", f"Debian GNU/Linux {RELEASES[name]}", RELEASES[name], host_name=name
        ),
        "memory_and_processor": v.MemoryAndProcessor(16 * 2**30, "Intel Core i5-8250U", "GenuineIntel", 1, 4, 4),
    }
    groups = tuple(v.GroupResult(each, v.Outcome.COMPLETE, content) for each, content in contents.items())
    return v.Examination(v.Subject(v.SubjectKind.HOST), v.Method.HOST, groups)


def set_up(store: Store, now: datetime | None = None) -> World:
    """The estate before its first walk; half an hour ago, so that Prometheus, whose clock is real, finds it fresh."""
    begun = (now or datetime.now(UTC)).replace(microsecond=0) - timedelta(minutes=30)
    trust_id = store.write(lambda connection: places.add_trust(connection, "Two Schools Trust", begun))
    world = World(store, trust_id, access.make_owner(store, trust_id, "Ada", begun), begun)
    for name, kit in KIT.items():
        recorded = snmprec.read_file(DEVICES / kit.recording / "walk.snmprec").bindings
        world.said[name] = {binding.oid: binding for binding in (*recorded, *snmprec.read(list(kit.more)))}
    for school in URNS:
        store.write(lambda connection, school=school: _add_school(connection, world, school))  # type: ignore[misc]
    return world


def _add_school(connection: Transaction, world: World, school: str) -> None:
    now, trust_id = world.now, world.trust_id
    world.school_ids[school] = places.add_school(connection, trust_id, NAMES[school], URNS[school], now)
    world.sites[school] = places.add_site(connection, trust_id, world.school_ids[school], "Main site")
    agent = agents.Agent(
        f"{school}-agent", world.sites[school], world.school_ids[school], f"{school}-{AGENT_HOST}", b"k" * 32, (), "01",
        None,
    )  # fmt: skip
    agents.add(connection, trust_id, agent, version="0.1.0", expires=now + timedelta(days=20), now=now)
    places.add_networks(connection, trust_id, world.sites[school], ["10.1.0.0/22"], now)
