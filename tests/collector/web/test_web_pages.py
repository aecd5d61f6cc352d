"""What people and programs see: the estate, a school, a device, its evidence, and what to do where there is nothing."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

import httpx
import pytest
from web_estate import NOW, World, browser, make_devices, plain, sign_in

from collector.store import devices, schema
from stocktake import wire
from stocktake.values import SmbiosTable

VOLUME = 50_000


# ------------------------------------------------------------------------------------------------ estate and schools


async def test_the_estate_shows_every_school_with_its_counts_and_what_was_not_seen(
    world: World, visitor: httpx.AsyncClient
) -> None:
    answer = await visitor.get("/")
    words = plain(answer.text)
    assert "Three Trees Trust" in words
    assert re.search(r"Devices 5 Schools 3 Agents 2 Last report 22 Nov 2026 09:27", words)
    assert "No agent, so nothing there is seen Ash Academy" in words
    assert "did not answer elm-server (Elm Primary School) 1 device" in words
    assert "Elm Primary School URN 100001 4" in words
    assert f'href="/schools/{world.school_ids["elm"]}?class=desktop"' in answer.text
    assert "Oak &amp; Son&#39;s &lt;School&gt;" in answer.text


async def test_times_are_local_and_carry_utc(world: World, visitor: httpx.AsyncClient) -> None:
    world.now = NOW + timedelta(minutes=1)
    assert (
        '<time datetime="2026-11-22T09:27:00Z" title="2026-11-22 09:27:00 UTC">22 Nov 2026 09:27</time>'
        in (await visitor.get("/agents")).text
    )


async def test_a_school_lists_its_devices_and_agents(world: World, visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get(f"/schools/{world.school_ids['elm']}")
    words = plain(answer.text)
    assert "elm-server desktop Dell OptiPlex 7010 7XKQ2P3 about 2017 10.1.0.2 18:66:da:11:22:33" in words
    assert "Brother unknown Brother unknown unknown 10.1.0.9 00:80:77:31:01:07" in words
    assert "elm-server elm-agent 10.1.0.0/22 22 Nov 2026 09:27 4 minutes ago 3 reports" in words


async def test_devices_are_filtered_by_class_and_found_by_what_is_known_of_them(
    world: World, visitor: httpx.AsyncClient
) -> None:
    school = f"/schools/{world.school_ids['elm']}"
    desktops = plain((await visitor.get(f"{school}?class=desktop")).text)
    assert "OptiPlex" in desktops
    assert "Brother" not in desktops
    for search in ("optiplex", "7XKQ2P3", "18:66:DA", "10.1.0.2", "elm-serv"):
        assert "OptiPlex" in plain((await visitor.get(school, params={"q": search})).text)
    none = plain((await visitor.get(school, params={"q": "%_nothing_%"})).text)
    assert "No device of this school answers to that. Show all 4 devices" in none
    assert (await visitor.get(f"{school}?class=toaster")).status_code == 400
    assert "toaster" in (await visitor.get(f"{school}?class=toaster")).text


async def test_a_device_of_one_school_is_not_listed_at_another(world: World, visitor: httpx.AsyncClient) -> None:
    oak = plain((await visitor.get(f"/schools/{world.school_ids['oak']}")).text)
    assert "elm-core" not in oak
    assert "10.1.0.1" in oak


async def test_all_devices_are_searched_across_schools(visitor: httpx.AsyncClient) -> None:
    words = plain((await visitor.get("/devices", params={"q": "10.1.0.1"})).text)
    assert "Elm Primary School" in words
    assert "Oak & Son's <School>" in words


@pytest.mark.parametrize("asked", ["from=-1", "from=x", "from=99999999999", "from=1.5", "from=٣"])
async def test_a_position_that_is_none_is_refused_in_words(visitor: httpx.AsyncClient, asked: str) -> None:
    answer = await visitor.get(f"/devices?{asked}")
    assert answer.status_code == 400
    assert "from is a whole number" in answer.text


# ------------------------------------------------------------------------------------------------ device and evidence


async def test_a_device_shows_its_register_row_and_an_honest_unknown(world: World, visitor: httpx.AsyncClient) -> None:
    host = await visitor.get(f"/devices/{world.device('elm-server').device_id}")
    words = plain(host.text)
    smbios = world.evidence_id("elm-server", "smbios")
    assert "Maker Dell on the machine itself , 22 Nov 2026 09:31" in words
    assert "Serial number 7XKQ2P3 on the machine itself" in words
    assert f'href="/evidence/{smbios}"' in host.text
    assert "Operating system Debian GNU/Linux 12" in words
    assert "Memory 16 GB" in words
    assert "512.1 GB" in words
    assert "P2419H" in words
    printer = plain((await visitor.get(f"/devices/{world.device('10.1.0.9').device_id}")).text)
    assert "Maker Brother" in printer
    assert "Model unknown" in printer
    assert "Serial number unknown" in printer
    assert "Memory unknown" in printer


async def test_a_device_tells_why_it_is_one_and_what_outweighs_what(world: World, visitor: httpx.AsyncClient) -> None:
    words = plain((await visitor.get(f"/devices/{world.device('elm-server').device_id}")).text)
    assert "maker and serial number dell:7XKQ2P3" in words
    assert "A device of its own" in words
    assert "Class computer outweighed" in words
    assert "Maker Dell agrees mac_maker" in words


async def test_every_statement_leads_to_evidence_that_is_there(world: World, visitor: httpx.AsyncClient) -> None:
    page = (await visitor.get(f"/devices/{world.device('elm-core').device_id}")).text
    links = set(re.findall(r'href="(/evidence/\d+)"', page))
    assert len(links) >= 2
    for link in links:
        assert (await visitor.get(link)).status_code == 200


async def test_evidence_is_shown_decoded_and_as_octets(world: World, visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get(f"/evidence/{world.evidence_id('elm-core', 'system')}")
    words = plain(answer.text)
    assert "Asked 10.1.0.1" in words
    assert "the group system : SNMP bindings" in words
    assert "By the agent elm-server elm-agent" in words
    assert "1.3.6.1.2.1.1.5.0 OCTET STRING elm-core 65 6c 6d 2d 63 6f 72 65" in words
    assert "1.3.6.1.2.1.1.2.0 OID 1.3.6.1.4.1.9.1.1208" in words
    assert "000000" in words


async def test_the_download_is_what_was_stored_and_nothing_to_open_in_a_browser(
    world: World, visitor: httpx.AsyncClient
) -> None:
    number = world.evidence_id("elm-server", "smbios")
    answer = await visitor.get(f"/evidence/{number}/raw")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == f'attachment; filename="evidence-{number}.binpb"'
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    content = wire.decode_content(answer.content)
    assert isinstance(content, SmbiosTable)
    assert ("product_serial", "7XKQ2P3") in content.pieces
    page = plain((await visitor.get(f"/evidence/{number}")).text)
    assert hashlib.sha256(answer.content).hexdigest() in page


async def test_refused_evidence_says_so_and_has_nothing_to_download(world: World, visitor: httpx.AsyncClient) -> None:
    number = world.evidence_id("10.1.0.9", "system")
    words = plain((await visitor.get(f"/evidence/{number}")).text)
    assert "Outcome refused or no answer no credential was accepted" in words
    assert "There is no content" in words
    assert (await visitor.get(f"/evidence/{number}/raw")).status_code == 404


async def test_evidence_of_many_devices_leads_to_each(world: World, visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get(f"/evidence/{world.evidence_id('10.1.0.50', 'neighbours')}")
    assert "It speaks of 3 devices" in plain(answer.text)
    assert f'href="/devices/{world.device("10.1.0.50").device_id}"' in answer.text


async def test_the_address_of_an_alias_leads_to_the_device_it_became(empty: World) -> None:
    make_devices(empty, 2)

    def merge(connection: devices.Connection) -> None:
        table = schema.devices
        connection.execute(table.update().where(table.c.device_id == "d0").values(alias_of="d1"))

    empty.store.write(merge)
    async with browser(empty) as client:
        await sign_in(empty, client)
        assert (await client.get("/devices/d0")).headers["location"] == "/devices/d1"
        assert "also known as d0" in plain((await client.get("/devices/d1")).text)
        assert (await client.get("/api/v1/devices/d0")).json()["device"]["row"]["device_id"] == "d1"


# ------------------------------------------------------------------------------------------------ nothing yet


async def test_an_empty_estate_says_what_to_type(empty: World) -> None:
    async with browser(empty) as client:
        await sign_in(empty, client)
        assert 'stocktake-collector school "Elm Primary School"' in plain((await client.get("/")).text)
        for path in ("/", "/devices", "/agents"):
            page = await client.get(path)
            assert page.status_code == 200
            assert "stocktake-agent enrol" in page.text
        assert (await client.get("/api/v1/devices")).json() == {"devices": [], "next_after": None}
        assert "stocktake_schools" in (await client.get("/metrics")).text


async def test_a_school_without_an_agent_says_how_to_bring_one(world: World, visitor: httpx.AsyncClient) -> None:
    words = plain((await visitor.get(f"/schools/{world.school_ids['ash']}")).text)
    assert "This school has no agent yet, so nothing of it is seen." in words
    assert 'stocktake-collector token --school "Ash Academy"' in words


# ------------------------------------------------------------------------------------------------ many


async def test_pages_stay_small_with_fifty_thousand_devices(empty: World) -> None:
    make_devices(empty, VOLUME)
    async with browser(empty) as client:
        await sign_in(empty, client)
        for path in (
            "/",
            "/schools/s3",
            "/devices",
            "/devices?q=SN049999",
            "/devices?from=40000",
            "/devices/d7",
            "/metrics",
        ):
            answer = await client.get(path)
            assert answer.status_code == 200
            assert len(answer.content) < 500_000, path
        assert "50,000" in (await client.get("/")).text
        page = (await client.get("/schools/s3")).text
        assert page.count('<tr role="row">') < 260
        assert 'rel="next"' in page


# ------------------------------------------------------------------------------------------------ finding


async def test_an_address_at_a_time_finds_what_was_there_then(world: World, visitor: httpx.AsyncClient) -> None:
    met = world.device("elm-core")
    for asked, there in (
        (f"{met.address} on 2026-11-22", True), (f"{met.address} {met.first_seen:%Y-%m-%d %H:%M}", True),
        (f"{met.address} on 2026-11-21", False), ("10.99.0.1 on 2026-11-22", False),
        (f"{met.address} on 2026-13-45", False), ("999.1.1.1 on 2026-11-22", False),
    ):  # fmt: skip
        page = await visitor.get("/devices", params={"q": asked})
        assert page.status_code == 200
        assert (f"/devices/{met.device_id}" in page.text) is there, asked


async def test_tables_are_sorted_by_their_headings_without_a_script(world: World, visitor: httpx.AsyncClient) -> None:
    del world

    async def shown(query: str) -> list[str]:
        page = (await visitor.get(f"/devices?{query}")).text
        return re.findall(r'<th scope="row"[^>]*><a href="/devices/(\w+)"', page)

    up, down = await shown("sort=serial"), await shown("sort=-serial")
    assert sorted(up) == sorted(down)
    assert up != down
    page = (await visitor.get("/devices?sort=serial&class=")).text
    assert 'aria-sort="ascending"' in page
    assert 'href="/devices?sort=-serial"' in page
    assert (await visitor.get("/devices?sort=mood")).status_code == 400
