"""For each audit rule devices or schools that pass, that fail, and of which it cannot be told: one table, by rule."""

from __future__ import annotations

from datetime import date
from typing import Any

from collector.audit import Case, Core, End, Link, Outcome, Place, Port, Windows

TODAY = date(2026, 11, 22)
PASS, FAIL, UNTOLD = Outcome.PASS, Outcome.FAIL, Outcome.UNTOLD


def device(device_class: str, **known: Any) -> Case:
    """A device of which so much is known."""
    record = known.get("record")
    return Case(
        subject_id="d1", school_id="s1", today=TODAY, device_class=device_class,
        **{"recorded": record is not None, **known},
    )  # fmt: skip


def school(**known: Any) -> Place:
    """A school of which so much is known."""
    return Place(subject_id="s1", school_id="s1", today=TODAY, name="Oak Lane", **known)


def system(
    title: str, state: str, ends: date | None, at_latest: date | None = None, words: str = ""
) -> tuple[End, ...]:
    """The support of an operating system."""
    return (End("operating system", title, state, ends, at_latest, date(2028, 10, 10), words),)


def hardware(ends: date, state: str = "supported") -> End:
    """The support of a model by its maker."""
    return End("hardware", "Surface Laptop 5", state, ends)


def supplies(*states: str) -> dict[str, dict[str, str]]:
    """Power supplies that tell these states."""
    return {f"power supply/{number}": {"status": state} for number, state in enumerate(states, 1)}


def ports(*speeds: float | None) -> tuple[Port, ...]:
    """Ports that are up, at these speeds."""
    return tuple(Port(f"interface/{n}", f"Gi1/0/{n}", speed) for n, speed in enumerate(speeds, 1))


def uplink(members: int, speed: float | None) -> tuple[Link, ...]:
    """The way to the core."""
    return (Link("d0", "core-1", "interface/49", members, speed, to_core=True),)


IS_CORE, NO_CORE = Core(True, "it is"), Core(False, "another is")
NOT_CLEAR = Core(None, "no link between the switches of its site is known")
WINDOWS_11, WINDOWS_7 = date(2027, 10, 12), date(2020, 1, 14)
TABLE: dict[str, dict[Outcome, tuple[Case | Place, ...]]] = {
    "system_supported": {
        PASS: (device("laptop", supports=system("Windows 11 25H2", "supported", WINDOWS_11)),
               device("server", supports=system("Debian 13", "supported, end unknown", None))),
        FAIL: (device("desktop", supports=system("Windows 7", "ended", WINDOWS_7)),),
        UNTOLD: (device("desktop"), device("desktop", supports=()),
                 device("desktop", supports=system("Windows 10 22H2", "extended support", date(2025, 10, 14))),
                 device("desktop", supports=system("Windows 11", "unknown", date(2026, 10, 13), WINDOWS_11,
                                                   "the edition is not told"))),
    },
    "system_ends_soon": {
        PASS: (device("laptop", supports=system("Windows 11 25H2", "supported", WINDOWS_11)),),
        FAIL: (device("server", supports=system("Windows Server 2016", "supported", date(2027, 1, 12))),),
        UNTOLD: (device("laptop"), device("server", supports=system("Debian 13", "supported, end unknown", None)),
                 device("laptop", supports=system("Windows 11 23H2", "supported", date(2026, 12, 10), WINDOWS_11,
                                                  "the edition is not told"))),
    },
    "firmware_supported": {
        PASS: (device("firewall", supports=(End("firmware", "FortiOS 7.6", "supported", date(2030, 1, 25)),)),),
        FAIL: (device("firewall", supports=(End("firmware", "FortiOS 7.2", "ended", date(2026, 9, 30)),)),
               device("switch", supports=(End("firmware", "IOS", "unknown"), hardware(date(2024, 1, 1), "ended")))),
        UNTOLD: (device("switch"), device("switch", supports=(End("firmware", "HP", "unknown", words="not listed"),)),
                 device("nas", supports=(End("firmware", "DSM 7", "supported, end unknown"),))),
    },
    "access_ports": {
        PASS: (device("switch", ports=ports(1e9, 2.5e9)),
               device("switch", ports=(*ports(1e9), Port("interface/49", "Te1", 1e8)), links=uplink(1, 1e8))),
        FAIL: (device("switch", ports=ports(1e9, 1e8)), device("switch", ports=ports(None, 1e7))),
        UNTOLD: (device("switch"), device("switch", ports=ports(1e9, None))),
    },
    "uplinks": {
        PASS: (device("switch", core=NO_CORE, links=uplink(2, 2e10)),),
        FAIL: (device("switch", core=NO_CORE, links=uplink(1, 1e10)),
               device("switch", core=NO_CORE, links=uplink(2, 2e9))),
        UNTOLD: (device("switch", core=NOT_CLEAR), device("switch", core=NO_CORE),
                 device("switch", core=NO_CORE, links=uplink(2, None))),
    },
    "core_supply": {
        PASS: (device("switch", core=IS_CORE, told=supplies("ok", "ok")),),
        FAIL: (device("switch", core=IS_CORE, told=supplies("ok")),
               device("switch", core=IS_CORE, told=supplies("ok", "failed"))),
        UNTOLD: (device("switch", core=IS_CORE), device("switch", core=NOT_CLEAR, told=supplies("ok"))),
    },
    "core_ups": {
        PASS: (device("switch", core=IS_CORE, record={"tags": ["ups"]}),
               device("switch", core=IS_CORE, record={"room": "Comms"}, ups_beside=("ups-1",))),
        FAIL: (device("switch", core=IS_CORE, record={"tags": ["no ups"]}, ups_beside=("ups-1",)),),
        UNTOLD: (device("switch", core=IS_CORE), device("switch", core=NOT_CLEAR)),
    },
    "ups_runtime": {
        PASS: (device("ups", told={"battery/ups": {"runtime": 1800}}),),
        FAIL: (device("ups", told={"battery/ups": {"runtime": 1799}, "": {"output_source": "normal"}}),),
        UNTOLD: (device("ups"), device("ups", told={"battery/ups": {"runtime": 60}, "": {"output_source": "battery"}})),
    },
    "windows_home": {
        PASS: (device("laptop", windows=Windows("Education", home=False)),),
        FAIL: (device("laptop", windows=Windows("Core", home=True)),),
        UNTOLD: (device("laptop", windows=Windows("", home=None)),),
    },
    "warranty": {
        PASS: (device("server", record={"warranty_ends": "2026-11-22"}),),
        FAIL: (device("server", record={"warranty_ends": "2026-11-21"}),
               device("ups", record={"tags": ["no warranty"]})),
        UNTOLD: (device("server"), device("server", record={"room": "1"})),
    },
    "warranty_length": {
        PASS: (device("laptop", record={"purchased": "2026-01-10", "warranty_ends": "2029-01-09"}),
               device("tablet", record={"purchased": "2026-01-10", "warranty_ends": "2028-01-10"})),
        FAIL: (device("laptop", record={"purchased": "2026-01-10", "warranty_ends": "2027-01-10"}),
               device("switch", record={"purchased": "2026-01-10", "warranty_ends": "2029-01-10"})),
        UNTOLD: (device("laptop"), device("laptop", record={"purchased": "2026-01-10"})),
    },
    "security_support": {
        PASS: (device("laptop", supports=(hardware(date(2031, 9, 1)),), record={"purchased": "2026-01-10"}),
               device("tablet", supports=(hardware(date(2029, 9, 1)),), made=date(2026, 1, 1))),
        FAIL: (device("laptop", supports=(hardware(date(2029, 9, 1)),), record={"purchased": "2026-01-10"}),),
        UNTOLD: (device("laptop"), device("laptop", supports=(hardware(date(2029, 9, 1)),)),
                 device("laptop", supports=system("Windows 11", "supported", WINDOWS_11))),
    },
    "snmp_community": {
        PASS: (device("switch", methods=frozenset({"SNMP_V3"})),
               device("switch", methods=frozenset({"SNMP_V2C"}), communities=(False,))),
        FAIL: (device("printer", methods=frozenset({"SNMP_V1"}), communities=(True,)),),
        UNTOLD: (device("switch", methods=frozenset({"SNMP_V2C"})),
                 device("switch", methods=frozenset({"SNMP_V2C"}), communities=(False, True)),
                 device("switch", methods=frozenset({"SNMP_V2C", "SNMP_V3"}), communities=(None, True))),
    },
    "serial_alone": {
        PASS: (device("laptop", serial="ABC123"), device("projector", record={"serial": "X1"})),
        FAIL: (device("laptop", serial="ABC123", twins=("room-4",)),),
        UNTOLD: (device("laptop"),),
    },
    "missing": {
        PASS: (device("laptop", life="in use", unseen=19), device("laptop", unseen=0)),
        FAIL: (device("laptop", life="missing", unseen=20),),
        UNTOLD: (device("laptop", life="expected"), device("laptop", life="not scanned", unseen=40),
                 device("laptop", unseen=40)),
    },
    "disposal_certificate": {
        PASS: (device("laptop", life="disposed", record={"status": "disposed", "disposal_certificate": "W-1"}),
               device("laptop", life="disposed", record={"status": "disposed"}, certificates=1)),
        FAIL: (device("laptop", life="disposed", record={"status": "disposed", "disposed_on": "2026-02-03"}),),
        UNTOLD: (device("laptop", record={"disposed_on": "2026-02-03"}),),
    },
    "purchase_date": {
        PASS: (device("laptop", record={"purchased": "2024-09-01"}),),
        FAIL: (device("laptop", record={"room": "12"}),),
        UNTOLD: (device("laptop"),),
    },
    "assigned": {
        PASS: (device("laptop", record={"assignee": "A. Teacher"}), device("display", record={"room": "12"})),
        FAIL: (device("laptop", record={"asset_tag": "E-1"}),),
        UNTOLD: (device("laptop"),),
    },
    "labelled": {
        PASS: (device("laptop", record={"asset_tag": "E-1"}), device("laptop", told={"": {"asset_tag": "E-2"}})),
        FAIL: (device("laptop", record={"room": "12"}),),
        UNTOLD: (device("laptop"),),
    },
    "server_supply": {
        PASS: (device("server", told=supplies("ok", "ok")),),
        FAIL: (device("server", told=supplies("ok", "off")), device("nas", told=supplies("ok"))),
        UNTOLD: (device("server"), device("server", told={"array/1": {"status": "ok"}})),
    },
    "server_disks": {
        PASS: (device("nas", told={"array/1": {"status": "normal"}}),),
        FAIL: (device("nas", told={"array/1": {"status": "degraded"}, "pool/2": {"status": "ok"}}),),
        UNTOLD: (device("server"), device("server", told={"array/1": {"status": "busy"}})),
    },
    "networks_swept": {
        PASS: (school(networks=("10.1.0.0/22",), agents=1, reporting=1),),
        FAIL: (school(networks=("10.1.0.0/22", "10.2.0.0/22"), unswept=("10.2.0.0/22",), agents=1, reporting=1),),
        UNTOLD: (school(agents=1, reporting=1), school(networks=("10.1.0.0/22",), agents=1)),
    },
    "snmp_answered": {
        PASS: (school(agents=1, reporting=1, refused=0, silent=0),),
        FAIL: (school(agents=1, reporting=1, refused=2, silent=0), school(agents=1, refused=0, silent=1)),
        UNTOLD: (school(), school(agents=1, refused=0, silent=0)),
    },
}  # fmt: skip
#: what a rule does not ask: another class, what has gone, what another rule judges
ASIDE: dict[str, tuple[Case | Place, ...]] = {
    "system_supported": (device("printer"), device("laptop", life="retired"), school()),
    "system_ends_soon": (device("desktop", supports=system("Windows 7", "ended", WINDOWS_7)),),
    "uplinks": (device("switch", core=IS_CORE),),
    "core_supply": (device("switch", core=NO_CORE),),
    "core_ups": (device("switch", core=NO_CORE),),
    "windows_home": (device("laptop"),),
    "snmp_community": (device("laptop"),),
    "missing": (device("laptop", life="on loan", unseen=90), device("laptop", life="disposed", unseen=90)),
    "disposal_certificate": (device("laptop", record={"status": "retired"}),),
    "networks_swept": (device("switch"),),
}
