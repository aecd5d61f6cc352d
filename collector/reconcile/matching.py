"""Which row of a book is which device. Pure, and the same whatever the order of rows and devices.

1. A serial number matches where its letters and digits are those of one device and nothing else in the row speaks
   against it: no asset tag, MAC or name of another device, no other maker. A short one needs a second mark.
2. An asset tag or MAC matches alike; where row and device have different serial numbers, it takes a second mark, or
   serial numbers that are alike.
3. A name never matches by itself. All that is weaker than that is a question, and so are marks that contradict.
4. One row is one device. Where several rows are of one, the one with most marks is it; where none leads, none is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from collector.reconcile import comparing, marks
from collector.reconcile.book import Line
from collector.reconcile.values import DEVICE, LABELS, Around, Held

ELSEWHERE, TAG_ELSEWHERE, NEAR = "serial elsewhere", "tag elsewhere", "nearly the serial"
_WEIGHTS = {DEVICE: 10, "serial": 4, "mac": 3, "asset_tag": 3, ELSEWHERE: 3, TAG_ELSEWHERE: 2, "local_name": 2, NEAR: 1}
_STRONG = frozenset({DEVICE, "serial", "mac", "asset_tag", ELSEWHERE, TAG_ELSEWHERE})
_SAID = {**LABELS, ELSEWHERE: "serial number in another column", TAG_ELSEWHERE: "asset tag in another column",
         NEAR: "a serial number that is nearly the same"}  # fmt: skip
_LEAST_ELSEWHERE = 6


@dataclass(frozen=True, slots=True)
class Finding:
    """Whose a row is. `sure`: it matches; else `device_id` is one that it may be, and `others` are further ones.

    `agreeing`: the kinds of marks that lead there. `twin_rows`: rows that are of the same device or thing; `twin`: this
    one is not the first of them.
    """

    line: Line
    device_id: str = ""
    sure: bool = False
    agreeing: frozenset[str] = frozenset()
    reasons: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    twin_rows: tuple[int, ...] = ()
    twin: bool = False

    @property
    def weight(self) -> int:
        """How much speaks for it."""
        return sum(_WEIGHTS[kind] for kind in self.agreeing)

    @property
    def basis(self) -> tuple[str, ...]:
        """What it rests on, in words."""
        return tuple(_SAID[kind] for kind in _WEIGHTS if kind in self.agreeing)


class Index:
    """The devices by each of their marks. Those of the schools that the book is of come before those of others."""

    def __init__(self, around: Around) -> None:
        """Take the devices that a book is held against."""
        self.held = {one.device_id: one for one in around.held}
        self.scope = around.scope
        self._by: dict[str, dict[str, set[str]]] = {kind: defaultdict(set) for kind in _SAID}
        for one in around.held:
            self._by[DEVICE][one.device_id].add(one.device_id)
            for kind, values in one.marks.items():
                for value in values:
                    self._by[kind][value].add(one.device_id)

    def find(self, kind: str, value: str) -> frozenset[str]:
        """The devices of a mark; names count in the schools of the book alone."""
        found = self._by[kind].get(value, set()) if value else set()
        here = {one for one in found if self.held[one].school_id in self.scope}
        return frozenset(here if here or kind == "local_name" else found)

    def serials(self, device_id: str) -> frozenset[str]:
        """The serial numbers of a device."""
        return self.held[device_id].marks.get("serial", frozenset())

    def title(self, device_id: str) -> str:
        """What people call a device."""
        return self.held[device_id].title


def match(lines: Sequence[Line], around: Around) -> list[Finding]:
    """Whose each row is, in the order of the rows."""
    index = Index(around)
    found = {line.row: _by_marks(line, index) for line in lines}
    _swapped(found, index)
    _doubted(found, index)
    _rivals(found)
    taken = {one.device_id for one in found.values() if one.sure}
    _by_likeness(found, index, taken)
    _rivals(found)
    _same_again(found)
    return [found[line.row] for line in lines]


# ------------------------------------------------------------------------------------------------ by marks


def leads(line: Line, index: Index) -> dict[str, frozenset[str]]:
    """By kind of mark the devices that a row's marks lead to; kinds that lead nowhere are left out."""
    said = marks.of(line.said)
    found = {kind: index.find(kind, value) for kind, value in said.items()}
    if line.device:
        found[DEVICE] = index.find(DEVICE, line.device)
    for kind, own, told in (("serial", "serial", ELSEWHERE), ("asset_tag", "asset_tag", TAG_ELSEWHERE)):
        if not found.get(kind):
            found[told] = _elsewhere(line, index, kind, own)
    return {kind: devices for kind, devices in found.items() if devices}


def _elsewhere(line: Line, index: Index, kind: str, own: str) -> frozenset[str]:
    """The devices whose serial number or tag stands in a column of something else."""
    for heading, said in line.cells:
        value = marks.normal(said) if heading not in (own, "mac") else ""
        if len(value) >= _LEAST_ELSEWHERE and (found := index.find(kind, value)):
            return found
    return frozenset()


def _by_marks(line: Line, index: Index) -> Finding:
    led = leads(line, index)
    strong = {one for kind, devices in led.items() if kind in _STRONG for one in devices}
    if not strong or line.nothing:
        return Finding(line)
    agreeing = {one: frozenset(kind for kind, devices in led.items() if one in devices) for one in strong}
    best = max(sorted(strong), key=lambda one: _standing(line, index.held[one], agreeing[one]))
    finding = Finding(line, best, agreeing=agreeing[best])
    against = [kind for kind, devices in led.items() if best not in devices]
    if against == ["local_name"] and len(agreeing[best] & _STRONG) > 1:
        against = []
    if against and DEVICE not in agreeing[best]:
        return _contradicted(finding, led, against, index)
    return _judged(finding, index)


def _standing(line: Line, held: Held, agreeing: frozenset[str]) -> tuple[int, bool, int]:
    """What speaks for a device among several: its marks, that it is there, its maker and model."""
    return sum(_WEIGHTS[kind] for kind in agreeing), not held.absent, int(bool(same_product(line, held)))


def _contradicted(finding: Finding, led: Mapping[str, frozenset[str]], against: list[str], index: Index) -> Finding:
    told = [f"{_SAID[kind]} is that of {_listed(led[kind], index)}" for kind in against]
    ours = f"{' and '.join(finding.basis)} {'are' if len(finding.agreeing) > 1 else 'is'} of "
    sentence = f"{ours}{index.title(finding.device_id)}, but {' and '.join(told)}"
    others = sorted({one for kind in against for one in led[kind]} - {finding.device_id})
    return replace(finding, reasons=(sentence,), others=tuple(others))


def _listed(device_ids: Iterable[str], index: Index) -> str:
    return ", ".join(index.title(one) for one in sorted(device_ids)[:3])


def _judged(finding: Finding, index: Index) -> Finding:
    """Whether what leads to one device is enough to match."""
    line, held, agreeing = finding.line, index.held[finding.device_id], finding.agreeing
    if DEVICE in agreeing:
        return replace(finding, sure=True)
    product = same_product(line, held)
    alone = len(agreeing) == 1
    if "serial" in agreeing:
        told = _doubt(line, held, product) if alone else ""
        return replace(finding, sure=not told, reasons=(told,) if told else ())
    reasons = _of_serial(finding, index)
    if alone and product is False:
        return replace(finding, reasons=(*reasons, "maker and model are other than the book says"))
    if ELSEWHERE in agreeing:
        sure = not alone or product is True
        return replace(finding, sure=sure, reasons=(*reasons, *(() if sure else ("nothing else agrees",))))
    if TAG_ELSEWHERE in agreeing and alone:
        return replace(finding, reasons=("its asset tag stands in another column", *reasons))
    return replace(finding, sure=not alone or not _other_serial(line, held), reasons=reasons)


def _doubt(line: Line, held: Held, product: bool | None) -> str:  # noqa: FBT001 - what `same_product` says
    """Why a serial number alone is not enough; "" where it is.

    A model that is other is a difference where the maker is the same: makers number in one book, and books say
    `Catalyst 2960-X` of what calls itself `WS-C2960X-24TS-L`.
    """
    maker = comparing.same_maker(str(line.said.get("maker") or ""), str(held.values.get("maker", "")))
    if product is False and not maker:
        return "the serial number is the same, but maker or model is other"
    short = len(_serial(line)) < marks.SHORT and not product
    return "the serial number is too short to tell by itself" if short else ""


def _of_serial(finding: Finding, index: Index) -> tuple[str, ...]:
    """What is to be said where something else than the serial number leads to a device."""
    line, serials = finding.line, index.serials(finding.device_id)
    if ELSEWHERE in finding.agreeing:
        column = next((h for h, said in line.cells if h != "serial" and marks.normal(said) in serials), "")
        return (f"its serial number stands in the column of {column.replace('_', ' ')}",)
    if "serial" in line.spoilt:
        return ("the serial number is spoilt: read it from the label",)
    written = marks.normal(line.said.get("serial") or "")
    if not written or not serials or written in serials:
        return ()
    near = next((told for one in sorted(serials) if (told := marks.likeness(written, one))), "")
    return (f"the serial number is nearly that of the device: {near}",) if near else ("the serial number is another",)


def _other_serial(line: Line, held: Held) -> bool:
    """Whether row and device have serial numbers that have nothing to do with each other."""
    written, serials = marks.normal(line.said.get("serial") or ""), held.marks.get("serial", frozenset())
    if not written or not serials:
        return False
    return not any(written == one or marks.likeness(written, one) for one in serials)


def same_product(line: Line, held: Held) -> bool | None:
    """Whether row and device say the same maker and model; None where one of them does not say."""
    maker, model = str(line.said.get("maker") or ""), str(line.said.get("model") or "")
    its_maker, its_model = str(held.values.get("maker", "")), str(held.values.get("model", ""))
    makers = comparing.same_maker(maker, its_maker)
    models = comparing.same_model(model, its_model, its_maker) if model and its_model else None
    if makers is False:
        return False
    return models if models is not None else (True if makers else None)


# ------------------------------------------------------------------------------------------------ among rows


def _swapped(found: dict[int, Finding], index: Index) -> None:
    """Rows that have each other's serial number: each is then most likely what its other marks say."""
    crossing: dict[tuple[str, str], int] = {}
    for row, one in found.items():
        if one.sure or not one.others or not (by_serial := index.find("serial", _serial(one.line))):
            continue
        mine = {one.device_id, *one.others} - by_serial
        for serial in by_serial:
            for other in mine:
                crossing[serial, other] = row
    for (serial, other), row in sorted(crossing.items(), key=lambda item: item[1]):
        twin = crossing.get((other, serial))
        if twin is not None and twin != row:
            one = found[row]
            told = f"its serial number and that of row {twin} are swapped"
            rest = tuple(sorted({one.device_id, *one.others} - {other}))
            found[row] = replace(one, device_id=other, others=rest, reasons=(told, *one.reasons))


def _doubted(found: dict[int, Finding], index: Index) -> None:
    """A match by serial number alone is none where another row has that device's tag, MAC or name: they may be swapped.

    That other row has the serial number of another device; else it would be the same device twice.
    """
    wanted: dict[str, int] = {}
    for row, one in found.items():
        by_serial = index.find("serial", _serial(one.line))
        if one.device_id and not one.sure and by_serial:
            wanted |= dict.fromkeys({one.device_id, *one.others} - by_serial, row)
    for row, one in found.items():
        if one.sure and one.agreeing == {"serial"} and one.device_id in wanted:
            told = f"row {wanted[one.device_id]} has another mark of this device: the serial numbers may be swapped"
            found[row] = replace(one, sure=False, reasons=(told,))


def _serial(line: Line) -> str:
    return marks.normal(line.said.get("serial") or "")


def _rivals(found: dict[int, Finding]) -> None:
    """Let one row be a device: the one with most marks; where none leads and they differ, ask."""
    claiming: dict[str, list[Finding]] = defaultdict(list)
    for one in found.values():
        if one.sure and not one.twin:
            claiming[one.device_id].append(one)
    for several in claiming.values():
        if len(several) < 2:
            continue
        ranked = sorted(several, key=lambda one: (-one.weight, one.line.row))
        first, second = ranked[0], ranked[1]
        rows = tuple(one.line.row for one in ranked)
        leads_ = first.weight > second.weight or marks.of(first.line.said) == marks.of(second.line.said)
        for one in ranked if not leads_ else ranked[1:]:
            others = tuple(row for row in rows if row != one.line.row)
            found[one.line.row] = replace(one, sure=False, twin=True, twin_rows=others)
        if leads_:
            found[first.line.row] = replace(first, twin_rows=rows[1:])


def _same_again(found: dict[int, Finding]) -> None:
    """Rows of no device that say the same serial number, MAC or tag as a row before."""
    first: dict[tuple[str, str], int] = {}
    for row, one in sorted(found.items()):
        if one.device_id or one.line.nothing:
            continue
        said = [(kind, value) for kind, value in marks.of(one.line.said).items() if kind != "local_name"]
        before = next((first[mark] for mark in said if mark in first), None)
        if before is not None:
            found[row] = replace(one, twin=True, twin_rows=(before,))
        for mark in said:
            first.setdefault(mark, row)


# ------------------------------------------------------------------------------------------------ by likeness


def _by_likeness(found: dict[int, Finding], index: Index, taken: set[str]) -> None:
    """What rows may be that no strong mark leads anywhere: among the devices that no row is yet."""
    lost = [one.line for one in found.values() if not one.device_id and not one.line.nothing]
    free = [one for one in index.held.values() if one.school_id in index.scope and one.device_id not in taken]
    near = _nearly(lost, free)
    for line in lost:
        alike = {one for one in near[line.row] if same_product(line, index.held[one]) is not False}
        named = frozenset(index.find("local_name", marks.name(line.said.get("local_name") or ""))) - taken
        if not alike and not named:
            continue
        found[line.row] = _likeliest(line, alike, named, index)


def _likeliest(line: Line, alike: set[str], named: frozenset[str], index: Index) -> Finding:
    """The device that a row may be; where several may be it, none is named before the others."""
    both = alike & named
    candidates = both or named or {one for one in alike if _reads_alike(line, index.serials(one))} or alike
    if len(candidates) > 1:
        told = f"it may be one of {len(candidates)}: {_listed(candidates, index)}"
        return Finding(line, reasons=(told,), others=tuple(sorted(alike | named)))
    (best,) = candidates
    agreeing = frozenset({NEAR} if best in alike else ()) | frozenset({"local_name"} if best in named else ())
    others = tuple(sorted((alike | named) - {best}))
    sure = bool(both) and not others
    return Finding(line, best, sure, agreeing, _why(line, best, index, agreeing), others)


def _reads_alike(line: Line, serials: Iterable[str]) -> bool:
    written = marks.looks(_serial(line))
    return any(marks.looks(one) == written for one in serials)


def _why(line: Line, device_id: str, index: Index, agreeing: frozenset[str]) -> tuple[str, ...]:
    if NEAR in agreeing:
        told = _of_serial(Finding(line, device_id), index)
        return told or ("the serial number is nearly that of the device",)
    if _other_serial(line, index.held[device_id]):
        return ("only the name is the same; the serial number is another",)
    return ("only the name is the same",)


def _nearly(lost: Sequence[Line], free: Sequence[Held]) -> dict[int, set[str]]:
    """By row the devices whose serial number it may have been."""
    rows_of: dict[str, list[int]] = defaultdict(list)
    for line in lost:
        rows_of[_serial(line)].append(line.row)
    near = marks.Near(serial for serial in rows_of if serial)
    spoilt = [(line.row, line.spoilt["serial"]) for line in lost if "serial" in line.spoilt]
    found: dict[int, set[str]] = defaultdict(set)
    for one in free:
        for serial in one.marks.get("serial", ()):
            for written in near.of(serial):
                for row in rows_of[written]:
                    found[row].add(one.device_id)
            for row, cell in spoilt:
                if marks.spoilt(cell, serial):
                    found[row].add(one.device_id)
    return found
