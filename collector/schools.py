"""Schools, their sites and networks as people name them, and how schools come and go: rules above the rows.

A school that left, closed or was merged into another is read-only: whoever asks for its place in order to change
something is refused with a sentence. Its agents are shut out and its secrets forgotten; what is known of it stays.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from collector import journal, london, tenure
from collector.errors import CollectorError
from collector.facts import text
from collector.gias import Change, Known
from collector.store import Transaction, agents, history, places, school_lives
from collector.store.cells import Cause
from collector.store.school_lives import CLOSED, JOINED, LEFT, MERGED, Life, Named

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: for how many years what is known of a school that went is kept, if nobody says: as long as claims can be brought
#: (Limitation Act 1980, section 5)
RETENTION_YEARS = 6
NAME_LIMIT = 120  # characters
MAIN_SITE = "Main site"


def networks_within(named: Iterable[str], limits: Iterable[str] | None = None) -> list[str]:
    """The canonical CIDRs of what was named, without what is no network or lies outside the limits."""
    allowed = None if limits is None else [found for limit in limits if (found := _network(limit))]
    kept = []
    for name in named:
        network = _network(name)
        if network is not None and (allowed is None or any(_inside(network, outer) for outer in allowed)):
            kept.append(str(network))
    return list(dict.fromkeys(kept))


def find(connection: Transaction, trust_id: str, name: str) -> places.Place:
    """The site that a person means by a school's name (or `School/Site`), to change something there.

    CollectorError lists what there is, or says why the school may not be changed.
    """
    known = places.places(connection, trust_id)
    wanted = name.casefold()
    fitting = [p for p in known if wanted in (p.school_name.casefold(), f"{p.school_name}/{p.site_name}".casefold())]
    if len(fitting) == 1:
        tenure.require(connection, trust_id, fitting[0].school_id)
        return fitting[0]
    listed = ", ".join(f"{p.school_name}/{p.site_name}" for p in known) or "none yet"
    what = "means several sites" if fitting else "is not a school here"
    raise CollectorError(f"'{name}' {what}; known: {listed}")


def find_or_add(connection: Transaction, trust_id: str, name: str, urn: str, now: datetime) -> places.Place:
    """The site of a school by name, made with its first site where it is new."""
    known = [p for p in places.places(connection, trust_id) if p.school_name.casefold() == name.casefold()]
    if known:
        tenure.require(connection, trust_id, known[0].school_id)
        return known[0]
    school_id = places.add_school(connection, trust_id, name, urn, now)
    site_id = places.add_site(connection, trust_id, school_id, MAIN_SITE)
    journal.append(
        connection,
        trust_id,
        actor="console",
        action="school_added",
        detail={"school": school_id, "site": site_id},
        now=now,
    )
    return places.Place(school_id, name, site_id, MAIN_SITE)


def add_network(connection: Transaction, trust_id: str, place: places.Place, cidr: str, now: datetime) -> None:
    """Name a network of a site: its agents sweep it inside their own limits. CollectorError where it is none."""
    network = _network(cidr)
    if network is None:
        raise CollectorError(f"'{cidr}' is no network: write it as 10.1.0.0/22")
    places.add_networks(connection, trust_id, place.site_id, [str(network)], now)
    detail = {"site": place.site_id, "network": str(network)}
    journal.append(connection, trust_id, actor="console", action="network_added", detail=detail, now=now)


# ------------------------------------------------------------------------------------------------ coming and going


def named(connection: Transaction, trust_id: str, name: str) -> Named:
    """The school that a person means by its name, URN or id, member or not; CollectorError lists what there is."""
    known = school_lives.schools(connection, trust_id)
    wanted = name.strip().casefold()
    fitting = [s for s in known if wanted and wanted in (s.name.casefold(), s.urn, s.school_id)]
    if len(fitting) == 1:
        return fitting[0]
    listed = ", ".join(f"{s.name} ({s.urn or s.school_id})" for s in known) or "none yet"
    raise CollectorError(f"'{name}' {'means several schools' if fitting else 'is not a school here'}; known: {listed}")


def add_site(connection: Transaction, trust_id: str, school_id: str, name: str, actor: str, now: datetime) -> str:
    """Make a further site of a school and return its id."""
    tenure.require(connection, trust_id, school_id)
    wanted = _name(name, "site")
    here = [place.site_name for place in places.places(connection, trust_id) if place.school_id == school_id]
    if wanted.casefold() in (known.casefold() for known in here):
        raise CollectorError(f"there is a site {wanted} already: call the new one something else")
    site_id = places.add_site(connection, trust_id, school_id, wanted)
    _note(connection, trust_id, "site_added", actor, now, school=school_id, site=site_id)
    return site_id


def join(connection: Transaction, trust_id: str, name: str, urn: str, day: date, *, actor: str, now: datetime) -> str:
    """A school comes to the trust, or comes back, on a day; returns its id."""
    wanted, number = _name(name, "school"), _urn(urn)
    before = next((s for s in school_lives.schools(connection, trust_id) if _is(s, wanted, number)), None)
    if before and school_lives.life(connection, trust_id, before.school_id).is_member:
        raise CollectorError(f"{before.name} is a school of the trust already")
    school_id = before.school_id if before else places.add_school(connection, trust_id, wanted, "", now)
    if not any(place.school_id == school_id for place in places.places(connection, trust_id)):
        places.add_site(connection, trust_id, school_id, MAIN_SITE)
    since = midnight(day)
    if number and number != (before.urn if before else ""):
        school_lives.renumber(connection, trust_id, school_id, number, since, now)
    school_lives.begin(connection, trust_id, Life(school_id, JOINED), since, now)
    _note(connection, trust_id, "school_joined", actor, now, school=school_id, day=day.isoformat())
    return school_id


def leave(
    connection: Transaction, trust_id: str, school_id: str, day: date, keep_until: date | None = None, *, actor: str,
    now: datetime,
) -> Life:  # fmt: skip
    """A school goes to another trust on a day: its agents are shut out, and what is known of it can only be read."""
    return _go(connection, trust_id, Life(school_id, LEFT, retention_until=keep_until), day, actor, now)


def close(
    connection: Transaction, trust_id: str, school_id: str, day: date, keep_until: date | None = None, *, actor: str,
    now: datetime,
) -> Life:  # fmt: skip
    """A school shuts for good on a day: its agents are shut out, and what is known of it can only be read."""
    return _go(connection, trust_id, Life(school_id, CLOSED, retention_until=keep_until), day, actor, now)


def merge(
    connection: Transaction, trust_id: str, school_id: str, into: str, day: date, *, actor: str, now: datetime
) -> dict[str, int]:
    """A school becomes part of another on a day: sites, agents and devices go on there. How many of each."""
    if school_id == into:
        raise CollectorError("a school cannot be merged into itself: name the school that goes on")
    tenure.require(connection, trust_id, school_id)
    tenure.require(connection, trust_id, into)
    since = _past(day, now)
    _rename_sites(connection, trust_id, school_id, into)
    devices = school_lives.devices_of(connection, trust_id, school_id)
    moved = school_lives.hand_over(connection, trust_id, school_id, into, since, now)
    history.keep(connection, trust_id, devices, Cause.RESIDENCY, now, since)
    school_lives.begin(connection, trust_id, Life(school_id, MERGED, into_school_id=into), since, now)
    _note(connection, trust_id, "school_merged", actor, now, school=school_id, into=into, day=day.isoformat(), **moved)
    return moved


def convert(  # noqa: PLR0913 - which school, what it becomes, when, by whom
    connection: Transaction, trust_id: str, school_id: str, urn: str, day: date, name: str = "", *, actor: str,
    now: datetime,
) -> None:  # fmt: skip
    """A school becomes another in law on a day, as in a conversion to an academy: new URN, same school, one history."""
    tenure.require(connection, trust_id, school_id)
    number, since = _urn(urn), _past(day, now)
    known = school_lives.schools(connection, trust_id)
    if not number:
        raise CollectorError("name the URN that the school has now")
    if other := next((s for s in known if s.urn == number), None):
        raise CollectorError(f"URN {number} is {other.name}'s already")
    school_lives.renumber(connection, trust_id, school_id, number, since, now)
    if name:
        school_lives.rename(connection, trust_id, school_id, _name(name, "school"))
    _note(connection, trust_id, "school_converted", actor, now, school=school_id, day=day.isoformat())


def rename(connection: Transaction, trust_id: str, school_id: str, name: str, *, actor: str, now: datetime) -> None:
    """A school is called something else."""
    tenure.require(connection, trust_id, school_id)
    school_lives.rename(connection, trust_id, school_id, _name(name, "school"))
    _note(connection, trust_id, "school_renamed", actor, now, school=school_id)


def known_to_gias(connection: Transaction, trust_id: str) -> list[Known]:
    """The members of the trust as they are compared with GIAS."""
    lives = school_lives.lives(connection, trust_id)
    return [
        Known(s.school_id, s.name, s.urn)
        for s in school_lives.schools(connection, trust_id)
        if lives.get(s.school_id, Life(s.school_id, JOINED)).is_member
    ]


def apply(connection: Transaction, trust_id: str, changes: Sequence[Change], *, actor: str, now: datetime) -> int:
    """Do what a comparison with GIAS found; what waits for a person is left. How many were done."""
    done = 0
    for change in changes:
        done += change.kind != "ask"
        _apply(connection, trust_id, change, actor, now)
    return done


def _apply(connection: Transaction, trust_id: str, change: Change, actor: str, now: datetime) -> None:
    day = min(change.day or london.day_of(now), london.day_of(now))
    if change.kind == "join":
        join(connection, trust_id, change.name, change.urn, day, actor=actor, now=now)
    elif change.kind == "rename":
        rename(connection, trust_id, change.school_id, change.name, actor=actor, now=now)
    elif change.kind == "convert":
        convert(connection, trust_id, change.school_id, change.urn, day, change.name, actor=actor, now=now)
    elif change.kind == "merge":
        merge(connection, trust_id, change.school_id, change.into, day, actor=actor, now=now)
    elif change.kind == "close":
        close(connection, trust_id, change.school_id, day, actor=actor, now=now)


def _go(connection: Transaction, trust_id: str, new: Life, day: date, actor: str, now: datetime) -> Life:
    tenure.require(connection, trust_id, new.school_id)
    since = _past(day, now)
    until = new.retention_until or _years_after(day, RETENTION_YEARS)
    if until < day:
        raise CollectorError(f"what is known of it cannot be kept until {until}, which is before it went on {day}")
    gone = Life(new.school_id, new.state, since, retention_until=until)
    shut = school_lives.active_agents(connection, trust_id, new.school_id)
    for agent_id in shut:
        agents.revoke(connection, trust_id, agent_id, now)
        _note(connection, trust_id, "agent_revoked", actor, now, agent=agent_id)
    secrets = school_lives.forget_secrets(connection, trust_id, new.school_id)
    devices = school_lives.devices_of(connection, trust_id, new.school_id)
    history.keep(connection, trust_id, devices, Cause.RESIDENCY, now)  # what was so when it went; nobody changes it now
    school_lives.begin(connection, trust_id, gone, since, now)
    told: dict[str, str | int] = {"day": day.isoformat(), "kept_until": until.isoformat(), "agents": len(shut)}
    told |= {"school": new.school_id, "secrets": secrets}
    _note(connection, trust_id, f"school_{new.state}", actor, now, **told)
    return gone


def _rename_sites(connection: Transaction, trust_id: str, school_id: str, into: str) -> None:
    """Give sites a name that tells where they come from, where the school that goes on has one of that name."""
    known = places.places(connection, trust_id)
    there = {place.site_name.casefold() for place in known if place.school_id == into}
    for place in known:
        if place.school_id == school_id and place.site_name.casefold() in there:
            places.rename_site(connection, trust_id, place.site_id, f"{place.school_name}, {place.site_name}")


def midnight(day: date) -> datetime:
    """The beginning of a day in London."""
    return datetime.combine(day, time(), london.ZONE)


def _past(day: date, now: datetime) -> datetime:
    if day > london.day_of(now):
        raise CollectorError(f"{day} has not come yet: say it on the day, so that nothing changes before")
    return midnight(day)


def _years_after(day: date, years: int) -> date:
    """The last day of so many years that begin with a day."""
    leap = day.month == 2 and day.day == 29
    return (day.replace(day=28) if leap else day).replace(year=day.year + years) - timedelta(days=0 if leap else 1)


def _name(given: str, what: str) -> str:
    name = text(given, NAME_LIMIT)
    if not name:
        raise CollectorError(f"say what the {what} is called")
    return name


def _urn(given: str) -> str:
    plain = given.strip()
    if plain and not (plain.isascii() and plain.isdigit() and 5 <= len(plain) <= 7):
        raise CollectorError(f"'{text(plain, 20)}' is no URN: it has six digits")
    return plain


def _is(school: Named, name: str, urn: str) -> bool:
    return school.urn == urn if urn and school.urn else school.name.casefold() == name.casefold()


def _note(connection: Transaction, trust_id: str, action: str, actor: str, now: datetime, **detail: str | int) -> None:
    journal.append(connection, trust_id, actor=actor, action=action, detail=detail, now=now)


def _network(named: str) -> Network | None:
    try:
        return ipaddress.ip_network(named.strip(), strict=False)
    except ValueError:
        return None


def _inside(network: Network, outer: Network) -> bool:
    return network.version == outer.version and network.subnet_of(outer)  # type: ignore[arg-type]  # same version
