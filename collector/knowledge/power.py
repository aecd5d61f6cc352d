"""Batteries of a machine, with serial, age and wear, and whether mains is there."""

from __future__ import annotations

from collections.abc import Iterator

from collector.facts import identifier_text, maker_name, named_text, text
from collector.knowledge import Statement, Witness
from stocktake.values import Battery, Power

READS = Power
MOST_BATTERIES = 16


def read(content: Power, witness: Witness) -> Iterator[Statement]:
    """Every battery as a component; a machine that has one is a laptop more likely than not."""
    for battery in content.batteries[:MOST_BATTERIES]:
        yield from _battery(battery, f"battery/{text(battery.name, 64)}", witness)
    if content.batteries:
        yield from witness.vote("laptop", 45, "battery", content.batteries[0].name)
    yield from witness.fact("mains_online", content.mains_online, "mains")


def _battery(battery: Battery, component: str, witness: Witness) -> Iterator[Statement]:
    told = {"maker": maker_name(battery.manufacturer), "model": named_text(battery.model),
            "serial": identifier_text(battery.serial), "technology": named_text(battery.technology),
            "manufactured": text(battery.manufacture_date, 32), "cycles": battery.cycle_count,
            "charge [percent]": battery.charge_percent,
            "design_capacity [milliwatt_hours]": battery.design_milliwatt_hours,
            "full_capacity [milliwatt_hours]": battery.full_milliwatt_hours}  # fmt: skip
    yield from witness.facts(told, battery.name, component=component)
    if battery.design_milliwatt_hours and battery.full_milliwatt_hours is not None:
        health = round(100 * battery.full_milliwatt_hours / battery.design_milliwatt_hours)
        yield from witness.fact("health", health, battery.name, component=component, unit="percent")
