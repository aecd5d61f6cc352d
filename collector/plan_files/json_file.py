"""JSON of a plan, with everything: rows, totals, prices, assumptions, and the digest of the rows. Versioned.

One object, written piece by piece: no row is kept. Money is whole pence without VAT, days are ISO 8601, years are the
calendar years in which they begin, rates hundredths of a percent. Fields are only ever added to a version; whoever
reads it leaves alone what they do not know.

    format, version     "stocktake-plan", 1
    trust, title        whose it is, and which plan
    made, first, years  when it was made (UTC), its first year, how many
    digest              SHA-256 of the rows, as every form of the same plan has it
    gap                 of what was chosen within a budget, see `Content`; null: no budget
    schools             id, name, start_month, vat, return ("BFR" or "CFR")
    caps                school ("": the trust), year, pence
    totals              whole, and by year, school, return line and DfE category: low, cost, high, assumed, rows, number
    undone              by school: number, pence, risk
    prices              what, such, pence, inflation, base (the year of the price), source
    remarks             what was not seen, did not enter or is not judged, in sentences
    rows                one each, as `collector.refresh.values.Row`, last in the object; `due`: why, day, words,
                        assumed; `return`: its line; `undone`: pence of what is left undone
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date
from typing import IO, Any

from collector.plan_files import Content
from collector.plan_files.sums import Sums
from collector.refresh.totals import Total, reach
from collector.refresh.values import Row, Span
from collector.refresh.years import years_of

FORMAT, VERSION = "stocktake-plan", 1
_QUOTED = ("what", "such", "pence", "inflation", "base", "source")


def write(out: IO[bytes], content: Content) -> None:
    """Write it."""
    sums = Sums(content)
    head = json.dumps(_head(content, sums), ensure_ascii=False, indent=1)
    out.write(head.removesuffix("\n}").encode() + b',\n "rows": [')
    for place, row in enumerate(_rows(content, sums)):
        out.write((",\n  " if place else "\n  ").encode() + row)
    out.write(b"\n ]\n}\n")


def _head(content: Content, sums: Sums) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "trust": content.trust,
        "title": content.title,
        "made": content.made.astimezone(UTC).isoformat(timespec="seconds"),
        "first": content.first,
        "years": content.estate.years,
        "digest": content.digest(),
        "gap": content.gap,
        "schools": [_school(content, school_id) for school_id in sums.schools],
        "caps": [
            {"school": school, "year": year, "pence": cap} for (school, year), cap in sorted(content.caps.items())
        ],
        "totals": {
            "whole": _total(sums.whole),
            "years": _by_year(sums.years),
            "schools": {name: _by_year(found) for name, found in sums.by_school.items()},
            "returns": {name: _by_year(found) for name, found in sorted(sums.by_code.items())},
            "lines": {name: _by_year(found) for name, found in sorted(sums.by_line.items())},
        },
        "undone": [
            {"school": school_id, "number": one.number, "pence": one.pence, "risk": round(one.risk, 3)}
            for school_id, one in sorted(sums.undone.items())
        ],
        "prices": [
            {
                "what": q.what,
                "such": q.such,
                "pence": q.pence,
                "inflation": q.inflation,
                "base": q.base,
                "source": q.source,
            }
            for q in sums.priced()
        ],
        "remarks": list(content.remarks),
    }


def _school(content: Content, school_id: str) -> dict[str, Any]:
    return {
        "id": school_id,
        "name": content.school(school_id),
        "start_month": years_of(content.estate.terms, school_id).start_month,
        "vat": content.vat(school_id),
        "return": "CFR" if school_id in content.maintained else "BFR",
    }


def _by_year(found: Mapping[int, Total]) -> dict[str, dict[str, int]]:
    return {str(year): _total(total) for year, total in found.items()}


def _total(one: Total) -> dict[str, int]:
    return {"low": one.low, "cost": one.cost, "high": one.high, "assumed": one.assumed, "rows": one.rows,
            "number": one.number}  # fmt: skip


def _rows(content: Content, sums: Sums) -> Iterator[bytes]:
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    for row in content.rows:
        yield encode(_row(content, sums, row)).encode("utf-8", "replace")


def _row(content: Content, sums: Sums, row: Row) -> dict[str, Any]:
    return {
        "action": row.action.value,
        "id": row.row_id,
        "name": row.name,
        "school": row.school_id,
        "class": row.device_class,
        "model": row.model,
        "suite": row.suite,
        "line": row.line,
        "capital": row.capital,
        "return": content.code(row),
        "year": row.year,
        "wanted": _span(row.wanted),
        "span": _span(reach(row)),
        "again": row.again,
        "number": row.number,
        "low": row.low,
        "cost": row.cost,
        "high": row.high,
        "undone": sums.left(row),
        "assumed": row.assumed,
        "weight": row.weight,
        "day": _day(row.day),
        "aim": row.aim,
        "sentence": row.sentence,
        "due": [{"why": d.why.value, "day": _day(d.day), "words": d.words, "assumed": d.assumed} for d in row.due],
    }


def _span(span: Span) -> list[int]:
    return [span.earliest, span.best, span.latest]


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
