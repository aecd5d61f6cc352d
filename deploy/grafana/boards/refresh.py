"""Refresh: how old everything is, what has lost its support or will, and what wears out."""

from __future__ import annotations

from typing import Any

from frame import (
    AMBER,
    AT,
    BLUE,
    DEVICES,
    GREEN,
    MOMENT,
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
    school_variables,
)

_AGE = f"(time() - stocktake_device_manufacture_timestamp_seconds{{{AT}}}) / (365.25 * 86400)"
_CLASS = "${__field.labels.class:percentencode}"
YEARS = "suffix: years"

AGES = (
    Panel(
        "bars",
        "Devices, by age",
        "By years since their best date of manufacture.",
        "suffix: of all",
        device_list(),
        (Query(f"sum by (age) (stocktake_devices_by_age{{{AT}}})", "{{age}}"),),
        width=8,
        steps=((None, BLUE),),
        least=0,
    ),
    Panel(
        "bars",
        "Seven years and more, by class",
        "What has had its time, whatever it still does.",
        "suffix: of the class",
        device_list(**{"class": _CLASS}),
        (
            Query(
                f'sort_desc(sum by (class) (stocktake_devices_by_age{{{AT}, age=~"7 to 10 years|10 years and more"}}))',
                "{{class}}",
            ),
        ),
        width=8,
        steps=((None, AMBER),),
        least=0,
    ),
    Panel(
        "bars",
        "Mean age, by class",
        "Of the devices that are dated.",
        YEARS,
        device_list(**{"class": _CLASS}),
        (
            Query(
                f"sort_desc(avg by (class) ({_AGE} * on (trust, school, device) group_left (class) "
                f"stocktake_device_info))",
                "{{class}}",
            ),
        ),
        width=8,
        steps=((None, GREEN), (5, AMBER), (7, RED)),
        least=0,
    ),
    Panel(
        "rows",
        "The oldest",
        "The fifty oldest devices that are dated.",
        YEARS,
        f"/devices/{ROW_DEVICE}",
        (Query(f"topk(50, sum by (school, class, maker, model, name, device) ({_AGE}{OF_DEVICE}))"),),
        width=16,
        height=12,
        sort="Value",
        columns={
            "school": "School",
            "class": "Class",
            "name": "Name",
            "maker": "Maker",
            "model": "Model",
            "Value": "Age",
            "device": "",
        },
    ),
    Panel(
        "bars",
        "How far dates are to be believed",
        "Devices by the confidence of their date of manufacture.",
        "suffix: of all",
        device_list(),
        (Query(f"sum by (confidence) (stocktake_devices_by_age_confidence{{{AT}}})", "{{confidence}}"),),
        width=8,
        height=12,
        steps=((None, BLUE),),
        least=0,
    ),
)

SUPPORT = (
    Panel(
        "bars",
        "Out of support",
        "Devices that run what nobody mends any more, by school.",
        DEVICES,
        device_list(school=SERIES_SCHOOL, aspect="firmware", state="critical"),
        (
            Query(
                f"sort_desc(sum by (name, school_id) "
                f'(school_aspect_state:stocktake_conditions:sum{{{AT}, aspect="firmware", '
                f'state="critical"}}{OF_SCHOOL}))',
                "{{name}}",
            ),
        ),
        width=8,
        steps=((None, GREEN), (1, RED)),
        least=0,
    ),
    Panel(
        "bars",
        "Support ends soon",
        "Devices that lose their support before long, by school.",
        DEVICES,
        device_list(school=SERIES_SCHOOL, aspect="firmware", state="warning"),
        (
            Query(
                f"sort_desc(sum by (name, school_id) "
                f'(school_aspect_state:stocktake_conditions:sum{{{AT}, aspect="firmware", '
                f'state="warning"}}{OF_SCHOOL}))',
                "{{name}}",
            ),
        ),
        width=8,
        steps=((None, GREEN), (1, AMBER)),
        least=0,
    ),
    Panel(
        "bars",
        "Support that has ended or ends within a year, by class",
        "From the dates of each device.",
        "suffix: of the class",
        device_list(**{"class": _CLASS, "aspect": "firmware"}),
        (
            Query(
                f"sort_desc(count by (class) "
                f"((stocktake_device_support_end_timestamp_seconds{{{AT}}} < time() + 365 * 86400)"
                " * on (trust, school, device) group_left (class) stocktake_device_info))",
                "{{class}}",
            ),
        ),
        width=8,
        steps=((None, AMBER),),
        least=0,
    ),
    Panel(
        "rows",
        "Next to lose support",
        "The fifty that end first, or have ended.",
        MOMENT,
        f"/devices/{ROW_DEVICE}",
        (
            Query(
                f"bottomk(50, 1000 * sum by (school, class, maker, model, name, device) "
                f"(stocktake_device_support_end_timestamp_seconds{{{AT}}}{OF_DEVICE}))"
            ),
        ),
        width=24,
        height=10,
        columns={
            "school": "School",
            "class": "Class",
            "name": "Name",
            "maker": "Maker",
            "model": "Model",
            "Value": "Support ends",
            "device": "",
        },
    ),
)

WEAR = (
    Panel(
        "bars",
        "Batteries worn",
        "Share of its first capacity that a battery has lost, the most worn first.",
        SHARE,
        f"/devices/{SERIES_DEVICE}",
        (
            Query(
                f"topk(20, max by (trust, school, device) (stocktake_battery_wear_ratio{{{AT}}}){OF_DEVICE})",
                "{{name}}",
            ),
        ),
        steps=((None, GREEN), (0.3, AMBER), (0.5, RED)),
        most=1,
        least=0,
    ),
    Panel(
        "rows",
        "Disks that predict their failure",
        "By what they say of themselves (SMART).",
        "short",
        f"/devices/{ROW_DEVICE}",
        (
            Query(
                f"sum by (school, class, name, disk, device) (stocktake_disk_predicted_failure{{{AT}}}{OF_DEVICE}) > 0"
            ),
        ),
        steps=((None, GREEN), (1, RED)),
        columns={
            "school": "School",
            "class": "Class",
            "name": "Name",
            "disk": "Disk",
            "Value": "Predicted",
            "device": "",
        },
    ),
)


def make() -> Any:
    """The dashboard."""
    return board(
        "refresh",
        "Stocktake: Refresh",
        "How old everything is, what has lost its support, what wears out.",
        (*AGES, "Support", *SUPPORT, "Wear", *WEAR),
        school_variables(several=True),
        since="now-30d",
    )
