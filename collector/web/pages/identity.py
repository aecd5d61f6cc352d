"""Which device is which: what people are asked, why a device is one, and the forms by which a person decides."""

from __future__ import annotations

from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from collector import identity
from collector.access import Right
from collector.store import Transaction, devices, kinship, questions, register
from collector.store.register import DeviceDetail
from collector.web import forms, hands, parts
from collector.web.visit import Visit

PURPOSE = "identity"  # one token for all forms of these pages
REASON = "reason"
CLAIM = "claim-"  # before the number of a claim in the name of its box


def queue(visit: Visit) -> Response:
    """`GET /questions`: what cannot be decided without a person, with both devices."""
    trust_id = visit.site.trust_id
    with visit.reader() as connection:
        asked = questions.still_open(connection, trust_id, visit.asked("school"), visit.schools)
        shown = {
            device_id: register.device(connection, trust_id, device_id)
            for one in asked[:100]
            for device_id in (one.device_a, one.device_b)
        }
    pairs = [(one, shown[one.device_a], shown[one.device_b]) for one in asked[:100]]
    return visit.page(
        "questions.html", pairs=pairs, more=len(asked) - len(pairs), device_title=parts.title, token=_token(visit)
    )


def page(visit: Visit) -> Response:
    """`GET /devices/{id}/identity`: why a device is one."""
    trust_id = visit.site.trust_id
    with visit.reader() as connection:
        detail = _detail(visit, connection)
        found = kinship.of_device(connection, trust_id, detail.row.device_id, visit.schools)
    return visit.page(
        "identity.html", detail=detail, row=detail.row, title=parts.title(detail.row), kinship=found,
        token=_token(visit),
    )  # fmt: skip


def merge(visit: Visit) -> Response:
    """`POST /devices/{id}/merge`: this device and `other` are one."""

    def work(connection: Transaction) -> str:
        ours, other = _detail(visit, connection).row.device_id, visit.form.get("other", "").strip()[:36]
        survivor = devices.surviving(connection, visit.site.trust_id, other)
        return identity.say_one(
            connection, visit.site.trust_id, ours, survivor, _reason(visit), _actor(visit), visit.now
        )

    return _decided(visit, work)


def split(visit: Visit) -> Response:
    """`POST /devices/{id}/split`: the claims whose boxes are ticked are of another device."""
    chosen = [name.removeprefix(CLAIM) for name in visit.form if name.startswith(CLAIM)]
    claim_ids = [int(number) for number in chosen if number.isascii() and number.isdigit() and len(number) < 19]

    def work(connection: Transaction) -> str:
        ours = _detail(visit, connection).row.device_id
        identity.say_two(connection, visit.site.trust_id, ours, claim_ids, _reason(visit), _actor(visit), visit.now)
        return ours

    return _decided(visit, work)


def undo(visit: Visit) -> Response:
    """`POST /decisions/{number}/undo`."""

    def work(connection: Transaction) -> str:
        number = visit.row_number("decision_id")
        return identity.undo(connection, visit.site.trust_id, number, _reason(visit), _actor(visit), visit.now)

    return _decided(visit, work)


def take_back(visit: Visit) -> Response:
    """`POST /words/{id}/take-back`; the form names the device whose page it stands on."""

    def work(connection: Transaction) -> str:
        identity.take_back(connection, visit.site.trust_id, visit.name("word_id"), _actor(visit), visit.now)
        return devices.surviving(connection, visit.site.trust_id, visit.form.get("device", "")[:36])

    return _decided(visit, work)


def answer(visit: Visit) -> Response:
    """`POST /questions/{number}`: `answer` is one or two."""

    def work(connection: Transaction) -> None:
        trust_id, number = visit.site.trust_id, visit.row_number("question_id")
        asked = next((one for one in questions.still_open(connection, trust_id) if one.question_id == number), None)
        if asked is None:
            raise HTTPException(404)
        said = (_reason(visit), _actor(visit), visit.now)
        if visit.form.get("answer") == "one":
            identity.say_one(connection, trust_id, asked.device_a, asked.device_b, *said)
        else:
            identity.dismiss(connection, trust_id, number, *said)

    hands.carry_out(visit, PURPOSE, work)
    return RedirectResponse("/questions", 303)


def _decided(visit: Visit, work: Callable[[Transaction], str]) -> Response:
    return RedirectResponse(f"/devices/{hands.carry_out(visit, PURPOSE, work)}/identity", 303)


def _detail(visit: Visit, connection: Transaction) -> DeviceDetail:
    detail = register.device(connection, visit.site.trust_id, visit.name("device_id"), visit.schools)
    if detail is None:
        raise HTTPException(404)
    return detail


def _token(visit: Visit) -> str:
    """The token of the forms, "" for who may not decide: then there are none."""
    may = visit.visitor is not None and visit.visitor.may(Right.DECIDE_IDENTITY)
    return forms.token(visit.secret, PURPOSE) if may else ""


def _reason(visit: Visit) -> str:
    return visit.form.get(REASON, "")


def _actor(visit: Visit) -> str:
    return visit.visitor.account_id if visit.visitor else ""
