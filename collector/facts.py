"""What the collector says of a device: facts, and the readings that carry them.

A fact is one typed statement read from evidence, pointing back to it, with the rule that read it. A `Reading` is all
that one piece of evidence says about one subject: facts, identifiers, and what could not be read. Everything that a
device sent passes through `text`, `identifier_text` or `mac` here before it becomes a value. This module imports
nothing of the collector: no store, no clock.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

Value = str | int | float | bool

#: the classes of devices: a closed list of plain names
CLASSES = (
    "switch", "router", "firewall", "access point", "wireless controller", "wireless bridge",
    "printer", "label printer", "ups", "pdu", "nas", "storage", "server", "hypervisor", "desktop", "laptop", "tablet",
    "thin client", "virtual machine", "computer", "management controller", "camera", "video recorder", "phone",
    "video conference", "projector", "display", "sensor", "air conditioner", "console server", "kvm", "load balancer",
    "time server", "pbx", "voice gateway", "modem", "media converter", "rectifier", "transfer switch", "unknown",
)  # fmt: skip

TEXT_LIMIT = 255  # characters of a value that a device may fill
CLASS_LEAST = 30  # votes that a class needs to be believed
CLASS_LEAD = 10  # votes that it must lead by; with less, unknown is the honest answer


class IdentifierKind(enum.IntEnum):
    """What identifies a device, strongest first; the number is the rank (lower is stronger)."""

    SERIAL = 1  # maker and serial number, "hp:CN12345678"
    UUID = 2  # SMBIOS UUID
    MAC = 3  # a universally administered interface MAC
    ENGINE = 4  # SNMP engine id, hex
    AGENT = 5  # the installation of an agent: cloned with the disk it is on
    TAG = 6  # asset tag, upper case without spaces
    LOCAL_MAC = 7  # a locally administered MAC: true only inside one site, "<site>/<mac>"


class Source(NamedTuple):
    """Where in the evidence a fact was read: the plan group, and an OID or a place such as `type 1 offset 7`.

    As `Fact`, a named tuple: a large switch has thousands, and frozen data classes take three times as long to make.
    """

    group: str
    locator: str = ""


class Fact(NamedTuple):
    """One typed statement about a device or one of its components.

    `name` is what is stated (`maker`, `model`, `serial`, `firmware`, `name`, `class`, `os.name`, `mac`, …), `component`
    is empty for the device itself, else a path such as `interface/3`, `memory/DIMM 0`, `disk/sda`, `monitor/DP-1`.
    `weight` decides between several statements of the same name; for `class`, weights of equal values add up.
    `unit` is a base unit (`bytes`, `seconds`, `bits_per_second`, `celsius`, `percent`) or empty.
    """

    name: str
    value: Value
    source: Source
    rule: str
    component: str = ""
    unit: str = ""
    weight: int = 50


class Identifier(NamedTuple):
    """A value that tells one device from another, with its rank."""

    kind: IdentifierKind
    value: str


@dataclass(frozen=True, slots=True)
class Unread:
    """Something in the evidence that a rule could not read: which rule, where, why."""

    rule: str
    source: Source
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one piece of evidence says about one subject.

    `facts` holds every statement; `chosen` the one that stands for each (component, name). `locators` are addresses
    where the subject was met: they never identify. `told_of`: another device remembers it or hears it, which is no
    sign that it is there now.
    """

    facts: tuple[Fact, ...]
    identifiers: tuple[Identifier, ...] = ()
    locators: tuple[str, ...] = ()
    unread: tuple[Unread, ...] = ()
    chosen: tuple[Fact, ...] = field(default=())
    told_of: bool = False

    def value(self, name: str, component: str = "") -> Value | None:
        """The chosen value of a name, or None where nothing was said."""
        return next((f.value for f in self.chosen if f.name == name and f.component == component), None)


_JUNK = re.compile(
    r"""^(to\ be\ filled\ by\ o\.?e\.?m\.?|default\ string|system\ serial\ number|systemserialnumb|not\ specified
        |not\ applicable|not\ available|none|null|n/?a|unknown|undefined|oem|o\.e\.m\.|invalid|empty|builtin|private
        |<private>|no\ response\ from\ remote\ host|mb-1234567890|serial\ ?(number)?|chassis\ serial\ number
        |oem\ default\ string.*|0?123456789(0|abcdef)?|not|xxxxx+|no\ asset\ (tag|information)|asset-?\d+|type1\w+
        |.)$""",
    re.IGNORECASE | re.VERBOSE,
)
#: what factories leave in the names of things; a trailing word tells which field was forgotten
_UNNAMED = re.compile(
    r"""^(\$?\(?default[ _]string.*|to\ be\ filled.*|not?\ (specified|applicable|available|defined)|none|null|n/?a
        |unknown.*|undefined|o\.?e\.?m\.?|invalid|empty|<?private>?|[0\ ]+|x+|all\ series|model|manufacturer
        |no\ enclosure|system\ (manufacturer|product\ name|name|version|model|sku.*)|oem_?(mb|default.*)?
        |(base\ ?board|board|chassis|product|type\d)\ ?(manufacturer?|(product\ )?name|version|productconfigid|vendor.*)
        |no\ response\ from\ remote\ host)$""",
    re.IGNORECASE | re.VERBOSE,
)
_QUOTES = "\"' "  # around identifiers that agents took from a configuration
_LONGEST = 4096  # octets of a value that are looked at
_JUNK_UUIDS = {"03000200-0400-0500-0006-000700080009", "6ab5b300-538d-1014-9fb5-b0684d007b53",
               "12345678-1234-5678-90ab-cddeefaabbcc"}  # fmt: skip
_JUNK_MACS = {"20:41:53:59:4e:ff", "24:b6:20:52:41:53", "00:0b:ca:fe:00:00", "02:00:4e:43:50:49", "00:a0:c6:00:00:00",
              "00:1a:7d:da:71:0a", "00:50:56:c0:00:01", "00:50:56:c0:00:08"}  # fmt: skip
#: addresses that wander between machines by design: VRRP v4/v6 (RFC 5798), HSRP, HSRPv2, GLBP
_VIRTUAL_MACS = ("00:00:5e:00:01:", "00:00:5e:00:02:", "00:00:0c:07:ac:", "00:00:0c:9f:f", "00:07:b4:00:")


def text(raw: bytes | str, limit: int = TEXT_LIMIT) -> str:
    """Text as it may be shown: UTF-8 (undecodable octets replaced), no control or direction characters, trimmed."""
    raw = raw[:_LONGEST]
    decoded = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
    if decoded.isascii() and decoded.isprintable():
        trimmed = decoded.strip()
        return (" ".join(trimmed.split()) if "  " in trimmed else trimmed)[:limit]
    kept = "".join(" " if c in "\t\r\n" else c for c in decoded if c in "\t\r\n" or unicodedata.category(c)[0] != "C")
    return " ".join(kept.split())[:limit]


def named_text(raw: bytes | str) -> str:
    """Text that is to name something (a model, a maker), or "" where it is a placeholder of the factory."""
    value = text(raw)
    return value if names_something(value) else ""


def names_something(value: str) -> bool:
    """Whether a text that is clean already (`text`) can be a name: it is no placeholder, and not punctuation alone."""
    return (value.isalnum() or any(c.isalnum() for c in value)) and not _UNNAMED.match(value)


def identifier_text(raw: bytes | str) -> str:
    """Text that is to identify something, or "" for a placeholder (`Default string`, all zeros, one character)."""
    value = text(raw, 64).strip(_QUOTES)
    bare = re.sub(r"[\s.\-_:#*?]", "", value)
    if not bare or _JUNK.match(value) or len(set(bare.lower())) == 1:
        return ""
    return value


def uuid(raw: str) -> str:
    """A UUID in lower case, or "" where it is malformed, a placeholder, all zero or all F."""
    value = raw.strip().lower()
    if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value):
        return ""
    return "" if value in _JUNK_UUIDS or len(set(value) - {"-"}) == 1 else value


@lru_cache(maxsize=4096)  # a port's is read as that of the port and as one of the device's
def mac(raw: bytes | str) -> str:
    """A unicast 48-bit MAC as `00:1b:21:00:00:01`, or "" where it is none, junk, or shared by design (VRRP, HSRP)."""
    octets = raw if isinstance(raw, bytes) else _octets(raw)
    if len(octets) != 6 or octets[0] & 1 or not any(octets):
        return ""
    value = octets.hex(":")
    return "" if value in _JUNK_MACS or value.startswith(_VIRTUAL_MACS) else value


def locally_administered(value: str) -> bool:
    """Whether a MAC was made up locally (IEEE 802: second-least bit of the first octet); QEMU's 52:54:00 is stable."""
    return bool(int(value[:2], 16) & 2) and not value.startswith("52:54:00")


def _octets(raw: str) -> bytes:
    try:
        return bytes.fromhex(re.sub(r"[:.\- ]", "", raw))
    except ValueError:
        return b""


# ------------------------------------------------------------------------------------------------ makers

_LEGAL_FORM = re.compile(
    r"[\s,.]*\b(incorporated|inc|corporation|corporate|corp|company|co|limited|ltd|llc|gmbh|ag|ab|s\.?a|b\.?v|kg|plc|oyj?|"
    r"pte|pvt|s\.?r\.?[lo]|intl|international|technolog(?:y|ies)|electronics?|computers?|systems?|networks?|communications?)\b[.,\s]*$",
    re.IGNORECASE,
)
#: makers whose serial numbers come from one book, under several names
_ONE_BOOK = {"hpe": "hp", "aruba": "hp", "procurve": "hp", "3com": "hp", "meraki": "cisco"}


def maker_name(raw: bytes | str) -> str:
    """A maker as people say it (`Hewlett-Packard Company` is HP), or "" where the text names nobody."""
    value = named_text(raw)[:64]
    known = _known_maker(value)
    if known or not value:
        return known
    bare = value
    while (shorter := _LEGAL_FORM.sub("", bare)) != bare and shorter:
        bare = shorter
    return bare.title() if bare.isupper() and len(bare) > 4 else bare


@cache
def _spellings() -> dict[str, str]:
    """First words run together → maker; the table is data of the package, read at first use."""
    lines = Path(__file__).with_name("makers.tsv").read_text("utf-8").splitlines()
    rows = (line.partition("\t") for line in lines if not line.startswith("#"))
    return {spelling: name for name, _, spellings in rows for spelling in spellings.split()}


def _known_maker(value: str) -> str:
    """The maker whose spelling is the whole value or its first words; longer spellings first."""
    parts = re.findall(r"[a-z0-9]+", value.lower())
    for count in range(min(len(parts), 4), 0, -1):
        if name := _spellings().get("".join(parts[:count])):
            return name
    return ""


def maker_key(name: str) -> str:
    """The maker's part of a serial identifier: its first word in lower case, the same for makers with one book."""
    first = re.sub(r"[^a-z0-9-]", "", name.lower().partition(" ")[0])
    return _ONE_BOOK.get(first, first)


# ------------------------------------------------------------------------------------------------ what stands


def choose(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The statement that stands for each (component, name), whatever the order they came in.

    The heaviest stands; equal weights are decided by rule, place and value. The class is what most votes are for, where
    they are `CLASS_LEAST` or more and lead by `CLASS_LEAD`; else no class is chosen.
    """
    best: dict[str, dict[str, Fact]] = {}
    votes: list[Fact] = []
    for fact in facts:
        name, component = fact.name, fact.component
        if name == "class":
            votes.append(fact)
            continue
        told = best.get(component)
        if told is None:
            told = best[component] = {}
        other = told.get(name)
        if other is None or _outweighs(fact, other):
            told[name] = fact
    return (
        *_chosen_classes(votes),
        *(best[component][name] for component in sorted(best) for name in sorted(best[component])),
    )


def _chosen_classes(votes: list[Fact]) -> list[Fact]:
    by_component: dict[str, list[Fact]] = {}
    for vote in votes:
        by_component.setdefault(vote.component, []).append(vote)
    chosen = [_chosen_class(by_component[component]) for component in sorted(by_component)]
    return [fact for fact in chosen if fact is not None]


def _chosen_class(votes: list[Fact]) -> Fact | None:
    """The heaviest vote for the class that leads; one rule votes once for a class, however often it says so."""
    heaviest: dict[tuple[Value, str], Fact] = {}
    for vote in votes:
        key = (vote.value, vote.rule)
        if (other := heaviest.get(key)) is None or _outweighs(vote, other):
            heaviest[key] = vote
    totals: dict[Value, int] = {}
    for (value, _), vote in heaviest.items():
        totals[value] = totals.get(value, 0) + vote.weight
    first, *rest = sorted(totals, key=lambda value: (-totals[value], str(value)))
    if totals[first] < CLASS_LEAST or (rest and totals[first] - totals[rest[0]] < CLASS_LEAD):
        return None
    return min((v for v in heaviest.values() if v.value == first), key=lambda v: (-v.weight, _order(v)))


def _outweighs(fact: Fact, other: Fact) -> bool:
    """Whether a statement stands before another: by weight, then by what no order of arrival can change."""
    return fact.weight > other.weight or (fact.weight == other.weight and _order(fact) < _order(other))


def _order(fact: Fact) -> tuple[str, str, str, str]:
    return (fact.rule, fact.source.group, fact.source.locator, str(fact.value))
