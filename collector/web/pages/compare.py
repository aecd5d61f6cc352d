"""Schools side by side: in the trust, with those that are like one, and with those of other trusts.

Who sees sums alone is shown no device and no way to one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from collector import london
from collector.access import Right
from collector.benchmark import exchange, percentiles, suppress
from collector.benchmark.measures import BY_KEY, MEASURES, Measure, percent, words
from collector.benchmark.similar import GROUPS
from collector.comparing import club, measuring
from collector.comparing.measuring import Compared
from collector.store import benchmark as rows
from collector.store import people
from collector.web import charts, forms, hands
from collector.web.visit import Visit

CLUB = "club"
FILE = forms.Takes(forms.Kind.FILES, exchange.LARGEST + 8_192)
CONSENT = forms.Takes(most=16_000)


@dataclass(frozen=True, slots=True)
class Overview:
    """One measure over some schools: how many tell it, from where to where, and the middle."""

    measure: Measure
    told: int
    low: str
    median: str
    high: str
    unknown: str


@dataclass(frozen=True, slots=True)
class Place:
    """A school's number, and where it stands among those of the trust that are like it."""

    measure: Measure
    value: str
    unknown: str
    standing: str


# ------------------------------------------------------------------------------------------------ in the trust


def page(visit: Visit) -> Response:
    """`GET /compare`: the schools by one measure, and every measure over all of them."""
    measure = BY_KEY.get(visit.asked("measure") or MEASURES[0].key)
    phase = visit.asked("phase")
    if measure is None or phase not in ("", *GROUPS):
        raise HTTPException(400, "There is no such measure or phase.")
    compared = _schools(visit)
    with visit.reader() as connection:
        brought = rows.gias_file(connection, visit.site.trust_id)
    shown = [one for one in compared if not phase or one.group == phase]
    return visit.page(
        "compare.html", measures=MEASURES, measure=measure, phase=phase, brought=brought, schools=shown,
        phases=[group for group in GROUPS if any(one.group == group for one in compared)],
        chart=charts.figure(_chart(visit, measure, shown)), overview=[_overview(each, shown) for each in MEASURES],
        unplaced=[one for one in compared if not one.group], whole=visit.schools is None,
    )  # fmt: skip


def _schools(visit: Visit) -> list[Compared]:
    return measuring.kept(visit.site.store, visit.site.trust_id, visit.now, visit.schools)


def _chart(visit: Visit, measure: Measure, shown: Sequence[Compared]) -> charts.Chart:
    ordered = sorted(shown, key=lambda one: (one.numbers[measure.key].value is None, -_value(one, measure), one.name))
    bars = [
        charts.BarRow(one.name, number.value, f"{percent(number.unknown)} not known", _devices(visit, one, measure))
        for one in ordered
        for number in (one.numbers[measure.key],)
    ]  # fmt: skip
    middle = measuring.median(shown, measure.key)
    marks = charts.Marks(middle, median_words="median of the trust" if visit.schools is None else "median of these")
    return charts.bars(measure.name, bars, marks, lambda value: words(measure, value), "compared")


def _value(one: Compared, measure: Measure) -> float:
    return one.numbers[measure.key].value or 0.0


def _devices(visit: Visit, one: Compared, measure: Measure) -> str:
    """The address of the devices behind a number, for who may see devices."""
    if not visit.may(Right.SEE_REGISTER):
        return ""
    asked = {"school": one.school_id, "class": measure.device_class}
    return f"/devices?{urlencode({name: value for name, value in asked.items() if value})}"


def _overview(measure: Measure, shown: Sequence[Compared]) -> Overview:
    told = [number for one in shown if (number := one.numbers[measure.key]).value is not None]
    values = [number.value for number in told if number.value is not None]
    of = sum(one.numbers[measure.key].of for one in shown)
    unknown = sum(one.numbers[measure.key].unknown * one.numbers[measure.key].of for one in shown)
    low, high = (words(measure, pick(values)) if values else "–" for pick in (min, max))
    middle = measuring.median(shown, measure.key)
    return Overview(measure, len(told), low, words(measure, middle), high, percent(unknown / of) if of else "–")


# ------------------------------------------------------------------------------------------------ similar schools


def similar(visit: Visit) -> Response:
    """`GET /compare/similar/{school_id}`: the schools that are like one, and how they were chosen."""
    school_id, trust_id, compared = visit.name("school_id"), visit.site.trust_id, _schools(visit)
    alike = measuring.kept_alike(visit.site.store, trust_id, school_id, compared, visit.now)
    with visit.reader() as connection:
        brought = rows.gias_file(connection, visit.site.trust_id)
    if alike is None:
        raise HTTPException(404)
    numbers = alike.school.numbers
    places = [
        Place(measure, words(measure, numbers[measure.key].value), percent(numbers[measure.key].unknown),
              percentiles.words(alike.standings.get(measure.key)) if measure.key in alike.standings else "–")
        for measure in MEASURES
    ]  # fmt: skip
    return visit.page(
        "compare_similar.html", alike=alike, places=places, brought=brought,
        here_too={one.urn: one.school_id for one in compared if one.urn},
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------ other trusts


def club_page(visit: Visit) -> Response:
    """`GET /compare/club`: consent, other trusts' files, and where the trust stands among them."""
    trust_id, compared = visit.site.trust_id, _schools(visit)
    with visit.reader() as connection:
        others = club.members(connection, trust_id)
        given = rows.consent(connection, trust_id)
        exports = rows.exports(connection, trust_id)
        names = {one.account_id: one.name for one in people.all_accounts(connection, trust_id)}
    lines = club.lines(compared, others)
    measure = BY_KEY.get(visit.asked("measure") or MEASURES[0].key)
    if measure is None:
        raise HTTPException(400, "There is no such measure.")
    drawn = {group: charts.figure(made) for group, found in lines.items() if (made := _trusts(measure, group, found))}
    return visit.page(
        "compare_club.html", given=given, exports=exports, others=others, lines=lines, names=names, measure=measure,
        measures=[one for one in MEASURES if any(ln.measure == one for found in lines.values() for ln in found)],
        drawn=drawn,
        stands=percentiles.words, say=words, repeated=club.REPEATED.days, least=suppress.LEAST,
        token=forms.token(visit.secret, CLUB) if visit.may(Right.EXCHANGE) else "",
        form_token=forms.token(visit.secret, CLUB), most_note=exchange.MOST_NOTE,
    )  # fmt: skip


def _trusts(measure: Measure, group: str, found: Sequence[club.Line]) -> charts.Chart | None:
    """The trusts' medians of a measure side by side."""
    line = next((one for one in found if one.measure == measure), None)
    if line is None:
        return None
    bars = [
        charts.BarRow(other.called, cell.half / 100, f"{cell.schools} schools, {percent(cell.unknown / 100)} not known")
        for other, cell in line.theirs
    ]
    if line.ours:
        bars.append(
            charts.BarRow(
                "This trust",
                line.ours.half,
                f"{line.ours.schools} schools, {percent(line.unknown)} not known",
                own=True,
            )
        )
    bars.sort(key=lambda bar: -(bar.value or 0))
    title = f"{measure.name}, {group}: medians of trusts"
    return charts.bars(title, bars, say=lambda value: words(measure, value), key=f"club-{group.replace(' ', '-')}")


def consent(visit: Visit) -> Response:
    """`POST /compare/club/consent`: the trust's sums may leave; or what goes with them is worded anew."""
    name, note = visit.form.get("name", ""), visit.form.get("note", "")
    hands.carry_out(
        visit, CLUB, lambda c: club.consent(c, visit.site.trust_id, name, note, actor=visit.actor, now=visit.now)
    )
    return RedirectResponse("/compare/club", 303)


def export(visit: Visit) -> Response:
    """`POST /compare/club/export`: the trust's sums as a file."""
    hands.require_token(visit, CLUB)
    told = measuring.kept(visit.site.store, visit.site.trust_id, visit.now)  # before: others write meanwhile
    written = hands.carry_out(
        visit, CLUB, lambda c: club.export(c, visit.site.trust_id, told, actor=visit.actor, now=visit.now)
    )
    return _download(written, f"benchmark-{london.day_of(visit.now)}.json")


def leave(visit: Visit) -> Response:
    """`POST /compare/club/leave`: end the consent; the file that has others delete the trust's sums."""
    written = hands.carry_out(
        visit, CLUB, lambda c: club.leave(c, visit.site.trust_id, actor=visit.actor, now=visit.now)
    )
    return _download(written, "benchmark-left.json")


def bring(visit: Visit) -> Response:
    """`POST /compare/club/import`: another trust's file, or that it left."""
    upload = visit.files.get("file")
    content, invited = upload.content if upload else b"", visit.form.get("called", "")
    hands.carry_out(
        visit, CLUB,
        lambda c: club.take_in(c, visit.site.trust_id, content, invited, actor=visit.actor, now=visit.now),
    )  # fmt: skip
    return RedirectResponse("/compare/club", 303)


def remove(visit: Visit) -> Response:
    """`POST /compare/club/remove`: delete another trust's file and its numbers."""
    member = visit.form.get("member", "")
    hands.carry_out(
        visit, CLUB, lambda c: club.remove(c, visit.site.trust_id, member, actor=visit.actor, now=visit.now)
    )
    return RedirectResponse("/compare/club", 303)


def _download(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/json", headers=headers)
