"""Buildings and rooms of a school, what stands for a room, and the room that a device is probably in, with its reason.

A suggestion is never more than that: a person accepts it, and then it is written where records are kept, by a function
that the caller brings. It knows no page and no record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from collector import journal, tenure
from collector.errors import CollectorError
from collector.facts import text
from collector.store import Transaction, places
from collector.store import rooms as rows
from collector.store.rooms import ACCESS_POINT, LOCATION, PORT, Building, Hanging, Room, Tie
from collector.topology.network import BEHIND_HYPERVISOR, BEHIND_PHONE, DIRECT, UNMANAGED

__all__ = ["Building", "Room", "Suggestion", "Tie"]

NAME_LIMIT = 60  # characters
MOST_ROOMS = 5_000  # of one school
#: how a device must hang at a tied port to be in that room: what is behind an access point or another switch roams
NEAR = {DIRECT, BEHIND_PHONE, BEHIND_HYPERVISOR, UNMANAGED}

#: reads which room the record of each device names: (connection, trust, devices) → room by device
ReadRooms = Callable[[Transaction, str, Sequence[str]], Mapping[str, str]]
#: writes the room of a device into its record: (connection, trust, device, room)
WriteRoom = Callable[[Transaction, str, str, str], None]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A room that a device is probably in. `recorded` is what its record says now, "" for nothing."""

    device_id: str
    device: str
    room_id: str
    room: str
    reason: str
    recorded: str = ""


# ------------------------------------------------------------------------------------------------ lists


def add_building(connection: Transaction, trust_id: str, site_id: str, name: str, *, actor: str, now: datetime) -> str:
    """Add a building to a site and return its id; CollectorError where there is one of that name."""
    _changeable(connection, trust_id, site_id)
    wanted = _name(name, "building")
    if any(b.site_id == site_id and _same(b.name, wanted) for b in rows.buildings(connection, trust_id)):
        raise CollectorError(f"there is a building {wanted} already")
    made = rows.add_building(connection, trust_id, site_id, wanted)
    _note(connection, trust_id, "building_added", actor, now, building=made, site=site_id)
    return made


def add_room(
    connection: Transaction, trust_id: str, site_id: str, name: str, building: str = "", *, actor: str, now: datetime
) -> Room:
    """Add a room to a site, and its building where that is new; CollectorError where there is such a room."""
    school_id = _changeable(connection, trust_id, site_id)
    wanted, around = _name(name, "room"), text(building, NAME_LIMIT)
    known = rows.rooms(connection, trust_id, school_id)
    if len(known) >= MOST_ROOMS:
        raise CollectorError(f"a school has at most {MOST_ROOMS:,} rooms")
    if any(r.site_id == site_id and _same(r.name, wanted) and _same(r.building, around) for r in known):
        raise CollectorError(f"there is a room {wanted} already")
    there = {b.name.casefold(): b for b in rows.buildings(connection, trust_id, school_id) if b.site_id == site_id}
    building_id = ""
    if around:
        found = there.get(around.casefold())
        building_id = (
            found.building_id if found else add_building(connection, trust_id, site_id, around, actor=actor, now=now)
        )
        around = found.name if found else around
    made = rows.add_room(connection, trust_id, site_id, wanted, building_id)
    _note(connection, trust_id, "room_added", actor, now, room=made, site=site_id)
    return Room(made, site_id, wanted, building_id, around)


def remove_room(connection: Transaction, trust_id: str, room_id: str, *, actor: str, now: datetime) -> Room:
    """Take a room off its list with what is tied to it; what records say of it stays."""
    room = _room(connection, trust_id, room_id)
    _changeable(connection, trust_id, room.site_id)
    rows.remove_room(connection, trust_id, room_id, now)
    _note(connection, trust_id, "room_removed", actor, now, room=room_id, site=room.site_id)
    return room


def find(connection: Transaction, trust_id: str, school_id: str, name: str) -> Room:
    """The room of a school that a person means by its name, label or id; CollectorError lists what there is."""
    known = rows.rooms(connection, trust_id, school_id)
    fitting = [r for r in known if name == r.room_id or _same(name, r.label) or _same(name, r.name)]
    if len(fitting) == 1:
        return fitting[0]
    listed = ", ".join(r.label for r in known[:50]) or "none yet"
    raise CollectorError(f"'{name}' {'means several rooms' if fitting else 'is not a room here'}; known: {listed}")


# ------------------------------------------------------------------------------------------------ ties


def tie_port(
    connection: Transaction, trust_id: str, room_id: str, device_id: str, port: str, *, actor: str, now: datetime
) -> Tie:
    """What hangs at this port of a switch (its index, or the name that the switch gives it) is in the room."""
    room = _room(connection, trust_id, room_id)
    _device(connection, trust_id, room, device_id)
    known = rows.ports(connection, trust_id, device_id)
    given = text(port, NAME_LIMIT)
    fitting = [index for index, name in known.items() if given and _same(name, given)]
    if not fitting and given.isascii() and given.isdigit() and len(given) < 10 and (not known or int(given) in known):
        fitting = [int(given)]
    if not fitting:
        listed = ", ".join(list(known.values())[:60])
        raise CollectorError(f"the switch has no port '{given}'" + (f"; it has: {listed}" if listed else ""))
    return _tie(connection, trust_id, Tie("", room.site_id, room_id, PORT, device_id, fitting[0]), actor, now)


def tie_access_point(
    connection: Transaction, trust_id: str, room_id: str, device_id: str, *, actor: str, now: datetime
) -> Tie:
    """An access point is in the room, and so is what is connected to it."""
    room = _room(connection, trust_id, room_id)
    _device(connection, trust_id, room, device_id)
    return _tie(connection, trust_id, Tie("", room.site_id, room_id, ACCESS_POINT, device_id), actor, now)


def tie_location(connection: Transaction, trust_id: str, room_id: str, said: str, *, actor: str, now: datetime) -> Tie:
    """What says of itself that it is at this place (sysLocation) is in the room."""
    room = _room(connection, trust_id, room_id)
    words = _folded(said)
    if not words:
        raise CollectorError("say the location as devices say it, as 'Library, first floor'")
    return _tie(connection, trust_id, Tie("", room.site_id, room_id, LOCATION, said=words), actor, now)


def untie(connection: Transaction, trust_id: str, tie_id: str, *, actor: str, now: datetime) -> None:
    """Nothing is concluded from this any more; CollectorError where it is no tie."""
    ended = rows.untie(connection, trust_id, tie_id, now)
    if ended is None:
        raise CollectorError("this is tied to no room any more")
    _changeable(connection, trust_id, ended.site_id)
    _note(connection, trust_id, "room_untied", actor, now, tie=tie_id, room=ended.room_id)


def _tie(connection: Transaction, trust_id: str, new: Tie, actor: str, now: datetime) -> Tie:
    _changeable(connection, trust_id, new.site_id)
    tie_id = rows.tie(connection, trust_id, new, now)
    _note(connection, trust_id, "room_tied", actor, now, tie=tie_id, room=new.room_id, device=new.device_id)
    return Tie(tie_id, new.site_id, new.room_id, new.kind, new.device_id, new.port, new.said)


# ------------------------------------------------------------------------------------------------ suggestions


def suggest(connection: Transaction, trust_id: str, school_id: str, recorded: ReadRooms) -> list[Suggestion]:
    """The rooms that devices of a school are probably in and that their records do not name; by room and device.

    A device for which several rooms are suggested stands here with each of them.
    """
    named = rows.names(connection, trust_id, school_id)
    of = {room.room_id: room for room in rows.rooms(connection, trust_id, school_id)}
    reasons: dict[tuple[str, str], list[str]] = {}
    said = {device_id: _folded(where) for device_id, where in rows.locations(connection, trust_id, school_id).items()}
    for tie in rows.ties(connection, trust_id, school_id):
        if tie.room_id in of:
            _conclude(connection, trust_id, tie, named, said, reasons)
    now_in = recorded(connection, trust_id, sorted({device_id for device_id, _ in reasons if device_id in named}))
    found = [
        Suggestion(
            device_id, named[device_id][0], room_id, of[room_id].label, _sentence(why), now_in.get(device_id, "")
        )
        for (device_id, room_id), why in reasons.items()
        if device_id in named and not _same(now_in.get(device_id, ""), of[room_id].label)
    ]
    return sorted(found, key=lambda s: (s.room.casefold(), s.device.casefold(), s.device_id))


def certain(suggestions: Iterable[Suggestion]) -> list[Suggestion]:
    """Those that can be accepted at once: one room for the device, and a record that names no other."""
    kept = list(suggestions)
    count: dict[str, int] = {}
    for suggestion in kept:
        count[suggestion.device_id] = count.get(suggestion.device_id, 0) + 1
    return [s for s in kept if count[s.device_id] == 1 and not s.recorded]


def accept(
    connection: Transaction, trust_id: str, school_id: str, chosen: Iterable[Suggestion], write: WriteRoom, *,
    actor: str, now: datetime,
) -> int:  # fmt: skip
    """Write rooms into the records of devices; how many. CollectorError where the school may not be changed."""
    tenure.require(connection, trust_id, school_id)
    done = 0
    for suggestion in chosen:
        write(connection, trust_id, suggestion.device_id, suggestion.room)
        detail = {"device": suggestion.device_id, "room": suggestion.room_id}
        _note(connection, trust_id, "room_accepted", actor, now, **detail)
        done += 1
    return done


def _conclude(
    connection: Transaction, trust_id: str, tie: Tie, named: Mapping[str, tuple[str, str]], said: Mapping[str, str],
    reasons: dict[tuple[str, str], list[str]],
) -> None:  # fmt: skip
    """Note the devices that a tie speaks for, each with the reason."""
    if tie.kind == LOCATION:
        fitting = {
            device_id: f"it says that it is at “{tie.said}”" for device_id in said if said[device_id] == tie.said
        }
    else:
        what = named.get(tie.device_id, (tie.device_id, ""))[0]
        hanging = rows.hanging(connection, trust_id, tie.device_id)
        fitting = _at_port(tie, what, hanging) if tie.kind == PORT else _near(tie, what, hanging)
    for device_id, reason in fitting.items():
        reasons.setdefault((device_id, tie.room_id), []).append(reason)


def _at_port(tie: Tie, switch: str, hanging: Iterable[Hanging]) -> dict[str, str]:
    return {
        item.device_id: f"it hangs at port {item.port_name or item.port} of {switch}"
        + ("" if item.how == DIRECT else f" ({item.how})")
        for item in hanging
        if item.port == tie.port and item.how in NEAR and item.device_id != tie.device_id
    }


def _near(tie: Tie, access_point: str, hanging: Iterable[Hanging]) -> dict[str, str]:
    found = {item.device_id: f"it is connected to the access point {access_point}" for item in hanging}
    return found | {tie.device_id: "it is the access point of this room"}


def _sentence(reasons: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(reasons))


# ------------------------------------------------------------------------------------------------ shared


def _changeable(connection: Transaction, trust_id: str, site_id: str) -> str:
    """The school of a site, if it may be changed."""
    school_id = next((p.school_id for p in places.places(connection, trust_id) if p.site_id == site_id), "")
    if not school_id:
        raise CollectorError("there is no such site")
    tenure.require(connection, trust_id, school_id)
    return school_id


def _room(connection: Transaction, trust_id: str, room_id: str) -> Room:
    found = next((room for room in rows.rooms(connection, trust_id) if room.room_id == room_id), None)
    if found is None:
        raise CollectorError("there is no such room")
    return found


def _device(connection: Transaction, trust_id: str, room: Room, device_id: str) -> None:
    school_id = _changeable(connection, trust_id, room.site_id)
    if device_id not in rows.names(connection, trust_id, school_id):
        raise CollectorError(f"no device of this school has the id '{text(device_id, 36)}'")


def _name(given: str, what: str) -> str:
    name = text(given, NAME_LIMIT)
    if not name:
        raise CollectorError(f"say what the {what} is called")
    return name


def _folded(said: str) -> str:
    """A location as it is compared: case and runs of space do not matter."""
    return re.sub(r"\s+", " ", text(said, 120)).strip().casefold()


def _same(one: str, other: str) -> bool:
    return _folded(one) == _folded(other)


def _note(connection: Transaction, trust_id: str, action: str, actor: str, now: datetime, **detail: str) -> None:
    journal.append(connection, trust_id, actor=actor, action=action, detail=detail, now=now)
