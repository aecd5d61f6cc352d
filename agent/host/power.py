"""The machine's batteries and its mains, as the kernel's power supply class tells them.

Nothing here judges a battery. Batteries of mice, keyboards and pens (scope "Device") are not the machine's, an empty
bay (present 0) is no battery. Energies are told in microwatt-hours or, by the firmware's habit, as charge in
microampere-hours, which the design voltage turns into energy.
"""

from __future__ import annotations

from agent.host._world import NotAskedError, World, plain
from stocktake.values import Battery, Power

GROUP = "power"
NOTHING = Power()

_CLASS = "sys/class/power_supply"
_MAINS = {"Mains", "USB", "Wireless"}
_MOST_MILLIWATT_HOURS = 10_000_000  # more is garbage: a laptop holds 30,000 to 100,000
_MOST_CYCLES = 1_000_000


def read(world: World) -> Power:
    """The batteries by name, and whether any mains supply is online (None where no supply tells)."""
    if world.platform == "linux":
        return _linux(world)
    if world.platform in {"win32", "darwin"}:
        return _summary(world)
    raise NotAskedError


def _linux(world: World) -> Power:
    own = [name for name in world.names(_CLASS) if world.text(f"{_CLASS}/{name}/scope") != "Device"]
    kinds = {name: world.text(f"{_CLASS}/{name}/type") for name in own}
    batteries = [name for name in own if kinds[name] == "Battery" and world.number(f"{_CLASS}/{name}/present") != 0]
    online = [world.number(f"{_CLASS}/{name}/online") for name in own if kinds[name] in _MAINS]
    told = [value for value in online if value is not None]
    return Power(tuple(_battery(world, name) for name in batteries), any(told) if told else None)


def _battery(world: World, name: str) -> Battery:
    folder = f"{_CLASS}/{name}"
    return Battery(
        name=plain(name),
        manufacturer=world.text(f"{folder}/manufacturer"),
        model=world.text(f"{folder}/model_name"),
        serial=world.text(f"{folder}/serial_number"),
        technology=world.text(f"{folder}/technology"),
        manufacture_date=_manufacture_date(world, folder),
        design_milliwatt_hours=_energy(world, folder, "full_design"),
        full_milliwatt_hours=_energy(world, folder, "full"),
        cycle_count=world.number(f"{folder}/cycle_count", _MOST_CYCLES),
        charge_percent=world.number(f"{folder}/capacity", 100),
    )


def _energy(world: World, folder: str, which: str) -> int | None:
    """Milliwatt-hours, of energy (µWh), else of charge (µAh) at design voltage (µV)."""
    energy = world.number(f"{folder}/energy_{which}")
    charge = world.number(f"{folder}/charge_{which}")
    voltage = world.number(f"{folder}/voltage_min_design")
    if energy is not None:
        value = energy // 1000
    elif charge is not None and voltage is not None:
        value = charge * voltage // 10**9
    else:
        return None
    return value if value <= _MOST_MILLIWATT_HOURS else None


def _manufacture_date(world: World, folder: str) -> str:
    """ISO text as told, from three numbers; "" where one is missing or zero."""
    year, month, day = (world.number(f"{folder}/manufacture_{part}", 9999) for part in ("year", "month", "day"))
    return f"{year:04}-{month:02}-{day:02}" if year and month and day else ""


def _summary(world: World) -> Power:
    """Elsewhere only charge and mains are told in a simple way; what the battery could hold is not read yet."""
    battery = world.machine().battery()
    if battery is None:
        return Power()
    world.missed(f"the battery's maker, age and capacity (not read on {world.platform} yet)")
    charge = battery.charge_percent
    known = charge is not None and 0 <= charge <= 100
    return Power((Battery("battery", charge_percent=charge if known else None),), battery.mains_online)
