"""Support cover of the estate in the store: laid over what stands, and changed by people, each change in the journal.

`schools`: those that whoever asks sees, None: the whole trust. Of a contract they are told what concerns them: a scope
that names other schools or devices is narrowed to theirs. How lists and forms are read is not known here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from collector import journal, london, tenure
from collector.cover import Contract, Cover, Device, lay
from collector.cover import marks as judging
from collector.cover.marks import HIGHEST, LOWEST, DeviceMark, ServiceMark
from collector.cover.services import Cell, Provision, Service, listed, matrix
from collector.errors import CollectorError
from collector.facts import CLASSES, text
from collector.store import Transaction, cases, ids
from collector.store import cover as rows
from collector.store import schema as t
from collector.store.records import known

MOST_CONTRACTS, MOST_NAMED, MOST_OWN_SERVICES = 2_000, 2_000, 50
REMARK_LIMIT = 500  # characters

Schools = Collection[str] | None


@dataclass(frozen=True, slots=True)
class Laid:
    """The estate with its cover on a day. `contracts`: those that concern it, narrowed; `schools`: names by id."""

    today: date
    covers: tuple[Cover, ...]
    contracts: tuple[Contract, ...]
    schools: Mapping[str, str]


def look(
    connection: Transaction, trust_id: str, today: date, schools: Schools = None, lives: rows.Lives | None = None
) -> Laid:  # fmt: skip
    """Lay all contracts over the devices that stand at some schools. `lives`: for how many months each is kept."""
    names = cases.members(connection, trust_id, schools)
    devices = rows.estate(connection, trust_id, schools, lives)
    found = rows.contracts(connection, trust_id)
    if schools is not None:
        found = narrowed(found, devices, schools)
    return Laid(today, lay(devices, found, today), tuple(found), names)


def of_device(
    connection: Transaction, trust_id: str, device_id: str, today: date, schools: Schools, lives: rows.Lives
) -> Cover | None:  # fmt: skip
    """How one device is covered; None where it does not stand at these schools."""
    devices = rows.estate(connection, trust_id, schools, lives, device_id)
    return next(iter(lay(devices, rows.contracts(connection, trust_id), today)), None)


def contracts(connection: Transaction, trust_id: str, schools: Schools = None) -> list[Contract]:
    """The contracts that concern some schools, as they are told there."""
    found = rows.contracts(connection, trust_id)
    if schools is None:
        return found
    return narrowed(found, rows.estate(connection, trust_id, schools), schools)


def narrowed(found: Iterable[Contract], devices: Iterable[Device], schools: Collection[str]) -> list[Contract]:
    """Contracts whose scope has one of these schools, without what they say of other schools and devices."""
    here, told = {device.device_id for device in devices}, []
    for contract in found:
        mine, named = contract.schools & frozenset(schools), contract.devices & here
        if (contract.schools and not mine) or (contract.devices and not named):
            continue
        told.append(dataclasses.replace(contract, schools=mine, devices=named))
    return told


def scope_words(one: Contract, schools: Mapping[str, str]) -> str:
    """What a contract is for, in words."""
    parts = [
        *(["; ".join(sorted(schools.get(key, key) for key in one.schools))] if one.schools else []),
        *(["; ".join(sorted(one.classes))] if one.classes else []),
        *(["; ".join(sorted(one.models))] if one.models else []),
        *([f"{len(one.devices):,} named"] if one.devices else []),
    ]
    return " / ".join(parts) or "everything"


# ------------------------------------------------------------------------------------------------ contracts


def put_contract(
    connection: Transaction, trust_id: str, wanted: Contract, *, actor: str, now: datetime, names: bool = True
) -> str:
    """Keep a contract, made where it has no id yet; returns its id. CollectorError says what cannot be.

    `names`: look whether its schools and devices are there.
    """
    check_contract(wanted)
    if names:
        _require_there(connection, trust_id, wanted)
    kept = wanted if wanted.contract_id else dataclasses.replace(wanted, contract_id=ids.new())
    if not wanted.contract_id and len(rows.contracts(connection, trust_id)) >= MOST_CONTRACTS:
        raise CollectorError(f"at most {MOST_CONTRACTS:,} contracts are kept: take out those that are long over")
    rows.keep_contract(connection, trust_id, kept, actor, now)
    action = "contract_changed" if wanted.contract_id else "contract_added"
    _note(connection, trust_id, action, actor, now, contract=kept.contract_id)
    return kept.contract_id


def check_contract(wanted: Contract) -> None:
    """Go on only with a contract that can be; CollectorError says what is wrong with it."""
    if not wanted.provider:
        raise CollectorError("say who provides it")
    if wanted.ends is not None and wanted.ends < wanted.starts:
        raise CollectorError(f"it cannot end on {wanted.ends} before it begins on {wanted.starts}")
    if wanted.notice is not None and wanted.ends is not None and wanted.notice > wanted.ends:
        raise CollectorError(f"notice by {wanted.notice} is too late for what ends on {wanted.ends}")
    if strange := sorted(wanted.classes - set(CLASSES)):
        raise CollectorError(f"there is no class “{strange[0]}”; there are: {', '.join(CLASSES)}")
    if len(wanted.devices) > MOST_NAMED or len(wanted.models) > MOST_NAMED:
        raise CollectorError(f"a contract names at most {MOST_NAMED:,} devices or models: narrow it by class or school")


def _require_there(connection: Transaction, trust_id: str, wanted: Contract) -> None:
    if gone := wanted.schools - set(cases.members(connection, trust_id)):
        raise CollectorError(f"there is no school {min(gone)} in the trust")
    if gone := wanted.devices - set(known(connection, trust_id, wanted.devices)):
        raise CollectorError(f"there is no device {min(gone)}")


def get_contract(connection: Transaction, trust_id: str, contract_id: str) -> Contract:
    """One contract; CollectorError where there is none."""
    found = rows.contract(connection, trust_id, contract_id)
    if found is None:
        raise CollectorError(f"there is no contract {text(contract_id, 36)}")
    return found


def end_contract(
    connection: Transaction, trust_id: str, contract_id: str, day: date, *, actor: str, now: datetime
) -> None:  # fmt: skip
    """A contract ends on a day, or ended."""
    found = get_contract(connection, trust_id, contract_id)
    if day < found.starts:
        raise CollectorError(f"it began on {found.starts}: where it was entered by mistake, take it out instead")
    notice = found.notice if found.notice is None or found.notice <= day else None
    rows.keep_contract(connection, trust_id, dataclasses.replace(found, ends=day, notice=notice), actor, now)
    _note(connection, trust_id, "contract_ended", actor, now, contract=contract_id)


def withdraw_contract(connection: Transaction, trust_id: str, contract_id: str, *, actor: str, now: datetime) -> None:
    """Take out a contract that was entered by mistake."""
    if not rows.withdraw(connection, t.contracts, trust_id, "contract_id", contract_id, now):
        raise CollectorError(f"there is no contract {text(contract_id, 36)}")
    _note(connection, trust_id, "contract_withdrawn", actor, now, contract=contract_id)


# ------------------------------------------------------------------------------------------------ services


@dataclass(frozen=True, slots=True)
class Provided:
    """Services by school: the cells, and what they are of."""

    schools: Mapping[str, str]
    services: tuple[Service, ...]
    cells: Mapping[tuple[str, str], Cell]


def services(connection: Transaction, trust_id: str) -> tuple[Service, ...]:
    """The trust's list of services."""
    return listed(*rows.own_services(connection, trust_id))


def provided(connection: Transaction, trust_id: str, today: date, schools: Schools = None) -> Provided:
    """Who provides what to some schools, and what is thought of it, as it stands on a day."""
    names, known_services = cases.members(connection, trust_id, schools), services(connection, trust_id)
    marks = [one for one in rows.service_marks(connection, trust_id, schools) if judging.counts(one.day, today)]
    cells = matrix(list(names), known_services, rows.provisions(connection, trust_id, schools), marks, today)
    return Provided(names, known_services, cells)


def put_provision(
    connection: Transaction, trust_id: str, wanted: Provision, *, actor: str, now: datetime, names: bool = True
) -> str:
    """Keep who provides a service, made where it has no id yet; returns its id. CollectorError says what cannot be."""
    check_provision(wanted)
    if names:
        service_named(services(connection, trust_id), wanted.service)
        _require_school(connection, trust_id, wanted.school_id)
    kept = wanted if wanted.provision_id else dataclasses.replace(wanted, provision_id=ids.new())
    rows.keep_provision(connection, trust_id, kept, actor, now)
    if wanted.provision_id:
        _note(connection, trust_id, "service_changed", actor, now, provision=kept.provision_id, school=kept.school_id)
    else:
        _note(connection, trust_id, "service_added", actor, now, provision=kept.provision_id, school=kept.school_id)
    return kept.provision_id


def check_provision(wanted: Provision) -> None:
    """Go on only with what can be provided so; CollectorError says what is wrong with it."""
    if not wanted.provider:
        raise CollectorError("say who provides it")
    if wanted.starts and wanted.ends and wanted.ends < wanted.starts:
        raise CollectorError(f"it cannot end on {wanted.ends} before it begins on {wanted.starts}")


def _require_school(connection: Transaction, trust_id: str, school_id: str) -> None:
    if school_id and school_id not in cases.members(connection, trust_id):
        tenure.require(connection, trust_id, school_id)
        raise CollectorError(f"there is no school {text(school_id, 36)}")


def get_provision(connection: Transaction, trust_id: str, provision_id: str) -> Provision:
    """Who provides one service; CollectorError where there is none of that id."""
    found = next((one for one in rows.provisions(connection, trust_id) if one.provision_id == provision_id), None)
    if found is None:
        raise CollectorError(f"there is no such entry of a service: {text(provision_id, 36)}")
    return found


def withdraw_provision(connection: Transaction, trust_id: str, provision_id: str, *, actor: str, now: datetime) -> None:
    """Take out an entry of a service that was made by mistake."""
    if not rows.withdraw(connection, t.provisions, trust_id, "provision_id", provision_id, now):
        raise CollectorError(f"there is no such entry of a service: {text(provision_id, 36)}")
    _note(connection, trust_id, "service_withdrawn", actor, now, provision=provision_id)


def service_named(known_services: Iterable[Service], name: str) -> Service:
    """The service that a person means by its name or key; CollectorError lists what there is."""
    wanted, listing = text(name, 120).casefold(), list(known_services)
    found = next((one for one in listing if wanted in (one.key, one.name.casefold())), None)
    if found is None:
        there = ", ".join(one.name for one in listing)
        raise CollectorError(f"“{text(name, 60)}” is not on the list of services; there are: {there}")
    return found


def add_service(connection: Transaction, trust_id: str, name: str, *, actor: str, now: datetime) -> str:
    """Put a service on the trust's list, or one that it left out back on it; returns its key."""
    wanted = text(name, 60)
    own, left_out = rows.own_services(connection, trust_id)
    everything = listed(own, ())
    shipped = next((one for one in everything if wanted.casefold() in (one.key, one.name.casefold())), None)
    if not wanted or (shipped is not None and shipped.key not in left_out):
        raise CollectorError(f"“{wanted}” is on the list already" if wanted else "say what the service is called")
    if shipped is None and len(own) >= MOST_OWN_SERVICES:
        raise CollectorError(f"at most {MOST_OWN_SERVICES} services can be added to the list")
    key = shipped.key if shipped else ids.new()[:32]
    own_name = shipped.name if shipped and shipped.own else "" if shipped else wanted
    rows.list_service(connection, trust_id, key, own_name, left_out=False)
    _note(connection, trust_id, "service_listed", actor, now, service=key)
    return key


def leave_out_service(connection: Transaction, trust_id: str, name: str, *, actor: str, now: datetime) -> None:
    """Leave a service out of the trust's list; what was said of it stays, and is shown again once it is back."""
    found = service_named(services(connection, trust_id), name)
    rows.list_service(connection, trust_id, found.key, found.name if found.own else "", left_out=True)
    _note(connection, trust_id, "service_left_out", actor, now, service=found.key)


# ------------------------------------------------------------------------------------------------ marks


def give_marks(
    connection: Transaction, trust_id: str, given: Sequence[ServiceMark | DeviceMark], *, actor: str, source: str,
    now: datetime,
) -> list[str]:  # fmt: skip
    """Keep marks, each with a new id, which are returned. CollectorError where one cannot be taken: then none is."""
    today, members = london.day_of(now), cases.members(connection, trust_id)
    listing = {one.key for one in services(connection, trust_id)}
    named = {one.device_id for one in given if isinstance(one, DeviceMark) and one.device_id}
    homes = {key: found.school_id for key, found in known(connection, trust_id, named).items()}
    for one in given:
        if one.school_id not in members:
            _require_school(connection, trust_id, one.school_id or "?")
        if objection := _objection(one, today, listing, homes):
            raise CollectorError(objection)
    kept = [dataclasses.replace(one, mark_id=ids.new(), remark=text(one.remark, REMARK_LIMIT)) for one in given]
    rows.add_marks(connection, trust_id, kept, actor, source, now)
    for school_id in sorted({one.school_id for one in kept}):
        number = sum(one.school_id == school_id for one in kept)
        _note(connection, trust_id, "marks_given", actor, now, school=school_id, marks=number)
    return [one.mark_id for one in kept]


def _objection(
    one: ServiceMark | DeviceMark, today: date, listing: Collection[str], homes: Mapping[str, str]
) -> str:  # fmt: skip
    """Why a mark cannot be taken; "" where it can."""
    if not LOWEST <= one.mark <= HIGHEST:
        return f"a mark is a whole number from {LOWEST} (poor) to {HIGHEST} (good)"
    if one.day > today:
        return f"{one.day} has not come yet: a mark is of a day that has been"
    if isinstance(one, ServiceMark):
        return "" if one.service in listing else f"there is no service “{text(one.service, 32)}” on the list"
    if one.device_id and homes.get(one.device_id) != one.school_id:
        return f"there is no device {text(one.device_id, 36)} at this school"
    if one.device_class and one.device_class not in CLASSES:
        return f"there is no class “{text(one.device_class, 32)}”"
    if not (one.device_id or one.device_class or one.model or one.room):
        return "say of which class, model, room or device the mark is"
    return ""


def withdraw_mark(
    connection: Transaction, trust_id: str, mark_id: str, *, schools: Schools = None, actor: str, now: datetime
) -> None:
    """Take a mark of one of some schools back; CollectorError where there is none that stands."""
    for table, found in (
        (t.service_marks, {m.mark_id for m in rows.service_marks(connection, trust_id, schools)}),
        (t.device_marks, {m.mark_id for m in rows.device_marks(connection, trust_id, schools)}),
    ):
        if mark_id in found:
            rows.withdraw(connection, table, trust_id, "mark_id", mark_id, now)
            _note(connection, trust_id, "mark_withdrawn", actor, now, mark=mark_id)
            return
    raise CollectorError("there is no such mark any more")


def _note(connection: Transaction, trust_id: str, action: str, actor: str, now: datetime, **detail: str | int) -> None:
    told = {name: value for name, value in detail.items() if value != ""}
    journal.append(connection, trust_id, actor=actor, action=action, detail=told, now=now)
