"""PDF for governors: a page of summary in plain words with a chart of the years, then the tables behind it.

A4, legible in print without colour: each part of a column carries its letter. It says what is asked for, how certain
that is, what a cap leaves undone and at what risk, what is past due, where it stands in DfE's returns, and what was not
seen. It says nothing of when it was printed.
"""

from __future__ import annotations

from collections import Counter
from typing import IO, Any

from collector import paper
from collector.plan_files import Content
from collector.plan_files.columns import Column, Columns, Part, draw
from collector.plan_files.sums import Sums, codes
from collector.records.money import pounds
from collector.refresh.lines import lines
from collector.refresh.values import Action, Why
from collector.refresh.years import label

_MOST_RISK = 15  # schools that are named by the risk that is left in them


def write(out: IO[bytes], content: Content) -> None:
    """Write it."""
    sums = Sums(content)
    pdf = paper.new(f"{content.title}: a plan for governors", _heading(content), content.made)
    pdf.add_page()
    _summary(pdf, content, sums)
    pdf.add_page()
    _years(pdf, content, sums)
    _schools(pdf, content, sums)
    _undone(pdf, content, sums)
    _past(pdf, content)
    _lines(pdf, content, sums)
    _aims(pdf, sums)
    _unseen(pdf, content)
    out.write(bytes(pdf.output()))


# ------------------------------------------------------------------------------------------------ the first page


def _summary(pdf: Any, content: Content, sums: Sums) -> None:
    paper.title(pdf, f"Replacing and adding, {content.span}", _heading(content))
    paper.paragraph(pdf, f"Made on {content.day()}. {content.basis()}", 10)
    pdf.ln(2)
    for words in (*_asked(content, sums), *_uncertain(sums), *_done(content, sums)):
        paper.paragraph(pdf, f"•  {words}", 10.5)
        pdf.ln(1)
    paper.heading(pdf, "What each year asks for, by DfE’s lines")
    draw(pdf, _columns(content, sums))


def _heading(content: Content) -> str:
    return content.title if content.trust in content.title else f"{content.trust}: {content.title}"


def _share(part: float) -> str:
    return f"{100 * part:.0f} %"


def _over(content: Content, sums: Sums) -> list[int]:
    """The years that ask for more than their cap, whatever may be carried into them."""
    return [year for year in content.years if (cap := content.cap(year)) is not None and sums.years[year].cost > cap]


def _asked(content: Content, sums: Sums) -> list[str]:
    whole, first = sums.whole, sums.years[content.first]
    done = Counter[Action]()
    for row in content.rows:
        done[row.action] += row.number if row.year is not None else 0
    verbs = ((Action.REPLACE, "replaced"), (Action.EXTEND, "kept longer, then replaced"), (Action.UPGRADE, "upgraded"),
             (Action.ADD, "added"), (Action.RETIRE, "retired and not replaced"))  # fmt: skip
    told = ", ".join(f"{done[action]:,} {verb}" for action, verb in verbs if done[action])
    vat = sum(sums.with_vat(school_id) for school_id in sums.schools)
    with_vat = f"; £{pounds(vat)} with the VAT that schools add" if vat != whole.cost else ""
    return [
        f"The plan asks for £{pounds(whole.cost)} over {content.span}{with_vat}.",
        f"The first year, {label(content.first)}, asks for £{pounds(first.cost)}.",
        f"In these years there are: {told or 'no devices due'}.",
    ]


def _uncertain(sums: Sums) -> list[str]:
    whole = sums.whole
    if whole.low == whole.high:
        return ["No year of it rests on an assumption."]
    return [
        f"It may be as little as £{pounds(whole.low)} or as much as £{pounds(whole.high)}: the age of some devices is "
        f"known only roughly, or not at all. {_share(whole.share)} of the money (£{pounds(whole.assumed)}) rests on an "
        "assumed age."
    ]


def _done(content: Content, sums: Sums) -> list[str]:
    left, told = sums.left_undone, []
    past = sum(1 for row in content.rows if _is_past(content, row))
    if past:
        told.append(f"{past:,} devices are past their date today.")
    if left.number:
        told.append(f"Left undone: {left.number:,} things that fall due in these years, £{pounds(left.pence)}.")
    over = _over(content, sums)
    if content.caps and not left.number and not over:
        told.append("Within the caps everything that falls due is done in these years.")
    if over:
        told.append(f"More is asked for than the cap allows in {', '.join(map(label, over))}.")
    if content.gap is not None:
        told.append(
            f"No choice within these budgets could leave less than {1 - content.gap:.1%} of the risk that remains."
        )
    return told


def _columns(content: Content, sums: Sums) -> Columns:
    names = [
        line.name
        for line in lines().values()
        if line.name in sums.by_line and any(sums.cost(sums.by_line, line.name, year) for year in content.years)
    ]
    columns = tuple(
        Column(
            label(year),
            tuple(sums.cost(sums.by_line, name, year) for name in names),
            sums.years[year].low,
            sums.years[year].high,
            content.cap(year),
        )
        for year in content.years
    )
    return Columns(tuple(Part(chr(65 + place), name) for place, name in enumerate(names)), columns)


# ------------------------------------------------------------------------------------------------ tables


def _years(pdf: Any, content: Content, sums: Sums) -> None:
    paper.heading(pdf, "Year by year")
    rows: list[tuple[str, ...]] = [("Year", "Low £", "Expected £", "High £", "Assumed", "Cap £")]
    for year, total in sums.years.items():
        cap = content.cap(year)
        told = (pounds(total.low), pounds(total.cost), pounds(total.high), _share(total.share))
        rows.append((label(year), *told, "none" if cap is None else pounds(cap)))
    whole = sums.whole
    told = (pounds(whole.low), pounds(whole.cost), pounds(whole.high), _share(whole.share))
    paper.table(pdf, (26, 24, 24, 24, 16, 24), [*rows, ("All years as one", *told, "")])
    paper.paragraph(
        pdf,
        "Low is what falls into a year whatever is true of uncertain ages, high what may. The highs of the years add "
        "up to more than the plan’s: what may be due in one of two years is bought once.",
    )


def _schools(pdf: Any, content: Content, sums: Sums) -> None:
    paper.heading(pdf, "By school, expected £")
    years = [*map(label, content.years)]
    rows: list[tuple[str, ...]] = [("School", *years, "All")]
    for school_id in sums.schools:
        costs = [total.cost for total in sums.by_school[school_id].values()]
        rows.append((content.school(school_id), *map(_whole, costs), _whole(sum(costs))))
    costs = [total.cost for total in sums.years.values()]
    rows.append(("All", *map(_whole, costs), _whole(sum(costs))))
    paper.table(pdf, (40, *(100 // (len(years) + 1) for _ in years), 100 // (len(years) + 1)), rows)
    paper.paragraph(pdf, "Rounded to whole pounds, each by itself.")


def _undone(pdf: Any, content: Content, sums: Sums) -> None:
    paper.heading(pdf, "What is left undone, and its risk")
    left = sums.left_undone
    if not left.number:
        paper.paragraph(
            pdf,
            "This plan does everything when its dates ask for it, also where that is more than a cap. What the caps "
            "would leave undone, and at what risk, is told by a what-if."
            if content.gap is None and _over(content, sums)
            else "Nothing that falls due in these years is left undone.",
        )
        return
    paper.paragraph(
        pdf,
        f"{left.number:,} things, £{pounds(left.pence)} at the prices of the years in which they fall due. Risk is the "
        "years past its date, times the weight of its class and of how exposed it is: more is worse.",
    )
    rows: list[tuple[str, ...]] = [("School", "Things", "£", "Risk")]
    ranked = sorted(sums.undone.items(), key=lambda item: (-item[1].risk, content.school(item[0])))
    rows += [
        (content.school(key), f"{one.number:,}", pounds(one.pence), f"{one.risk:,.1f}")
        for key, one in ranked[:_MOST_RISK]
    ]
    if len(ranked) > _MOST_RISK:
        rows.append((f"and {len(ranked) - _MOST_RISK} more", "", "", ""))
    paper.table(pdf, (60, 20, 30, 20), [*rows, ("All", f"{left.number:,}", pounds(left.pence), f"{left.risk:,.1f}")])


def _is_past(content: Content, row: Any) -> bool:
    kept = row.action in (Action.REPLACE, Action.EXTEND, Action.RETIRE) and row.again == 0
    return kept and bool(row.due) and row.due[0].day < content.estate.today


def _past(pdf: Any, content: Content) -> None:
    paper.heading(pdf, "What is past its date today")
    found: Counter[tuple[str, Why]] = Counter()
    for row in content.rows:
        if _is_past(content, row):
            found[row.device_class, row.due[0].why] += 1
    if not found:
        paper.paragraph(pdf, "No device is past its date.")
        return
    rows = [("Class", "What set its date", "Devices")]
    rows += [(kind, why.value, f"{number:,}") for (kind, why), number in sorted(found.items())]
    paper.table(pdf, (50, 50, 20), rows, texts=2)


def _lines(pdf: Any, content: Content, sums: Sums) -> None:
    paper.heading(pdf, "By the lines of DfE’s returns, £")
    rows: list[tuple[str, ...]] = [("Return", "Line", *map(label, content.years), "All")]
    for code in codes():
        costs = [sums.cost(sums.by_code, code.code, year) for year in content.years]
        if any(costs):
            name = f"{code.name}, {code.kind}" if code.kind else code.name
            rows.append((code.code, name, *map(_whole, costs), _whole(sum(costs))))
    width = 90 // (len(content.years) + 1)
    paper.table(pdf, (18, 46, *(width for _ in content.years), width), rows, texts=2)
    paper.paragraph(pdf, "CFR codes are of maintained schools, BFR lines of academies. Rounded to whole pounds.")


def _aims(pdf: Any, sums: Sums) -> None:
    if not sums.aims:
        return
    paper.heading(pdf, "What is asked for beside the devices, by aim of the development plan")
    rows = [("Aim", "Planned £", "Left undone £")]
    for aim, number in sums.aims.items():
        planned, undone = sums.by_aim[number]
        rows.append((aim or "without an aim", pounds(planned), pounds(undone)))
    paper.table(pdf, (80, 30, 30), rows)


def _unseen(pdf: Any, content: Content) -> None:
    paper.heading(pdf, "What is not in it, or not known")
    for words in content.remarks or ("Nothing is known to be missing.",):
        paper.paragraph(pdf, words[:1].upper() + words[1:])


def _whole(pence: int) -> str:
    return f"{(pence + 50) // 100:,}"
