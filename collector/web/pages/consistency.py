"""Consistency: models of a class by school, what is off the trust's standard, the spread of firmware, the catalogue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from collector.access import Right
from collector.benchmark import consistency
from collector.benchmark.consistency import Model, Standing, Tally, Thing
from collector.errors import CollectorError
from collector.facts import CLASSES
from collector.profiling import Kit, bringing, kept, saying
from collector.profiling.kept import Counted
from collector.records import days
from collector.store import Transaction
from collector.store import consistency as rows
from collector.web import charts, forms, hands, sheets_in, words
from collector.web.sheets_out import csv_answer
from collector.web.visit import Visit

PURPOSE = "catalogue"
TABLE = forms.Takes(forms.Kind.FILES, bringing.LARGEST + 10_000)
TOP = 6  # models with a column of their own
MOST_ROWS = 200  # devices on a page
MOST_SPREADS, MOST_VERSIONS = 60, 6
FIELDS = ("class", "use", "maker", "models", "from", "until", "successor", "note")
UNKNOWN_MODEL = "-"  # in an address: the model that nobody knows
_LARGEST = 10**6


def where(**asked: str) -> str:
    """The address of the devices behind a number."""
    return f"/consistency/devices?{urlencode({key.rstrip('_'): value for key, value in asked.items() if value})}"


@dataclass(frozen=True, slots=True)
class Line:
    """A school in the table of one class: a number for each model of its own column, and for what has none."""

    school_id: str
    name: str
    devices: int
    models: int
    cells: Sequence[tuple[int, str]]
    others: tuple[int, str]
    unknown: tuple[int, str]


def page(visit: Visit) -> Response:
    """`GET /consistency`: all classes; one class by school; firmware."""
    kit, found = _counted(visit)
    counted = found.models
    chosen = _class(visit, counted)
    spreads = [one for one in found.spreads if not chosen or one.device_class == chosen]
    return visit.page(
        "consistency.html", all=found.whole,
        entries=kit.catalogue.entries, devices=len(kit.things), where=where, Standing=Standing,
        classes=_classes(counted, found.by_class), chosen=chosen, top=_top(counted, chosen),
        lines=_lines(kit, counted, chosen),
        others=max(len(_known(counted, chosen)) - TOP, 0), chart=_chart(kit, found), pounds=_pounds,
        steps=found.steps, spreads=spreads[:MOST_SPREADS],
        more_spreads=max(len(spreads) - MOST_SPREADS, 0), most_versions=MOST_VERSIONS, may_edit=_may(visit),
    )  # fmt: skip


def _kit(visit: Visit) -> Kit:
    return kept.kit(visit.site.store, visit.site.trust_id, visit.now, visit.schools)


def _counted(visit: Visit) -> tuple[Kit, Counted]:
    return kept.counted(visit.site.store, visit.site.trust_id, visit.now, visit.schools)


def _pounds(pence: int) -> str:
    return f"£{pence / 100:,.0f}"


def _class(visit: Visit, counted: Sequence[Model]) -> str:
    """The class that is asked for, else the one of which there are most models."""
    asked = visit.asked("class")
    if asked and asked not in CLASSES:
        raise HTTPException(400, f"There is no class “{asked}”.")
    known = Counter(model.device_class for model in counted if model.key)
    return asked or max(known, key=lambda name: (known[name], name), default="")


def _classes(
    counted: Sequence[Model], tallies: Mapping[str, Tally]
) -> list[tuple[str, int, int, int, Tally]]:  # fmt: skip
    """Class, devices, models, devices whose model nobody knows, and how they stand."""
    found = []
    for name, tally in sorted(tallies.items()):
        mine = [model for model in counted if model.device_class == name]
        known = [model for model in mine if model.key]
        unknown = sum(model.devices for model in mine if not model.key)
        found.append((name, sum(model.devices for model in mine), len(known), unknown, tally))
    return found


def _known(counted: Sequence[Model], chosen: str) -> list[Model]:
    return [model for model in counted if model.device_class == chosen and model.key]


def _top(counted: Sequence[Model], chosen: str) -> list[Model]:
    return _known(counted, chosen)[:TOP]


def _lines(kit: Kit, counted: Sequence[Model], chosen: str) -> list[Line]:
    known, top = _known(counted, chosen), _top(counted, chosen)
    lost = next((model.schools for model in counted if model.device_class == chosen and not model.key), {})
    found = []
    for school_id, name in kit.schools.items():
        mine = [model for model in known if school_id in model.schools]
        of = {"class_": chosen, "school": school_id}
        cells = [(model.schools.get(school_id, 0), where(model=model.key, **of)) for model in top]
        others = sum(model.schools[school_id] for model in mine if model not in top)
        unknown = lost.get(school_id, 0)
        devices = sum(count for count, _ in cells) + others + unknown
        found.append(
            Line(school_id, name, devices, len(mine), cells, (others, where(others="yes", **of)),
                 (unknown, where(model=UNKNOWN_MODEL, **of)))
        )  # fmt: skip
    return [line for line in found if line.devices]


def _chart(kit: Kit, counted: Counted) -> charts.Chart | None:
    """The share on standard by school, where there is a standard at all."""
    tallies = counted.by_school
    if not any(tally.known for tally in tallies.values()):
        return None
    found = [(name, tallies.get(key, Tally()), key) for key, name in kit.schools.items()]
    found.sort(key=lambda one: (one[1].share is None, one[1].share or 0.0, one[0]))
    bars = [
        charts.BarRow(name, tally.share, f"{tally.away:,} of {words.plural(tally.known, 'device')} off it"
                      if tally.known else "", where(school=key, away="yes"))
        for name, tally, key in found
    ]  # fmt: skip
    return charts.bars("Devices on the trust’s standard, by school", bars, say=charts.share)


# ------------------------------------------------------------------------------------------------ devices


def listed(visit: Visit) -> Response:
    """`GET /consistency/devices`: the devices behind a number."""
    asked = {name: visit.asked(name) for name in ("school", "class", "model", "standing", "firmware", "others", "away")}
    if asked["standing"] and asked["standing"] not in set(Standing):
        raise HTTPException(400, f"“{asked['standing']}” is no standing: {', '.join(Standing)}.")
    first = visit.count("first", 0, _LARGEST)
    kit, counted = _counted(visit) if asked["others"] else (_kit(visit), None)
    found = chosen(kit, asked, counted.models if counted else ())
    shown = [(thing, kit.catalogue.verdict(thing)) for thing in found[first : first + MOST_ROWS]]
    further = urlencode({key: value for key, value in asked.items() if value} | {"first": str(first + MOST_ROWS)})
    return visit.page(
        "consistency_devices.html", rows=shown, count=len(found), first=first, asked=asked, schools=kit.schools,
        further=f"/consistency/devices?{further}" if first + MOST_ROWS < len(found) else "", Standing=Standing,
        model=consistency.models(found[:1])[0].label if found and asked["model"] else "",
    )  # fmt: skip


def chosen(kit: Kit, asked: Mapping[str, str], counted: Sequence[Model]) -> list[Thing]:
    """The devices that an address asks for. `counted`: the models of all, where it asks for others than the top."""
    model = "" if asked["model"] == UNKNOWN_MODEL else asked["model"] or None
    found = kit.chosen(
        school=asked["school"], device_class=asked["class"], model=model, standing=asked["standing"],
        firmware=asked["firmware"] or None,
    )  # fmt: skip
    if asked["away"]:
        found = [thing for thing in found if kit.catalogue.verdict(thing).standing in consistency.AWAY]
    if asked["others"]:
        top = {one.key for one in _top(counted, asked["class"])}
        found = [thing for thing in found if consistency.key_of(thing) not in {"", *top}]
    return found


# ------------------------------------------------------------------------------------------------ the catalogue


def catalogue(visit: Visit) -> Response:
    """`GET /consistency/catalogue`: the standard catalogue, and the forms that change it."""
    return _catalogue(visit)


def _catalogue(visit: Visit, status: int = 200, told: Sequence[str] = (), typed: Mapping[str, str] | None = None,
               done: str = "") -> Response:  # fmt: skip
    kit = _kit(visit)
    verdicts = (kit.catalogue.verdict(thing).entry for thing in kit.things)
    on = Counter(entry.entry_id for entry in verdicts if entry)
    return visit.page(
        "catalogue.html", status, entries=[(one, on[one.entry_id]) for one in kit.catalogue.entries],
        day=kit.catalogue.day, classes=[name for name in CLASSES if name != "unknown"], told=told,
        typed=typed or dict.fromkeys(FIELDS, ""),
        form_token=forms.token(visit.secret, PURPOSE) if _may(visit) else "", done=done,
    )  # fmt: skip


def download(visit: Visit) -> Response:
    """`GET /consistency/catalogue.csv`: the catalogue as a file that can be taken in again."""
    with visit.reader() as connection:
        found = rows.entries(connection, visit.site.trust_id)
    lines = [
        (one.device_class, one.use, one.maker, "; ".join(one.models), one.starts.isoformat() if one.starts else "",
         one.ends.isoformat() if one.ends else "", one.successor, one.note)
        for one in found
    ]  # fmt: skip
    return csv_answer("catalogue.csv", bringing.CATALOGUE, lines)


def add(visit: Visit) -> Response:
    """`POST /consistency/catalogue/add`: a line more, or another in place of one about the same."""
    typed = {name: visit.form.get(name, "") for name in FIELDS}
    hands.require_token(visit, PURPOSE)

    def work(connection: Transaction) -> str:
        said = saying.entry(typed, _day(typed["from"], "from"), _day(typed["until"], "until"))
        return saying.add(connection, visit.site.trust_id, said, actor=visit.actor, now=visit.now)

    try:
        visit.site.store.write(work)
    except CollectorError as error:
        return _catalogue(visit, 400, [hands.sentence(error)], typed)
    return RedirectResponse("/consistency/catalogue", 303)


def remove(visit: Visit) -> Response:
    """`POST /consistency/catalogue/remove`: a line goes."""

    def work(connection: Transaction) -> None:
        entry_id = visit.form.get("entry", "")
        saying.take_out(connection, visit.site.trust_id, entry_id, actor=visit.actor, now=visit.now)

    hands.carry_out(visit, PURPOSE, work)
    return RedirectResponse("/consistency/catalogue", 303)


def bring(visit: Visit) -> Response:
    """`POST /consistency/catalogue/import`: a table is taken in, wholly or not at all."""
    hands.require_token(visit, PURPOSE)
    done, wrong = sheets_in.taken(visit, bringing.catalogue)
    return _catalogue(visit, 400, wrong) if wrong else _catalogue(visit, done=done)


def _day(said: str, what: str) -> date | None:
    if not said.strip():
        return None
    try:
        return days.read(said)
    except CollectorError as error:
        raise CollectorError(f"{what}: {error}") from None


def _may(visit: Visit) -> bool:
    return visit.may(Right.EDIT_COVER) and visit.schools is None
