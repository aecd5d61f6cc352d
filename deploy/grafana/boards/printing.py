"""Printing: which printer wants what, what to order, and what is printed where."""

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

WANTING = (
    in_trouble(
        "Supplies empty", "Printers with a supply that is out or nearly so, by school.", "supplies", "critical", 7
    ),
    in_trouble("Supplies low", "Printers with a supply to order, by school.", "supplies", "warning", 7),
    in_trouble(
        "Stopped", "Printers that want somebody: a jam, an open cover, no paper, a call for service.", "printer",
        "critical", 7,
    ),
)  # fmt: skip

ORDER = (
    Panel(
        "rows",
        "What to order",
        "The emptiest supplies first, with what the printer says it takes.",
        SHARE,
        f"/devices/{ROW_DEVICE}",
        (
            Query(
                f"bottomk(50, sum by (school, device, supply, colour, description) "
                f"(stocktake_supply_level_ratio{{{AT}}} "
                "* on (trust, school, device, supply) group_left (colour, description) stocktake_supply_info))"
            ),
        ),
        width=16,
        height=12,
        steps=((None, RED), (0.05, AMBER), (0.15, GREEN)),
        columns={
            "school": "School",
            "description": "What",
            "colour": "Colour",
            "Value": "Left",
            "supply": "Supply",
            "device": "",
        },
    ),
    Panel(
        "bars",
        "Supplies by how full they are",
        "How many supplies are below 5, 15 and 50 percent.",
        COUNT,
        device_list(**{"class": "printer", "aspect": "supplies"}),
        (
            Query(f"count(stocktake_supply_level_ratio{{{AT}}} <= 0.05) or vector(0)", "at most 5 %"),
            Query(f"count(stocktake_supply_level_ratio{{{AT}}} <= 0.15) or vector(0)", "at most 15 %"),
            Query(f"count(stocktake_supply_level_ratio{{{AT}}} <= 0.5) or vector(0)", "at most 50 %"),
            Query(f"count(stocktake_supply_level_ratio{{{AT}}})", "all"),
        ),
        width=8,
        height=12,
        steps=((None, BLUE),),
        least=0,
    ),
)

PAGES = (
    Panel(
        "rows",
        "Pages by printer",
        "Printed within the last 24 hours, and since the printer was new.",
        "suffix: pages",
        f"/devices/{ROW_DEVICE}",
        (
            Query(
                f"sum by (school, name, model, device) "
                f"(school_device:stocktake_printer_pages:increase1d{{{AT}}}{OF_DEVICE})"
            ),
            Query(f"sum by (school, name, model, device) (stocktake_printer_pages_total{{{AT}}}{OF_DEVICE})"),
        ),
        height=11,
        sort="Value #A",
        columns={
            "school": "School",
            "name": "Printer",
            "model": "Model",
            "Value #A": "24 hours",
            "Value #B": "Ever",
            "device": "",
        },
    ),
    Panel(
        "lines",
        "Pages a day, by school",
        "Printed within the 24 hours before each moment.",
        "suffix: pages",
        device_list(**{"school": SERIES_SCHOOL, "class": "printer"}),
        (
            Query(
                f"sum by (name, school_id) (sum by (trust, school) "
                f"(school_device:stocktake_printer_pages:increase1d{{{AT}}}){OF_SCHOOL})",
                "{{name}}",
            ),
        ),
        height=11,
        least=0,
    ),
    Panel(
        "bars",
        "Printers, by school",
        "How many there are.",
        DEVICES,
        device_list(**{"school": SERIES_SCHOOL, "class": "printer"}),
        (
            Query(
                f'sort_desc(sum by (name, school_id) (stocktake_devices{{{AT}, class="printer"}}{OF_SCHOOL}))',
                "{{name}}",
            ),
        ),
        steps=((None, BLUE),),
        least=0,
    ),
    Panel(
        "bars",
        "Pages a printer",
        "Pages ever printed, the busiest engines first.",
        "suffix: pages",
        f"/devices/{SERIES_DEVICE}",
        (Query(f"topk(12, sum by (name, device) (stocktake_printer_pages_total{{{AT}}}{OF_DEVICE}))", "{{name}}"),),
        steps=((None, BLUE),),
        least=0,
    ),
)


def make() -> Any:
    """The dashboard."""
    return board(
        "printing",
        "Stocktake: Printing",
        "Which printer wants what, what to order, what is printed where.",
        (*WANTING, "To order", *ORDER, "Pages", *PAGES),
        school_variables(several=True),
        since="now-7d",
    )
