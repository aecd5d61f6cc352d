"""Telephone systems, voice gateways and IP phones that tell themselves in sysDescr or a few scalars: one row each.

AudioCodes, innovaphone, Mitel (Aastra, ShoreTel), Avaya (IP Office, gateways, CS 1000), Unify and Siemens, Alcatel
OmniPCX, NEC Univerge, Panasonic, Allworx, 3CX, Sangoma, Snom, Yealink, Gigaset, 2N, Zenitel, Sonus, Adtran. Cisco's
have a file of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

E = "1.3.6.1.4.1"
AUDIOCODES = f"{E}.5003"
AUDIOCODES_SYSTEM = f"{AUDIOCODES}.9.10.10.2"
AUDIOCODES_SCALARS = {"model": f"{AUDIOCODES_SYSTEM}.3.1.0", "firmware": f"{AUDIOCODES_SYSTEM}.2.1.0",
                      "serial": f"{AUDIOCODES_SYSTEM}.3.2.0"}  # fmt: skip
APPLICATION_VERSION = "1.3.6.1.2.1.27.1.1.4.1"  # applVersion (NETWORK-SERVICES-MIB)
ALLWORX = f"{E}.38516"

ASKS = (
    Ask(
        "audiocodes", scalars=tuple(AUDIOCODES_SCALARS.values()), condition=Condition(object_id_prefixes=(AUDIOCODES,))
    ),
    Ask("allworx", scalars=(APPLICATION_VERSION,), condition=Condition(object_id_prefixes=(ALLWORX,))),
)


@dataclass(frozen=True, slots=True)
class Product:
    """A product line: its number (or ""), what its description says, class and maker."""

    number: str
    words: re.Pattern[str]
    device_class: str
    maker: str


def _product(number: str, words: str, device_class: str, maker: str) -> Product:
    return Product(f"{E}.{number}" if number else "", re.compile(words or r"(?!)", re.IGNORECASE), device_class, maker)


PRODUCTS = (
    _product("5003", r"^Product: ?(?P<model>(?:Mediant|MP-?|MediaPack|TP-)[^;,]*)[;,]"
             r".*?(?:SW|Software) ?Version: ?(?P<firmware>[\w.]+)",
             "voice gateway", "AudioCodes"),
    _product("6666", r"\b(?P<model>IP(?:1[01]\d|2[0-4]\d)\w?)\[(?P<firmware>[\w.]+)\]", "phone", "innovaphone"),
    _product("6666", r"\b(?P<model>(?:IP|ST)\d{2,4}\w*)\[(?P<firmware>[\w.]+)\]", "pbx", "innovaphone"),
    _product("1027.4", r"^(?P<model>(?:MiVoice|MiCollab|Mitel) [\w ]+)", "pbx", "Mitel"),
    _product("5329", r"^(?P<model>Shore(?:Gear|Tel) \S+)", "voice gateway", "ShoreTel"),
    _product("6889.1", r"^(?P<model>(?:Avaya )?IP ?Office [\w ]+?)(?: (?P<firmware>\d[\d.() ]+))?$", "pbx", "Avaya"),
    _product("", r"^Avaya Inc\., (?P<model>G\d{3}\S* (?:Converged )?(?:Media )?Gateway), SW Version (?P<firmware>\S+)",
             "voice gateway", "Avaya"),
    _product("", r"^(?:PR:|(?:Nortel|Avaya)[^,]*, )(?P<model>(?:CS 1000|Meridian 1|BCM)\S*"
             r"(?: (?:Call|Signaling) Server)?)",
             "pbx", "Avaya"),
    _product("", r"^(?P<model>(?:Avaya )?(?:J1\d\d|96\d\d\w*|16\d\d|1[12]\d\d) (?:IP |Desk)?phone)", "phone", "Avaya"),
    _product("", r"\b(?P<model>optiPoint \d+\w*(?: \w+)?)", "phone", "Siemens"),
    _product("", r"\b(?P<model>(?:OpenStage|OpenScape Desk Phone)[\w ]*)", "phone", "Unify"),
    _product("", r"\b(?P<model>(?:HiPath|OpenScape) (?:Business |\d)[\w /]*)", "pbx", "Unify"),
    _product("637.64.4400", r"", "pbx", "Alcatel-Lucent Enterprise"),
    _product("119.1.76", r"^NEC_(?P<model>SV\d{4})|^(?P<line>UNIVERGE \S+)", "pbx", "NEC"),
    _product("572.17389", r"^(?P<model>ES-\d+\w*)", "switch", "Ericsson-LG"),
    _product("38516", r"^Allworx (?P<model>[\w ]+)", "pbx", "Allworx"),
    _product("", r"\b(?P<model>(?:KX-(?:NS|NCP|TDE|HTS)\d+)\w*)", "pbx", "Panasonic"),
    _product("7526", r"^(?P<model>snom ?\w+)[ ;,/-]*(?P<firmware>\d+\.\d[\w.]*)?", "phone", "Snom"),
    _product("37459", r"^(?:Yealink )?(?P<model>SIP-[TW]\w+|(?:SIP )?[TW]\d{2}\w*)(?: (?P<firmware>\d[\d.]+))?",
             "phone", "Yealink"),
    _product("", r"^Gigaset (?P<model>[\w ]+)", "phone", "Gigaset"),
    _product("6530", r"^(?P<model>2N\W+[\w ]+)", "phone", "2N"),
    _product("", r"^Linux ipstation\b", "phone", "Zenitel"),
    _product("26122", r"^(?P<model>(?:Zenitel |Stentofon )\S+)", "phone", "Zenitel"),
    _product("2879", r"^(?P<model>Sonus \S+|SBC\s?\d\S*)", "voice gateway", "Ribbon"),
    _product("177.15", r"^(?P<model>(?:Sonus |Ribbon )?SBC\s?\d\S*)", "voice gateway", "Ribbon"),
    _product("", r"^(?P<model>Total Access 9\d\d\w?)(?: \([^)]*\))?, Version: (?P<firmware>\S+?),",
             "voice gateway", "Adtran"),
    _product("", r"^(?P<model>Cisco VG\d{3}\w*) version (?P<firmware>\S+)", "voice gateway", "Cisco"),
    _product("", r"^(?:Hardware:(?:VMware|\d\w+),.*Software: ?UCOS (?P<firmware>\S+))", "pbx", "Cisco"),
)  # fmt: skip
#: numbers of products whose words name them beyond doubt; other words count only under their own number
NAMED = {f"{E}.{number}" for number in ("119.1.76", "5003", "5329", "6530", "7526", "38516")} | {""}
BY_NUMBER = {number: tuple(p for p in PRODUCTS if p.number == number) for number in {p.number for p in PRODUCTS} - {""}}


def _found(walk: Walk) -> Product | None:
    """The product line by number, of several the one whose words fit; else the first whose words fit."""
    lines = walk.of_object_id(BY_NUMBER)
    named = lines or (product for product in PRODUCTS if product.number in NAMED)
    told = next((product for product in named if product.words.search(walk.description)), None)
    return told or (lines[-1] if lines else None)


def read(walk: Walk) -> Iterator[Statement]:
    """The product by number, else by words; what the words and two makers' scalars tell."""
    found = _found(walk)
    if found is None:
        return
    place = OBJECT_ID if walk.text(OBJECT_ID).startswith(found.number or "-") else DESCRIPTION
    yield from walk.vote(found.device_class, 100, "product", place)
    yield from walk.fact("maker", found.maker, place, weight=45)
    yield from walk.words(found.words, weight=55)
    yield from walk.states(AUDIOCODES_SCALARS, weight=70)
    if found.number == ALLWORX:
        yield from walk.state("firmware", APPLICATION_VERSION, weight=70)
