"""Until when its makers support a device: its operating system or firmware, and its hardware.

A release is found by product, edition and build or version, never by one of them alone; the dates are rows of
`support_rows`. Where what is told leaves several rows open (no edition), the answer spans them: the earliest end, and
how late it may be. *Unknown* comes with its reason. It does not know today: `state` takes it as a parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from collector.age import About, launches, support_windows
from collector.age.support_rows import Row, Rows, shipped
from collector.age.support_systems import FIRMWARE, SYSTEM, SYSTEMS, System, parts, versions

SUPPORTED, EXTENDED, ENDED, END_UNKNOWN, UNKNOWN = STATES = (
    "supported", "extended support", "ended", "supported, end unknown", "unknown",
)  # fmt: skip
HARDWARE = "hardware"
STALE = 400  # days after which "supported, and no end is told" is no longer believed
GENERAL_PURPOSE = {"desktop", "laptop", "tablet", "computer", "server", "hypervisor", "virtual machine", "unknown",
                   "thin client"}  # fmt: skip
Models = Callable[[About], launches.Row | None]


@dataclass(frozen=True)
class Support:
    """Until when one thing of a device is supported, and how that is known.

    `what` is "operating system", "firmware" or "hardware". `ends` is the last day with security updates: None where no
    end is told, or where `known` is false, and then `words` say why. `at_latest` is later than `ends` where the
    edition that decides was not told. `extended` is the last day of what is bought, or done by others; whether this
    device takes part in it is not known.
    """

    what: str
    product: str
    release: str
    ends: date | None
    extended: date | None
    extended_name: str
    known: bool
    words: str
    source: str
    checked: date | None
    at_latest: date | None = None

    @property
    def title(self) -> str:
        """Product and release as people say them: the product once, though most releases begin with it."""
        return self.release if self.release.startswith(self.product) else f"{self.product} {self.release}".strip()


def state(support: Support, today: date) -> str:
    """One of `STATES`; a day that is told counts as the last day of support."""
    if not support.known:
        return UNKNOWN
    if support.ends is None:
        stale = support.checked is None or (today - support.checked).days > STALE
        return UNKNOWN if stale else END_UNKNOWN
    if today <= support.ends:
        return SUPPORTED
    if support.at_latest and today <= support.at_latest:
        return UNKNOWN
    return EXTENDED if support.extended and today <= support.extended else ENDED


def of(about: About, rows: Rows | None = None, models: Models = launches.product) -> tuple[Support, ...]:
    """What is known of the support of a device: of its software first, then of its hardware.

    `rows` are those that came with Stocktake, or what an operator imported.
    """
    known = shipped() if rows is None else rows
    return (*_software(about, known), *_hardware(about, known, models))


# ------------------------------------------------------------------------------------------------ software


NO_NAMES = ("", "linux")  # names that tell no system


def _software(about: About, rows: Rows) -> Iterator[Support]:
    windows = support_windows.read(about)
    system = next((system for system in SYSTEMS if system.fits(about)), None)
    if windows:
        yield _windows(windows, rows)
    elif system:
        yield _versioned(system, about, rows)
    elif about.text("os.name").lower() not in NO_NAMES:
        name = about.text("os.name")
        yield _unknown(SYSTEM, name, f"no end of support is known of {name}")
    elif about.text("os.name") and about.kind in GENERAL_PURPOSE:
        yield _unknown(SYSTEM, about.text("os.name"), "the distribution is not told")
    elif about.text("firmware") and about.kind not in GENERAL_PURPOSE:
        maker = about.maker or "an unknown maker"
        yield _unknown(FIRMWARE, about.maker, f"no end of support is known of the firmware of {maker}")


def _windows(windows: support_windows.Windows, rows: Rows) -> Support:
    """By product, build and edition; of what is not told, all that it may be."""
    product = "Windows Server" if windows.products == (support_windows.SERVER,) else "Windows"
    if not windows.build:
        return _unknown(SYSTEM, product, "its build is not told")
    found = support_windows.rows_of(windows, rows)
    edition = f" and edition {windows.edition}" if windows.edition else ""
    if not found:
        return _unknown(SYSTEM, product, f"no end of support is known of {product} with build {windows.build}{edition}")
    if len(found) == 1:
        (row,) = found
        return _support(SYSTEM, product, row, f"build {windows.build}{edition} is {row.title}")
    return _spanning(product, found, f"build {windows.build}", both=len(windows.products) > 1)


def _spanning(product: str, found: Rows, build: str, *, both: bool) -> Support:
    """Several rows that it may be: the earliest end, and how late it may be."""
    inorder = sorted(found, key=lambda row: (_end(row), row.extended or date.max, row.title))
    first, latest = inorder[0], _end(inorder[-1])
    listed = "; ".join(f"{row.title} until {row.ends or 'no known day'}" for row in inorder)
    untold = "edition, and whether it is a server, are not told" if both else "edition is not told"
    same = latest == _end(first)
    bought = first.extended if all(row.extended for row in found) else None
    return Support(
        what=SYSTEM,
        product=product,
        release=first.release if same else f"{first.release} or another of its build",
        ends=None if _end(first) == date.max else _end(first),
        extended=bought,
        extended_name=first.extended_name if bought else "",
        known=True,
        words=f"the {untold}; {build} is {first.release}" if same else f"the {untold}, and {build} may be {listed}",
        source=first.source,
        checked=min(row.checked for row in found),
        at_latest=None if same else latest,
    )


def _end(row: Row) -> date:
    """The last day of a row, the end of time where none is told."""
    return row.checked if row.ended else row.ends or date.max


def _versioned(system: System, about: About, rows: Rows) -> Support:
    """By the longest version of a row that begins a version that the device tells."""
    of_product = [row for row in rows if row.product == system.product]
    told = tuple(versions(system, about))
    fitting = ((version, row) for version in (*told, "") if (row := _longest(of_product, version)))
    version, found = next(fitting, ("", None))
    if found is None and not told:
        return _unknown(system.what, system.title, f"the version of {system.title} is not told")
    if found is None:
        day = max((row.checked for row in of_product), default=None)
        words = f"no end of support is known of {system.title} {told[0]}"
        return _unknown(system.what, system.title, f"{words} (as of {day})" if day else words)
    if not found.version:
        words = f"{found.title} is supported; how long this model gets its updates is not told"
        return _support(system.what, system.title, found, words)
    return _support(system.what, system.title, found, f"version {version} is {found.title}")


def _longest(rows: Iterable[Row], version: str) -> Row | None:
    told = parts(version)
    fitting = [row for row in rows if told[: len(parts(row.version))] == parts(row.version)]
    return max(fitting, key=lambda row: len(parts(row.version)), default=None)


# ------------------------------------------------------------------------------------------------ hardware


def _hardware(about: About, rows: Rows, models: Models) -> Iterator[Support]:
    """By the name of the model: of tablets that endoflife.date lists, and of the families of `models.tsv`."""
    name = _bare(about.model)
    listed = next((row for row in rows if row.product in ("surface", "ipad") and _bare(row.version) == name), None)
    if listed:
        what = "firmware and drivers" if listed.product == "surface" else "iPadOS"
        yield _support(HARDWARE, listed.release, listed, f"{listed.release} gets {what}")
    elif (row := models(about)) and row.end_of_support:
        checked = "" if row.checked else "; the dates were not compared with a source"
        yield Support(
            what=HARDWARE,
            product=row.family,
            release=row.family,
            ends=row.end_of_support,
            extended=None,
            extended_name="",
            known=True,
            words=f"{about.model or row.family} is of {row.family}{checked}",
            source=row.source,
            checked=row.checked,
        )


def _bare(model: str) -> str:
    """A model without its maker, commas and capitals: SMBIOS says `Microsoft Surface Laptop, 7th Edition`."""
    return " ".join(model.lower().replace(",", "").removeprefix("microsoft ").removeprefix("apple ").split())


# ------------------------------------------------------------------------------------------------ answers


def _support(what: str, product: str, row: Row, words: str) -> Support:
    """The answer of one row; of what has ended on no known day, the day it was checked is the latest that it can be."""
    if row.ended:
        words = f"{words}, which had ended by {row.checked}; the day is not told"
    return Support(
        what=what,
        product=product,
        release=row.release,
        ends=row.checked if row.ended else row.ends,
        extended=row.extended,
        extended_name=row.extended_name,
        known=True,
        words=words,
        source=row.source,
        checked=row.checked,
    )


def _unknown(what: str, product: str, words: str) -> Support:
    return Support(
        what=what,
        product=product,
        release="",
        ends=None,
        extended=None,
        extended_name="",
        known=False,
        words=words,
        source="",
        checked=None,
    )
