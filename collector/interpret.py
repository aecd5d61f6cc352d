"""Evidence to readings: what one examination says about each of its subjects; the files in `knowledge/` do the work.

`read` is the way of the data; `read_file` reads a recorded walk, an SMBIOS dump or an EDID blob without anything else.
A device may tell of others: of the members of its stack, of the access points it controls, of its neighbours. Each is
a reading of its own (`collector/parts.py`). This module does not know which device a reading belongs to: resolve
decides that, from the identifiers given here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

from collector import parts
from collector.facts import (
    Fact,
    Identifier,
    IdentifierKind,
    Reading,
    Source,
    Unread,
    choose,
    locally_administered,
    mac,
    maker_key,
    text,
)
from collector.knowledge import Walk, study
from collector.walks import stands_apart
from stocktake import snmprec
from stocktake.values import (
    Binding,
    Content,
    EdidBlock,
    EdidBlocks,
    ImportedRow,
    ImportedRows,
    Method,
    Outcome,
    Sighting,
    Sightings,
    SmbiosTable,
    SnmpBindings,
    Subject,
    SubjectKind,
)

HINT = 10  # a maker of less weight (told by a MAC alone) is too weak to stand before a serial
MOST_IDENTIFIERS = 80
#: subjects that are one device, of which something may be said even where nothing was answered
ONE_DEVICE = (SubjectKind.HOST, SubjectKind.ADDRESS)
#: beginnings of addresses by which nobody else meets a device: loopback, link-local, this host
NOT_LOCATING = ("127.", "::1", "fe80:", "169.254.", "0.")


@dataclass(frozen=True, slots=True)
class Observation:
    """One examination as it is to be read: contents by plan group (several where a group was asked several times).

    `site` is where the agent stands (locally made-up MACs are true only there), `agent` its id.
    """

    subject: Subject
    method: Method
    contents: Mapping[str, Content | tuple[Content, ...]]
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    site: str = ""
    agent: str = ""


def read(observation: Observation) -> tuple[Reading, ...]:
    """One reading for each subject: the device and those it tells of, or everyone who was seen, or every row."""
    contents = [(group, content) for group in sorted(observation.contents) for content in _each(observation, group)]
    several = [(group, item) for group, content in contents for item in _items(content)]
    single = [(group, content) for group, content in contents if not isinstance(content, Sightings | ImportedRows)]
    own = _device(observation, single) if observation.subject.kind in ONE_DEVICE else ()
    return (*own, *(_one(observation, [(group, item)]) for group, item in several))


def _each(observation: Observation, group: str) -> tuple[Content, ...]:
    content = observation.contents[group]
    return content if isinstance(content, tuple) else (content,)


def _items(content: Content) -> tuple[Sighting | ImportedRow, ...]:
    if isinstance(content, Sightings):
        return content.sightings
    return content.rows if isinstance(content, ImportedRows) else ()


# ------------------------------------------------------------------------------------------------ one reading


def _device(observation: Observation, contents: Sequence[tuple[str, Content]]) -> Iterator[Reading]:
    """The reading of the examined machine or device itself, and of every device that it tells of."""
    facts, unread = study(_walk(contents), contents)
    split = parts.split(facts)
    identifiers = [*_identifiers(split.own, observation.site, split.stack), *_of_subject(observation)]
    locators = [observation.subject.address, *_addresses(split.own)]
    refused = [Unread("parts", Source("", "stack"), split.refused)] if split.refused else []
    yield _reading(split.own, [*unread, *refused, *_cut(observation)], identifiers, locators)
    for told in split.others:
        yield from _told(observation, told)
    for told in split.heard:
        yield from (replace(reading, told_of=True) for reading in _told(observation, told))


def _told(observation: Observation, facts: Sequence[Fact]) -> Iterator[Reading]:
    """The reading of a device that another tells of.

    None where nothing identifies it: it could be given to no device, and would be one more at every walk.
    """
    identifiers = list(_identifiers(facts, observation.site))
    if identifiers:
        yield _reading(facts, (), identifiers, _addresses(facts))


def _one(observation: Observation, item: list[tuple[str, Sighting | ImportedRow]]) -> Reading:
    """The reading of one sighting or one row."""
    facts, unread = study(None, item)
    seen = [content.address for _, content in item if isinstance(content, Sighting)]
    return _reading(facts, unread, _identifiers(facts, observation.site), [*seen, *_addresses(facts)])


def _reading(
    facts: Sequence[Fact], unread: Sequence[Unread], identifiers: Iterable[Identifier], locators: Iterable[str]
) -> Reading:
    ranked = sorted(dict.fromkeys(identifiers), key=lambda i: (i.kind, i.value))[:MOST_IDENTIFIERS]
    kept = tuple(dict.fromkeys(locator for locator in locators if locator))
    return Reading(tuple(facts), tuple(ranked), kept, tuple(unread), choose(facts))


def _walk(contents: Sequence[tuple[str, Content]]) -> Walk | None:
    """All SNMP groups as one walk, or None where nothing was asked by SNMP.

    What a device answers in the view of one VLAN (`group@10`) stays out (`walks.stands_apart`).
    """
    groups: dict[str, list[Binding]] = {}
    for group, content in contents:
        if isinstance(content, SnmpBindings) and not stands_apart(group):
            groups.setdefault(group, []).extend(content.bindings)
    return Walk(groups) if groups else None


def _cut(observation: Observation) -> Iterator[Unread]:
    """What was stopped early: it is true as far as it goes, and says nothing of what is missing."""
    for group in sorted(observation.outcomes):
        if observation.outcomes[group] is Outcome.CUT:
            yield Unread("interpret", Source(group), "the device was asked, but stopped answering before the end")


# ------------------------------------------------------------------------------------------------ identifiers


def _identifiers(facts: Sequence[Fact], site: str, stack: Sequence[str] = ()) -> Iterator[Identifier]:
    """Serial with its maker, UUID and MACs of the device itself.

    A stack is identified by each of its members, never by a serial of its own: the serial that it answers with is that
    of a member, and after a fail-over that of another.
    """
    own = [fact for fact in facts if not fact.component]
    chosen = {fact.name: fact for fact in choose(own)}
    serial, maker = chosen.get("serial"), chosen.get("maker")
    if stack:
        yield from (Identifier(IdentifierKind.SERIAL, identity) for identity in stack)
    elif serial and maker and maker.weight > HINT and maker_key(str(maker.value)):
        yield Identifier(IdentifierKind.SERIAL, f"{maker_key(str(maker.value))}:{serial.value}")
    if "asset_tag" in chosen and not stack:
        tag = "".join(str(chosen["asset_tag"].value).split()).upper()
        yield Identifier(IdentifierKind.TAG, tag)
    if "uuid" in chosen:
        yield Identifier(IdentifierKind.UUID, str(chosen["uuid"].value))
    for fact in own:
        if fact.name == "mac":
            yield from _mac(str(fact.value), site)


def _mac(value: str, site: str) -> Iterator[Identifier]:
    if not locally_administered(value):
        yield Identifier(IdentifierKind.MAC, value)
    elif site:
        yield Identifier(IdentifierKind.LOCAL_MAC, f"{site}/{value}")


def _of_subject(observation: Observation) -> Iterator[Identifier]:
    """What the bringer knows beside the evidence: itself, or the MAC that its neighbour table has for the address."""
    if observation.subject.kind is SubjectKind.HOST and observation.agent:
        yield Identifier(IdentifierKind.AGENT, observation.agent)
    address = mac(observation.subject.mac) if observation.subject.kind is SubjectKind.ADDRESS else ""
    if address:
        yield from _mac(address, observation.site)


def _addresses(facts: Sequence[Fact]) -> list[str]:
    return [str(f.value) for f in facts if f.name == "address" and not str(f.value).startswith(NOT_LOCATING)]


# ------------------------------------------------------------------------------------------------ files

EDID_HEADER = bytes.fromhex("00ffffffffffff00")
TABLE_OFFSET = 32  # where `dmidecode --dump-bin` puts the table, behind the entry point
ANSWERS = ("class", "maker", "model", "serial", "firmware", "name")


def read_file(name: str, data: bytes) -> Reading:
    """What a recorded walk (`.snmprec`), an SMBIOS dump or an EDID blob says.

    ValueError, with a sentence for the operator, where the file is none of them.
    """
    group, content = _content(name, data)
    facts, unread = study(_walk([(group, content)]), [(group, content)])
    reading = _reading(facts, unread, (), ())
    return _as_device(reading, "monitor/file", "display") if isinstance(content, EdidBlocks) else reading


def answers(name: str, reading: Reading) -> dict[str, Any]:
    """What a file said, ready for JSON; unknown is None."""
    return {
        "walk": PurePath(name).name.removesuffix(".snmprec"),
        **{answer: reading.value(answer) for answer in ANSWERS},
        "facts": [_plain(fact) for fact in reading.facts],
    }


def _content(name: str, data: bytes) -> tuple[str, Content]:
    if data.startswith(EDID_HEADER):
        return "edid", EdidBlocks((EdidBlock("file", data),))
    if data.startswith((b"_SM_", b"_SM3_")):
        return "smbios", SmbiosTable(data[:TABLE_OFFSET], data[TABLE_OFFSET:])
    if len(data) > 4 and data[0] == 0 and 4 <= data[1] < 64 and b"\0\0" in data:  # type 0 (BIOS) begins a bare table
        return "smbios", SmbiosTable(b"", data)
    recording = snmprec.parse(data.decode("utf-8", "surrogateescape").split("\n"))
    if not recording.bindings:
        raise ValueError(
            f"{name}: neither a recorded walk (lines of OID|TAG|VALUE), nor an SMBIOS dump as `dmidecode --dump-bin` "
            "writes it, nor an EDID blob; give a file of one of these kinds"
        )
    return "walk", SnmpBindings(recording.bindings)


def _as_device(reading: Reading, component: str, device_class: str) -> Reading:
    """A reading of a component as that of a device of its own: a monitor that nothing but its EDID tells of."""
    own = [fact._replace(component="") for fact in reading.facts if fact.component == component]
    source = Source("edid")
    facts = (*own, Fact("class", device_class, source, "interpret.edid", weight=100)) if own else reading.facts
    return replace(reading, facts=facts, chosen=choose(facts))


def _plain(fact: Fact) -> dict[str, Any]:
    return {
        "name": fact.name,
        "value": text(fact.value) if isinstance(fact.value, str) else fact.value,
        "component": fact.component,
        "unit": fact.unit,
        "rule": fact.rule,
        "group": fact.source.group,
        "locator": fact.source.locator,
        "weight": fact.weight,
    }
