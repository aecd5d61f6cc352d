"""Places: the schools and how they come and go; of each its sites, buildings, rooms, and what stands for a room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from collector import london, rooms, schools, tenure
from collector.access import Right
from collector.errors import CollectorError
from collector.records import roomed
from collector.store import Transaction, places, school_lives
from collector.store import rooms as rows
from collector.store.school_lives import Life
from collector.web import forms, hands, words
from collector.web.visit import Visit

PURPOSE = "places"  # of every form on these pages
SWITCHING = ("switch", "router", "firewall", "hub")  # classes of which ports are tied


def page(visit: Visit) -> Response:
    """Every school with its state, and the form that lets one join."""
    with visit.reader() as connection:
        trust_id = visit.site.trust_id
        known = [school for school in school_lives.schools(connection, trust_id) if visit.sees(school.school_id)]
        lives = school_lives.lives(connection, trust_id)
        sites = places.places(connection, trust_id, visit.schools)
        rooms_of: dict[str, int] = {}
        for room in rows.rooms(connection, trust_id):
            rooms_of[room.site_id] = rooms_of.get(room.site_id, 0) + 1
    listed = []
    for school in known:
        here = [site for site in sites if site.school_id == school.school_id]
        count = sum(rooms_of.get(site.site_id, 0) for site in here)
        listed.append((school, _state(lives.get(school.school_id)), [site.site_name for site in here], count))
    offered = _offered(visit) if visit.schools is None else {"form_token": ""}
    return visit.page("places.html", schools=listed, **offered)


def school_page(visit: Visit) -> Response:
    """One school: sites, rooms, ties, suggestions, and what becomes of it."""
    with visit.reader() as connection:
        trust_id = visit.site.trust_id
        school = _school(visit, connection)
        life = school_lives.life(connection, trust_id, school.school_id)
        known = rows.rooms(connection, trust_id, school.school_id)
        ties = rows.ties(connection, trust_id, school.school_id)
        named = rows.names(connection, trust_id, school.school_id)
        suggested = rooms.suggest(connection, trust_id, school.school_id, roomed.recorded)
        switches = [d for d in named if named[d][1] in SWITCHING]
        shown: dict[str, Any] = {
            "sites": [s for s in places.places(connection, trust_id) if s.school_id == school.school_id],
            "numbers": school_lives.numbers(connection, trust_id, school.school_id),
            "others": [s for s in schools.known_to_gias(connection, trust_id) if s.school_id != school.school_id],
            "may_change": visit.schools is None,
            "ties": [(tie, _what(connection, visit, tie, named)) for tie in ties],
        }
    devices: dict[str, Any] = {
        "switches": sorted((named[d][0], d) for d in switches),
        "access_points": sorted((name, d) for d, (name, kind) in named.items() if kind == "access point"),
        "said": sorted(set(_said(visit, school.school_id))),
    }
    return visit.page(
        "rooms.html", school=school, state=_state(life), member=life.is_member, rooms=known, suggested=suggested,
        certain=len(rooms.certain(suggested)),
        today=london.day_of(visit.now), case=words.sentence_case, **shown, **devices, **_offered(visit),
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------ what is changed


def join(visit: Visit) -> Response:
    """`POST /places/join`: a school joins."""

    def work(connection: Transaction) -> str:
        name, urn = visit.form.get("name", ""), visit.form.get("urn", "")
        return schools.join(connection, visit.site.trust_id, name, urn, _day(visit), actor=_actor(visit), now=visit.now)

    return RedirectResponse(f"/schools/{hands.carry_out(visit, PURPOSE, work)}/rooms", 303)


def change(visit: Visit) -> Response:
    """`POST /schools/{id}/change`: it is renamed, converts, leaves, closes or becomes part of another."""
    return _of_school(visit, _changed)


def _changed(visit: Visit, connection: Transaction, school_id: str) -> None:
    trust_id, said, by = visit.site.trust_id, visit.form, _by(visit)
    what = said.get("what", "")
    keep = _day(visit, "keep_until") if said.get("keep_until") else None
    if what == "rename":
        schools.rename(connection, trust_id, school_id, said.get("name", ""), **by)
    elif what == "convert":
        name = said.get("name", "")
        schools.convert(connection, trust_id, school_id, said.get("urn", ""), _day(visit), name, **by)
    elif what == "merge":
        schools.merge(connection, trust_id, school_id, said.get("into", ""), _day(visit), **by)
    elif what in ("leave", "close"):
        go = schools.leave if what == "leave" else schools.close
        go(connection, trust_id, school_id, _day(visit), keep, **by)
    else:
        raise CollectorError("say what becomes of the school")


def add(visit: Visit) -> Response:
    """`POST /schools/{id}/rooms/add`: a site, or a room with its building."""

    def work(visit: Visit, connection: Transaction, school_id: str) -> None:
        trust_id, name, actor = visit.site.trust_id, visit.form.get("name", ""), _actor(visit)
        if visit.form.get("what") == "site":
            schools.add_site(connection, trust_id, school_id, name, actor, visit.now)
            return
        site_id, building = _site(visit, connection, school_id), visit.form.get("building", "")
        rooms.add_room(connection, trust_id, site_id, name, building, actor=actor, now=visit.now)

    return _of_school(visit, work)


def remove(visit: Visit) -> Response:
    """`POST /schools/{id}/rooms/remove`: a room, or a tie."""

    def work(visit: Visit, connection: Transaction, school_id: str) -> None:
        trust_id, actor = visit.site.trust_id, _actor(visit)
        if tie_id := visit.form.get("tie", ""):
            rooms.untie(connection, trust_id, tie_id, actor=actor, now=visit.now)
            return
        room = rooms.find(connection, trust_id, school_id, visit.form.get("room", ""))
        rooms.remove_room(connection, trust_id, room.room_id, actor=actor, now=visit.now)

    return _of_school(visit, work)


def tie(visit: Visit) -> Response:
    """`POST /schools/{id}/rooms/tie`: a port, an access point or a location stands for a room."""
    return _of_school(visit, _tied)


def _tied(visit: Visit, connection: Transaction, school_id: str) -> None:
    trust_id, said, actor = visit.site.trust_id, visit.form, _actor(visit)
    room_id = rooms.find(connection, trust_id, school_id, said.get("room", "")).room_id
    what, device_id = said.get("what", ""), said.get("device", "")
    if what == "port":
        port = said.get("port", "")
        rooms.tie_port(connection, trust_id, room_id, device_id, port, actor=actor, now=visit.now)
    elif what == "access point":
        rooms.tie_access_point(connection, trust_id, room_id, device_id, actor=actor, now=visit.now)
    else:
        rooms.tie_location(connection, trust_id, room_id, said.get("said", ""), actor=actor, now=visit.now)


def accept(visit: Visit) -> Response:
    """`POST /schools/{id}/rooms/accept`: one suggestion, or all without doubt, go into the records."""

    def work(visit: Visit, connection: Transaction, school_id: str) -> None:
        trust_id, actor = visit.site.trust_id, _actor(visit)
        suggested = rooms.suggest(connection, trust_id, school_id, roomed.recorded)
        device_id, room_id = visit.form.get("device", ""), visit.form.get("room", "")
        chosen = [s for s in suggested if (s.device_id, s.room_id) == (device_id, room_id)]
        if not device_id:
            chosen = rooms.certain(suggested)
        if not chosen:
            raise CollectorError("this is suggested no more")
        writing = roomed.writing(actor, "page", visit.now)
        rooms.accept(connection, trust_id, school_id, chosen, writing, actor=actor, now=visit.now)

    return _of_school(visit, work)


# ------------------------------------------------------------------------------------------------ shared


def _of_school(visit: Visit, work: Callable[[Visit, Transaction, str], None]) -> Response:
    def write(connection: Transaction) -> str:
        school_id = _school(visit, connection).school_id
        work(visit, connection, school_id)
        return school_id

    return RedirectResponse(f"/schools/{hands.carry_out(visit, PURPOSE, write)}/rooms", 303)


def _offered(visit: Visit) -> dict[str, Any]:
    """The token of the forms; empty for who may not change places."""
    may = visit.visitor is not None and visit.visitor.may(Right.EDIT_PLACES)
    return {"form_token": forms.token(visit.secret, PURPOSE) if may else ""}


def _school(visit: Visit, connection: Transaction) -> school_lives.Named:
    wanted = visit.name("school_id")
    known = school_lives.schools(connection, visit.site.trust_id)
    found = next((school for school in known if school.school_id == wanted), None)
    if found is None:
        raise HTTPException(404)
    return found


def _site(visit: Visit, connection: Transaction, school_id: str) -> str:
    here = [p.site_id for p in places.places(connection, visit.site.trust_id) if p.school_id == school_id]
    wanted = visit.form.get("site", "")
    if wanted not in here:
        raise CollectorError("choose a site of this school")
    return wanted


def _state(life: Life | None) -> str:
    return tenure.said(life) if life and not life.is_member else ""


def _what(connection: Transaction, visit: Visit, tie: rooms.Tie, named: dict[str, tuple[str, str]]) -> str:
    """What a tie is of, in words."""
    device = named.get(tie.device_id, (tie.device_id, ""))[0]
    if tie.kind == rows.LOCATION:
        return f"what says that it is at “{tie.said}”"
    if tie.kind == rows.ACCESS_POINT:
        return f"the access point {device} and what is connected to it"
    port = rows.ports(connection, visit.site.trust_id, tie.device_id).get(tie.port, str(tie.port))
    return f"port {port} of {device}"


def _said(visit: Visit, school_id: str) -> list[str]:
    with visit.reader() as connection:
        return list(rows.locations(connection, visit.site.trust_id, school_id).values())


def _actor(visit: Visit) -> str:
    return visit.visitor.account_id if visit.visitor else ""


def _by(visit: Visit) -> dict[str, Any]:
    return {"actor": _actor(visit), "now": visit.now}


def _day(visit: Visit, field: str = "day") -> date:
    said = visit.form.get(field, "")
    try:
        return date.fromisoformat(said) if said else london.day_of(visit.now)
    except ValueError:
        raise CollectorError("say the day as 2026-08-31") from None
