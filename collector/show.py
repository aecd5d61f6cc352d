"""The register as text: tables for a terminal, CSV and JSON for programs. Pure: rows in, text out.

What devices said was normalised when it became a fact (`facts.text`), so no control character reaches a terminal; a CSV
cell that a spreadsheet would run as a formula gets a leading apostrophe.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from collector.age import snapshot, support, words
from collector.age.estimate import Estimate, Weighed
from collector.age.support_rows import Row, Rows
from collector.store.corrections import Correction
from collector.store.register import AgentRow, DeviceDetail, DeviceRow, FactRow

UNKNOWN = "unknown"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")

NEVER = "never seen"

DEVICE_COLUMNS = (
    "device_id",
    "school_name",
    "device_class",
    "maker",
    "model",
    "serial",
    "made_best",
    "name",
    "address",
    "last_seen",
)
SUPPORT_COLUMNS = ("product", "rows", "imported", "oldest_check", "newest_check", "read_at")
AGENT_COLUMNS = ("agent_id", "school_name", "name", "version", "last_sync", "last_report", "pending_reports", "state")


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Columns under headings, as wide as what they hold."""
    cells = [
        [heading.replace("_", " ").upper() for heading in headings],
        *([_cell(item) for item in row] for row in rows),
    ]
    widths = [max(len(row[column]) for row in cells) for column in range(len(headings))]
    lines = ("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in cells)
    return "\n".join(lines)


def devices_table(rows: Sequence[DeviceRow]) -> str:
    """The register for a terminal."""
    if not rows:
        return "no device is known yet: enrol an agent ('stocktake-collector token --school NAME')"
    return table(DEVICE_COLUMNS, ([_column(row, name) for name in DEVICE_COLUMNS] for row in rows))


def _column(row: DeviceRow, name: str) -> object:
    """A cell of the register; a device of which a record alone tells was never seen."""
    return NEVER if name == "last_seen" and not row.seen else getattr(row, name)


def devices_csv(rows: Sequence[DeviceRow]) -> str:
    """The register as CSV, every column, times in UTC."""
    names = [field.name for field in dataclasses.fields(DeviceRow)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([_spreadsheet(getattr(row, name)) for name in names] for row in rows)
    return out.getvalue().rstrip("\r\n")


def devices_json(rows: Sequence[DeviceRow]) -> str:
    """The register as JSON, every column; what is not known is null."""
    found = [{key: _json(value) for key, value in dataclasses.asdict(row).items()} for row in rows]
    return json.dumps(found, indent=1, ensure_ascii=True)


def device(detail: DeviceDetail, today: date) -> str:
    """One device with its age, every fact, and the evidence behind both."""
    row = detail.row
    lines = [
        f"{row.name or row.address or row.device_id}: {row.product or UNKNOWN}",
        "",
    ]
    for name in (
        "device_id",
        "device_class",
        "maker",
        "model",
        "serial",
        "firmware",
        "os",
        "address",
        "mac",
        "school_name",
    ):
        lines.append(f"  {name.replace('_', ' '):12} {getattr(row, name) or UNKNOWN}")
    lines += [
        f"  first seen   {_time(row.first_seen) if row.seen else NEVER}",
        f"  last seen    {f'{_time(row.last_seen)} by {row.last_method}' if row.seen else NEVER}",
        "",
    ]
    lines += [_correction(one, row) for one in detail.corrections]
    lines += _age(detail, today)
    lines += [f"  once known as {alias}" for alias in detail.aliases]
    lines += [f"  {item.kind.lower().replace('_', ' ')} {item.value}" for item in detail.identifiers]
    lines += ["", "facts (→ stands; the others were outweighed)"]
    lines += [_fact(fact) for fact in detail.facts]
    lines += ["", "why it is one device"] + [
        f"  {d.verdict}: {d.reason} ({_time(d.recorded_from)})" for d in detail.decisions
    ]
    if detail.unread:
        lines += ["", "could not be read"] + [f"  {rule} at {place}: {reason}" for rule, place, reason in detail.unread]
    return "\n".join(lines)


def _correction(one: Correction, row: DeviceRow) -> str:
    instead = f" (the evidence says {row.as_read[one.cell] or UNKNOWN})" if one.cell in row.as_read else ""
    of = " of all alike" if one.scope == "alike" else ""
    return f"  corrected{of}: {one.cell} {one.value}{instead}: {one.reason} [{one.correction_id}]"


def corrections_table(rows: Sequence[Correction]) -> str:
    """Corrections for a terminal."""
    if not rows:
        return "nothing is corrected"
    columns = ("id", "of", "cell", "value", "reason", "said_by", "said")
    lines = ((one.correction_id, _of(one), one.cell, one.value, one.reason, one.actor, one.made) for one in rows)
    return table(columns, lines)


def _of(one: Correction) -> str:
    if one.scope != "alike":
        return one.device_id
    return f"every {' '.join(word for word in one.pattern.values() if word)}"


def _age(detail: DeviceDetail, today: date) -> list[str]:
    """How old it is and why, how long it is supported: in words, line by line."""
    found = detail.assessment
    if found is None:
        return []
    sure = f" ({found.estimate.confidence.value} confidence)" if found.estimate.best else ""
    lines = [f"how old: {words.told(found.estimate, today)}{sure}"]
    lines.append(f"  because {words.reason(found.estimate)}")
    lines += [f"  {_weighed(weighed)}" for weighed in found.estimate.case]
    if found.bought:
        lines.append(f"  bought {words.day(found.bought)}: the finance age starts there")
    for component, part in sorted(found.parts.items()):
        if part.best or part.earliest:
            lines.append(f"  {component}: {words.told(part, today)}; {words.reason(part)}")
    lines += [f"supported: {item.title}: {support.state(item, today)}; {item.words}".rstrip("; ")
              for item in found.support]  # fmt: skip
    if found.readiness:
        lines.append(f"Windows 11: {found.readiness.verdict}; {'; '.join(found.readiness.reasons)}")
    return [*lines, ""]


def support_table(rows: Rows, imported: datetime | None) -> str:
    """Where the ends of support come from, and how old they are: in all, and by product."""
    brought = set(snapshot.brought(rows))
    came = f"{len(rows) - len(brought):,} came with Stocktake, {len(brought):,} with an import"
    when = f"the last import was at {_time(imported)}" if imported else "nothing was imported yet"
    checked = [row.checked for row in rows]
    products: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: row.key):
        products.setdefault(row.product, []).append(row)
    return "\n".join([
        f"{len(rows):,} ends of support: {came}; {when}",
        f"checked between {min(checked)} and {max(checked)}", "",
        table(SUPPORT_COLUMNS, (_product(name, of, brought) for name, of in products.items())),
    ])  # fmt: skip


def _product(name: str, rows: Sequence[Row], brought: Collection[Row]) -> tuple[object, ...]:
    hosts = Counter(row.source.removeprefix("https://").partition("/")[0] for row in rows)
    checked, imported = [row.checked for row in rows], sum(row in brought for row in rows)
    sources = ", ".join(f"{host} ({count})" for host, count in hosts.most_common())
    return name, len(rows), imported, min(checked), max(checked), sources


def made(estimate: Estimate) -> dict[str, Any]:
    """An estimate for JSON: days as ISO text, null where not known, and the candidates where a decade is open."""
    days = {"earliest": estimate.earliest, "latest": estimate.latest, "best": estimate.best}
    several = estimate.candidates if len(estimate.candidates) > 1 else ()
    return {name: _json(day) for name, day in days.items()} | {
        "confidence": estimate.confidence.value,
        "contradicted": estimate.contradicted,
        "candidates": [[_json(span.earliest), _json(span.latest)] for span in several],
        "because": words.reason(estimate),
    }


def made_words(estimate: Estimate) -> str:
    """When something was made, in words; "" where it is not dated."""
    return words.when(estimate) if estimate.best or len(estimate.candidates) > 1 else ""


def _weighed(weighed: Weighed) -> str:
    clue = weighed.clue
    return f"{words.verdict(weighed):12}  {words.spans(clue)}: {clue.words} [{clue.raw}; rule {clue.rule}]"


def _fact(fact: FactRow) -> str:
    what = f"{fact.component} {fact.name}".strip()
    unit = f" {fact.unit}" if fact.unit else ""
    opened = f"evidence {fact.evidence_id}" if fact.evidence_id else "no evidence kept"
    where = f"{fact.group} {fact.locator}".strip()
    said = f"{fact.method} by {fact.agent_name}, {_time(fact.last_observed)}, {opened}: {where}; rule {fact.rule}"
    return f"  {'→' if fact.chosen else ' '} {what}: {fact.value}{unit}  [{said}]"


def agents_table(rows: Sequence[AgentRow]) -> str:
    """The agents for a terminal."""
    if not rows:
        return "no agent has enrolled yet: make a token ('stocktake-collector token --school NAME')"
    lines = [
        (
            row.agent_id, row.school_name, row.name, row.version, row.last_sync or "never", row.last_report or "never",
            row.pending_reports, "revoked" if row.revoked else "enrolled",
        )
        for row in rows
    ]  # fmt: skip
    troubles = [f"  {row.name}: {trouble}" for row in rows for trouble in row.troubles]
    return "\n".join([table(AGENT_COLUMNS, lines), *(["", "troubles", *troubles] if troubles else [])])


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC")


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return _time(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if value not in (None, "") else UNKNOWN


def _json(value: Any) -> object:
    if isinstance(value, date):  # and every time
        return value.isoformat()
    return None if value == "" else value


def _listed(value: object) -> str:
    """A list, or words under names, as one cell."""
    if isinstance(value, dict):
        return "; ".join(f"{name}: {said}" for name, said in value.items())
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _spreadsheet(value: object) -> str:
    text = "" if value is None else value.isoformat() if isinstance(value, date) else _listed(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
