"""Support cover: how devices are covered, the contracts and when they end, and lists of them that are brought."""

from __future__ import annotations

from datetime import timedelta

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from collector import cover_lists, covering, london
from collector.access import Right
from collector.cover import Contract, State, Wanted, calendar
from collector.cover import Kind as ContractKind
from collector.cover.calendar import Date
from collector.cover.counting import Counts, count
from collector.cover.laying import order
from collector.cover_lists import CONTRACTS, LISTS, Names, Plan
from collector.store import Transaction
from collector.store import cover as rows
from collector.web import covered, forms, hands
from collector.web.visit import ID_LIMIT, Visit

PAGE_ROWS = 200
OFFSET_LIMIT = 10_000_000
COVER = "cover"
AHEAD, BEHIND = timedelta(days=18 * 31), timedelta(days=90)  # of today, in the calendar
PICKED = ("schools", "classes")  # ticked, not typed


def page(visit: Visit) -> Response:
    """`GET /cover`: how many devices are covered by none, one and several; by school, class and provider; when."""
    asked, today = covered.wanted(visit), london.day_of(visit.now)
    laid, every = _laid(visit)
    with visit.reader() as connection:
        provisions = rows.provisions(connection, visit.site.trust_id, visit.schools)
        services = {one.key: one.name for one in covering.services(connection, visit.site.trust_id)}
    narrow = Wanted(school_id=asked.school_id, device_class=asked.device_class)
    counts = count(one for one in laid.covers if narrow.fits(one)) if narrow != Wanted() else every
    shown = [one for one in laid.contracts if not asked.school_id or asked.school_id in (one.schools or laid.schools)]
    mine = [one for one in provisions if not asked.school_id or one.school_id in ("", asked.school_id)]
    dates = [(one, _called(one, laid, services))
             for one in calendar.dates(shown, mine, today - BEHIND, today + AHEAD)]  # fmt: skip
    classes = sorted(counts.classes, key=lambda name: (-counts.classes[name].devices, name))
    return visit.page(
        "cover.html", asked=narrow, counts=counts, states=covered.STATES, State=State, laid=laid, classes=classes,
        schools={key: name for key, name in laid.schools.items() if key in counts.schools}, query=covered.query,
        chart=covered.chart(shown, laid.schools, today), dates=dates, today=today, may=visit.may(Right.EDIT_COVER),
        all_present=sorted(every.classes),
    )  # fmt: skip


def _laid(visit: Visit) -> tuple[covering.Laid, Counts]:
    return cover_lists.kept(visit.site.store, visit.site.trust_id, visit.now, visit.schools)


def _called(one: Date, laid: covering.Laid, services: dict[str, str]) -> str:
    """What an entry of the calendar is about, in words."""
    if one.contract is not None:
        return f"{one.contract.provider}, {one.contract.kind}, {covering.scope_words(one.contract, laid.schools)}"
    if one.provision is None:
        return ""
    where = laid.schools.get(one.provision.school_id, "all schools")
    return f"{one.provision.provider}, {services.get(one.provision.service, 'a service')} at {where}"


def devices(visit: Visit) -> Response:
    """`GET /cover/devices`: the devices behind a number, each with what covers it."""
    asked, offset = covered.wanted(visit), visit.count("from", 0, OFFSET_LIMIT)
    laid, counts = _laid(visit)
    found = sorted(
        (one for one in laid.covers if asked.fits(one)),
        key=lambda one: (laid.schools[one.device.school_id], one.device.device_class, one.device.name),
    )
    contract = next((one for one in laid.contracts if one.contract_id == asked.contract_id), None)
    pages = {
        name: covered.query(asked, **{"from": str(at)})
        for name, at in (("earlier", offset - PAGE_ROWS), ("later", offset + PAGE_ROWS))
        if 0 <= at < len(found)
    }
    return visit.page(
        "cover_devices.html", asked=asked, rows=found[offset : offset + PAGE_ROWS], total=len(found), first=offset + 1,
        pages=pages, states=covered.STATES, schools=laid.schools, contract=contract, query=covered.query,
        providers=sorted(counts.providers), classes=sorted(counts.classes),
    )  # fmt: skip


def calendar_file(visit: Visit) -> Response:
    """`GET /cover/renewals.ics`: what ends and by when notice is due, as a calendar."""
    today = london.day_of(visit.now)
    laid, _ = _laid(visit)
    with visit.reader() as connection:
        provisions = rows.provisions(connection, visit.site.trust_id, visit.schools)
        services = {one.key: one.name for one in covering.services(connection, visit.site.trust_id)}
    dates = calendar.dates(laid.contracts, provisions, today - BEHIND, today + AHEAD)
    host = visit.request.url.hostname or "stocktake"
    content = covered.as_calendar(((one, _called(one, laid, services)) for one in dates), visit.now, host)
    headers = {"Content-Disposition": 'attachment; filename="renewals.ics"'}
    return Response(content.encode(), media_type="text/calendar; charset=utf-8", headers=headers)


# ------------------------------------------------------------------------------------------------ contracts


def contracts(visit: Visit) -> Response:
    """`GET /cover/contracts`: every contract, and with `?contract=` one of them with the form that changes it."""
    today, contract_id = london.day_of(visit.now), visit.asked("contract")[:ID_LIMIT]
    laid, counts = _laid(visit)
    one = next((each for each in laid.contracts if each.contract_id == contract_id), None)
    if contract_id and one is None:
        raise HTTPException(404)
    may = visit.may(Right.EDIT_COVER)
    return visit.page(
        "cover_contracts.html", contracts=sorted(laid.contracts, key=order), counts=counts, one=one,
        schools=laid.schools, today=today, scope=covering.scope_words, costs=covered.sees_costs(visit),
        token=forms.token(visit.secret, COVER) if may else "", kinds=list(ContractKind), lists=LISTS,
        inputs=covered.inputs(CONTRACTS, one, PICKED) if may else [],
        classes=sorted({*counts.classes, *(one.classes if one else ())}),
    )  # fmt: skip


def put(visit: Visit) -> Response:
    """`POST /cover/contracts`: add a contract, or change the one that is named."""
    contract_id = visit.form.get("contract", "")[:ID_LIMIT]
    told = covered.said(visit, CONTRACTS, PICKED) | {
        "schools": covered.ticked(visit, "school_"), "classes": covered.ticked(visit, "class_"),
    }  # fmt: skip

    def work(connection: Transaction) -> str:
        trust_id = visit.site.trust_id
        before: Contract | None = covering.get_contract(connection, trust_id, contract_id) if contract_id else None
        wanted = cover_lists.contract(told, Names(connection, trust_id), before)
        return covering.put_contract(connection, trust_id, wanted, actor=visit.actor, now=visit.now)

    done = hands.carry_out(visit, COVER, work)
    return RedirectResponse(f"/cover/contracts?contract={done}", 303)


def end(visit: Visit) -> Response:
    """`POST /cover/contracts/end`: a contract ends on a day, or is taken out because it was entered by mistake."""
    contract_id, day = visit.form.get("contract", "")[:ID_LIMIT], covered.day_in(visit, "day")
    mistake = visit.form.get("mistake") == "1"

    def work(connection: Transaction) -> None:
        by = {"actor": visit.actor, "now": visit.now}
        if mistake:
            covering.withdraw_contract(connection, visit.site.trust_id, contract_id, **by)  # type: ignore[arg-type]
            return
        last = day or london.day_of(visit.now)
        covering.end_contract(connection, visit.site.trust_id, contract_id, last, **by)  # type: ignore[arg-type]

    hands.carry_out(visit, COVER, work)
    return RedirectResponse("/cover/contracts", 303)


# ------------------------------------------------------------------------------------------------ lists


def bring(visit: Visit) -> Response:
    """`POST /cover/import`: take a list in, whole or not at all; or look alone at what it would change."""
    upload, of, look_only = visit.files.get("file"), visit.form.get("list", ""), visit.form.get("do") != "take"
    if upload is None or not upload.content:
        raise HTTPException(400, "Choose a file first.")

    def work(connection: Transaction) -> tuple[Plan, bool]:
        found = cover_lists.plan(connection, visit.site.trust_id, of, upload.content, visit.now)
        if look_only or found.troubles or not found.steps:
            return found, False
        cover_lists.take(
            connection, visit.site.trust_id, found, actor=visit.actor, source="import", now=visit.now
        )  # fmt: skip
        return found, True

    found, taken = hands.carry_out(visit, COVER, work)
    return visit.page(
        "cover_imported.html", 409 if found.troubles and not look_only else 200, found=found, taken=taken,
        name=upload.name[:120], of=LISTS[of], token=forms.token(visit.secret, COVER),
    )  # fmt: skip
