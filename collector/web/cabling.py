"""What pages need to show of a network: reads links and attachments, with the names of the devices in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from collector.store import Transaction, register, wiring
from collector.store.register import DeviceDetail
from collector.store.rows import AttachmentRow, DeviceRow
from collector.web import parts, wired
from collector.web.feeding import Feeding, feeding

MOST_SWITCHES = 500  # on one map
MOST_DEVICES = 10_000  # of one school, whose names a switch's page may show
FEW = 4  # devices that are rather asked for one by one
SWITCH = "switch"


@dataclass(frozen=True, slots=True)
class Network:
    """A school's network as its map shows it. `heard`: names of neighbours that nobody examined, and where."""

    picture: wired.Picture
    links: int
    heard: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Cabling:
    """Where a device hangs, and, of a switch, its ports with what hangs there, and the power that it feeds."""

    places: list[wired.Place]
    ports: list[wired.Port]
    more: int
    power: Feeding


def of_school(connection: Transaction, trust_id: str, school_id: str) -> Network:
    """The network of one school."""
    links = wiring.links(connection, trust_id, school_id)
    switches = register.devices(
        connection, trust_id, school_id=school_id, device_class=SWITCH, limit=MOST_SWITCHES
    )  # fmt: skip
    devices = {row.device_id: row for row in switches}
    linked = {key for link in links for key in (link.a_device, link.b_device) if key}
    devices |= _named(connection, trust_id, school_id, linked - devices.keys())
    numbers = {key: _count(wiring.ports(connection, trust_id, key)) for key in devices}
    picture = wired.picture(links, switches, devices, numbers)
    return Network(picture, len(links), wiring.proposed(connection, trust_id, school_id))


def of_device(connection: Transaction, trust_id: str, detail: DeviceDetail) -> Cabling:
    """What a device hangs on, and what hangs on it."""
    device_id, school_id = detail.row.device_id, detail.row.school_id
    attached = wiring.attached(connection, trust_id, device_id)
    hanging = wiring.ports(connection, trust_id, device_id)
    links = [
        link for link in wiring.links(connection, trust_id, school_id) if device_id in (link.a_device, link.b_device)
    ]
    spoken = {row.switch_id for row in attached} | {row.device_id for row in hanging if row.device_id}
    spoken |= {key for link in links for key in (link.a_device, link.b_device) if key}
    devices = _named(connection, trust_id, school_id, spoken)
    stands, found = parts.standing(detail.facts), []
    power = feeding(stands)
    if hanging or links or detail.row.device_class == SWITCH:
        found = wired.ports(device_id, stands, hanging, links, devices, power.at)
    shown = found[: wired.MOST_PORTS]
    return Cabling(wired.places(attached, devices), shown, len(found) - len(shown), power)


def _named(connection: Transaction, trust_id: str, school_id: str, keys: Iterable[str]) -> dict[str, DeviceRow]:
    """The rows of these devices."""
    wanted = set(keys)
    if len(wanted) > FEW:
        rows = register.devices(connection, trust_id, school_id=school_id, limit=MOST_DEVICES)
    else:
        found = (
            register.devices(connection, trust_id, school_id=school_id, search=key, limit=1) for key in sorted(wanted)
        )
        rows = [row for some in found for row in some]
    return {row.device_id: row for row in rows if row.device_id in wanted}


def _count(rows: Iterable[AttachmentRow]) -> int:
    """How many devices hang at a switch; a MAC that no device has counts as one."""
    return len({row.device_id or row.mac for row in rows})
