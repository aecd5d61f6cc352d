"""From matches to what became of each row and each device: the kinds that a reconciliation is counted in. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from collector.reconcile import comparing, marks
from collector.reconcile.book import Line
from collector.reconcile.matching import Finding, match, same_product
from collector.reconcile.values import Around, Difference, Held, Kind, Outcome

SCHOOL = "school"
SPOILT = "the serial number is spoilt, as spreadsheets do: read it from the label"


def reconcile(lines: Sequence[Line], around: Around) -> list[Outcome]:
    """What became of every row, in their order, and then of every device that the book lacks or that is there twice."""
    held = {one.device_id: one for one in around.held}
    findings = match(lines, around)
    taken = {one.device_id for one in findings if one.sure}
    nameless = _nameless(around, taken)
    told = [_remarked(_outcome(finding, held, around, nameless), finding.line) for finding in findings]
    twins = [one for one in _twice(around) if one.device_id not in taken]
    found = taken | {finding.device_id for finding in findings} | {one.device_id for one in twins}
    return [*told, *twins, *_unrecorded(findings, around, found)]


def _unrecorded(findings: Sequence[Finding], around: Around, found: set[str]) -> Iterator[Outcome]:
    """The devices of the scope that no row is, and that no question is about first of all."""
    asked: dict[str, list[int]] = defaultdict(list)
    for finding in findings:
        for device_id in finding.others:
            asked[device_id].append(finding.line.row)
    for one in around.held:
        if one.school_id not in around.scope or one.absent or one.device_id in found:
            continue
        rows = ", ".join(map(str, asked.get(one.device_id, ())))
        reason = f"row {rows} may be it" if rows else "no row of the book has its serial number, asset tag or MAC"
        yield Outcome(Kind.UNRECORDED, title=one.title, device_id=one.device_id, school_name=one.school_name,
                      reasons=(reason,))  # fmt: skip


def _outcome(finding: Finding, held: Mapping[str, Held], around: Around, nameless: Sequence[Held]) -> Outcome:
    line = finding.line
    device = held.get(finding.device_id)
    base = Outcome(Kind.GHOST, line.row, line.title, finding.device_id, finding.others, finding.twin_rows,
                   reasons=finding.reasons)  # fmt: skip
    if line.nothing:
        return replace(base, kind=Kind.UNTOLD, reasons=(line.nothing,))
    if device is None:
        return replace(base, kind=Kind.QUESTION) if finding.others else _of_none(base, finding, around, nameless)
    whole = replace(
        base, kind=Kind.DIFFERING, basis=finding.basis, differences=_differences(line, device, around),
        adds=comparing.adds(line.said, device.values), school_name=device.school_name,
    )  # fmt: skip
    if finding.twin:
        told = f"it is the same device as row {', '.join(map(str, finding.twin_rows))}"
        return replace(whole, kind=Kind.TWICE_IN_BOOK, reasons=(*finding.reasons, told))
    if not finding.sure:
        return replace(whole, kind=Kind.QUESTION)
    if device.absent and device.school_id in around.scope:
        return replace(whole, kind=Kind.GHOST, reasons=(*finding.reasons, device.absent))
    return whole if whole.differences or finding.reasons else replace(whole, kind=Kind.MATCHED)


def _remarked(outcome: Outcome, line: Line) -> Outcome:
    """The same with what is wrong with the row itself. A serial number that is spoilt is a difference."""
    said = {one.column: f"{one.column}: {one.sentence}" for one in line.troubles}
    outcome = replace(outcome, remarks=tuple(said.values()))
    if "serial" not in line.spoilt and not line.rounded:
        return outcome
    kind = Kind.DIFFERING if outcome.kind is Kind.MATCHED else outcome.kind
    told = outcome.reasons if any("spoilt" in one for one in outcome.reasons) else (SPOILT, *outcome.reasons)
    return replace(outcome, kind=kind, reasons=told)


def _differences(line: Line, device: Held, around: Around) -> tuple[Difference, ...]:
    """What differs; the device's own serial number is held against every one that is known of it."""
    known = device.marks
    said = {
        name: value
        for name, value in line.said.items()
        if name not in ("serial", "asset_tag") or marks.normal(value or "") not in known.get(name, ())
    }
    if device.marks.get("mac") and marks.of(said).get("mac") in device.marks["mac"]:
        said.pop("mac")
    found = comparing.differences(said, device.values)
    if device.school_id in around.scope:
        return found
    book = line.school or ", ".join(sorted(around.schools.get(one, one) for one in around.scope))
    return (*found, Difference(SCHOOL, book, device.school_name))


def _of_none(base: Outcome, finding: Finding, around: Around, nameless: Sequence[Held]) -> Outcome:
    """A row that is no device that is known, and why that may be."""
    line = finding.line
    if finding.twin:
        told = f"it says the same serial number, MAC or asset tag as row {finding.twin_rows[0]}"
        return replace(base, kind=Kind.TWICE_IN_BOOK, reasons=(told,))
    if not marks.of(line.said) and "serial" not in line.spoilt:
        told = "it has no serial number, asset tag, MAC or name, so it cannot be told from others"
        return replace(base, kind=Kind.UNTOLD, reasons=(told,))
    if part := around.parts.get(marks.normal(line.said.get("serial") or "")):
        return replace(base, kind=Kind.PART, device_id=part[0], basis=("serial number",), reasons=(part[1],))
    reasons = [_absence(line, around)]
    if not line.off_network and (count := sum(same_product(line, one) is True for one in nameless)):
        reasons.append(f"{count} of this make tell no serial number and are in no row: it may be one of them")
    return replace(base, reasons=tuple(reasons))


def _nameless(around: Around, taken: set[str]) -> list[Held]:
    """The devices of the scope that no row is and that tell no serial number: any row of their make may be one."""
    return [
        one for one in around.held
        if one.school_id in around.scope and not one.absent and one.device_id not in taken
        if not one.marks.get("serial")
    ]  # fmt: skip


def _absence(line: Line, around: Around) -> str:
    if word := line.off_network:
        return f"“{word}”: such things are never on a network"
    wanted = line.school.casefold()
    scope = [one for one in around.scope if around.schools.get(one, "").casefold() == wanted] or sorted(around.scope)
    reasons = list(dict.fromkeys(around.unswept[one] for one in scope if one in around.unswept))
    if reasons:
        return f"never seen, but {'; '.join(reasons)}"
    return "never seen on the network"


def _twice(around: Around) -> Iterator[Outcome]:
    """Devices of the scope that have the serial number of another one, or its asset tag."""
    for kind, label in (("serial", "serial number"), ("asset_tag", "asset tag")):
        bearers: dict[str, list[Held]] = defaultdict(list)
        for one in around.held:
            for value in one.marks.get(kind, ()):
                if one.school_id in around.scope and len(value) >= marks.LEAST:
                    bearers[value].append(one)
        for several in bearers.values():
            first, *rest = sorted(several, key=lambda one: (bool(one.absent), not one.met, one.device_id))
            for one in rest:
                told = f"{first.title} ({first.device_id}) has the same {label}"
                yield Outcome(Kind.TWICE_ON_NETWORK, 0, one.title, one.device_id, (first.device_id,), (), (label,),
                              (told,), school_name=one.school_name)  # fmt: skip
