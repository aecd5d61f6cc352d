"""School profiles: one school on one page that prints on one sheet of A4, all schools side by side, and what is said.

Who is named: a digital lead is a public role and is shown to whoever sees the school's page. A technician's name is
shown to who sees assignees, or says such things. Files and shared reports name nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from collector import london
from collector.access import Right
from collector.audit import Outcome
from collector.auditing import ACCEPTED
from collector.benchmark import profile as rules
from collector.benchmark.profile import PERSONAL, Measure, Sorted
from collector.errors import CollectorError
from collector.profiling import WHOLE_TRUST, Profile, bringing, kept, saying
from collector.records import days
from collector.store import Transaction, school_lives
from collector.store import consistency as rows
from collector.web import charts, forms, hands, sheets_in
from collector.web.sheets_out import csv_answer
from collector.web.visit import Visit

PURPOSE = "school facts"
TABLE = forms.Takes(forms.Kind.FILES, bringing.LARGEST + 10_000)
SHORT = {
    "devices_per_pupil": "Devices per pupil", "old_share": "Over 5 years", "dated_share": "Age known",
    "unsupported_share": "Unsupported", "unwell_share": "Not well", "standard_share": "On standard",
    "models_per_class": "Models", "unseen_share": "Only an address", "standards_failed_share": "Standards failed",
    "support_hours_per_100_devices": "Support hours per 100", "digital_lead": "Digital lead",
}  # fmt: skip
OUTCOMES = (Outcome.PASS.value, Outcome.FAIL.value, ACCEPTED, Outcome.UNTOLD.value)


# ------------------------------------------------------------------------------------------------ one school


def one(visit: Visit) -> Response:
    """`GET /schools/{school_id}/profile`."""
    return _one(visit)


def _one(visit: Visit, status: int = 200, told: str = "", typed: Mapping[str, str] | None = None) -> Response:
    school_id = visit.name("school_id")
    own = kept.profiles(visit.site.store, visit.site.trust_id, visit.now, frozenset({school_id}))
    found = next(iter(own), None)
    if found is None:
        raise HTTPException(404, "This school does not belong to the trust any more: it has no profile.")
    may = visit.may(Right.EDIT_PLACES)
    return visit.page(
        "profile.html", status, profile=found, sorts=_sorts(found.measures), chart=_pyramid(found), told=told,
        typed=typed or {name: said.value for name, said in found.said.items()}, fields=saying.FIELDS,
        outcomes=[(word, found.audit.get(word, 0)) for word in OUTCOMES], names=_sees_names(visit),
        form_token=forms.token(visit.secret, PURPOSE) if may else "", today=london.day_of(visit.now),
        shared=_shared(found), trust_name=visit.site.settings.trust_name,
    )  # fmt: skip


def _sorts(measures: Sequence[Measure]) -> list[tuple[Sorted, list[Measure]]]:
    by = rules.sort(measures)
    return [(word, by[word]) for word in (Sorted.BELOW, Sorted.AT, Sorted.ABOVE, Sorted.UNKNOWN)]


def _shared(found: Profile) -> list[str]:
    """What is shared through the trust: what is said of this school, and of all schools."""
    said = [each["shared"].value for each in (found.said, found.shared) if "shared" in each]
    return list(dict.fromkeys(part for value in said for part in value.split("; ")))


def _pyramid(found: Profile) -> charts.Chart:
    bands = [band for band, _, _ in found.bands]
    left = charts.Series("Computers", tuple(float(count) for _, count, _ in found.bands))
    right = charts.Series("All other kit", tuple(float(count) for _, _, count in found.bands))
    return charts.pyramid("How old the kit is", bands, left, right)


def say(visit: Visit) -> Response:
    """`POST /schools/{school_id}/facts`: what a person says of a school."""
    hands.require_token(visit, PURPOSE)
    school_id = visit.name("school_id")
    typed = {name: visit.form[name] for name in saying.FIELDS if name in visit.form}
    if not _sees_names(visit):  # who does not see a name does not overwrite it with an empty field
        typed = {name: said for name, said in typed.items() if name != "technician" or said.strip()}

    def work(connection: Transaction) -> int:
        as_of = _day(visit.form.get("as_of", ""))
        return saying.say(
            connection, visit.site.trust_id, school_id, typed, as_of=as_of, source=visit.form.get("source", ""),
            actor=visit.actor, now=visit.now,
        )  # fmt: skip

    try:
        visit.site.store.write(work)
    except CollectorError as error:
        return _one(visit, 400, hands.sentence(error), typed)
    return RedirectResponse(f"/schools/{school_id}/profile", 303)


def _day(said: str) -> date | None:
    return days.read(said) if said.strip() else None


def _sees_names(visit: Visit) -> bool:
    return visit.may(Right.SEE_ASSIGNEES) or visit.may(Right.EDIT_PLACES)


# ------------------------------------------------------------------------------------------------ side by side


def page(visit: Visit) -> Response:
    """`GET /profiles`: all schools, sorted by what a heading asks for."""
    return _page(visit)


def _page(visit: Visit, status: int = 200, told: Sequence[str] = (), done: str = "") -> Response:
    order = visit.asked("sort")
    if order and order.removeprefix("-") not in {"name", *SHORT}:
        raise HTTPException(400, f"Schools are sorted by name, {', '.join(SHORT)}, with - the other way round.")
    found = kept.profiles(visit.site.store, visit.site.trust_id, visit.now, visit.schools)
    with visit.reader() as connection:
        own = rows.thresholds(connection, visit.site.trust_id)
        common = rows.facts(connection, visit.site.trust_id, frozenset()).get(WHOLE_TRUST, {})
    may_set = visit.may(Right.EDIT_COVER) and visit.schools is None
    may_say = visit.may(Right.EDIT_PLACES) and visit.schools is None
    offered = may_set or may_say
    return visit.page(
        "profiles.html", status, profiles=sort(found, order), order=order, heads=SHORT, told=told, done=done,
        thresholds=rules.thresholds(own).values(), counts=_counts(found), common=common, Sorted=Sorted,
        form_token=forms.token(visit.secret, PURPOSE) if offered else "", may_set=may_set, may_say=may_say,
        next_sort=lambda name: name if order != name else f"-{name}",
    )  # fmt: skip


def sort(found: Sequence[Profile], order: str) -> list[Profile]:
    """Schools by a measure, those of which it is not known last either way; by name where none is asked for."""
    name, down = order.removeprefix("-"), order.startswith("-")
    if name in ("", "name"):
        return sorted(found, key=lambda one: one.figures.name.casefold(), reverse=down)
    known = [(value, one) for one in found if (value := _value(one, name)) is not None]
    known.sort(key=lambda pair: (pair[0], pair[1].figures.name), reverse=down)
    return [one for _, one in known] + [one for one in found if _value(one, name) is None]


def _value(of: Profile, name: str) -> float | None:
    return next((measure.value for measure in of.measures if measure.name == name), None)


def _counts(found: Sequence[Profile]) -> dict[str, Counter[Sorted]]:
    """By measure, how many schools stand where."""
    counts: dict[str, Counter[Sorted]] = {}
    for one in found:
        for measure in one.measures:
            counts.setdefault(measure.name, Counter())[measure.sorted] += 1
    return counts


def download(visit: Visit) -> Response:
    """`GET /profiles.csv`: the same as a file. It names schools and no person."""
    found = kept.profiles(visit.site.store, visit.site.trust_id, visit.now, visit.schools)
    with visit.reader() as connection:
        urns = {one.school_id: one.urn for one in school_lives.schools(connection, visit.site.trust_id)}
    headings = ["School", "URN", "Devices", f"Of these {', '.join(PERSONAL)}", "Pupils"]
    for measure in found[0].measures if found else ():
        headings += [measure.threshold.label, f"{SHORT[measure.name]}: threshold", f"{SHORT[measure.name]}: stands"]
    lines = []
    for each in found:
        of = each.figures
        line: list[str | float | None] = [of.name, urns.get(of.school_id, ""), of.devices, of.personal, of.pupils]
        for measure in each.measures:
            line += [_rounded(measure.value), measure.threshold.value, measure.sorted.value]
        lines.append(line)
    return csv_answer("profiles.csv", headings, lines)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def bring(visit: Visit) -> Response:
    """`POST /profiles/import`: facts of schools from a table, wholly or not at all."""
    hands.require_token(visit, PURPOSE)
    done, wrong = sheets_in.taken(visit, bringing.facts)
    return _page(visit, 400, wrong) if wrong else _page(visit, done=done)


def say_all(visit: Visit) -> Response:
    """`POST /profiles/shared`: what is shared with all schools, and who supports them."""

    def work(connection: Transaction) -> int:
        typed = {name: visit.form.get(name, "") for name in ("shared", "provider")}
        return saying.say(connection, visit.site.trust_id, WHOLE_TRUST, typed, actor=visit.actor, now=visit.now)

    hands.carry_out(visit, PURPOSE, work)
    return RedirectResponse("/profiles", 303)


def set_threshold(visit: Visit) -> Response:
    """`POST /profiles/threshold`: a threshold of the trust's own; an empty value goes back to what came before."""
    measure, written = visit.form.get("measure", ""), visit.form.get("value", "").strip()

    def work(connection: Transaction) -> None:
        if not written:
            saying.unset_threshold(connection, visit.site.trust_id, measure, actor=visit.actor, now=visit.now)
            return
        saying.set_threshold(
            connection, visit.site.trust_id, measure, saying.number(measure, written), visit.form.get("reason", ""),
            actor=visit.actor, now=visit.now,
        )  # fmt: skip

    hands.carry_out(visit, PURPOSE, work)
    return RedirectResponse("/profiles#thresholds", 303)
