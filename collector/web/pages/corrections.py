"""Corrections: the form that makes them, the list of them, and the button that takes one back."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from collector import corrections
from collector.corrections import CELLS
from collector.store import Transaction, people, school_lives
from collector.store import corrections as rows
from collector.web import amends, hands
from collector.web.visit import Visit

MOST = 500  # corrections of one page
MOST_ENDED = 50


def correct(visit: Visit) -> Response:
    """`POST /devices/{id}/correct`; an empty field corrects nothing."""
    device_id = visit.name("device_id")
    cells = {cell: visit.form.get(cell, "") for cell in CELLS}
    alike = visit.form.get("scope") == rows.ALL_ALIKE
    if alike and visit.schools is not None:
        raise HTTPException(403, "Who sees some schools alone corrects their devices one by one.")

    def work(connection: Transaction) -> corrections.Made:
        return corrections.correct(
            connection, visit.site.trust_id, device_id, cells, visit.form.get("reason", ""), actor=_actor(visit),
            now=visit.now, alike=alike,
        )  # fmt: skip

    hands.carry_out(visit, amends.MAKE, work)
    return RedirectResponse(f"/devices/{device_id}", 303)


def undo(visit: Visit) -> Response:
    """`POST /corrections/{id}/undo`."""
    correction_id = visit.name("correction_id")

    def work(connection: Transaction) -> corrections.Made:
        return corrections.undo(connection, visit.site.trust_id, correction_id, actor=_actor(visit), now=visit.now)

    hands.carry_out(visit, amends.UNDO, work)
    return RedirectResponse("/corrections", 303)


def page(visit: Visit) -> Response:
    """What is corrected, what was, and what waits for a person's word."""
    trust_id = visit.site.trust_id
    with visit.reader() as connection:
        names = {account.account_id: account.name for account in people.all_accounts(connection, trust_id)}
        found = {
            "standing": rows.listed(connection, trust_id, limit=MOST + 1, school_ids=visit.schools),
            "ended": rows.listed(connection, trust_id, ended=True, limit=MOST_ENDED, school_ids=visit.schools),
        }
        clashes = _clashes(visit, connection)
        about = {one.device_id for listed in found.values() for one in listed} | {c.survivor for c in clashes}
        titles = rows.titles(connection, trust_id, about)
    waiting = {clash.waiting.correction_id for clash in clashes}
    lists = {name: amends.listing(listed[:MOST], titles.__getitem__, names) for name, listed in found.items()}
    lists["standing"] = [item for item in lists["standing"] if item.correction.correction_id not in waiting]
    asked = [(clash, titles[clash.survivor], amends.listing(amends.sides(clash), str, names)) for clash in clashes]
    return visit.page(
        "corrected.html", asked=asked, standing=lists["standing"], ended=lists["ended"],
        more=len(found["standing"]) > MOST, tokens=amends.tokens(visit),
    )  # fmt: skip


def _clashes(visit: Visit, connection: Transaction) -> list[rows.Clash]:
    """What waits for a word, of devices that whoever asks sees."""
    found = rows.clashes(connection, visit.site.trust_id)
    if visit.schools is None:
        return found
    at = school_lives.schools_of(connection, visit.site.trust_id, {clash.survivor for clash in found})
    return [clash for clash in found if visit.sees(at.get(clash.survivor, ""))]


def _actor(visit: Visit) -> str:
    return visit.visitor.account_id if visit.visitor else ""
