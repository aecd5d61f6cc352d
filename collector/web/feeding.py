"""What a switch tells of Power over Ethernet: in a sentence, by interface, and where no interface is known. Pure.

A supply is a component `power over ethernet/<group>`, a port `power over ethernet/<group>.<port>`; which interface a
port is stands in its `interface_index`, where the switch tells that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from collector.store.rows import FactRow
from collector.web import parts, words
from collector.web.network_layers import natural

SUPPLY = "power over ethernet/"
TOLD = ("power_state", "power_class", "power")  # of a port, in this order
IDLE = frozenset({"searching", "switched off"})  # states of a port that nobody looks for
MOST_APART = 100  # ports named that are no interface


@dataclass(frozen=True, slots=True)
class Feeding:
    """`sentence`: the whole of it, "" for nothing told. `at`: interface → what its port tells. `apart`: other ports.

    Of the ports that no interface is known of, `apart` names those that feed or fail; `more` is how many are left out.
    """

    sentence: str
    at: Mapping[str, tuple[FactRow, ...]]
    apart: tuple[tuple[str, tuple[FactRow, ...]], ...]
    more: int = 0


def feeding(stands: parts.Standing) -> Feeding:
    """What the standing facts of a switch tell."""
    ports: dict[str, dict[str, FactRow]] = {}
    for (component, name), fact in stands.items():
        if component.startswith(SUPPLY):
            ports.setdefault(component.removeprefix(SUPPLY), {})[name] = fact
    at: dict[str, tuple[FactRow, ...]] = {}
    apart = []
    for index in sorted(ports, key=natural):
        told = tuple(ports[index][name] for name in TOLD if name in ports[index])
        interface = ports[index].get("interface_index")
        if interface is not None:
            at[str(interface.value)] = told
        elif told and told[0].value not in IDLE:
            apart.append((index, told))
    return Feeding(_sentence(stands, ports), at, tuple(apart[:MOST_APART]), max(0, len(apart) - MOST_APART))


def _sentence(stands: parts.Standing, ports: Mapping[str, Mapping[str, FactRow]]) -> str:
    said = []
    for name, one, many in (
        ("ports_fed", "port is fed", "ports are fed"),
        ("ports_with_power_faults", "port has a power fault", "ports have a power fault"),
    ):
        fact = stands.get(("", name))
        if fact is not None and isinstance(fact.value, int) and (fact.value or name == "ports_fed"):
            said.append(words.plural(fact.value, one, many))
    used, whole, drawn = (_watts(ports, name) for name in ("consumption", "capacity", "power"))
    used = drawn if used is None else used
    if used is not None:
        said.append(f"{used:g} W of {whole:g} W are used" if whole else f"{used:g} W are used")
    elif whole:
        said.append(f"{whole:g} W can be given out, and how much is used is not told")
    return ", ".join(said)


def _watts(ports: Mapping[str, Mapping[str, FactRow]], name: str) -> float | None:
    told = (part[name].value for part in ports.values() if name in part)
    values = [value for value in told if isinstance(value, int | float)]
    return round(sum(values), 3) if values else None
