"""Services of schools: who provides which, gaps and contention; and marks that people give to them and to devices."""

from __future__ import annotations

import dataclasses

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from collector import cover_lists, covering, london
from collector.access import Right
from collector.cover import marks as judging
from collector.cover.marks import By, DeviceMark, ServiceMark
from collector.cover.services import Provision, listed
from collector.cover_lists import LISTS, SERVICES, Names
from collector.errors import CollectorError
from collector.facts import text
from collector.store import Transaction, people
from collector.store import cover as rows
from collector.store.records import known
from collector.web import covered, forms, hands
from collector.web.visit import ID_LIMIT, Visit

COVER, MARKS = "cover", "marks"
MOST_MARKS = 200  # that a list shows


def page(visit: Visit) -> Response:
    """`GET /cover/services`: schools × services, with gaps, contention and marks."""
    with visit.reader() as connection:
        found = covering.provided(connection, visit.site.trust_id, london.day_of(visit.now), visit.schools)
        own, left_out = rows.own_services(connection, visit.site.trust_id)
    may = visit.may(Right.EDIT_COVER)
    return visit.page(
        "services.html", found=found, own=own, left_out=sorted(left_out), By=By, lists=LISTS,
        gaps=sum(cell.is_gap for cell in found.cells.values()), may=may,
        contention=sum(cell.is_contention for cell in found.cells.values()),
        token=forms.token(visit.secret, COVER) if may else "",
        shipped={one.key: one.name for one in listed(own, ())},
    )  # fmt: skip


def school(visit: Visit) -> Response:
    """`GET /cover/services/{school_id}`: the services of one school, its marks, and the forms for both."""
    school_id, trust_id = visit.name("school_id"), visit.site.trust_id
    today = london.day_of(visit.now)
    with visit.reader() as connection:
        found = covering.provided(connection, trust_id, today, frozenset({school_id}))
        if school_id not in found.schools:
            raise HTTPException(404)
        given = rows.service_marks(connection, trust_id, frozenset({school_id}))
        names = {one.account_id: one.name for one in people.all_accounts(connection, trust_id)}
    may, marks = visit.may(Right.EDIT_COVER), visit.may(Right.MARK)
    entry = visit.asked("entry")[:ID_LIMIT]
    every = [one for cell in found.cells.values() for one in (*cell.provisions, *cell.over)]
    one = next((each for each in every if each.provision_id == entry), None)
    return visit.page(
        "services_school.html", school_id=school_id, name=found.schools[school_id], found=found, By=By, today=today,
        cells=[found.cells[school_id, service.key] for service in found.services], given=given[:MOST_MARKS],
        more=max(0, len(given) - MOST_MARKS), names=names, costs=covered.sees_costs(visit), one=one,
        token=forms.token(visit.secret, COVER) if may else "", mark_token=forms.token(visit.secret, MARKS) * marks,
        inputs=covered.inputs(SERVICES, one, ("school", "service")) if may else [],
        services={service.key: service.name for service in found.services}, counts=judging.counts,
    )  # fmt: skip


def put(visit: Visit) -> Response:
    """`POST /cover/services`: say who provides a service to a school, or change an entry."""
    entry, school_id = visit.form.get("entry", "")[:ID_LIMIT], visit.form.get("school", "")[:ID_LIMIT]
    told = covered.said(visit, SERVICES, ("school", "service"))

    def work(connection: Transaction) -> None:
        trust_id = visit.site.trust_id
        before = covering.get_provision(connection, trust_id, entry) if entry else None
        fresh = Provision("", visit.form.get("service", "")[:32], "" if visit.form.get("all") else school_id, "")
        wanted = cover_lists.provision(told, Names(connection, trust_id), before or fresh)
        covering.put_provision(connection, trust_id, wanted, actor=visit.actor, now=visit.now)

    hands.carry_out(visit, COVER, work)
    return _back(school_id)


def end(visit: Visit) -> Response:
    """`POST /cover/services/end`: what is provided ends on a day, or is taken out because it was a mistake."""
    entry, day = visit.form.get("entry", "")[:ID_LIMIT], covered.day_in(visit, "day")

    def work(connection: Transaction) -> None:
        trust_id = visit.site.trust_id
        if visit.form.get("mistake") == "1":
            covering.withdraw_provision(connection, trust_id, entry, actor=visit.actor, now=visit.now)
            return
        before = covering.get_provision(connection, trust_id, entry)
        ended = dataclasses.replace(before, ends=day or london.day_of(visit.now))
        covering.put_provision(connection, trust_id, ended, actor=visit.actor, now=visit.now)

    hands.carry_out(visit, COVER, work)
    return _back(visit.form.get("school", "")[:ID_LIMIT])


def _back(school_id: str) -> Response:
    """To the page of a school, where a form of it was sent; else to that of all."""
    plain = school_id if school_id.isascii() and school_id.isalnum() else ""
    return RedirectResponse(f"/cover/services/{plain}" if plain else "/cover/services", 303)


def listing(visit: Visit) -> Response:
    """`POST /cover/services/list`: put a service on the trust's list, or leave one out."""
    add, leave_out = visit.form.get("add", ""), visit.form.get("leave_out", "")

    def work(connection: Transaction) -> None:
        by = {"actor": visit.actor, "now": visit.now}
        if leave_out:
            covering.leave_out_service(connection, visit.site.trust_id, leave_out, **by)  # type: ignore[arg-type]
        else:
            covering.add_service(connection, visit.site.trust_id, add, **by)  # type: ignore[arg-type]

    hands.carry_out(visit, COVER, work)
    return RedirectResponse("/cover/services", 303)


# ------------------------------------------------------------------------------------------------ marks


def marks(visit: Visit) -> Response:
    """`GET /cover/marks`: what people think of devices, and the form that takes it."""
    trust_id, today = visit.site.trust_id, london.day_of(visit.now)
    laid, counts = cover_lists.kept(visit.site.store, trust_id, visit.now, visit.schools)
    estate, schools = [one.device for one in laid.covers], laid.schools
    with visit.reader() as connection:
        given = rows.device_marks(connection, trust_id, visit.schools)
        called = known(connection, trust_id, {one.device_id for one in given[:MOST_MARKS] if one.device_id})
        names = {one.account_id: one.name for one in people.all_accounts(connection, trust_id)}
    counting = [one for one in given if judging.counts(one.day, today)]
    means = judging.of_devices(estate, counting) if counting else {}
    low = sorted(
        ((means[one.device_id], one) for one in estate if one.device_id in means),
        key=lambda pair: (pair[0].value, -pair[0].count, pair[1].name),
    )
    return visit.page(
        "cover_marks.html", given=given[:MOST_MARKS], more=max(0, len(given) - MOST_MARKS), schools=schools,
        low=low[:50], marked=len(means), devices=len(estate), called=called, names=names, today=today,
        counts=judging.counts, classes=sorted(counts.classes),
        token=forms.token(visit.secret, MARKS) if visit.may(Right.MARK) else "",
    )  # fmt: skip


def mark(visit: Visit) -> Response:
    """`POST /cover/marks`: somebody gives a mark to a service, or to devices, of a school that they see."""
    school_id, service = visit.form.get("school", "")[:ID_LIMIT], visit.form.get("service", "")[:32]
    if not school_id or not visit.sees(school_id):
        raise HTTPException(400, "Say of which school the mark is.")
    given = _service_mark(visit, school_id, service) if service else None

    def work(connection: Transaction) -> None:
        mark = given or _device_mark(visit, school_id, Names(connection, visit.site.trust_id, visit.schools))
        covering.give_marks(
            connection, visit.site.trust_id, [mark], actor=visit.actor, source="page", now=visit.now
        )  # fmt: skip

    hands.carry_out(visit, MARKS, work)
    return _back(school_id) if service else RedirectResponse("/cover/marks", 303)


def _number(visit: Visit) -> int:
    typed = visit.form.get("mark", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 1 else 0


def _service_mark(visit: Visit, school_id: str, service: str) -> ServiceMark:
    by, day = visit.form.get("by", ""), covered.day_in(visit, "day") or london.day_of(visit.now)
    if by not in list(By):
        raise HTTPException(400, f"Say who gives the mark: {', '.join(By)}.")
    return ServiceMark("", school_id, service, By(by), _number(visit), day, visit.form.get("remark", ""))


def _device_mark(visit: Visit, school_id: str, names: Names) -> DeviceMark:
    form = {name: text(visit.form.get(name, ""), 120) for name in ("class", "model", "room", "device")}
    device_id = names.device(form["device"]) if form["device"] else ""
    if device_id and names.home(device_id) != school_id:
        raise CollectorError(f"there is no device “{form['device']}” at this school")
    return DeviceMark(
        "", school_id, _number(visit), covered.day_in(visit, "day") or london.day_of(visit.now), form["class"],
        form["model"], form["room"], device_id, visit.form.get("remark", ""),
    )  # fmt: skip


def take_back(visit: Visit) -> Response:
    """`POST /cover/marks/take-back`: a mark that was given by mistake."""
    mark_id, school_id = visit.form.get("mark", "")[:ID_LIMIT], visit.form.get("school", "")[:ID_LIMIT]

    def work(connection: Transaction) -> None:
        covering.withdraw_mark(
            connection, visit.site.trust_id, mark_id, schools=visit.schools, actor=visit.actor, now=visit.now
        )

    hands.carry_out(visit, MARKS, work)
    return _back(school_id) if school_id else RedirectResponse("/cover/marks", 303)
