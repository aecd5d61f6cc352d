"""What is not covered is on the first page and in the numbers for Prometheus, from what agents bring and tell."""

from __future__ import annotations

import dataclasses
import json

import pytest
from web_estate import NOW, REFUSED, World, asked, bring, browser, interfaces, neighbours, plain, sign_in, system

from collector import understand
from collector.store import agents, places
from stocktake import values as v


@pytest.fixture
def half_seen(empty: World) -> World:
    """A school with one of each: not swept, never identified, refused, failing, cut short."""
    cut = dataclasses.replace(interfaces("00:1b:21:00:00:10", 2), outcome=v.Outcome.CUT, detail="it fell silent")
    brought = (
        asked("10.1.0.1", system("core", "a switch"), cut, mac="00:1b:21:00:00:10"),
        asked("10.1.0.9", REFUSED, mac="00:80:77:31:01:07"),
        neighbours(("10.1.0.1", "00:1b:21:00:00:10"), ("10.1.0.50", "b8:27:eb:12:34:56")),
    )
    bring(empty, "elm", "Elm Primary School", brought)
    while understand.understand_pending(empty.store, empty.trust_id, NOW):
        pass
    uses = [
        {"name": "old key", "devices": 0, "refused": 2, "silent": 0},
        {"name": "good", "devices": 1, "refused": 0, "silent": 1},
    ]
    told = agents.Told("0.1.0", json.dumps({"snmp_refused": 1}), "[]", '["10.1.0.0/22"]', json.dumps(uses))

    def write(connection: agents.Connection) -> None:
        agents.note_sync(connection, empty.trust_id, "elm-agent", told, NOW)
        site_id = connection.exec_driver_sql("SELECT site_id FROM site").scalar_one()
        places.add_networks(connection, empty.trust_id, site_id, ["10.9.0.0/24"], NOW)

    empty.store.write(write)
    return empty


async def test_every_kind_of_gap_is_told_on_the_first_page_and_counted(half_seen: World) -> None:
    async with browser(half_seen) as client:
        await sign_in(half_seen, client)
        page = plain((await client.get("/")).text)
        numbers = (await client.get("/metrics")).text
    for sentence, note in (
        ("Networks that were named and that no agent sweeps Elm Primary School", "10.9.0.0/24"),
        ("Addresses that were seen and never identified Elm Primary School", "1 device"),
        ("Devices that refused SNMP: they took no credential elm-server (Elm Primary School)", "1 device"),
        ("Credentials that fail: tried, and taken by no device elm-server (Elm Primary School)", "old key"),
        ("Tables that were cut short Elm Primary School", "1 group of questions to 1 device"),
    ):
        assert f"{sentence} {note}" in page
    trust = f'trust="{half_seen.trust_id}"'
    for series in (
        f'stocktake_school_unswept_networks{{{trust},school="100001"}} 1.0',
        f'stocktake_school_unidentified_devices{{{trust},school="100001"}} 1.0',
        f'stocktake_agent_snmp_refused{{{trust},school="100001",agent="elm-agent"}} 1.0',
        f'stocktake_agent_failing_credentials{{{trust},school="100001",agent="elm-agent"}} 1.0',
        f'stocktake_school_cut_answers{{{trust},school="100001"}} 1.0',
    ):
        assert series in numbers.replace(", ", ",")
