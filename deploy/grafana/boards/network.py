"""Network: switches and what hangs on them, their ports and power, access points, and the UPS that carry them."""

from __future__ import annotations

from typing import Any

from frame import (
    AMBER,
    AT,
    BLUE,
    COUNT,
    DEVICES,
    GREEN,
    OF_DEVICE,
    OF_SCHOOL,
    RED,
    ROW_DEVICE,
    SECONDS,
    SERIES_DEVICE,
    SERIES_SCHOOL,
    SHARE,
    Panel,
    Query,
    board,
    device_list,
    in_trouble,
    school_variables,
)

GEAR = "switch|router|firewall|access point|wireless controller|wireless bridge"


GEAR_STATE = (
    Panel(
        "bars",
        "Network devices in a critical state",
        "Switches, routers, firewalls and wireless, by school and aspect.",
        DEVICES,
        device_list(
            **{
                "school": SERIES_SCHOOL,
                "aspect": "${__field.labels.aspect:percentencode}",
                "state": "critical",
                "class": "${__field.labels.class:percentencode}",
            }
        ),
        (
            Query(
                f'sort_desc(sum by (name, school_id, aspect, class) ((stocktake_conditions{{{AT}, class=~"{GEAR}", '
                f'state="critical"}} > 0){OF_SCHOOL}))',
                "{{name}} {{class}}: {{aspect}}",
            ),
        ),
        steps=((None, RED),),
        least=0,
    ),
    Panel(
        "lines",
        "Network devices that answer",
        "The share by class, over all chosen schools.",
        SHARE,
        device_list(**{"class": "${__field.labels.class:percentencode}", "aspect": "reachability"}),
        (
            Query(
                f"avg by (class) (stocktake_device_up{{{AT}}} * on (trust, school, device) group_left (class) "
                f'stocktake_device_info{{class=~"{GEAR}"}})',
                "{{class}}",
            ),
        ),
        most=1,
        least=0,
    ),
)

PORTS = (
    in_trouble("Switches with port trouble", "Errors, half duplex, flapping, slow links.", "ports", "warning"),
    in_trouble("Switches with failing ports", "Port trouble that cannot wait.", "ports", "critical"),
    Panel(
        "bars",
        "Ports in use",
        "The share of switch ports that have a link, by school.",
        SHARE,
        device_list(**{"school": SERIES_SCHOOL, "class": "switch"}),
        (
            Query(
                f"sort_desc(sum by (name, school_id) (school:stocktake_port_up:ratio{{{AT}}}{OF_SCHOOL}))",
                "{{name}}",
            ),
        ),
        width=8,
        steps=((None, BLUE), (0.9, AMBER)),
        most=1,
        least=0,
    ),
    Panel(
        "rows",
        "Ports with the most errors",
        "Errors within the last hour; patch cable first, then the other end.",
        COUNT,
        f"/devices/{ROW_DEVICE}",
        (
            Query(
                f"topk(25, sum by (school, device, name, port) "
                f"(school_device_port:stocktake_port_errors:increase1h{{{AT}}} "
                "* on (trust, school, device, port) group_left (name) stocktake_port_info) > 0)"
            ),
        ),
        height=10,
        sort="Value",
        columns={"school": "School", "name": "Port", "port": "Index", "Value": "Errors", "device": ""},
    ),
    Panel(
        "rows",
        "Ports below 1 Gb/s",
        "Ports that have a link and run slower than their neighbours: old cabling, old cards.",
        "bps",
        f"/devices/{ROW_DEVICE}",
        (
            Query(
                "topk(50, sum by (school, device, name, port) "
                f"((8 * stocktake_port_speed_bytes_per_second{{{AT}}} < 1e9 "
                "and on (trust, school, device, port) stocktake_port_up == 1) "
                "* on (trust, school, device, port) group_left (name) stocktake_port_info))"
            ),
        ),
        height=10,
        columns={"school": "School", "name": "Port", "port": "Index", "Value": "Speed", "device": ""},
    ),
)

POWER = (
    Panel(
        "bars",
        "PoE: how much is given away",
        "Power drawn of what each switch can give, the tightest first.",
        SHARE,
        f"/devices/{SERIES_DEVICE}",
        (
            Query(
                "topk(15, sum by (name, device) (sum by (trust, school, device) "
                f"(stocktake_poe_used_watts{{{AT}}}) / sum by (trust, school, device) "
                f"(stocktake_poe_budget_watts{{{AT}}}){OF_DEVICE}))",
                "{{name}}",
            ),
        ),
        width=8,
        steps=((None, GREEN), (0.8, AMBER), (0.95, RED)),
        most=1,
        least=0,
    ),
    Panel(
        "number",
        "UPS on battery",
        "UPS that have no mains now.",
        COUNT,
        device_list(**{"class": "ups", "aspect": "ups", "state": "critical"}),
        (Query(f"sum(stocktake_ups_on_battery{{{AT}}}) or vector(0)"),),
        width=4,
        steps=((None, GREEN), (1, RED)),
    ),
    Panel(
        "rows",
        "UPS: how long they carry",
        "Run time at the load of the moment; the DfE asks for 30 minutes.",
        SECONDS,
        f"/devices/{ROW_DEVICE}",
        (
            Query(f"sort(sum by (school, name, device) (stocktake_ups_runtime_seconds{{{AT}}}{OF_DEVICE}))"),
            Query(f"sum by (school, name, device) (stocktake_ups_load_ratio{{{AT}}}{OF_DEVICE})"),
            Query(f"sum by (school, name, device) (stocktake_ups_charge_ratio{{{AT}}}{OF_DEVICE})"),
        ),
        width=12,
        steps=((None, RED), (600, AMBER), (1800, GREEN)),
        units={"Value #B": SHARE, "Value #C": SHARE},
        columns={
            "school": "School",
            "name": "UPS",
            "Value #A": "Run time",
            "Value #B": "Load",
            "Value #C": "Charge",
            "device": "",
        },
    ),
)

AIR = (
    in_trouble(
        "Access points down", "Access points that are not connected to their controller.", "access point", "critical"
    ),
    in_trouble("Failed fans", "Devices with a fan that has failed.", "fan", "critical"),
    Panel(
        "bars",
        "The warmest",
        "The hottest sensor of each device.",
        "celsius",
        f"/devices/{SERIES_DEVICE}",
        (
            Query(
                f"topk(12, max by (trust, school, device) (stocktake_device_temperature_celsius{{{AT}}}){OF_DEVICE})",
                "{{name}}",
            ),
        ),
        width=8,
        steps=((None, GREEN), (60, AMBER), (75, RED)),
        least=0,
    ),
)


def make() -> Any:
    """The dashboard."""
    return board(
        "network",
        "Stocktake: Network",
        "Switches, ports and power, access points, UPS.",
        (*GEAR_STATE, "Ports", *PORTS, "Power", *POWER, "Wireless and heat", *AIR),
        school_variables(several=True),
    )
