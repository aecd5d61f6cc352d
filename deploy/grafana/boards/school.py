"""School: what is wrong at one school, since when, and which devices."""

from __future__ import annotations

from typing import Any

from frame import (
    AMBER,
    BLUE,
    CHOSEN_SCHOOL,
    COUNT,
    DEVICES,
    GREEN,
    GREY,
    OF_DEVICE,
    RED,
    ROW_DEVICE,
    SECONDS,
    SHARE,
    Panel,
    Query,
    board,
    device_list,
    school_variables,
)

_HERE = 'school="$school"'
_ASPECT = "${__field.labels.aspect:percentencode}"


def _worst(state: str, title: str, description: str, colour: str) -> Panel:
    expr = f'sum(school:stocktake_devices_worst:count{{{_HERE}, state="{state}"}}) or vector(0)'
    return Panel(
        "number",
        title,
        description,
        DEVICES,
        device_list(school=CHOSEN_SCHOOL, state=state),
        (Query(expr),),
        width=4,
        height=4,
        steps=((None, GREEN), (1, colour)),
    )


def _by_aspect(state: str, title: str, colour: str) -> Panel:
    expr = f'sort_desc(sum by (aspect) (stocktake_conditions{{{_HERE}, state="{state}"}}) > 0)'
    return Panel(
        "bars",
        title,
        f"Devices of the school in this state ({state}), by what is wrong with them.",
        DEVICES,
        device_list(school=CHOSEN_SCHOOL, state=state, aspect=_ASPECT),
        (Query(expr, "{{aspect}}"),),
        width=8,
        height=9,
        steps=((None, colour),),
        least=0,
    )


NOW = (
    _worst("critical", "Critical", "Devices with something that cannot wait, and that nobody has acknowledged.", RED),
    _worst("warning", "Warning", "Devices with something to see to, and nothing that cannot wait.", AMBER),
    Panel(
        "number",
        "Acknowledged",
        "Conditions that somebody has taken on, with a reason and an end.",
        COUNT,
        device_list(school=CHOSEN_SCHOOL, state="acknowledged"),
        (Query(f"sum(stocktake_conditions_acknowledged{{{_HERE}}}) or vector(0)"),),
        width=4,
        height=4,
        steps=((None, BLUE),),
    ),
    Panel(
        "number",
        "Answering",
        "The share of the watched devices that answered when they were last asked.",
        SHARE,
        device_list(school=CHOSEN_SCHOOL, aspect="reachability"),
        (Query(f"school:stocktake_device_up:ratio{{{_HERE}}}"),),
        width=4,
        height=4,
        steps=((None, RED), (0.6, AMBER), (0.95, GREEN)),
    ),
    Panel(
        "number",
        "Last report",
        "How long ago an agent of the school brought anything.",
        SECONDS,
        "/agents",
        (Query(f"max(school:stocktake_last_report:age_seconds{{{_HERE}}})"),),
        width=4,
        height=4,
        steps=((None, GREEN), (3600, AMBER), (7200, RED)),
        empty="never",
    ),
    Panel(
        "number",
        "Devices",
        "Devices of the school in the register.",
        DEVICES,
        device_list(school=CHOSEN_SCHOOL),
        (Query(f"sum(stocktake_devices{{{_HERE}}})"),),
        width=4,
        height=4,
        steps=((None, BLUE),),
    ),
)

LIST = Panel(
    "rows",
    "What is wrong here",
    "Every device with a critical condition or a warning, by aspect, with those that were "
    "acknowledged left out. A click "
    "leads to the device's page, which says since when and on what readings it rests.",
    COUNT,
    f"/devices/{ROW_DEVICE}",
    (
        Query(
            f"sort_desc(sum by (name, class, maker, model, device, aspect) "
            f"((school_device_aspect:stocktake_device_condition:open{{{_HERE}}} > 0){OF_DEVICE}))"
        ),
    ),
    width=24,
    height=11,
    sort="Value",
    steps=((None, GREEN), (1, AMBER), (2, RED)),
    words={"1": ("warning", AMBER), "2": ("critical", RED)},
    columns={
        "name": "Name",
        "class": "Class",
        "maker": "Maker",
        "model": "Model",
        "aspect": "What",
        "Value": "State",
        "device": "",
    },
)

CAUSES = (
    _by_aspect("critical", "Critical, by aspect", RED),
    _by_aspect("warning", "Warning, by aspect", AMBER),
    _by_aspect("unknown", "Not known, by aspect", GREY),
)

TIME = (
    Panel(
        "lines",
        "Critical over time",
        "Devices in a critical state, by what is wrong with them.",
        DEVICES,
        device_list(school=CHOSEN_SCHOOL, state="critical", aspect=_ASPECT),
        (
            Query(
                f'sum by (aspect) (school_aspect_state:stocktake_conditions:sum{{{_HERE}, state="critical"}})',
                "{{aspect}}",
            ),
        ),
        least=0,
    ),
    Panel(
        "lines",
        "Devices that answer, over time",
        "The share of the watched devices that answer.",
        SHARE,
        device_list(school=CHOSEN_SCHOOL, aspect="reachability"),
        (Query(f"school:stocktake_device_up:ratio{{{_HERE}}}", "answering"),),
        most=1,
        least=0,
    ),
    Panel(
        "bars",
        "Devices, by class",
        "What the school has.",
        DEVICES,
        device_list(**{"school": CHOSEN_SCHOOL, "class": "${__field.labels.class:percentencode}"}),
        (Query(f"sort_desc(sum by (class) (stocktake_devices{{{_HERE}}}))", "{{class}}"),),
        steps=((None, BLUE),),
        least=0,
    ),
    Panel(
        "bars",
        "Devices, by age",
        "By years since their best date of manufacture.",
        "suffix: of all",
        device_list(school=CHOSEN_SCHOOL),
        (Query(f"sum by (age) (stocktake_devices_by_age{{{_HERE}}})", "{{age}}"),),
        steps=((None, BLUE),),
        least=0,
    ),
)


def make() -> Any:
    """The dashboard."""
    return board(
        "school",
        "Stocktake: School",
        "What is wrong at one school, and which devices.",
        (*NOW, "Now", LIST, *CAUSES, "Over time, and what there is", *TIME),
        school_variables(several=False),
    )
