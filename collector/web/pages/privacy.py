"""Erasing on request: a form, a preview of what would go, and the tombstones of what went. No page ever shows a value.

What somebody types is in the body of a form and nowhere else: not in an address, a log or the history of a browser.
"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from collector import privacy
from collector.errors import CollectorError
from collector.privacy import Means, Plan, Wanted
from collector.store import tombstones
from collector.web import forms
from collector.web.visit import Visit

PREVIEW, ERASE = "erase-preview", "erase"
VALUE_LIMIT = 128


def page(visit: Visit) -> Response:
    """`GET /privacy`: the form, and what was erased."""
    return _page(visit, None)


def preview(visit: Visit) -> Response:
    """`POST /privacy/preview`: what would go; nothing is changed."""
    wanted, _ = _asked(visit, PREVIEW)
    try:
        with visit.reader() as connection:
            planned = privacy.plan(connection, visit.site.trust_id, wanted)
    except CollectorError as error:
        raise _refused(error) from None
    return _page(visit, planned)


def erase(visit: Visit) -> Response:
    """`POST /privacy/erase`: do it."""
    wanted, means = _asked(visit, ERASE)
    actor = visit.visitor.account_id if visit.visitor else ""
    try:
        privacy.erase(
            visit.site.store, visit.site.trust_id, wanted, means, actor=actor, reason=visit.form.get("reason", ""),
            now=visit.now, keep_away=visit.form.get("keep_away") == "yes",
        )  # fmt: skip
    except CollectorError as error:
        raise _refused(error) from None
    return RedirectResponse("/privacy", 303)


def _page(visit: Visit, planned: Plan | None) -> Response:
    with visit.reader() as connection:
        found = tombstones.all_of(connection, visit.site.trust_id)
    tokens = {purpose: forms.token(visit.secret, purpose) for purpose in (PREVIEW, ERASE)}
    asked = {name: visit.form.get(name, "") for name in ("kind", "value", "reason", "keep_away")}
    return visit.page(
        "privacy.html", here="privacy", tombstones=found, planned=planned, tokens=tokens, asked=asked,
        offered=visit.site.erasing is not None,
    )  # fmt: skip


def _asked(visit: Visit, purpose: str) -> tuple[Wanted, Means]:
    if not forms.holds(visit.form.get(forms.TOKEN_FIELD, ""), visit.secret, purpose):
        raise HTTPException(403, "This form is not of the page that it should come from.")
    if visit.site.erasing is None:
        raise HTTPException(404)
    return Wanted(visit.form.get("kind", ""), visit.form.get("value", "").strip()[:VALUE_LIMIT]), visit.site.erasing


def _refused(error: CollectorError) -> HTTPException:
    sentence = str(error)
    return HTTPException(400, f"{sentence[:1].upper()}{sentence[1:]}.")
