"""Agents and coverage: whether what is seen is all there is, and whether those who look are well."""

from __future__ import annotations

from typing import Any

from frame import (
    AMBER,
    AT,
    BLUE,
    COUNT,
    GREEN,
    OF_SCHOOL,
    RED,
    SECONDS,
    SERIES_SCHOOL,
    Panel,
    Query,
    board,
    device_list,
    school_variables,
)

AGENTS = "/agents"


def _by_agent(metric: str, title: str, description: str, unit: str, *steps: tuple[float | None, str]) -> Panel:
    expr = f"sort_desc(sum by (name, agent) (stocktake_agent_{metric}{{{AT}}}{OF_SCHOOL}))"
    return Panel(
        "bars", title, description, unit, AGENTS, (Query(expr, "{{name}} {{agent}}"),), width=8, steps=steps, least=0
    )


def _missing(metric: str, title: str, description: str, page: str) -> Panel:
    expr = f"sort_desc(sum by (name, school_id) (stocktake_school_{metric}{{{AT}}}{OF_SCHOOL}))"
    return Panel(
        "bars",
        title,
        description,
        COUNT,
        page,
        (Query(expr, "{{name}}"),),
        width=6,
        steps=((None, GREEN), (1, AMBER)),
        least=0,
    )


def _rate(metric: str, title: str, description: str, unit: str, factor: str = "") -> Panel:
    expr = f"{factor}sum by (name, agent) (rate(stocktake_agent_{metric}{{{AT}}}[$__rate_interval]){OF_SCHOOL})"
    return Panel("lines", title, description, unit, AGENTS, (Query(expr, "{{name}} {{agent}}"),), width=8, least=0)


NOW = (
    Panel(
        "number",
        "Agents",
        "Agents that are enrolled and not revoked.",
        COUNT,
        AGENTS,
        (Query(f'sum(stocktake_agents{{{AT}, state="active"}})'),),
        width=4,
        height=4,
        steps=((None, BLUE),),
    ),
    Panel(
        "number",
        "Agents silent",
        "Agents that have not asked for news for half an hour.",
        COUNT,
        AGENTS,
        (Query(f"count(time() - stocktake_agent_last_sync_timestamp_seconds{{{AT}}} > 1800) or vector(0)"),),
        width=4,
        height=4,
        steps=((None, GREEN), (1, RED)),
    ),
    Panel(
        "number",
        "In trouble",
        "Troubles that agents told of last.",
        COUNT,
        AGENTS,
        (Query(f"sum(stocktake_agent_troubles{{{AT}}}) or vector(0)"),),
        width=4,
        height=4,
        steps=((None, GREEN), (1, AMBER)),
    ),
    Panel(
        "number",
        "Reports to interpret",
        "Reports that are stored and wait.",
        COUNT,
        AGENTS,
        (Query("sum(stocktake_reports_pending)"),),
        width=4,
        height=4,
        steps=((None, GREEN), (1000, AMBER)),
    ),
    Panel(
        "number",
        "Reports unread",
        "Pieces of evidence that no rule could read.",
        COUNT,
        "/corrections",
        (Query("sum(stocktake_reports_unread)"),),
        width=4,
        height=4,
        steps=((None, GREEN), (1, AMBER)),
    ),
    Panel(
        "number",
        "Reports refused",
        "Refused by the collector within the last day.",
        COUNT,
        AGENTS,
        (Query("sum(increase(stocktake_collector_refused_reports_total[1d]))"),),
        width=4,
        height=4,
        steps=((None, GREEN), (1, RED)),
    ),
)

COVERAGE = (
    _missing(
        "unswept_networks", "Networks not swept", "Named for the school, and no agent says it sweeps them.", AGENTS
    ),
    _missing(
        "unidentified_devices",
        "Devices unidentified",
        "An address was seen, and it never said anything of itself.",
        device_list(**{"school": SERIES_SCHOOL, "class": "unknown"}),
    ),
    _missing(
        "cut_answers",
        "Tables cut short",
        "The latest answer ended early: what is missing is not known.",
        device_list(school=SERIES_SCHOOL),
    ),
    _missing(
        "unread_evidence", "Evidence unread", "Pieces that a rule could not read.", device_list(school=SERIES_SCHOOL)
    ),
    _by_agent(
        "last_sweep_sightings", "Addresses that answered", "In the last sweep of each agent.", COUNT, (None, BLUE)
    ),
    _by_agent(
        "snmp_refused",
        "SNMP refused",
        "Devices that speak SNMP and took none of the agent's credentials.",
        COUNT,
        (None, GREEN),
        (1, AMBER),
    ),
    _by_agent(
        "failing_credentials",
        "Credentials that fail",
        "Tried, and no device takes them.",
        COUNT,
        (None, GREEN),
        (1, AMBER),
    ),
)

AGENT = (
    Panel(
        "bars",
        "Seconds behind",
        "Since each agent last asked for its plan.",
        SECONDS,
        AGENTS,
        (
            Query(
                f"sort_desc(sum by (name, agent) ((time() - "
                f"stocktake_agent_last_sync_timestamp_seconds{{{AT}}}){OF_SCHOOL}))",
                "{{name}} {{agent}}",
            ),
        ),
        width=8,
        steps=((None, GREEN), (600, AMBER), (1800, RED)),
        least=0,
    ),
    _by_agent(
        "spool_pending_reports",
        "Reports that wait at the agent",
        "Not yet acknowledged by the collector.",
        COUNT,
        (None, GREEN),
        (100, AMBER),
        (5000, RED),
    ),
    _by_agent(
        "clock_skew_seconds",
        "Clock",
        "How far an agent's clock is ahead of the collector's.",
        SECONDS,
        (None, GREEN),
        (60, AMBER),
        (300, RED),
    ),
    _by_agent(
        "last_sweep_duration_seconds",
        "Last sweep took",
        "From its first packet to its last report.",
        SECONDS,
        (None, BLUE),
    ),
    _by_agent(
        "last_sweep_silent",
        "Asked and silent",
        "Devices asked by SNMP in the last sweep that did not answer.",
        COUNT,
        (None, BLUE),
    ),
    Panel(
        "bars",
        "Certificates",
        "Until the certificate of each agent ends. They renew themselves.",
        SECONDS,
        AGENTS,
        (
            Query(
                "sort(sum by (name, agent) ((stocktake_agent_certificate_expiry_timestamp_seconds"
                f"{{{AT}}} - time()){OF_SCHOOL}))",
                "{{name}} {{agent}}",
            ),
        ),
        width=8,
        steps=((None, RED), (432000, AMBER), (864000, GREEN)),
        least=0,
    ),
    _rate("packets_sent_total", "Packets sent to devices", "How hard the agents ask.", "pps"),
    _rate("processor_seconds_total", "Processor of the agents", "Share of one processor.", "percentunit"),
    Panel(
        "lines",
        "Memory of the agents",
        "Resident memory of their main process.",
        "bytes",
        AGENTS,
        (
            Query(
                f"sum by (name, agent) (stocktake_agent_resident_memory_bytes{{{AT}}}{OF_SCHOOL})",
                "{{name}} {{agent}}",
            ),
        ),
        width=8,
        least=0,
    ),
)

COLLECTOR = (
    Panel(
        "lines",
        "Reports an hour",
        "Stored, and come again after they were stored.",
        "suffix: an hour",
        AGENTS,
        (
            Query("3600 * sum(rate(stocktake_collector_received_reports_total[$__rate_interval]))", "stored"),
            Query("3600 * sum(rate(stocktake_collector_repeated_reports_total[$__rate_interval]))", "repeated"),
        ),
        width=8,
        least=0,
    ),
    Panel(
        "lines",
        "Memory of the collector",
        "Resident memory.",
        "bytes",
        AGENTS,
        (Query('process_resident_memory_bytes{job="stocktake"}', "memory"),),
        width=8,
        least=0,
    ),
    Panel(
        "lines",
        "Scrapes",
        "How long Prometheus takes to read the collector and each school.",
        SECONDS,
        AGENTS,
        (Query('max by (job) (scrape_duration_seconds{job=~"stocktake.*"})', "{{job}}"),),
        width=8,
        least=0,
    ),
)


def make() -> Any:
    """The dashboard."""
    return board(
        "agents",
        "Stocktake: Agents and coverage",
        "Whether what is seen is all there is, and who looks.",
        (*NOW, "What is not seen", *COVERAGE, "Agents", *AGENT, "Collector", *COLLECTOR),
        school_variables(several=True),
    )
