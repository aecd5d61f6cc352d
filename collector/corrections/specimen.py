"""A test case for a knowledge file from a device that had to be corrected: its walk in disguise, and what is right.

It is written as the folders of `tests/devices` are: `walk.snmprec` with what the device answered, and `expect.json`
with what a reader is to find there. What was corrected is expected as a person said it, everything else as it is read
today; so the test of recorded devices fails in exactly the cells that were corrected, until a knowledge file reads them
right. Pure: it knows no store, and chance is a parameter (the salt of the disguise).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from collector import interpret
from collector.corrections.disguise import Disguise, Known
from collector.facts import Fact, Reading, maker_key
from stocktake import ber, snmprec
from stocktake.values import Binding, Content, Method, SnmpBindings, Subject, SubjectKind

WALK, EXPECTED = "walk.snmprec", "expect.json"
ANSWERS = ("class", "maker", "model", "serial", "firmware", "name")
NAMES = frozenset({"name", "location", "contact", "asset_tag", "uuid", "address"})  # facts that tell whose it is
NAMED = ("", "neighbour/", "access point/")  # components that have a name of their own, and not one of their kind
TELLING = frozenset({"class", "maker", "model", "firmware", "os.name", "os.version", "hardware", "type"})
MOST_MACS, MOST_OF_A_KIND = 3, 2  # in an expectation
VIEW = "@"  # in the name of a group that was asked in a view of the device: other answers to the same questions
SLUG_LIMIT = 60  # characters


@dataclass(frozen=True, slots=True)
class Specimen:
    """A test case. `folder` is the name of its folder; `odd` the cells that read otherwise in disguise."""

    folder: str
    walk: str
    expected: Mapping[str, Any]
    odd: tuple[str, ...]

    def files(self) -> dict[str, str]:
        """Name → text of each file."""
        return {WALK: self.walk, EXPECTED: json.dumps(self.expected, indent=2, ensure_ascii=True) + "\n"}


def make(
    contents: Mapping[str, Content], corrected: Mapping[str, str], words: Iterable[str], salt: bytes
) -> Specimen | None:
    """The test case of what a device answered to SNMP, or None where nothing is kept of that.

    `corrected`: what people say of its cells. `words`: names of the trust and its schools.
    """
    real = walk_of(contents)
    if not real:
        return None
    before = _read(real)
    disguise = Disguise(salt, _known(before, corrected, words))
    walk = disguise.walk(real)
    right = {cell: value for cell, value in corrected.items() if cell in ANSWERS}
    if "name" in right:
        right["name"] = disguise.name(right["name"])
    lines = "\n".join(snmprec.write(walk)) + "\n"
    answers = interpret.read_file(WALK, lines.encode("ascii"))
    odd = tuple(cell for cell in ("class", "maker", "model", "firmware") if before.value(cell) != answers.value(cell))
    expected = {name: answers.value(name) for name in ANSWERS} | right | _beside(_read(walk), right)
    return Specimen(_slug(f"{expected['maker'] or ''}-{expected['model'] or ''}"), lines, expected, odd)


def walk_of(contents: Mapping[str, Content]) -> tuple[Binding, ...]:
    """All that was answered, each object once, as one walk."""
    found: dict[str, Binding] = {}
    for group in sorted(contents):
        content = contents[group]
        if isinstance(content, SnmpBindings) and VIEW not in group:
            for binding in content.bindings:
                if binding.tag not in ber.EXCEPTIONS:
                    found.setdefault(binding.oid, binding)
    return tuple(found.values())


def _read(walk: Sequence[Binding]) -> Reading:
    """The device's own reading of a walk, as the test of recorded devices reads it."""
    subject = Subject(SubjectKind.ADDRESS)
    observation = interpret.Observation(subject, Method.SNMP_V2C, {"walk": SnmpBindings(tuple(walk))}, site="site-1")
    return interpret.read(observation)[0]


def _known(reading: Reading, corrected: Mapping[str, str], words: Iterable[str]) -> Known:
    serials = [fact for fact in reading.facts if fact.name == "serial"]
    names = [fact for fact in reading.facts if fact.name in NAMES and _names_one(fact)]
    said = {corrected["name"]} if "name" in corrected else set()
    telling = {str(fact.value) for fact in reading.facts if fact.name in TELLING}
    places: dict[str, set[str]] = {}
    for fact in (*serials, *names):
        places.setdefault(fact.source.locator, set()).add(str(fact.value))
    return Known(
        names=frozenset({str(fact.value) for fact in names} | said | set(words)),
        serials=frozenset(str(fact.value) for fact in serials),
        places={place: frozenset(texts) for place, texts in places.items()},
        kept=frozenset(telling | {value for cell, value in corrected.items() if cell != "name"}),
    )


def _names_one(fact: Fact) -> bool:
    return fact.name != "name" or not fact.component or fact.component.startswith(NAMED[1:])


def _beside(reading: Reading, right: Mapping[str, str]) -> dict[str, Any]:
    """What is expected beside the answers."""
    return {"identifiers": list(_identifiers(reading, right.get("maker", ""))), "components": _components(reading)}


def _identifiers(reading: Reading, maker: str) -> Iterator[str]:
    """Serial number and UUID, with the maker as it is corrected, and some MACs."""
    macs = 0
    for one in reading.identifiers:
        value = one.value
        if one.kind.name == "SERIAL" and maker:
            value = f"{maker_key(maker)}:{value.partition(':')[2]}"
        macs += one.kind.name == "MAC"
        if one.kind.name in ("SERIAL", "UUID") or (one.kind.name == "MAC" and macs <= MOST_MACS):
            yield f"{one.kind.name} {value}"


def _components(reading: Reading) -> list[str]:
    """The first few components of every kind."""
    kinds: dict[str, list[str]] = {}
    for component in sorted({fact.component for fact in reading.facts if fact.component}):
        kinds.setdefault(component.partition("/")[0], []).append(component)
    return [component for kind in sorted(kinds) for component in kinds[kind][:MOST_OF_A_KIND]]


def _slug(name: str) -> str:
    """A folder's name: lower-case ASCII letters, digits and dashes."""
    bare = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:SLUG_LIMIT].strip("-")
    return bare or "unknown-device"
