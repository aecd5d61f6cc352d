"""What a Windows machine tells of its product, edition and build, as the groups that ends of support speak of.

The agent's product is `windows` for personal computers and servers alike: the edition (EditionID of the registry, such
as `ProfessionalEducation` or `ServerStandard`) or the name tells which. The name alone misleads: Windows 11 registers
the product name of Windows 10, so the build decides. By SNMP there is a build and no edition. Builds are shared
(26100 is Windows 11 24H2, LTSC 2024 and Server 2025), and what is not told is not guessed here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from collector.age import About
from collector.age.support_rows import (
    ENTERPRISE,
    HOME,
    HOME_AND_PRO,
    IOT,
    IOT_LTSC,
    LTSC,
    SEMI_ANNUAL,
    Rows,
)

CLIENT, SERVER = "windows", "windows-server"
FIRST_BUILD_OF_11 = 22000
#: EditionID, without N (no media player), Eval and the like → edition groups, the narrowest first
#: (learn.microsoft.com/windows/release-health and /lifecycle tell which edition is served with which)
EDITIONS: dict[str, tuple[str, ...]] = {
    "core": (HOME, HOME_AND_PRO), "coresinglelanguage": (HOME, HOME_AND_PRO),
    "corecountryspecific": (HOME, HOME_AND_PRO),
    "professional": (HOME_AND_PRO,), "professionaleducation": (HOME_AND_PRO,),
    "professionalworkstation": (HOME_AND_PRO,), "professionalsinglelanguage": (HOME_AND_PRO,),
    "professionalcountryspecific": (HOME_AND_PRO,), "cloud": (HOME_AND_PRO,), "cloudedition": (HOME_AND_PRO,),
    "education": (ENTERPRISE,), "enterprise": (ENTERPRISE,), "enterpriseg": (ENTERPRISE,),
    "iotenterprise": (ENTERPRISE,), "iotenterprisek": (ENTERPRISE,), "serverrdsh": (ENTERPRISE,),
    "enterprises": (LTSC,), "iotenterprises": (IOT_LTSC, LTSC), "iotenterprisesk": (IOT_LTSC, LTSC),
    "iotuap": (IOT,),
}  # fmt: skip
#: the same in words, where a name is all there is; the first that fits
WORDS = tuple((re.compile(pattern, re.IGNORECASE), groups) for pattern, groups in (
    (r"\biot\b.*\blts[cb]\b", (IOT_LTSC, LTSC)),
    (r"\blts[cb]\b", (LTSC,)),
    (r"\bpro(fessional)? education\b|\bprofessional\b|\bpro\b|\bse\b", (HOME_AND_PRO,)),
    (r"\beducation\b|\benterprise\b", (ENTERPRISE,)),
    (r"\bhome\b|\bsingle language\b", (HOME, HOME_AND_PRO)),
))  # fmt: skip
CHANNEL = re.compile(r"^server\w+acor$")  # ServerStandardACor, ServerDatacenterACor
OTHER_PRODUCTS = re.compile(r"azurestackhci|azure stack hci|azure local", re.IGNORECASE)
BUILD = re.compile(r"^(?:\d+\.\d+\.)?(\d{4,5})(?:\.\d+)?$")  # 26100, 26100.4351, 10.0.26100.4351
VERSION = re.compile(r"^\d+\.\d+\.(\d{4,5})(?:\.\d+)?$")  # not 2004, which is a release


@dataclass(frozen=True, slots=True)
class Windows:
    """A Windows machine. `products` holds both where it does not tell; `groups` is None where no edition is told."""

    products: tuple[str, ...]
    build: str
    groups: tuple[str, ...] | None
    edition: str  # as it was told


def read(about: About) -> Windows | None:
    """What it tells, or None where it is no Windows."""
    name, edition = about.text("os.name"), about.text("os.edition")
    named = re.search(r"\bwindows\b", name, re.IGNORECASE)
    if about.text("os.product").lower() not in (CLIENT, SERVER) and not named:
        return None
    if OTHER_PRODUCTS.search(f"{name} {edition}"):
        return Windows((), _build(about), None, edition or name)
    return Windows(_products(about), _build(about), _groups(edition, name), edition)


def runs_11(about: About) -> bool:
    """Whether it runs Windows 11 or a later one already."""
    found = read(about)
    return found is not None and found.products == (CLIENT,) and int(found.build or 0) >= FIRST_BUILD_OF_11


def rows_of(windows: Windows, rows: Rows) -> Rows:
    """The rows that it may be: one where product, build and edition are told, none where no row knows them."""
    of_build = [row for row in rows if row.product in windows.products and windows.build in row.version.split()]
    if windows.groups is None:
        usual = [row for row in of_build if row.edition != SEMI_ANNUAL]
        return tuple(usual or of_build)
    by_edition = {row.edition: row for row in reversed(of_build)}
    narrowest = next((by_edition[group] for group in (*windows.groups, "") if group in by_edition), None)
    return (narrowest,) if narrowest else ()


def _products(about: About) -> tuple[str, ...]:
    """By edition or name; SNMP names a machine `Windows`, and no more, where it cannot tell."""
    name, edition = about.text("os.name").lower(), about.text("os.edition").lower()
    if edition == "serverrdsh":  # Enterprise for many sessions: no server
        return (CLIENT,)
    if edition.startswith("server") or "server" in name or about.text("os.product").lower() == SERVER:
        return (SERVER,)
    if edition or re.search(r"windows \w", name):
        return (CLIENT,)
    return (CLIENT, SERVER) if about.kind != "server" else (SERVER,)


def _build(about: About) -> str:
    match = BUILD.match(about.text("os.build")) or VERSION.match(about.text("os.version"))
    return match[1] if match else ""


def _groups(edition: str, name: str) -> tuple[str, ...] | None:
    key = edition.lower().replace(" ", "")
    if CHANNEL.match(key):
        return (SEMI_ANNUAL,)
    if key.startswith("server") and key != "serverrdsh":
        return ("",)
    for bare in (key, key.removesuffix("eval"), key.removesuffix("eval").removesuffix("n")):
        if bare in EDITIONS:
            return EDITIONS[bare]
    return next((groups for words, groups in WORDS if words.search(f"{edition} {name}")), None)
