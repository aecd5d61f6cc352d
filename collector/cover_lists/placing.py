"""What a row of a list, or a form, means here: its names of schools, classes, services and devices looked up."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from collector import covering
from collector.cover import Contract
from collector.cover import Kind as ContractKind
from collector.cover.marks import HIGHEST, LOWEST, By, DeviceMark, ServiceMark
from collector.cover.services import Provision, Service
from collector.cover_lists.fields import several
from collector.errors import CollectorError
from collector.facts import CLASSES, text
from collector.records.fields import Value
from collector.store import Transaction, cases, records, school_lives

EVERYWHERE = ("", "all", "all schools", "every school", "trust")
Said = Mapping[str, Value | None]


class Wrong(CollectorError):
    """A value that means nothing here; `field` is whose."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = name


@dataclass(slots=True)
class Names:
    """Looks up what people call things, each once. `schools`: those that may be named; None: all of the trust."""

    connection: Transaction
    trust_id: str
    schools: Collection[str] | None = None
    _schools: dict[str, set[str]] = field(default_factory=dict)
    _services: tuple[Service, ...] = ()
    _devices: dict[str, str] = field(default_factory=dict)

    def school(self, name: str) -> str:
        """The id of a school by name, URN or id."""
        if not self._schools:
            members = cases.members(self.connection, self.trust_id, self.schools)
            for one in school_lives.schools(self.connection, self.trust_id):
                if one.school_id in members:
                    for called in {one.name.casefold(), one.urn, one.school_id} - {""}:
                        self._schools.setdefault(called, set()).add(one.school_id)
        found = self._schools.get(name.strip().casefold(), set())
        if len(found) != 1:
            what = "several schools are called" if found else "no school of the trust is called"
            raise Wrong("school", f"{what} “{text(name, 60)}”: write its name as here, or its URN")
        return next(iter(found))

    def service(self, name: str) -> str:
        """The key of a service by its name."""
        self._services = self._services or covering.services(self.connection, self.trust_id)
        try:
            return covering.service_named(self._services, name).key
        except CollectorError as error:
            raise Wrong("service", str(error)) from None

    def device(self, name: str) -> str:
        """The id of a device by its id, asset tag or serial number."""
        if name not in self._devices:
            self._devices[name] = self._find(name)
        return self._devices[name]

    def _find(self, name: str) -> str:
        if found := records.known(self.connection, self.trust_id, [name]):
            return found[name].device_id
        mark = name.replace(" ", "").upper()[:64]
        by_tag = records.by_key(self.connection, self.trust_id, "asset_tag", [mark]).get(mark, set())
        several_ = by_tag or records.by_serial(self.connection, self.trust_id, [mark]).get(mark, set())
        if len(several_) != 1:
            what = "several devices have" if several_ else "no device has"
            raise Wrong("devices", f"{what} the id, asset tag or serial number “{text(name, 64)}”")
        return next(iter(several_))

    def home(self, device_id: str) -> str:
        """The school of a device."""
        return records.known(self.connection, self.trust_id, [device_id])[device_id].school_id


def device_class(name: str) -> str:
    """The class that people mean: in one or in many."""
    wanted = text(name, 32).casefold()
    for one in (wanted, wanted.removesuffix("s"), wanted.removesuffix("es")):
        if one in CLASSES:
            return one
    raise Wrong("classes", f"there is no class “{wanted}”; there are: {', '.join(CLASSES)}")


def contract(said: Said, names: Names, before: Contract | None = None) -> Contract:
    """The contract that is said, over what was kept of it before. Wrong where a name means nothing."""
    plain = {name: said[name] or "" for name in ("provider", "hours", "response", "owner", "reference", "notes")
             if name in said}  # fmt: skip
    values: dict[str, object] = dict(plain)
    values |= {name: _day(said[name]) for name in ("starts", "ends", "notice") if name in said}
    if "cost" in said:
        values["cost"] = said["cost"]
    if said.get("kind"):
        values["kind"] = ContractKind(str(said["kind"]))
    if "schools" in said:
        listed = several(said["schools"])
        every = [one for one in listed if one.casefold() in EVERYWHERE]
        values["schools"] = frozenset() if every else frozenset(_as("schools", names.school, one) for one in listed)
    if "classes" in said:
        values["classes"] = frozenset(device_class(one) for one in several(said["classes"]))
    if "models" in said:
        values["models"] = frozenset(several(said["models"]))
    if "devices" in said:
        values["devices"] = frozenset(names.device(one) for one in several(said["devices"]))
    if not values.get("starts", before and before.starts):
        raise Wrong("starts", "say the day on which it starts")
    start = before or Contract("", "", ContractKind.SUPPORT, date.min)
    return dataclasses.replace(start, **values)  # type: ignore[arg-type]  # each by its own parser


def provision(said: Said, names: Names, before: Provision | None = None) -> Provision:
    """Who provides a service, as it is said, over what was kept of it before."""
    values: dict[str, object] = {name: said[name] or "" for name in ("provider", "level", "notes") if name in said}
    values |= {name: _day(said[name]) for name in ("starts", "ends", "reviewed") if name in said}
    if "cost" in said:
        values["cost"] = said["cost"]
    if "school" in said:
        wanted = str(said["school"] or "")
        values["school_id"] = "" if wanted.casefold() in EVERYWHERE else names.school(wanted)
    if "service" in said:
        values["service"] = names.service(str(said["service"] or ""))
    return dataclasses.replace(before or Provision("", "", "", ""), **values)  # type: ignore[arg-type]  # likewise


def mark(said: Said, names: Names) -> ServiceMark | DeviceMark:
    """The mark that is said: of a service, or of devices."""
    school_id = names.school(str(said.get("school") or ""))
    number, day = _mark(said.get("mark")), _day(said.get("day"))
    if day is None:
        raise Wrong("day", "say the day on which it was given")
    remark = text(str(said.get("remark") or ""), covering.REMARK_LIMIT)
    things = [name for name in ("class", "model", "room", "device") if said.get(name)]
    if said.get("service"):
        if things:
            raise Wrong(things[0], "a mark is of a service or of devices: leave one of the two empty")
        if not said.get("by"):
            raise Wrong("by", f"say who gives it: {', '.join(By)}")
        key = names.service(str(said["service"]))
        return ServiceMark("", school_id, key, By(str(said["by"])), number, day, remark)
    if not things:
        raise Wrong("service", "say of which service it is, or of which class, model, room or device")
    device_id = _as("device", names.device, str(said["device"])) if said.get("device") else ""
    if device_id and names.home(device_id) != school_id:
        raise Wrong("device", f"“{said['device']}” is at another school")
    kind = _as("class", device_class, str(said["class"])) if said.get("class") else ""
    return DeviceMark(
        "", school_id, number, day, kind, str(said.get("model") or ""), str(said.get("room") or ""), device_id, remark
    )


def _as(name: str, find: object, wanted: str) -> str:
    """Look something up; what is wrong is of the field in which it stood."""
    try:
        return str(find(wanted))  # type: ignore[operator]  # one of the functions above
    except Wrong as wrong:
        raise Wrong(name, str(wrong)) from None


def _mark(said: Value | None) -> int:
    number = str(said or "").strip()
    if number not in {str(one) for one in range(LOWEST, HIGHEST + 1)}:
        raise Wrong("mark", f"“{text(number, 20)}” is no mark: write {LOWEST} (poor) to {HIGHEST} (good)")
    return int(number)


def _day(said: Value | None) -> date | None:
    return date.fromisoformat(str(said)) if said else None
