"""What every dashboard is made of: panels that have a title, a unit, a description and a way to the built-in page.

A panel is described by a `Panel` and built by one function for each form. It knows no metric: the boards do. The link
of a panel is a path of the collector's pages; Grafana fills in what stands in `${…}`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grafana_foundation_sdk.builders import (
    bargauge,
    common,
    dashboard,
    prometheus,
    stat,
    statetimeline,
    table,
    timeseries,
)
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import common as forms
from grafana_foundation_sdk.models import dashboard as m
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

SOURCE = m.DataSourceRef(type_val="prometheus", uid="${source}")
TAG = "stocktake"
DEVICES = "suffix: devices"  # the unit of a count of devices: its link leads to a list of as many
COUNT, SHARE, SECONDS, MOMENT = "short", "percentunit", "s", "dateTimeFromNow"
#: what stands in a link for the school and the device of the row or series that is clicked
ROW_SCHOOL, ROW_DEVICE = "${__data.fields.school_id:percentencode}", "${__data.fields.device:percentencode}"
SERIES_SCHOOL, SERIES_DEVICE = "${__field.labels.school_id:percentencode}", "${__field.labels.device:percentencode}"
CHOSEN_SCHOOL, CHOSEN_DEVICE = "${school_id:percentencode}", "${device:percentencode}"
AT = 'school=~"$school"'  # the series of the schools that a person chose
#: joins that give a series what pages and people call its school and its device
OF_SCHOOL = " * on (trust, school) group_left (name, school_id) stocktake_school_info"
OF_DEVICE = " * on (trust, school, device) group_left (class, maker, model, name) stocktake_device_info"

GREEN, AMBER, RED, GREY, BLUE = "green", "orange", "red", "#8e8e8e", "blue"


@dataclass(frozen=True)
class Query:
    """One PromQL expression, and what its series are called; `instant`: its value now."""

    expr: str
    legend: str = ""
    instant: bool = True


@dataclass(frozen=True)
class Panel:
    """What a person sees of some queries.

    `page` is the path of the built-in page with the same filter. `steps` are thresholds (from, colour), the first from
    nothing; `words` stand for values (value → text, colour). `columns` names the columns of a table in their order, an
    empty name hides one; `units` gives units to those that differ from the panel's.
    """

    form: str  # number, bars, lines, rows, states
    title: str
    description: str
    unit: str
    page: str
    queries: tuple[Query, ...]
    width: int = 12
    height: int = 8
    steps: tuple[tuple[float | None, str], ...] = ()
    words: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    most: float | None = None
    least: float | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    matrix: tuple[str, str] | None = None  # labels that become the rows and the columns of a table
    empty: str = "none"


def device_list(**asked: str) -> str:
    """The path of the list of devices with this filter."""
    words = "&".join(f"{name}={value.replace(' ', '%20')}" for name, value in asked.items())
    return f"/devices?{words}" if words else "/devices"


def in_trouble(title: str, description: str, aspect: str, state: str, height: int = 8) -> Panel:
    """Bars by school: the chosen schools' devices of which an aspect is in a state that is not well."""
    found = f'school_aspect_state:stocktake_conditions:sum{{{AT}, aspect="{aspect}", state="{state}"}}'
    return Panel(
        "bars", title, description, DEVICES, device_list(school=SERIES_SCHOOL, aspect=aspect, state=state),
        (Query(f"sort_desc(sum by (name, school_id) ({found}{OF_SCHOOL}))", "{{name}}"),),
        width=8, height=height, steps=((None, GREEN), (1, RED if state == "critical" else AMBER)), least=0,
    )  # fmt: skip


def rows(panel: Panel) -> Any:
    """A table."""
    made = table.Panel().unit(panel.unit).show_header(show_header=True)
    if panel.matrix:
        row, column = panel.matrix
        shape = {"rowField": row, "columnField": column, "valueField": "Value", "emptyValue": "null"}
        made.with_transformation(m.DataTransformerConfig("groupingToMatrix", options=shape))
        return made
    if len(panel.queries) > 1:
        made.with_transformation(m.DataTransformerConfig("merge", options={}))
    order = {name: place for place, name in enumerate(panel.columns)}
    options = {
        "excludeByName": {"Time": True, "trust": True},
        "indexByName": order,
        "renameByName": {name: shown for name, shown in panel.columns.items() if shown},
    }
    made.with_transformation(m.DataTransformerConfig("organize", options=options))
    for name in (name for name, shown in panel.columns.items() if not shown):
        made.override_by_name(name, [m.DynamicConfigValue("custom.hidden", value=True)])
    for name, unit in panel.units.items():
        made.override_by_name(panel.columns[name], [m.DynamicConfigValue("unit", unit)])
    if panel.sort:
        made.sort_by([common.TableSortByFieldState().display_name(panel.columns[panel.sort]).desc(desc=True)])
    return made


def number(panel: Panel) -> Any:
    """A large figure."""
    last = common.ReduceDataOptions().calcs(["lastNotNull"]).values(values=False)
    made = stat.Panel().unit(panel.unit).reduce_options(last).graph_mode(forms.BigValueGraphMode.NONE)
    return made.color_mode(forms.BigValueColorMode.VALUE)


def bars(panel: Panel) -> Any:
    """A bar for each series."""
    last = common.ReduceDataOptions().calcs(["lastNotNull"]).values(values=False)
    made = bargauge.Panel().unit(panel.unit).reduce_options(last).orientation(forms.VizOrientation.HORIZONTAL)
    return made.display_mode(forms.BarGaugeDisplayMode.BASIC)


def lines(panel: Panel) -> Any:
    """Series over time."""
    legend = common.VizLegendOptions().display_mode(forms.LegendDisplayMode.LIST).show_legend(show_legend=True)
    legend = legend.placement(forms.LegendPlacement.BOTTOM).calcs([])
    made = timeseries.Panel().unit(panel.unit).legend(legend).line_width(2).fill_opacity(8)
    return made.show_points(forms.VisibilityMode.NEVER)


def states(panel: Panel) -> Any:
    """States over time, a line for each series."""
    return (
        statetimeline.Panel()
        .unit(panel.unit)
        .merge_values(merge_values=True)
        .line_width(0)
        .fill_opacity(70)
        .row_height(0.8)
        .show_value(forms.VisibilityMode.NEVER)
    )


FORMS = {"number": number, "bars": bars, "lines": lines, "rows": rows, "states": states}


def built(panel: Panel) -> Any:
    """The panel as Grafana's own types."""
    made = FORMS[panel.form](panel).title(panel.title).description(panel.description).datasource(SOURCE)
    made.span(panel.width).height(panel.height).no_value(panel.empty)
    made.data_links([_link("Show these devices" if "/devices" in panel.page else "Show this page", panel.page)])
    for letter, query in zip("ABCDEFGH", panel.queries, strict=False):
        made.with_target(_target(letter, query, panel.form))
    if panel.steps:
        steps = [m.Threshold(start, colour) for start, colour in panel.steps]
        made.thresholds(dashboard.ThresholdsConfig().mode(m.ThresholdsMode.ABSOLUTE).steps(steps))
        made.color_scheme(dashboard.FieldColor().mode(m.FieldColorModeId.THRESHOLDS))
    if panel.words:
        told = enumerate(panel.words.items())
        options = {value: m.ValueMappingResult(text, colour, index=i) for i, (value, (text, colour)) in told}
        made.mappings([m.ValueMap(options)])
    if panel.most is not None:
        made.max(panel.most)
    if panel.least is not None:
        made.min(panel.least)
    return made


def board(
    name: str, title: str, description: str, panels: Iterable[str | Panel], variables: Sequence[Any] = (),
    since: str = "now-24h",
) -> Any:  # fmt: skip
    """A dashboard; a text between panels is the heading of a row."""
    made = dashboard.Dashboard(title).uid(f"stocktake-{name}").description(description).tags([TAG]).readonly()
    made.timezone("Europe/London").time(since, "now").refresh("1m").tooltip(m.DashboardCursorSync.CROSSHAIR)
    made.link(
        dashboard.DashboardLink("Stocktake").type(m.DashboardLinkType.DASHBOARDS).tags([TAG]).keep_time(keep_time=True)
    )
    made.link(_link("The register", "/devices"))
    made.with_variable(dashboard.DatasourceVariable("source").label("Prometheus").type("prometheus"))
    for variable in (_collector(), *variables):
        made.with_variable(variable)
    for panel in panels:
        if isinstance(panel, str):
            made.with_row(dashboard.Row(panel))
        else:
            made.with_panel(built(panel))
    return made


def school_variables(*, several: bool) -> list[Any]:
    """The schools by name, with the label that the metrics use as value. `several`: any number of them, or all.

    Where one is chosen, its permanent id, by which the pages know it, comes with it.
    """
    made = dashboard.QueryVariable("school").label("School").datasource(SOURCE)
    made.query("query_result(stocktake_school_info)").regex('/name="(?<text>[^"]+)|school="(?<value>[^"]+)/g')
    made.refresh(m.VariableRefresh.ON_TIME_RANGE_CHANGED).sort(m.VariableSort.ALPHABETICAL_ASC)
    if several:
        every = m.VariableOption(selected=True, text="All", value="$__all")
        return [made.multi(multi=True).include_all(include_all=True).all_value(".*").current(every)]
    known = dashboard.QueryVariable("school_id").datasource(SOURCE).hide(m.VariableHide.HIDE_VARIABLE)
    known.query('label_values(stocktake_school_info{school="$school"}, school_id)')
    return [made, known.refresh(m.VariableRefresh.ON_TIME_RANGE_CHANGED)]


def device_variable() -> Any:
    """The devices of the chosen school by name, with the permanent id as value."""
    made = dashboard.QueryVariable("device").label("Device").datasource(SOURCE)
    made.query('query_result(stocktake_device_info{school="$school"})')
    made.regex('/,name="(?<text>[^"]+)|device="(?<value>[^"]+)/g')
    return made.refresh(m.VariableRefresh.ON_TIME_RANGE_CHANGED).sort(m.VariableSort.ALPHABETICAL_ASC)


def encoded(made: Any) -> str:
    """A dashboard as the file that Grafana reads."""
    return json.dumps(made.build(), cls=JSONEncoder, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _collector() -> Any:
    """Where people reach the collector's pages: a label that prometheus.yml gives to the collector's own numbers."""
    made = dashboard.QueryVariable("collector").datasource(SOURCE).hide(m.VariableHide.HIDE_VARIABLE)
    return made.query("label_values(stocktake_schools, collector)").refresh(m.VariableRefresh.ON_DASHBOARD_LOAD)


def _link(title: str, page: str) -> Any:
    return (
        dashboard.DashboardLink(title)
        .type(m.DashboardLinkType.LINK)
        .url("${collector:raw}" + page)
        .target_blank(target_blank=True)
    )


def _target(letter: str, query: Query, form: str) -> Any:
    made = prometheus.Dataquery().expr(query.expr).ref_id(letter).legend_format(query.legend or "__auto")
    made.datasource(SOURCE)
    if form in ("lines", "states") or not query.instant:
        return made.range().format(PromQueryFormat.TIME_SERIES)
    return made.instant().format(PromQueryFormat.TABLE if form == "rows" else PromQueryFormat.TIME_SERIES)
