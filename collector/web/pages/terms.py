"""The term calendar: what is lived by, what of it is assumed, and the form that takes in a file."""

from __future__ import annotations

from datetime import date

from starlette.responses import RedirectResponse, Response

from collector import calendar, london, schools, terms
from collector.access import Right
from collector.errors import CollectorError
from collector.store import Transaction
from collector.store import terms as rows
from collector.web import forms, hands, words
from collector.web.visit import Visit

PURPOSE = "terms"


def page(visit: Visit) -> Response:
    """This school year and the next, of the trust or of one school."""
    wanted = visit.asked("school")
    with visit.reader() as connection:
        trust_id = visit.site.trust_id
        known = [one for one in schools.known_to_gias(connection, trust_id) if visit.sees(one.school_id)]
        chosen = wanted if wanted in {school.school_id for school in known} else ""
        lived = rows.calendar(connection, trust_id, chosen)
        brought = {
            term.span: term.source for term in rows.brought(connection, trust_id) if term.school_id in ("", chosen)
        }
        own = {term.school_id for term in rows.brought(connection, trust_id) if visit.sees(term.school_id)}
    this = calendar.school_year(london.day_of(visit.now))
    years = [
        {
            "name": calendar.year_name(year), "assumed": lived.is_assumed(date(year, 10, 1)),
            "spans": [(span, brought.get(span, "")) for span in lived.spans(year)],
            "days": lived.term_days(date(year, 9, 1), date(year + 1, 8, 31)),
        }
        for year in (this, this + 1)
    ]  # fmt: skip
    may = visit.may(Right.EDIT_PLACES) and visit.schools is None
    return visit.page(
        "calendar.html", years=years, schools=known, chosen=chosen, own=own, can_forget=chosen in own,
        term_day=lived.is_term_day(london.day_of(visit.now)),
        form_token=forms.token(visit.secret, PURPOSE) if may else "", sentences=(),
    )  # fmt: skip


def bring(visit: Visit) -> Response:
    """`POST /calendar/import`: take in a file, and say what could not be read of it."""

    def work(connection: Transaction) -> terms.Brought:
        file = visit.files.get("file")
        if file is None or not file.content:
            raise CollectorError("choose a file: a table (CSV) or a calendar (ICS)")
        school_id = _school(visit, connection)
        actor = visit.visitor.account_id if visit.visitor else ""
        return terms.bring(
            connection, visit.site.trust_id, school_id, file.content, file.name, actor=actor, now=visit.now
        )  # fmt: skip

    brought = hands.carry_out(visit, PURPOSE, work)
    return visit.page(
        "calendar_brought.html",
        sentences=[words.sentence_case(said) for said in brought.sentences()],
        school=visit.form.get("school", ""),
    )


def forget(visit: Visit) -> Response:
    """`POST /calendar/forget`: what was brought for a school, or the trust, is no longer in force."""

    def work(connection: Transaction) -> int:
        actor = visit.visitor.account_id if visit.visitor else ""
        return terms.forget(
            connection, visit.site.trust_id, _school(visit, connection), actor=actor, now=visit.now
        )  # fmt: skip

    hands.carry_out(visit, PURPOSE, work)
    return RedirectResponse("/calendar", 303)


def _school(visit: Visit, connection: Transaction) -> str:
    wanted = visit.form.get("school", "")
    return schools.named(connection, visit.site.trust_id, wanted).school_id if wanted else ""
