"""An estate of three schools that comes in the way evidence does, and a browser's way to its pages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import httpx

from collector import access, judging, understand
from collector.intake.incoming import read_report
from collector.store import Store, Transaction, agents, evidence, places, register, schema
from collector.web.application import application
from collector.web.visit import Settings
from stocktake import ber, wire
from stocktake import values as v

NOW = datetime(2026, 11, 22, 9, 31, tzinfo=UTC)
HOST = "stocktake.test"
HOSTILE = "<img src=x onerror=alert(1)>"
SYSTEM, INTERFACES = "1.3.6.1.2.1.1", "1.3.6.1.2.1.2.2.1"
SMBIOS_PIECES = (
    ("sys_vendor", "Dell Inc."), ("product_name", "OptiPlex 7010"), ("product_serial", "7XKQ2P3"),
    ("product_uuid", "4c4c4544-0058-4b10-8051-b7c04f325033"), ("bios_version", "A29"), ("chassis_type", "3"),
    ("bios_date", "06/28/2018"),
)  # fmt: skip
INSTALLED = datetime(2024, 8, 12, 10, 0, tzinfo=UTC)
ENTITIES = "1.3.6.1.2.1.47.1.1.1.1"  # entPhysicalTable, RFC 6933


def text(oid: str, value: str) -> v.Binding:
    return v.Binding(oid, ber.OCTET_STRING, value.encode())


def number(oid: str, value: int, tag: int = ber.INTEGER) -> v.Binding:
    return v.Binding(oid, tag, value.to_bytes(8, "big").lstrip(b"\0") or b"\0")


def system(name: str, description: str, object_id: str = "1.3.6.1.4.1.9.1.1208") -> v.GroupResult:
    bindings = (
        text(f"{SYSTEM}.1.0", description),
        v.Binding(f"{SYSTEM}.2.0", ber.OBJECT_IDENTIFIER, ber.encode_oid(object_id)),
        number(f"{SYSTEM}.3.0", 123_456_700, ber.TIME_TICKS),
        text(f"{SYSTEM}.5.0", name),
    )
    return v.GroupResult("system", v.Outcome.COMPLETE, v.SnmpBindings(bindings))


def interfaces(first_mac: str, count: int, alias: str = "") -> v.GroupResult:
    octets = bytes.fromhex(first_mac.replace(":", ""))
    bindings = []
    for index in range(1, count + 1):
        mac = octets[:5] + bytes([octets[5] + index])
        bindings += [
            text(f"{INTERFACES}.2.{index}", f"GigabitEthernet1/0/{index}"),
            number(f"{INTERFACES}.3.{index}", 6),
            number(f"{INTERFACES}.5.{index}", 1_000_000_000, ber.GAUGE32),
            v.Binding(f"{INTERFACES}.6.{index}", ber.OCTET_STRING, mac),
            number(f"{INTERFACES}.8.{index}", 1 + index % 2),
            text(f"1.3.6.1.2.1.31.1.1.1.18.{index}", alias),
        ]
    table = v.TableWalk(INTERFACES, complete=True)
    return v.GroupResult("interfaces", v.Outcome.COMPLETE, v.SnmpBindings(tuple(bindings), (table,)))


def chassis(model: str, serial: str) -> v.GroupResult:
    """The one row of a chassis, class 3."""
    cells = ((2, model), (7, "chassis"), (11, serial), (12, "Cisco"), (13, model))
    bindings = (number(f"{ENTITIES}.5.1", 3), *(text(f"{ENTITIES}.{column}.1", value) for column, value in cells))
    table = v.TableWalk(ENTITIES, complete=True)
    return v.GroupResult("entity", v.Outcome.COMPLETE, v.SnmpBindings(bindings, (table,)))


def edid() -> bytes:
    """A monitor of 2019 by Dell, serial number in a descriptor (VESA E-EDID 1.4)."""
    head = bytes.fromhex("00ffffffffffff0010acc0404c304130141d0104a5341d78")
    name = bytes.fromhex("000000fc00") + b"DELL P2419H\n "
    serial = bytes.fromhex("000000ff00") + b"6NPD9V2\n     "
    block = head + bytes(30) + bytes(18) + name + serial + bytes(18) + b"\0"
    return block + bytes([-sum(block) % 256])


def host() -> v.Examination:
    gigabyte = 2**30
    contents: dict[str, v.Content] = {
        "smbios": v.SmbiosTable(pieces=SMBIOS_PIECES),
        "edid": v.EdidBlocks((v.EdidBlock("card0-DP-1", edid()),)),
        "disks": v.Disks((v.Disk("nvme0n1", "KBG40ZNS512G", "Y0PPG2AKP2Y1", "HP02AN00", 512_110_190_592, False),)),
        "operating_system": v.OperatingSystem(
            "debian", "Debian GNU/Linux 12", "12", host_name="elm-server", install_time=INSTALLED
        ),
        "memory_and_processor": v.MemoryAndProcessor(16 * gigabyte, "Intel Core i5-7500", "GenuineIntel", 1, 4, 4),
        "network_interfaces": v.NetworkInterfaces(
            (v.NetworkInterface("enp0s31f6", "18:66:da:11:22:33", ("10.1.0.2/22",), "physical", True, 1000, 1500),)
        ),
    }
    groups = tuple(v.GroupResult(name, v.Outcome.COMPLETE, content) for name, content in contents.items())
    return v.Examination(v.Subject(v.SubjectKind.HOST), v.Method.HOST, groups)


def asked(address: str, *groups: v.GroupResult, mac: str = "", method: v.Method = v.Method.SNMP_V2C) -> v.Examination:
    return v.Examination(v.Subject(v.SubjectKind.ADDRESS, address, mac, "10.1.0.0/22"), method, groups, b"\x07" * 32)


def neighbours(*found: tuple[str, str]) -> v.Examination:
    seen = v.Sightings(tuple(v.Sighting(address, mac, "eth0") for address, mac in found), swept=True)
    group = v.GroupResult("neighbours", v.Outcome.COMPLETE, seen)
    return v.Examination(v.Subject(v.SubjectKind.NETWORK, network="10.1.0.0/22"), v.Method.TOUCH, (group,))


REFUSED = v.GroupResult("system", v.Outcome.REFUSED, detail="no credential was accepted")
BROUGHT = {
    "elm": (
        host(),
        asked("10.1.0.1", system("elm-core", "Cisco IOS Software, C2960X Software, Version 15.2(7)E4"),
              interfaces("00:1b:21:00:00:10", 24, "uplink"), chassis("WS-C2960X-24TS-L", "FOC2016X0AB"),
              mac="00:1b:21:00:00:10"),
        asked("10.1.0.9", REFUSED, mac="00:80:77:31:01:07"),
        neighbours(("10.1.0.1", "00:1b:21:00:00:10"), ("10.1.0.9", "00:80:77:31:01:07"),
                   ("10.1.0.50", "b8:27:eb:12:34:56")),
    ),
    "oak": (
        asked("10.1.0.1", system(HOSTILE, f"{HOSTILE} \x1b[31m \u202eevil {{{{7*7}}}}"),
              interfaces("00:1b:21:00:01:10", 2, HOSTILE), mac="00:1b:21:00:01:10"),
    ),
    "ash": (),
}  # fmt: skip
NUMBERS = (
    '{"spool_pending_reports": 3, "spool_dropped_reports": 0, "last_sweep_time": 1795339800, "last_sweep_silent": 1}'
)


@dataclass
class World:
    """A store with an estate, and the clock of everything that looks at it."""

    store: Store
    trust_id: str
    owner: str
    school_ids: dict[str, str] = field(default_factory=dict)
    now: datetime = NOW

    def clock(self) -> datetime:
        return self.now

    def link(self) -> str:
        return access.make_link(self.store, self.trust_id, self.owner, self.now)

    def token(self, scope: access.Scope) -> str:
        return access.make_token(self.store, self.trust_id, "test", scope, account_id=self.owner, now=self.now)

    def device(self, search: str) -> register.DeviceRow:
        with self.store.reader() as connection:
            return register.devices(connection, self.trust_id, search=search)[0]

    def evidence_id(self, search: str, group: str) -> int:
        with self.store.reader() as connection:
            detail = register.device(connection, self.trust_id, self.device(search).device_id)
        assert detail is not None
        return next(item.evidence_id for item in detail.evidence if item.group == group)


def bring(world: World, key: str, name: str, examinations: tuple[v.Examination, ...]) -> None:
    """A school with an agent (except ash, which has none) and what it brought."""

    def write(connection: evidence.Connection) -> str:
        school_id = places.add_school(connection, world.trust_id, name, "100001" if key == "elm" else "", NOW)
        site_id = places.add_site(connection, world.trust_id, school_id, "Main site")
        world.school_ids[key] = school_id
        if not examinations:
            return school_id
        agent = agents.Agent(f"{key}-agent", site_id, school_id, f"{key}-server", b"k" * 32, (), "01", None)
        expires = NOW + timedelta(days=20)
        agents.add(connection, world.trust_id, agent, version="0.1.0", expires=expires, now=NOW)
        trouble = f'["the credential “{HOSTILE}” was refused by 10.1.0.9"]' if key == "oak" else "[]"
        told = agents.Told(version="0.1.0", numbers=NUMBERS, troubles=trouble, networks='["10.1.0.0/22"]')
        agents.note_sync(connection, world.trust_id, agent.agent_id, told, NOW)
        places.add_networks(connection, world.trust_id, site_id, ["10.1.0.0/22"], NOW)
        incoming = [
            read_report(number, wire.encode_report(v.Report(NOW, 10.0 + number, "boot", examination)))
            for number, examination in enumerate(examinations, 1)
        ]
        evidence.keep(connection, world.trust_id, agent.agent_id, site_id, f"{key}-stream", incoming, NOW)
        agents.note_report(connection, world.trust_id, agent.agent_id, NOW - timedelta(minutes=4))
        return school_id

    world.store.write(write)


def fill(world: World) -> World:
    """Three schools: one well seen, one with a hostile device, one without an agent."""
    for key, name in (("elm", "Elm Primary School"), ("oak", "Oak & Son's <School>"), ("ash", "Ash Academy")):
        bring(world, key, name, BROUGHT[key])
    while understand.understand_pending(world.store, world.trust_id, NOW):
        pass
    judge_all(world)
    return world


def judge_all(world: World) -> None:
    """Have every school audited that is due, as the collector does in the background."""
    judge = judging.Judge(world.store, world.trust_id)
    while judge.step(world.now):
        pass


def set_up(store: Store) -> World:
    """A trust with an owner and nothing else."""
    trust_id = store.write(lambda connection: places.add_trust(connection, "Three Trees Trust", NOW))
    return World(store, trust_id, access.make_owner(store, trust_id, "Ada", NOW))


def browser(world: World, host: str = HOST, **settings: object) -> httpx.AsyncClient:
    """A browser without a session."""
    made = Settings(allowed_hosts=(HOST, "localhost", "127.0.0.1", "::1"), trust_name="Three Trees Trust")
    app = application(world.store, world.trust_id, clock=world.clock, settings=made)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=f"https://{host}", **settings)  # type: ignore[arg-type]


def form_token(page: str) -> str:
    found = re.search(r'name="token" value="([0-9a-f]{64})"', page)
    assert found is not None, page
    return found[1]


def plain(page: str) -> str:
    """The words of a page, without its markup, in one line."""
    words: list[str] = []
    parser = HTMLParser()
    parser.handle_data = words.append  # type: ignore[method-assign]  # the parser's hook
    parser.feed(page)
    return " ".join(" ".join(words).split())


SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}


async def sign_in(world: World, client: httpx.AsyncClient) -> None:
    link = f"/enter/{world.link()}"
    page = await client.get(link)
    assert page.status_code == 200
    answer = await client.post(link, data={"token": form_token(page.text)}, headers=SAME_ORIGIN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def make_devices(world: World, count: int) -> None:
    """Rows of devices at ten schools, put in directly."""
    schools = [{"trust_id": world.trust_id, "school_id": f"s{n}", "name": f"School {n}"} for n in range(10)]
    sites = [{**school, "site_id": f"site{n}", "name": "Main"} for n, school in enumerate(schools)]
    rows = [
        {
            "trust_id": world.trust_id, "device_id": f"d{n}", "created": NOW, "school_id": f"s{n % 10}",
            "site_id": f"site{n % 10}", "class": "printer" if n % 3 else "switch", "maker": "HP", "model": "M404dn",
            "serial": f"SN{n:06}", "firmware": "", "name": f"printer-{n}", "address": "10.0.0.1", "mac": "", "os": "",
            "first_seen": NOW, "last_seen": NOW, "last_agent": "a", "last_method": "SNMP_V2C",
        }
        for n in range(count)
    ]  # fmt: skip

    def write(connection: Transaction) -> None:
        connection.execute(schema.schools.insert(), schools)
        connection.execute(schema.sites.insert(), sites)
        connection.execute(schema.devices.insert(), rows)

    world.store.write(write)
