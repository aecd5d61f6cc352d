"""The plain values that agent and collector share: sightings, evidence, reports, the walk plan.

This module knows neither protobuf nor the network: `stocktake.wire` turns these values into messages and back.
Everything here is immutable. Addresses are canonical text (`10.1.0.5`, `fe80::1`), MACs are lower-case with colons
(`00:1b:21:00:00:01`), OIDs are dotted numbers without a leading dot. Times are aware and UTC.

`None` and an empty string both mean *not observed*; a zero is an observed zero.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple


class SubjectKind(enum.Enum):
    """What an examination was about; the number is the one on the wire."""

    HOST = 1  # the machine the agent runs on
    ADDRESS = 2  # whatever answered at one address of one network
    NETWORK = 3  # a whole network: who was seen on it
    SOURCE = 4  # a named imported source, whose rows speak of many devices


class Method(enum.Enum):
    """How the evidence was obtained; the number is the one on the wire."""

    HOST = 1  # read by the agent on its own machine
    NEIGHBOUR_TABLE = 2  # the kernel's neighbour table as it stood, nothing sent
    TOUCH = 3  # unprivileged UDP touch, then the kernel's neighbour table
    ARP = 4  # ARP sweep with raw frames
    SNMP_V1 = 5
    SNMP_V2C = 6
    SNMP_V3 = 7
    RECORDED = 8  # answered from a recorded walk
    IMPORTED = 9  # rows of a named source


class Outcome(enum.Enum):
    """How asking for one plan group ended. A group that is not listed was not asked."""

    COMPLETE = 1  # asked and answered to the end, possibly with nothing
    CUT = 2  # stopped early: what is there is true, what is not there means nothing
    REFUSED = 3  # asked, and refused or never answered
    UNCHANGED = 4  # asked and complete, the same bytes as last time: only the digest travels


@dataclass(frozen=True, slots=True)
class Subject:
    """What was examined; apart from the agent that brings the evidence.

    `network` is the CIDR as the agent knows it, `mac` what the neighbour table said of the address, `source` the name
    of an imported source. An empty field does not apply or is not known.
    """

    kind: SubjectKind
    address: str = ""
    mac: str = ""
    network: str = ""
    source: str = ""


# ------------------------------------------------------------------------------------------------ evidence contents


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something answered at an address. `interface` is the agent's own interface it was seen through."""

    address: str
    mac: str
    interface: str = ""


@dataclass(frozen=True, slots=True)
class Sightings:
    """Who was seen on one network in one pass. `swept` tells whether every address was asked."""

    sightings: tuple[Sighting, ...]
    swept: bool = False


class Binding(NamedTuple):
    """One SNMP variable binding as it came: OID, BER type tag, and the raw content octets of the value.

    No dataclass, unlike all else here: a school's switches have millions, and these are made in half the time.
    """

    oid: str
    tag: int
    value: bytes


@dataclass(frozen=True, slots=True)
class TableWalk:
    """One subtree that was walked, and whether the walk reached its end."""

    root: str
    complete: bool


@dataclass(frozen=True, slots=True)
class SnmpBindings:
    """The bindings of one plan group, in the device's order, with the state of each walked table."""

    bindings: tuple[Binding, ...]
    tables: tuple[TableWalk, ...] = ()


@dataclass(frozen=True, slots=True)
class SmbiosTable:
    """The raw SMBIOS entry point and structure table (DMTF DSP0134), or the pieces an unprivileged reader gets.

    `pieces` holds name → text as the operating system publishes them (Linux `/sys/class/dmi/id`).
    """

    entry_point: bytes = b""
    table: bytes = b""
    pieces: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class EdidBlock:
    """The raw EDID (VESA E-EDID) of the monitor on one connector."""

    connector: str
    block: bytes


@dataclass(frozen=True, slots=True)
class EdidBlocks:
    """The monitors attached to the machine."""

    blocks: tuple[EdidBlock, ...]


@dataclass(frozen=True, slots=True)
class Disk:
    """One physical disk. `smart_json` is the unedited output of `smartctl --json --all`, where installed."""

    name: str
    model: str = ""
    serial: str = ""
    firmware: str = ""
    size_bytes: int | None = None
    rotational: bool | None = None
    smart_json: bytes = b""


@dataclass(frozen=True, slots=True)
class Disks:
    """The physical disks of the machine."""

    disks: tuple[Disk, ...]


@dataclass(frozen=True, slots=True)
class Battery:
    """One battery of the machine. Energies are milliwatt-hours; `manufacture_date` is ISO text as told."""

    name: str
    manufacturer: str = ""
    model: str = ""
    serial: str = ""
    technology: str = ""
    manufacture_date: str = ""
    design_milliwatt_hours: int | None = None
    full_milliwatt_hours: int | None = None
    cycle_count: int | None = None
    charge_percent: int | None = None


@dataclass(frozen=True, slots=True)
class Power:
    """How the machine is powered: its batteries, and whether mains is present (None: not told)."""

    batteries: tuple[Battery, ...] = ()
    mains_online: bool | None = None


@dataclass(frozen=True, slots=True)
class OperatingSystem:
    """The operating system as it names itself. `product` is its family, such as `debian`, `windows`, `macos`."""

    product: str = ""
    name: str = ""
    version: str = ""
    edition: str = ""
    build: str = ""
    kernel: str = ""
    architecture: str = ""
    host_name: str = ""
    install_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Storage:
    """One mounted volume; sizes in bytes."""

    mount: str
    file_system: str = ""
    size_bytes: int | None = None
    used_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """What changes all the time: load averages over 1, 5, 15 minutes, memory in use, uptime, volumes."""

    averages: tuple[float, ...] = ()
    processor_percent: float | None = None
    memory_used_bytes: int | None = None
    uptime_seconds: int | None = None
    volumes: tuple[Storage, ...] = ()


@dataclass(frozen=True, slots=True)
class NetworkInterface:
    """One interface of the machine. `addresses` are with prefix length; `kind` is physical, virtual or loopback.

    `mac` is what the network sees; `permanent_mac` the one of the hardware, where that differs and is told.
    """

    name: str
    mac: str = ""
    addresses: tuple[str, ...] = ()
    kind: str = ""
    up: bool | None = None
    speed_megabits_per_second: int | None = None
    mtu: int | None = None
    driver: str = ""
    permanent_mac: str = ""


@dataclass(frozen=True, slots=True)
class NetworkInterfaces:
    """All interfaces of the machine."""

    interfaces: tuple[NetworkInterface, ...]


@dataclass(frozen=True, slots=True)
class MemoryAndProcessor:
    """Installed memory as the operating system sees it, and the processor's brand string."""

    memory_bytes: int | None = None
    processor: str = ""
    processor_vendor: str = ""
    sockets: int | None = None
    cores: int | None = None
    threads: int | None = None
    hypervisor: str = ""


@dataclass(frozen=True, slots=True)
class PlatformSecurity:
    """TPM, Secure Boot and firmware mode. `tpm_version` is `2.0`, `1.2`, or empty where none is seen."""

    tpm_present: bool | None = None
    tpm_version: str = ""
    secure_boot: bool | None = None
    firmware_mode: str = ""  # "uefi", "bios", or "" where not told


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """One row of an imported source: column → text, as it stood."""

    columns: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ImportedRows:
    """Rows of a named source (a DHCP lease table, a spreadsheet)."""

    rows: tuple[ImportedRow, ...]


Content = (
    Sightings
    | SnmpBindings
    | SmbiosTable
    | EdidBlocks
    | Disks
    | Power
    | OperatingSystem
    | Load
    | NetworkInterfaces
    | MemoryAndProcessor
    | PlatformSecurity
    | ImportedRows
)


# ------------------------------------------------------------------------------------------------ reports


@dataclass(frozen=True, slots=True)
class GroupResult:
    """How one plan group of an examination ended.

    `content` is present for COMPLETE and CUT, absent for REFUSED and UNCHANGED; `digest` (SHA-256 of the content's wire
    form) is set for UNCHANGED and by the wire. `detail` is a sentence for people: why it was cut or refused.
    """

    group: str
    outcome: Outcome
    content: Content | None = None
    digest: bytes = b""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Examination:
    """The raw answers of one examination of one subject by one method.

    `relayed`: the evidence was carried as a file and is not the agent's own observation; it never overrides what a
    device said itself. `plan_digest` names the walk plan that was followed; empty where none applies.
    """

    subject: Subject
    method: Method
    groups: tuple[GroupResult, ...]
    plan_digest: bytes = b""
    relayed: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """Reports that will never come: the sequences `first` to `last`, and why. It takes a sequence number itself."""

    first: int
    last: int
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """One entry of an agent's stream, with both of the agent's clocks.

    `observe_time` is the agent's wall clock, `boot_seconds` its clock since boot (which no one can set), `boot_id`
    names the boot so that boot-relative times are only compared within it.
    """

    observe_time: datetime
    boot_seconds: float
    boot_id: str
    body: Examination | Gap


# ------------------------------------------------------------------------------------------------ the walk plan


class Cadence(enum.Enum):
    """How often a group is asked; the number is the one on the wire."""

    HEALTH = 1  # every five minutes of what a school stands on, every half an hour of the rest
    INVENTORY = 2  # once a day
    TABLES = 3  # neighbour and forwarding tables


@dataclass(frozen=True, slots=True)
class Condition:
    """When a group is asked of a device: always when all fields are empty, else when every non-empty one holds.

    `object_id_prefixes`: sysObjectID lies under one of these. `answered`: this object or subtree answered in an earlier
    group. `value_oid` and `value_prefix`: the value of that object begins with these octets.
    """

    object_id_prefixes: tuple[str, ...] = ()
    answered: str = ""
    value_oid: str = ""
    value_prefix: bytes = b""


@dataclass(frozen=True, slots=True)
class Expansion:
    """Ask the group once per index of `column` but those `left_out`, appended to the community or the v3 context.

    `spelled`: per name that an index spells (length, octets): itself the v3 context, or behind `name_separator`.
    """

    column: str
    community_suffix: str = ""
    context_prefix: str = ""
    spelled: bool = False
    name_separator: str = ""
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanGroup:
    """A named, numbered group of objects. `scalars` are asked by GET, `tables` are subtrees that are walked."""

    number: int
    name: str
    cadence: Cadence
    scalars: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    condition: Condition = field(default_factory=Condition)
    expansion: Expansion | None = None


@dataclass(frozen=True, slots=True)
class WalkPlan:
    """What to ask SNMP devices: data, no code. `digest` is the SHA-256 of its wire form and names it in reports."""

    groups: tuple[PlanGroup, ...]
    digest: bytes = b""


# ------------------------------------------------------------------------------------------------ scope and secrets


@dataclass(frozen=True, slots=True)
class Secret:
    """Text that must not be printed: `repr` and `str` hide it, `reveal()` is the one way to it."""

    _text: str

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def reveal(self) -> str:
        """The text itself. Call it only where the secret is used."""
        return self._text


@dataclass(frozen=True, slots=True)
class Credential:
    """How to speak SNMP to devices of some networks.

    `version` is "1", "2c" or "3". v1/v2c use `community`; v3 uses `user` with `auth_protocol` (MD5, SHA, SHA-224,
    SHA-256, SHA-384, SHA-512) and `privacy_protocol` (DES, AES, AES-192, AES-256). `networks` limits where it may be
    tried (CIDRs); empty means every network the agent sweeps.
    """

    name: str
    version: str
    community: Secret = field(default_factory=lambda: Secret(""))
    user: str = ""
    auth_protocol: str = ""
    auth_key: Secret = field(default_factory=lambda: Secret(""))
    privacy_protocol: str = ""
    privacy_key: Secret = field(default_factory=lambda: Secret(""))
    networks: tuple[str, ...] = ()
