"""Device: everything that is told of one device, over time. What it does not tell says so."""

from __future__ import annotations

from typing import Any

from frame import (
    AMBER,
    BLUE,
    CHOSEN_DEVICE,
    COUNT,
    GREEN,
    MOMENT,
    RED,
    SECONDS,
    SHARE,
    Panel,
    Query,
    board,
    device_variable,
    school_variables,
)

_IT = 'device="$device"'
_PAGE = f"/devices/{CHOSEN_DEVICE}"
_NOT_TOLD = "not told"
STATES = {"0": ("ok", GREEN), "1": ("warning", AMBER), "2": ("critical", RED)}
WELL = {"1": ("ok", GREEN), "0": ("failed", RED)}


def _number(title: str, description: str, unit: str, expr: str, **more: Any) -> Panel:
    shown: dict[str, Any] = {"width": 4, "height": 4, "empty": _NOT_TOLD, "steps": ((None, BLUE),)} | more
    return Panel("number", title, description, unit, _PAGE, (Query(expr),), **shown)


def _lines(title: str, description: str, unit: str, *queries: tuple[str, str], **more: Any) -> Panel:
    shown: dict[str, Any] = {"width": 8, "empty": _NOT_TOLD} | more
    return Panel("lines", title, description, unit, _PAGE, tuple(Query(e, legend) for e, legend in queries), **shown)


WHO = (
    Panel(
        "rows",
        "What it is",
        "What the register says today.",
        COUNT,
        _PAGE,
        (Query(f"stocktake_device_info{{{_IT}}}"),),
        width=24,
        height=4,
        columns={
            "name": "Name",
            "class": "Class",
            "maker": "Maker",
            "model": "Model",
            "school": "School",
            "device": "",
        },
    ),
    _number(
        "Answering",
        "Whether it answered when it was last asked.",
        COUNT,
        f"stocktake_device_up{{{_IT}}}",
        words={"1": ("yes", GREEN), "0": ("no", RED)},
    ),
    _number(
        "Last seen",
        "When an agent last met it.",
        MOMENT,
        f"1000 * stocktake_device_last_seen_timestamp_seconds{{{_IT}}}",
    ),
    _number("Running for", "Time since it started, as it tells.", SECONDS, f"stocktake_device_uptime_seconds{{{_IT}}}"),
    _number(
        "Age",
        "Since the best date of its manufacture.",
        "suffix: years",
        f"(time() - stocktake_device_manufacture_timestamp_seconds{{{_IT}}}) / (365.25 * 86400)",
    ),
    _number(
        "Supported until",
        "When the first of its system, firmware and hardware loses support.",
        MOMENT,
        f"1000 * stocktake_device_support_end_timestamp_seconds{{{_IT}}}",
    ),
    _number("Pages printed", "The counter of its engine.", COUNT, f"stocktake_printer_pages_total{{{_IT}}}"),
)

HEALTH = (
    Panel(
        "states",
        "Conditions",
        "The state of every aspect that is judged. A gap is unknown: it was not told.",
        COUNT,
        _PAGE,
        (Query(f"max by (aspect) (stocktake_device_condition{{{_IT}}})", "{{aspect}}"),),
        words=STATES,
        steps=((None, GREEN), (1, AMBER), (2, RED)),
    ),
    Panel(
        "states",
        "Answering over time",
        "When it answered and when not.",
        COUNT,
        _PAGE,
        (Query(f"max by (device) (stocktake_device_up{{{_IT}}})", "answering"),),
        words={"1": ("yes", GREEN), "0": ("no", RED)},
        steps=((None, RED), (1, GREEN)),
    ),
)

READINGS = (
    _lines(
        "Processor",
        "How busy it is.",
        SHARE,
        (f"stocktake_device_processor_load_ratio{{{_IT}}}", "load"),
        most=1,
        least=0,
    ),
    _lines(
        "Memory",
        "How much of it is used.",
        SHARE,
        (f"stocktake_device_memory_used_ratio{{{_IT}}}", "used"),
        most=1,
        least=0,
    ),
    _lines(
        "Storage",
        "How full each volume is.",
        SHARE,
        (f"stocktake_device_storage_used_ratio{{{_IT}}}", "{{volume}}"),
        most=1,
        least=0,
    ),
    _lines(
        "Temperature",
        "Of each sensor that it tells.",
        "celsius",
        (f"stocktake_device_temperature_celsius{{{_IT}}}", "{{sensor}}"),
    ),
    Panel(
        "states",
        "Fans and power supplies",
        "Each that it tells, by its part.",
        COUNT,
        _PAGE,
        (
            Query(f"stocktake_device_fan_ok{{{_IT}}}", "{{part}}"),
            Query(f"stocktake_device_power_supply_ok{{{_IT}}}", "{{part}}"),
        ),
        width=8,
        words=WELL,
        steps=((None, RED), (1, GREEN)),
        empty=_NOT_TOLD,
    ),
    _lines(
        "Disks and batteries",
        "Disks that predict their failure (1), and how far batteries are worn.",
        COUNT,
        (f"stocktake_disk_predicted_failure{{{_IT}}}", "failure predicted: {{disk}}"),
        (f"stocktake_battery_wear_ratio{{{_IT}}}", "worn: {{battery}}"),
        least=0,
    ),
)

KIND = (
    _lines(
        "UPS: minutes left",
        "Run time on battery at the load of the moment.",
        SECONDS,
        (f"stocktake_ups_runtime_seconds{{{_IT}}}", "run time"),
        least=0,
    ),
    _lines(
        "UPS: load and charge",
        "Share of what it can carry, and charge of its battery.",
        SHARE,
        (f"stocktake_ups_load_ratio{{{_IT}}}", "load"),
        (f"stocktake_ups_charge_ratio{{{_IT}}}", "charge"),
        most=1,
        least=0,
    ),
    Panel(
        "states",
        "UPS: on battery",
        "When the mains were gone.",
        COUNT,
        _PAGE,
        (Query(f"stocktake_ups_on_battery{{{_IT}}}", "on battery"),),
        width=8,
        words={"0": ("mains", GREEN), "1": ("battery", RED)},
        steps=((None, GREEN), (1, RED)),
        empty=_NOT_TOLD,
    ),
    _lines(
        "Port errors",
        "Errors an hour on each port that has any.",
        "suffix: an hour",
        (f"3600 * sum by (port) (rate(stocktake_port_errors_total{{{_IT}}}[$__rate_interval]))", "{{port}}"),
        least=0,
        width=12,
    ),
    _lines(
        "PoE",
        "Power that is drawn, and what there is to give.",
        "watt",
        (f"sum by (device) (stocktake_poe_used_watts{{{_IT}}})", "used"),
        (f"sum by (device) (stocktake_poe_budget_watts{{{_IT}}})", "budget"),
        least=0,
        width=12,
    ),
    Panel(
        "rows",
        "Ports",
        "Every port, with the name that the device gives it.",
        COUNT,
        _PAGE,
        (
            Query(
                f"sum by (port, name) (stocktake_port_up{{{_IT}}} * on (school, device, port) group_left (name) "
                "stocktake_port_info)"
            ),
            Query(
                f"sum by (port, name) (8 * stocktake_port_speed_bytes_per_second{{{_IT}}} "
                "* on (school, device, port) group_left (name) stocktake_port_info)"
            ),
        ),
        width=12,
        height=10,
        words={"1": ("up", GREEN), "0": ("down", "#8e8e8e")},
        units={"Value #B": "bps"},
        columns={"port": "Port", "name": "Name", "Value #A": "Link", "Value #B": "Speed"},
        empty=_NOT_TOLD,
    ),
    Panel(
        "rows",
        "Supplies",
        "What a printer still has.",
        SHARE,
        _PAGE,
        (
            Query(
                f"sum by (supply, colour, description) (stocktake_supply_level_ratio{{{_IT}}} "
                "* on (school, device, supply) group_left (colour, description) stocktake_supply_info)"
            ),
        ),
        width=12,
        height=10,
        steps=((None, RED), (0.05, AMBER), (0.15, GREEN)),
        empty=_NOT_TOLD,
        columns={"supply": "Supply", "colour": "Colour", "description": "What", "Value": "Left"},
    ),
)


def make() -> Any:
    """The dashboard."""
    return board(
        "device",
        "Stocktake: Device",
        "Everything that is told of one device, over time.",
        (*WHO, "Health", *HEALTH, "Readings", *READINGS, "Of its kind", *KIND),
        (*school_variables(several=False), device_variable()),
    )
