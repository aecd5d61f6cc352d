"""The rows that the register is read in: what pages, API, metrics and commands are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from collector.age.assess import Assessment
from collector.facts import Value
from collector.store.corrections import Correction


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """A school and what was counted there. `unread`: pieces of evidence that a rule could not read."""

    school_id: str
    name: str
    urn: str
    devices: int
    classes: dict[str, int]
    agents: int
    last_report: datetime | None
    unread: int


@dataclass(frozen=True, slots=True)
class CredentialUse:
    """How one credential fares: devices that took it, refused it, or were silent to it when they were last asked."""

    name: str
    devices: int
    refused: int
    silent: int

    @property
    def fails(self) -> bool:
        """Whether it was tried and taken nowhere."""
        return not self.devices and self.refused + self.silent > 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of one school is known not to be seen. `unswept`: networks that were named and no agent sweeps.

    `unidentified`: devices of which nothing but an address (and perhaps a MAC) is known. `cut`: groups of questions
    whose latest answer was cut short, with the number of devices that they are of.
    """

    unswept: tuple[str, ...] = ()
    unidentified: int = 0
    cut: int = 0
    cut_devices: int = 0


@dataclass(frozen=True, slots=True)
class AgentRow:
    """An agent as the collector knows it. `numbers`: its own metrics as last told; `troubles`: its sentences."""

    agent_id: str
    name: str
    school_id: str
    school_name: str
    site_name: str
    version: str
    enrolled: datetime
    revoked: datetime | None
    certificate_expires: datetime
    last_sync: datetime | None
    last_report: datetime | None
    pending_reports: int
    networks: tuple[str, ...]  # that it says it will sweep, inside its own limits
    numbers: dict[str, float]
    troubles: tuple[str, ...]
    credentials: tuple[CredentialUse, ...] = ()  # how its credentials fare with devices, as last told


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """One row of the register as it stands now. Empty text: not known. `device_class` is never empty: `unknown`.

    `life`: a state of `residency`, empty before the first daily pass.
    `corrected`: the cells that a person corrected (class, maker, model, name, made); `as_read`: what the evidence says
    of those that are cells of the row.
    """

    device_id: str
    school_id: str
    school_name: str
    device_class: str
    maker: str
    model: str
    serial: str
    firmware: str
    name: str
    address: str
    mac: str
    os: str
    first_seen: datetime
    last_seen: datetime
    last_agent: str
    last_method: str
    made_earliest: date | None = None
    made_latest: date | None = None
    made_best: date | None = None
    made_confidence: str = "none"
    made_contradicted: bool = False
    support_known: bool = False
    support_ends: date | None = None
    support_extended: date | None = None
    windows_11: str = ""
    life: str = ""
    corrected: tuple[str, ...] = ()
    as_read: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def seen(self) -> bool:
        """Whether any agent has met it; a record alone may tell of a device."""
        return self.last_method != "RECORD"

    @property
    def product(self) -> str:
        """Maker and model as people say it: the maker once, though many put it into the model as well."""
        repeated = self.maker and self.model.casefold().startswith(self.maker.casefold())
        return self.model if repeated else f"{self.maker} {self.model}".strip()


@dataclass(frozen=True, slots=True)
class AgeCount:
    """How many devices of one school and class are of each band of age, and believed with each confidence."""

    school_id: str
    device_class: str
    bands: Mapping[str, int]
    confidences: Mapping[str, int]

    @property
    def devices(self) -> int:
        """All of them."""
        return sum(self.bands.values())


@dataclass(frozen=True, slots=True)
class FactRow:
    """One statement with where it comes from. `evidence_id` opens the bytes; `component` is empty for the device."""

    component: str
    name: str
    value: Value
    unit: str
    weight: int
    chosen: bool
    rule: str
    group: str
    locator: str
    method: str
    agent_id: str
    agent_name: str
    evidence_id: int | None
    observed_from: datetime
    last_observed: datetime
    recorded_from: datetime


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One plan group as it was answered. `digest` is hex, empty where there is no content."""

    evidence_id: int
    subject: str
    method: str
    group: str
    outcome: str
    detail: str
    digest: str
    size_bytes: int
    agent_id: str
    agent_name: str
    first_observed: datetime
    last_observed: datetime
    receive_time: datetime


@dataclass(frozen=True, slots=True)
class IdentifierRow:
    """A value that tells this device from others, with its kind in words."""

    kind: str
    value: str
    observed_from: datetime


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """Why evidence was given to this device."""

    verdict: str
    reason: str
    recorded_from: datetime


@dataclass(frozen=True, slots=True)
class DeviceDetail:
    """A device with everything that is said of it. `aliases`: older ids that lead here; `corrections`: what stands."""

    row: DeviceRow
    aliases: tuple[str, ...]
    facts: tuple[FactRow, ...]
    identifiers: tuple[IdentifierRow, ...]
    decisions: tuple[DecisionRow, ...]
    evidence: tuple[EvidenceRow, ...]
    unread: tuple[tuple[str, str, str], ...]  # rule, locator, reason
    assessment: Assessment | None = None  # how old it is and why; None: not assessed yet
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceDetail:
    """A piece of evidence with its raw content: the bytes a device sent. None: refused, or nothing kept."""

    row: EvidenceRow
    content: bytes | None
    device_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums for one trust, next to what could not be seen."""

    devices: int
    schools: int
    agents: int
    pending_reports: int
    unread_reports: int


@dataclass(frozen=True, slots=True)
class LinkRow:
    """Two ports on one wire. A port is a name as people read it.

    `members`: cables of it; `told`: neighbours introduced themselves, else it is reasoned; `standby`: it carries
    nothing now. `b_device` is empty where no device of the register is there: `b_name` says what is. Three or more ends
    that share a wire are a row each, with the same `reason`.
    """

    a_device: str
    a_port: str
    b_device: str
    b_port: str
    members: int
    told: bool
    standby: bool
    reason: str
    b_name: str = ""


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """A MAC at its edge port. `device_id` is None where no device of the register has it.

    `how` is a word of `topology.network`, or `unknown`: then `switch_id` and `port` are empty, and `reason` says why.
    """

    device_id: str | None
    mac: str
    switch_id: str
    port: str
    port_index: int
    vlans: tuple[int, ...]
    how: str
    reason: str
