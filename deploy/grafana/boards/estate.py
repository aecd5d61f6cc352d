"""Estate: which of the schools needs help, and why, in half a minute."""

from __future__ import annotations

from typing import Any

from frame import (
    AMBER,
    BLUE,
    COUNT,
    DEVICES,
    GREEN,
    GREY,
    OF_SCHOOL,
    RED,
    ROW_SCHOOL,
    SECONDS,
    SERIES_SCHOOL,
    SHARE,
    Panel,
    Query,
    board,
    device_list,
)

_EVERY_SCHOOL = " or 0 * stocktake_school_info"


def _worst(state: str) -> str:
    """Devices by school of which the worst open condition is this one; a school that has none has zero."""
    counted = f'school:stocktake_devices_worst:count{{state="{state}"}}{OF_SCHOOL}'
    return f"sum by (name, school_id) ({counted}{_EVERY_SCHOOL})"


def _of_all(state: str, title: str, description: str, colour: str) -> Panel:
    return Panel(
        "number",
        title,
        description,
        DEVICES,
        device_list(state=state),
        (Query(f'sum(school:stocktake_devices_worst:count{{state="{state}"}}) or vector(0)'),),
        width=4,
        height=4,
        steps=((None, GREEN), (1, colour)),
    )


NOW = (
    _of_all("critical", "Critical", "Devices with something that cannot wait, and that nobody has acknowledged.", RED),
    _of_all("warning", "Warning", "Devices with something to see to, and nothing that cannot wait.", AMBER),
    Panel(
        "number",
        "Acknowledged",
        "Conditions that somebody has taken on, with a reason and an end. They notify nobody.",
        COUNT,
        device_list(state="acknowledged"),
        (Query("sum(stocktake_conditions_acknowledged) or vector(0)"),),
        width=4,
        height=4,
        steps=((None, BLUE),),
    ),
    Panel(
        "number",
        "Not known",
        "Aspects of devices that should be told and are not: not reached lately, or refused.",
        COUNT,
        device_list(state="unknown"),
        (Query('sum(stocktake_conditions{state="unknown"}) or vector(0)'),),
        width=4,
        height=4,
        steps=((None, GREY),),
    ),
    Panel(
        "number",
        "Schools silent",
        "Schools of which no agent has reported for two hours: all of them counts as unknown.",
        COUNT,
        "/agents",
        (Query("count(school:stocktake_last_report:age_seconds > 7200) or vector(0)"),),
        width=4,
        height=4,
        steps=((None, GREEN), (1, RED)),
    ),
    Panel(
        "number",
        "Devices",
        "Devices in the register, whether they are watched or only known.",
        DEVICES,
        device_list(),
        (Query("sum(stocktake_devices)"),),
        width=4,
        height=4,
        steps=((None, BLUE),),
    ),
)

SCHOOLS = (
    Panel(
        "rows",
        "Schools that need help",
        "Every school, the worst first: devices by the worst of their open conditions, the share of "
        "watched devices that "
        "answers, and how long ago an agent reported. A click leads to the school's list.",
        DEVICES,
        device_list(school=ROW_SCHOOL, state="critical"),
        (
            Query(_worst("critical")),
            Query(_worst("warning")),
            Query(f"sum by (name, school_id) (stocktake_conditions_acknowledged{OF_SCHOOL}{_EVERY_SCHOOL})"),
            Query(f"sum by (name, school_id) (school:stocktake_device_up:ratio{OF_SCHOOL})"),
            Query(f"max by (name, school_id) (school:stocktake_last_report:age_seconds{OF_SCHOOL})"),
        ),
        width=14,
        height=14,
        steps=((None, GREEN), (1, RED)),
        sort="Value #A",
        columns={
            "name": "School",
            "school_id": "",
            "Value #A": "Critical",
            "Value #B": "Warning",
            "Value #C": "Acknowledged",
            "Value #D": "Answering",
            "Value #E": "Last report",
        },
        units={"Value #C": COUNT, "Value #D": SHARE, "Value #E": SECONDS},
    ),
    Panel(
        "rows",
        "What it is",
        "Devices in a critical state by school and aspect: a row across is a school, a column a cause.",
        DEVICES,
        device_list(state="critical"),
        (
            Query(
                f'sum by (name, aspect) (school_aspect_state:stocktake_conditions:sum{{state="critical"}}{OF_SCHOOL})'
            ),
        ),
        width=10,
        height=14,
        steps=((None, GREEN), (1, RED)),
        matrix=("name", "aspect"),
    ),
)

CAUSES = (
    Panel(
        "bars",
        "Critical, by aspect",
        "Devices of the whole trust in a critical state, by what is wrong with them.",
        DEVICES,
        device_list(state="critical", aspect="${__field.labels.aspect:percentencode}"),
        (Query('sort_desc(sum by (aspect) (stocktake_conditions{state="critical"}) > 0)', "{{aspect}}"),),
        width=8,
        height=9,
        steps=((None, RED),),
        least=0,
    ),
    Panel(
        "bars",
        "Warning, by aspect",
        "Devices of the whole trust in a state of warning, by what is wrong with them.",
        DEVICES,
        device_list(state="warning", aspect="${__field.labels.aspect:percentencode}"),
        (Query('sort_desc(sum by (aspect) (stocktake_conditions{state="warning"}) > 0)', "{{aspect}}"),),
        width=8,
        height=9,
        steps=((None, AMBER),),
        least=0,
    ),
    Panel(
        "bars",
        "Devices, by class",
        "What the register holds.",
        DEVICES,
        device_list(**{"class": "${__field.labels.class:percentencode}"}),
        (Query("sort_desc(sum by (class) (stocktake_devices))", "{{class}}"),),
        width=8,
        height=9,
        steps=((None, BLUE),),
        least=0,
    ),
)

TIME = (
    Panel(
        "lines",
        "Critical devices over time",
        "Devices with something critical by school: what is new, and what was left.",
        DEVICES,
        device_list(school=SERIES_SCHOOL, state="critical"),
        (
            Query(
                f'sum by (name, school_id) (school:stocktake_devices_worst:count{{state="critical"}}{OF_SCHOOL})',
                "{{name}}",
            ),
        ),
        least=0,
    ),
    Panel(
        "lines",
        "Watched devices that answer",
        "The share by school. All at once is a line or a core switch.",
        SHARE,
        device_list(school=SERIES_SCHOOL, aspect="reachability"),
        (Query(f"sum by (name, school_id) (school:stocktake_device_up:ratio{OF_SCHOOL})", "{{name}}"),),
        most=1,
        least=0,
    ),
)


def make() -> Any:
    """The dashboard."""
    return board(
        "estate",
        "Stocktake: Estate",
        "Which school needs help, and why.",
        (*NOW, "Schools", *SCHOOLS, "Causes", *CAUSES, "Over time", *TIME),
    )
