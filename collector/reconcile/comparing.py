"""Which fields of a row and a device differ. Spelling is no difference: a room has many names. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from collector.facts import maker_key, maker_name
from collector.reconcile import marks
from collector.reconcile.values import Difference
from collector.records.fields import FIELDS, Kind, Value

#: what is remarked in a book is no statement that could be wrong
_REMARKS = frozenset({"notes", "tags"})
_RUNS = re.compile(r"\d{3,}")
_ROOM_WORDS = frozenset({"room", "rm", "r", "classroom", "class", "the", "no", "number"})
#: words that say what kind of thing it is, or how well it is equipped, and not which model
_PLAIN = frozenset({
    "laptop", "notebook", "desktop", "pc", "computer", "tablet", "printer", "scanner", "copier", "mfp", "monitor",
    "screen", "switch", "server", "phone", "camera", "ups", "router", "firewall", "chromebook", "ipad", "the", "with",
    "for", "and", "inch", "in", "black", "white", "silver", "grey", "new", "mini", "tower", "sff", "small", "form",
    "factor", "series", "ssd", "hdd", "ram", "gb", "tb", "windows", "win", "pro", "wifi", "poe", "port", "network",
    "wireless", "access", "point", "device", "laserjet", "colour", "color", "mono", "unit", "system", "equipment",
    "item", "generation", "gen", "edition", "model",
})  # fmt: skip


def differences(said: Mapping[str, Value | None], held: Mapping[str, Value]) -> tuple[Difference, ...]:
    """The fields of which both say something and do not say the same, in the order of the fields."""
    return tuple(
        Difference(name, value, held[name])
        for name in FIELDS
        if name not in _REMARKS and (value := said.get(name)) is not None and name in held
        if not alike(name, value, held[name], str(held.get("maker", "")))
    )


def adds(said: Mapping[str, Value | None], held: Mapping[str, Value]) -> dict[str, Value]:
    """What the row says and the register does not."""
    return {name: value for name, value in said.items() if value is not None and name not in held}


def alike(name: str, ours: Value, theirs: Value, maker: str = "") -> bool:
    """Whether two values of a field are the same but for how they are written."""
    kind = FIELDS[name].kind
    if kind in (Kind.DAY, Kind.MONEY, Kind.MAC, Kind.CHOICE) or isinstance(ours, list):
        return ours == theirs
    a, b = str(ours), str(theirs)
    if kind is Kind.MARK:
        return marks.normal(a) == marks.normal(b)
    if name == "maker":
        return same_maker(a, b) is not False
    if name == "model":
        return same_model(a, b, maker) is not False
    if name == "local_name":
        return marks.name(a) == marks.name(b)
    return _room(a) == _room(b) if name == "room" else _bare(a) == _bare(b)


def same_maker(ours: str, theirs: str) -> bool | None:
    """Whether two makers are one; None where one of them says nothing."""
    a, b = maker_key(maker_name(ours)), maker_key(maker_name(theirs))
    return a == b if a and b else None


def same_model(ours: str, theirs: str, maker: str = "") -> bool | None:
    """Whether two models may be one; None where one of them says only what kind of thing it is."""
    a, b = _bare(ours), _bare(theirs)
    stem = _bare(maker)
    a, b = a.removeprefix(stem), b.removeprefix(stem)
    if a == b or (min(len(a), len(b)) >= 4 and (a in b or b in a)):
        return True
    mine, its = _telling(ours, maker), _telling(theirs, maker)
    if not mine or not its:
        return None
    if not {word for word in mine & its if not word.isdigit()} and set(_RUNS.findall(a)) & set(_RUNS.findall(b)):
        return True  # one says what it is sold as, the other how it is ordered
    numbers, its_numbers = ({word for word in side if any(c.isdigit() for c in word)} for side in (mine, its))
    if numbers and its_numbers:
        return numbers <= its_numbers or its_numbers <= numbers
    return bool(mine & its)


def _telling(model: str, maker: str) -> set[str]:
    """The words of a model that tell it from others."""
    words = set(re.findall(r"[a-z0-9]+", model.casefold()))
    return {word for word in words if len(word) > 1 and word not in _PLAIN} - set(maker.casefold().split())


def _room(room: str) -> str:
    words = re.findall(r"[a-z]+|\d+", room.casefold())
    kept = [word.lstrip("0") or "0" if word.isdigit() else word for word in words if word not in _ROOM_WORDS]
    return "".join(kept) or _bare(room)


def _bare(said: str) -> str:
    return "".join(c for c in said.casefold() if c.isalnum())
