"""Opengear (OG-STATUSv2-MIB, OG-OMTELEM-MIB): console servers, and Tripp Lite's relabels of them.

The two generations keep serial and version in two branches; the older one answers without the closing .0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk, as_named
from stocktake.values import Binding, Condition

OPENGEAR = "1.3.6.1.4.1.25049"
OLD, NEW = f"{OPENGEAR}.17.1", f"{OPENGEAR}.10.19.1"
FIRMWARES = (f"{OLD}.1", f"{OLD}.1.0", f"{NEW}.3.0")
SERIALS = (f"{OLD}.2", f"{OLD}.2.0", f"{NEW}.2.0")
LINUX = re.compile(r"^(?:Opengear|TrippLite) \S+, Linux .*?/(?P<model>[A-Za-z]+[\w-]*) Version (?P<firmware>\d[\d.]+)")
PLAIN = re.compile(r"^Opengear (?P<model>[A-Z]+\d\w*(?:-[\w-]+)?)(?: (?P<firmware>\d\d?\.\d\S*))?(?:$|,)")
TRIPP_LITE = re.compile(r"^TrippLite (?P<model>[A-Z]\d{3}-[\w-]+), Linux .* Version (?P<firmware>\d[\d.]+)")
TEMPERATURE = f"{OPENGEAR}.10.19.9.1.1"  # .2 name, .4 thousandths of a degree

ASKS = (
    Ask(
        "opengear",
        scalars=(*FIRMWARES, *SERIALS),
        tables=(f"{TEMPERATURE}.2", f"{TEMPERATURE}.4"),
        condition=Condition(object_id_prefixes=(OPENGEAR,)),
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Identity and temperatures."""
    relabelled = TRIPP_LITE.match(walk.description)
    if not relabelled and not walk.is_of(OPENGEAR):
        return
    yield from walk.vote("console server", 100, "product", DESCRIPTION if relabelled else OBJECT_ID)
    yield from walk.words(PLAIN, weight=50)
    yield from walk.words(LINUX, weight=55)
    yield from walk.words(TRIPP_LITE, weight=60)
    for oid in FIRMWARES:
        yield from walk.state("firmware", oid, read=_version, weight=70)
    for oid in SERIALS:
        yield from walk.state("serial", oid, weight=70)
    for index in walk.column(f"{TEMPERATURE}.4"):
        thousandths, component = walk.integer(f"{TEMPERATURE}.4.{index}"), f"sensor/{index[:64]}"
        if thousandths is not None and -50_000 < thousandths < 150_000:
            oid = f"{TEMPERATURE}.4.{index}"
            yield from walk.fact("temperature", thousandths / 1000, oid, component=component, unit="celsius")
            yield from walk.state("name", f"{TEMPERATURE}.2.{index}", component=component)


def _version(binding: Binding) -> str:
    """`5.1.1 721c1623 ()`: the version and what it was built from."""
    return as_named(binding).partition(" ")[0]
