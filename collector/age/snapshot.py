"""Reads a snapshot of endoflife.date (MIT licence) into rows of `support_rows`.

Two forms are read: the product files as one JSON object (`products` → name → `releases`), and the answer of
`https://endoflife.date/api/v1/products/full`. What counts is `eol`, the end of security updates: a date, false where
no end is told, true where it has ended on a day that nobody told. `eoas` is the end of features and is not read;
`eoes` is the end of extended support. Rows that are not from endoflife.date are never replaced. It does not know what
devices run, nor where the rows are kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from collector.age.support_rows import (
    ENTERPRISE,
    HOME_AND_PRO,
    IOT,
    IOT_LTSC,
    LTSC,
    SEMI_ANNUAL,
    Row,
    Rows,
    merged,
    parse,
    shipped,
)
from collector.facts import text as clean

ORIGIN = "https://endoflife.date/"
FULL = f"{ORIGIN}api/v1/products/full"
LONGEST = 64 << 20  # characters of a snapshot; the whole of endoflife.date has some 5 million
WORD = 80  # characters of a name
WINDOWS, SERVER, SURFACE, IPAD = "windows", "windows-server", "surface", "ipad"

#: products that devices of schools run or are → how people say it, and what its extended support is called
PRODUCTS = {
    WINDOWS: ("Windows", "ESU"), SERVER: ("Windows Server", "ESU"), "macos": ("macOS", ""), "ios": ("iOS", ""),
    "ipados": ("iPadOS", ""), "android": ("Android", ""), "debian": ("Debian", "LTS"),
    "ubuntu": ("Ubuntu", "Ubuntu Pro"), "rhel": ("Red Hat Enterprise Linux", "Extended Life Cycle Support"),
    "almalinux": ("AlmaLinux", ""), "rocky-linux": ("Rocky Linux", ""), "centos": ("CentOS Linux", ""),
    "fedora": ("Fedora", ""), "sles": ("SUSE Linux Enterprise Server", "LTSS"), "xcp-ng": ("XCP-ng", ""),
    "proxmox-ve": ("Proxmox VE", ""), "vmware-esxi": ("VMware ESXi", ""), "vmware-vcenter": ("VMware vCenter", ""),
    "fortios": ("FortiOS", ""), "pan-os": ("PAN-OS", ""), "sns-firmware": ("Stormshield firmware", ""),
    "cisco-ios-xe": ("Cisco IOS-XE", ""), "routeros": ("RouterOS", ""), "openwrt": ("OpenWrt", ""),
    SURFACE: ("Surface", ""), IPAD: ("iPad", ""),
}  # fmt: skip
#: the end of a cycle of Windows → edition group, the longest first
EDITIONS = (("-iot-lts", IOT_LTSC), ("-e-lts", LTSC), ("-iot", IOT), ("-e", ENTERPRISE), ("-w", HOME_AND_PRO))
CHANNELS = (("-sac", SEMI_ANNUAL), ("-ac", ""))  # the annual channel has builds of its own
#: long-term releases by build (learn.microsoft.com/windows/release-health)
LONG_TERM = {"10240": "2015 LTSB", "14393": "2016 LTSB", "17763": "LTSC 2019", "19044": "LTSC 2021",
             "26100": "LTSC 2024"}  # fmt: skip
#: where the snapshot's latest version is not the build that machines tell: Vista SP2; Server 2008 SP2 has two
BUILDS = {(WINDOWS, "6-sp2"): "6002", (SERVER, "2008-sp2"): "6002 6003"}
#: what these call themselves in SMBIOS, where it is not their label (Microsoft's Surface system SKU reference)
SURFACES = {"pro-5th-gen": "Surface Pro", "laptop-1st-gen": "Surface Laptop", "studio-1st-gen": "Surface Studio",
            "pro": "Surface with Windows 8 Pro"}  # fmt: skip
DAY = re.compile(r"\d{4}-\d\d-\d\d")
NUMBER = re.compile(r"\d+(\.\d+)*")


class SnapshotError(ValueError):
    """A file that is no snapshot, or a broken or older one: what is wrong, where, and what to do instead."""


@dataclass(frozen=True, slots=True)
class Release:
    """One release as the snapshot tells it. `eol` and `eoes` are a date, or whether it has ended."""

    product: str
    cycle: str
    label: str
    latest: str
    eol: date | bool
    eoes: date | bool


def import_snapshot(text: str, known: Rows, latest: date = date.max) -> tuple[Rows, tuple[str, ...]]:
    """The known rows with those of a snapshot, and what that changes, one sentence each.

    Raises SnapshotError, and then nothing is changed: the rows that are known are never altered in place. A snapshot
    of a day after `latest` is refused, because no true one could follow it.
    """
    content = _content(text)
    day = _day_of(content)
    if day > latest:
        raise SnapshotError(f"the snapshot is of {day}, which has not come yet")
    newest = max((row.checked for row in known if row.source.startswith(ORIGIN)), default=day)
    if day < newest:
        raise SnapshotError(f"the snapshot is of {day}, but a newer one, of {newest}, is in use already")
    rows = [row for release in _releases(content) if (row := _row(release, day))]
    if not rows:
        raise SnapshotError(f"the snapshot tells of no product that is known here; take the one of {FULL}")
    return _merged(known, rows)


def brought(rows: Rows) -> Rows:
    """What is worth keeping of a table: the rows that did not come with Stocktake as they are."""
    known = set(shipped())
    return tuple(row for row in rows if row not in known)


@lru_cache(maxsize=8)
def in_force(kept: str) -> Rows:
    """The rows that count: those that came with Stocktake and what was kept of imports, of each key the newest.

    Rows of Stocktake's own stand here, too: one that came after an import is not hidden by it.
    """
    own = {row.key for row in shipped() if not row.source.startswith(ORIGIN)}
    return merged(shipped(), tuple(row for row in parse(kept) if row.key not in own))


def _merged(known: Rows, rows: Iterable[Row]) -> tuple[Rows, tuple[str, ...]]:
    """Rows of one key: endoflife.date's are replaced, own rows stand.

    Service packs that share a build (Server 2003) share a key, too: the first, the newest, stands.
    """
    kept = {row.key: row for row in known}
    first = {row.key: row for row in reversed(tuple(rows))}
    changes: list[str] = []
    for row in reversed(first.values()):
        old = kept.get(row.key)
        if old and not old.source.startswith(ORIGIN):
            continue
        kept[row.key] = row
        changes += [] if old and until(old) == until(row) else [_change(row, old)]
    return tuple(kept.values()), tuple(changes)


def _change(row: Row, old: Row | None) -> str:
    return f"{row.title}: {until(row)}; before: {until(old)}" if old else f"{row.title} is new: {until(row)}"


def until(row: Row) -> str:
    """Until when, in words that do not depend on today."""
    more = f", {row.extended_name or 'extended support'} until {row.extended}" if row.extended else ""
    if row.ended:
        return f"support has ended, on a day that is not told{more}"
    return f"supported until {row.ends}{more}" if row.ends else f"supported, and no end is told{more}"


# ------------------------------------------------------------------------------------------------ the file


def _content(text: str) -> dict[str, Any]:
    if len(text) > LONGEST:
        raise SnapshotError(f"the file has {len(text):,} characters: no snapshot of endoflife.date is that long")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SnapshotError(f"the file is not JSON ({error}); take the one of {FULL}") from None
    if not isinstance(content, dict) or not ({"products", "result"} & set(content)):
        raise SnapshotError(f"the file has neither 'products' nor 'result': no snapshot; take the one of {FULL}")
    return content


def _day_of(content: Mapping[str, Any]) -> date:
    """The day a snapshot was taken: of its commit, or when the site made it."""
    for name in ("commit", "generated_at"):
        if found := DAY.search(str(content.get(name, ""))):
            return _date(found[0], name)
    raise SnapshotError("the snapshot does not say of which day it is: neither 'commit' nor 'generated_at' has a date")


def _releases(content: Mapping[str, Any]) -> Iterator[Release]:
    """The releases of the products that matter, in the order of the file."""
    for name, product in _products(content):
        releases = product.get("releases") if isinstance(product, dict) else None
        if not isinstance(releases, list):
            raise SnapshotError(f"the product {name} has no list of 'releases'")
        for number, release in enumerate(releases, 1):
            if not isinstance(release, dict):
                raise SnapshotError(f"release {number} of {name} is no object")
            yield _release(name, release, f"release {number} of {name}")


def _products(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Name and product, for both forms."""
    products = content.get("products", content.get("result"))
    if isinstance(products, dict):
        one = "releases" in products  # the site's answer for a single product
        named = [(str(products.get("name")), products)] if one else list(products.items())
    elif isinstance(products, list):
        named = [(str(product.get("name")), product) for product in products if isinstance(product, dict)]
    else:
        raise SnapshotError("'products' is neither an object nor a list")
    yield from ((name, product) for name, product in named if name in PRODUCTS)


def _release(product: str, told: Mapping[str, Any], place: str) -> Release:
    cycle = told.get("releaseCycle", told.get("name"))
    if not isinstance(cycle, str) or not cycle or len(cycle) > WORD:
        raise SnapshotError(f"{place} has no 'releaseCycle'")
    latest = told.get("latest")
    latest = latest.get("name") if isinstance(latest, dict) else latest
    return Release(
        product=product,
        cycle=clean(cycle),
        label=clean(str(told.get("releaseLabel") or told.get("label") or ""), WORD),
        latest=clean(str(latest or ""), WORD),
        eol=_end(told, "eol", "isEol", place),
        eoes=_end(told, "eoes", "isEoes", place) if told.keys() & {"eoes", "eoesFrom"} else False,
    )


def _end(told: Mapping[str, Any], name: str, flag: str, place: str) -> date | bool:
    """The day something ends; else whether it has ended."""
    value = told.get(name, told.get(f"{name}From"))
    if value is None:
        value = told.get(flag)
    if isinstance(value, bool):
        return value
    if value is None and name == "eoes":
        return False
    if isinstance(value, str):
        return _date(value, f"'{name}' of {place}")
    raise SnapshotError(f"'{name}' of {place} is {value!r}: neither a date nor true or false")


def _date(value: str, place: str) -> date:
    try:
        if DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass  # a month 13: refused below
    raise SnapshotError(f"{place} is {value[:WORD]!r}: no date as 2026-10-13")


# ------------------------------------------------------------------------------------------------ releases as rows


def _row(release: Release, day: date) -> Row | None:
    """The row of a release, or None for a variant that no device can be told to run."""
    named = _named(release)
    if named is None:
        return None
    edition, version, title = named
    extended = release.eoes if isinstance(release.eoes, date) else None
    ends = release.eol if isinstance(release.eol, date) else None
    return Row(
        product=release.product,
        edition=edition,
        version=version,
        release=title,
        ends=ends,
        ended=release.eol is True,
        extended=extended if ends is None or (extended and extended > ends) else None,
        extended_name=PRODUCTS[release.product][1] if extended else "",
        source=f"{ORIGIN}{release.product}",
        checked=day,
    )


def _named(release: Release) -> tuple[str, str, str] | None:
    """Edition group, version and title."""
    if release.product in (WINDOWS, SERVER):
        return _windows(release)
    if release.product in (SURFACE, IPAD):
        model = SURFACES.get(release.cycle, release.label) if release.product == SURFACE else release.label
        return ("", model, release.label) if model else None
    if not NUMBER.fullmatch(release.cycle):
        return None
    return "", release.cycle, f"{PRODUCTS[release.product][0]} {release.cycle}"


def _windows(release: Release) -> tuple[str, str, str] | None:
    """Editions stand behind the cycle, the build behind the last dot of the latest version."""
    build = BUILDS.get((release.product, release.cycle)) or release.latest.rpartition(".")[2]
    if not all(part.isdecimal() for part in build.split()) or not build:
        return None
    groups = EDITIONS if release.product == WINDOWS else CHANNELS
    suffix, edition = next(((end, group) for end, group in groups if release.cycle.endswith(end)), ("", ""))
    title = PRODUCTS[release.product][0]
    if edition in (LTSC, IOT_LTSC):
        first = release.cycle.partition("-")[0]
        enterprise = "IoT Enterprise" if edition == IOT_LTSC else "Enterprise"
        return edition, build, f"{title} {first} {enterprise} {LONG_TERM.get(build, 'LTSC')}"
    return edition, build, f"{title} {_release_name(release, suffix)}"


def _release_name(release: Release, suffix: str) -> str:
    """`24H2` for people, from the label where there is one: without the editions, which have a column of their own."""
    title = PRODUCTS[release.product][0]
    name = release.label.removeprefix(f"{title} ") or release.cycle.removesuffix(suffix).replace("-", " ").upper()
    return re.sub(r" \([EW]\)$| (?:SAC|AC)$", "", name)
