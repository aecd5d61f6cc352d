"""One device of the register as a plan sees it, or the rule by which it does not enter one. Pure.

It takes cells, conditions and ends as they were read, and knows neither store nor policy. What only a new system or a
licence mends is no reason to replace a machine, so it is no date of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from collector import london
from collector.age import launches
from collector.facts import maker_key
from collector.refresh.values import Kit, Made

TOLD = "told"  # the confidence of a date that a person or an invoice says
NOT_FIXABLE = "not fixable"  # verdict of a computer that can never run Windows 11
HARDWARE, SYSTEM = "hardware", "operating system"
#: systems whose end is the end of the machine: they are given up with the platform
OF_THE_MACHINE = ("chromeos",)
#: aspects of health whose lasting trouble a new device mends, and how long it lasts before it counts
WORN = ("battery", "disk", "fan", "power supply", "temperature")
LASTING_DAYS = 30
#: the oldest families of 802.11ac Wave 2 in `age/models.tsv` came in this month: what is older cannot be one of them
FIRST_WAVE_2 = date(2015, 4, 1)
SLOW = 1e9  # bits a second; DfE, network switching standard
LEAST_PORTS = 4  # that have to be up before it is said that a switch is slow

#: why a device of the register does not enter a plan
GONE = "retired or disposed of"
EXPECTED = "expected: nobody has seen it yet"
VIRTUAL = "virtual machines: the server that they run on is planned"
INSIDE = "parts of other devices, such as management controllers"
LEFT = "at schools that left the trust"
STRANGE = "seen and never identified: nothing tells what they are, or whose"
OUT = (STRANGE, GONE, EXPECTED, VIRTUAL, INSIDE, LEFT)
_INSIDE = frozenset({"management controller"})
#: cells any of which tells that a device of no known class is one of the trust's
_TELLING = (
    "model", "serial", "record_model", "record_serial", "asset_tag", "purchased", "cost", "local_name", "room",
    "status", "warranty_ends", "lease_ends", "tags",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class End:
    """What ends of a device on a day: hardware, operating system or firmware, and what it is called."""

    what: str
    title: str
    day: date


@dataclass(frozen=True, slots=True)
class Around:
    """What is read beside the cells, by device. `uses`: tags that a policy distinguishes; `members`: of the trust."""

    members: Collection[str]
    uses: frozenset[str] = frozenset()
    ends: Mapping[str, tuple[End, ...]] = field(default_factory=dict)
    worn: Mapping[str, tuple[str, str, datetime]] = field(default_factory=dict)
    ports: Mapping[str, tuple[int, float]] = field(default_factory=dict)
    marks: Mapping[str, float] = field(default_factory=dict)


def out_by(cells: Mapping[str, str], members: Collection[str]) -> str:
    """The rule by which a device does not enter a plan; "" where it does."""
    get = cells.get
    if get("status") in ("retired", "disposed") or get("life") in ("retired", "disposed") or get("disposed_on"):
        return GONE
    if get("school_id") not in members:
        return LEFT
    if get("class") == "virtual machine":
        return VIRTUAL
    if get("class") in _INSIDE:
        return INSIDE
    if get("class", "unknown") == "unknown" and not any(name in cells for name in _TELLING):
        return STRANGE
    return EXPECTED if get("life") == "expected" or get("status") == "expected" else ""


def kit(device_id: str, cells: Mapping[str, str], around: Around) -> Kit:
    """A device as a plan sees it. What is not known stays empty."""
    get = cells.get
    maker, model = get("maker") or get("record_maker", ""), get("model") or get("record_model", "")
    end = _end(around.ends.get(device_id, ()), cells)
    worn = around.worn.get(device_id)
    return Kit(
        device_id=device_id,
        name=get("local_name") or get("name") or f"{maker} {model}".strip() or get("class", ""),
        school_id=get("school_id", ""),
        device_class=get("class", "unknown"),
        maker=maker,
        model=model,
        suite=" ".join(get("room", "").split()),
        use=_use(get("tags", ""), around.uses),
        made=_made(cells),
        bought=day_of(get("purchased", "")),
        warranty_ends=day_of(get("warranty_ends", "")),
        support_ends=end.day if end else None,
        support_words=end.title if end else "",
        condition=worn[1] if worn else "",
        condition_since=london.day_of(worn[2]) if worn else None,
        minimum=_minimum(device_id, cells, maker, model, around),
        lease_ends=day_of(get("lease_ends", "")),
        marks=around.marks.get(device_id),
    )


def _made(cells: Mapping[str, str]) -> Made | None:
    days = [day_of(cells.get(f"made_{name}", "")) for name in ("earliest", "best", "latest")]
    best = days[1]
    if best is None:
        return None
    return Made(days[0] or best, best, days[2] or best, cells.get("made_confidence") == TOLD)


def _use(tags: str, uses: frozenset[str]) -> str:
    return next((tag for tag in tags.split(", ") if tag in uses), "") if uses and tags else ""


def _end(ends: Iterable[End], cells: Mapping[str, str]) -> End | None:
    """What ends first of that which only another machine mends."""
    stuck = cells.get("windows_11") == NOT_FIXABLE
    found = [end for end in ends if end.what == HARDWARE or (end.what == SYSTEM and _of_machine(end, stuck=stuck))]
    return min(found, key=lambda end: end.day, default=None)


def _of_machine(end: End, *, stuck: bool) -> bool:
    title = end.title.lower()
    if title.startswith("windows server"):
        return False
    return (stuck and title.startswith("windows")) or title.startswith(OF_THE_MACHINE)


@lru_cache(maxsize=1_024)
def _family(maker: str, model: str) -> launches.Row | None:
    return launches.find(launches.MODELS, maker_key(maker), model, "access point")


def _minimum(device_id: str, cells: Mapping[str, str], maker: str, model: str, around: Around) -> str:
    """Why a device fails a DfE minimum that only replacing mends."""
    if cells.get("class") == "access point" and model:
        family = _family(maker, model)
        if family and family.launch < FIRST_WAVE_2:
            return f"{family.family} came in {family.launch:%B %Y}, before Wi-Fi of 802.11ac Wave 2"
    ports = around.ports.get(device_id)
    if ports and ports[0] >= LEAST_PORTS and ports[1] < SLOW:
        return f"none of its {ports[0]} ports that are up is faster than {ports[1] / 1e6:.0f} Mb/s; 1 Gb/s is asked for"
    return ""


@lru_cache(maxsize=16_384)  # an estate has as many dates as devices, and few days
def day_of(said: str) -> date | None:
    """A day as a cell or fact tells it; None where it is none."""
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        return None
