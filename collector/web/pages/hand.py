"""A person's hand: the forms that ask agents for something now, and the page that says what came of it.

The page works without a script: while something may still come, the browser is asked to load it again.
"""

from __future__ import annotations

from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from collector import wishes
from collector.errors import CollectorError
from collector.store import Transaction, register
from collector.store.register import DeviceRow
from collector.web import hands
from collector.web.visit import Visit

SEE_AGAIN_SECONDS = 2


def look_at_device(visit: Visit) -> Response:
    """`POST /devices/{id}/look`."""

    def work(connection: Transaction) -> wishes.Wish:
        row = _device(visit, connection)
        return wishes.look_at_device(
            connection, visit.site.trust_id, row.school_id, row.address, row.device_id, actor=_actor(visit),
            now=visit.now,
        )  # fmt: skip

    return _wish(visit, "look", work)


def try_credential(visit: Visit) -> Response:
    """`POST /devices/{id}/try`."""

    def work(connection: Transaction) -> wishes.Wish:
        row = _device(visit, connection)
        return wishes.try_credential(
            connection, visit.site.trust_id, row.school_id, row.address, visit.form.get("credential", ""),
            actor=_actor(visit), now=visit.now, device_id=row.device_id,
        )  # fmt: skip

    return _wish(visit, "try", work)


def look_at_network(visit: Visit) -> Response:
    """`POST /schools/{id}/look`."""

    def work(connection: Transaction) -> wishes.Wish:
        school_id = _school(visit, connection)
        network = visit.form.get("network", "")
        return wishes.look_at_network(
            connection, visit.site.trust_id, school_id, network, actor=_actor(visit), now=visit.now
        )

    return _wish(visit, "look", work)


def pause(visit: Visit) -> Response:
    """`POST /schools/{id}/pause`; the time is one of where the readers are."""

    def work(connection: Transaction) -> list[wishes.Wish]:
        school_id, until = _school(visit, connection), _time(visit)
        return wishes.pause(connection, visit.site.trust_id, school_id, until, actor=_actor(visit), now=visit.now)

    return _of_school(visit, "pause", work)


def resume(visit: Visit) -> Response:
    """`POST /schools/{id}/resume`."""

    def work(connection: Transaction) -> list[wishes.Wish]:
        school_id = _school(visit, connection)
        return wishes.resume(connection, visit.site.trust_id, school_id, actor=_actor(visit), now=visit.now)

    return _of_school(visit, "resume", work)


def page(visit: Visit) -> Response:
    """What came of a wish, in words."""
    with visit.reader() as connection:
        wish = wishes.get(connection, visit.site.trust_id, visit.name("wish_id"))
        if wish is None:
            raise HTTPException(404)
        told = wishes.told(connection, visit.site.trust_id, wish, visit.now)
        school = register.school(connection, visit.site.trust_id, wish.school_id)
    again = SEE_AGAIN_SECONDS if told.standing.open else 0
    return visit.page("wish.html", told=told, wish=wish, school=school, again=again, title=hands.title(wish))


# ------------------------------------------------------------------------------------------------ shared


def _actor(visit: Visit) -> str:
    return visit.visitor.account_id if visit.visitor else ""


def _device(visit: Visit, connection: Transaction) -> DeviceRow:
    detail = register.device(connection, visit.site.trust_id, visit.name("device_id"))
    if detail is None:
        raise HTTPException(404)
    return detail.row


def _school(visit: Visit, connection: Transaction) -> str:
    school_id = visit.name("school_id")
    if register.school(connection, visit.site.trust_id, school_id) is None:
        raise HTTPException(404)
    return school_id


def _time(visit: Visit) -> datetime:
    try:
        return datetime.fromisoformat(visit.form.get("until", "")).replace(tzinfo=visit.site.settings.time_zone)
    except ValueError:
        raise CollectorError("say until when, as 2026-08-31T16:00") from None


def _wish(visit: Visit, purpose: str, work: hands.Work[wishes.Wish]) -> Response:
    made = hands.carry_out(visit, purpose, work)
    return RedirectResponse(f"/wishes/{made.wish_id}", 303)


def _of_school(visit: Visit, purpose: str, work: hands.Work[list[wishes.Wish]]) -> Response:
    hands.carry_out(visit, purpose, work)
    return RedirectResponse(f"/schools/{visit.name('school_id')}", 303)
