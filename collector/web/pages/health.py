"""Well or not: the wall of the estate, the health of one device, the form by which a person knows, and the limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from collector import acknowledging, health, london
from collector.errors import CollectorError
from collector.store import Transaction, conditions, corrections, people, register, school_lives
from collector.store.conditions import OverrideRow
from collector.store.register import DeviceDetail
from collector.web import forms, hands, parts, wall, wellness
from collector.web.visit import Visit
from collector.web.wellness import ACKNOWLEDGE, END
from collector.web.words import number

MOST_KNOWN = 500  # acknowledgements that one page lists
SUGGESTED = timedelta(days=7)  # until when a condition is acknowledged, where nobody says otherwise
FIELDS = ("reason", "owner", "until")


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed that could not be taken; `problems` by field, `problem` is of the whole."""

    aspect: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit as it holds. `instead`: of what the trust's own stands; `by` and `made`: who decided that, and when."""

    name: str
    device_class: str
    value: str
    unit: str
    source: str
    instead: str = ""
    by: str = ""
    made: datetime | None = None


NOTHING = Typed()


def page(visit: Visit) -> Response:
    """`GET /health`: the wall; `?aspects=all` has a column for each."""
    trust_id, today = visit.site.trust_id, london.day_of(visit.now)
    every = visit.asked("aspects") == "all"
    with visit.reader() as connection:
        known_schools = school_lives.schools(connection, trust_id)
        schools = [(one.school_id, one.name) for one in known_schools if visit.sees(one.school_id)]
        counts = conditions.counts(connection, trust_id, visit.schools)
        troubles = conditions.troubles(connection, trust_id, today, visit.schools)
        known = conditions.known_of(connection, trust_id, today, MOST_KNOWN, visit.schools)
        titles = corrections.titles(connection, trust_id, {one.device_id for one in known})
        names = _names(visit, connection)
    listed = [(one, titles[one.device_id], names.get(one.made_by, one.made_by)) for one in known]
    built = wall.build(schools, counts, troubles, every=every)
    return visit.page("health.html", wall=built, every=every, known=listed)


def device(visit: Visit) -> Response:
    """`GET /devices/{id}/health`: every condition of a device, with what it rests on."""
    return _device(visit, NOTHING)


def acknowledge(visit: Visit) -> Response:
    """`POST /devices/{id}/acknowledge`: a person knows; what cannot be taken is shown beside what was typed."""
    _check(visit, ACKNOWLEDGE)
    said = {name: visit.form.get(name, "") for name in FIELDS}
    aspect, until = visit.form.get("aspect", ""), _day(said["until"])
    wrong = acknowledging.problems(said["reason"], said["owner"], until, london.day_of(visit.now))
    if wrong or until is None:
        return _device(visit, Typed(aspect, said, wrong))
    device_id = visit.name("device_id")

    def work(connection: Transaction) -> None:
        acknowledging.acknowledge(
            connection, visit.site.trust_id, device_id, aspect, "", reason=said["reason"], owner=said["owner"],
            until=until, actor=_actor(visit), now=visit.now,
        )  # fmt: skip

    try:
        visit.site.store.write(work)
    except CollectorError as error:
        return _device(visit, Typed(aspect, said, problem=f"{error}."))
    return RedirectResponse(f"/devices/{device_id}/health", 303)


def end(visit: Visit) -> Response:
    """`POST /devices/{id}/acknowledgements/{id}/end`: take back what a person said of this device."""
    device_id, acknowledgement_id = visit.name("device_id"), visit.name("acknowledgement_id")

    def work(connection: Transaction) -> None:
        said = conditions.acknowledgements(connection, visit.site.trust_id, device_id)
        if acknowledgement_id not in {one.acknowledgement_id for one in said}:
            raise CollectorError("of this device there is no such acknowledgement")
        acknowledging.take_back(connection, visit.site.trust_id, acknowledgement_id, actor=_actor(visit), now=visit.now)

    hands.carry_out(visit, END, work)
    return RedirectResponse(f"/devices/{device_id}/health", 303)


def _device(visit: Visit, typed: Typed) -> Response:
    device_id = visit.name("device_id")
    with visit.reader() as connection:
        detail = register.device(connection, visit.site.trust_id, device_id)
        shown = wellness.whole(visit, connection, detail) if detail else None
    if detail is None or shown is None:
        raise HTTPException(404)
    if detail.row.device_id != device_id and typed is NOTHING:
        return RedirectResponse(f"/devices/{detail.row.device_id}/health", 307)
    return _answer(visit, detail, shown, typed)


def _answer(visit: Visit, detail: DeviceDetail, shown: wellness.Wellness, typed: Typed) -> Response:
    today = london.day_of(visit.now)
    offered = {each.whole.aspect for each in shown.bad if not each.whole.acknowledged}
    lost = typed.problem if typed.aspect not in offered else ""
    return visit.page(
        "health_device.html", 200 if typed is NOTHING else 400, row=detail.row, title=parts.title(detail.row),
        wellness=shown, typed=typed, lost=lost, first=today.isoformat(), suggested=(today + SUGGESTED).isoformat(),
        last=(today + acknowledging.LONGEST).isoformat(),
    )  # fmt: skip


def _check(visit: Visit, purpose: str) -> None:
    if not forms.holds(visit.form.get(forms.TOKEN_FIELD, ""), visit.secret, purpose):
        raise HTTPException(403, "This form is not of the page that it should come from.")


def _actor(visit: Visit) -> str:
    return visit.visitor.account_id if visit.visitor else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _names(visit: Visit, connection: Transaction) -> dict[str, str]:
    return {account.account_id: account.name for account in people.all_accounts(connection, visit.site.trust_id)}


# ------------------------------------------------------------------------------------------------ limits


def limits(visit: Visit) -> Response:
    """`GET /health/limits`: every limit, its value and where it comes from."""
    with visit.reader() as connection:
        own = conditions.overrides(connection, visit.site.trust_id)
        names = _names(visit, connection)
    found = {aspect: list(rows) for aspect, rows in groupby(_limits(own, names), key=lambda pair: pair[0])}
    listed = [(aspect, [row for _, row in found[aspect]]) for aspect in health.ASPECTS if aspect in found]
    return visit.page("health_limits.html", limits=listed, own=len(own))


def _limits(own: list[OverrideRow], names: Mapping[str, str]) -> list[tuple[str, Limit]]:
    """Every limit as it holds, by aspect; one of the trust's for a class that has none stands beside the others."""
    shipped = {(row.aspect, row.name, row.device_class): row for row in health.threshold_rows()}
    units = {(row.aspect, row.name): row.unit for row in shipped.values()}
    found = {key: Limit(row.name, row.device_class, number(row.value), row.unit, row.source)
             for key, row in shipped.items()}  # fmt: skip
    for row in own:
        key = (row.aspect, row.name, row.device_class)
        instead = number(shipped[key].value) if key in shipped else ""
        found[key] = Limit(
            row.name, row.device_class, number(row.value), units.get(key[:2], ""), row.reason, instead,
            names.get(row.made_by, row.made_by), row.made,
        )  # fmt: skip
    return [(key[0], found[key]) for key in sorted(found)]
