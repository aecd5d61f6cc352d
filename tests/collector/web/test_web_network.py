"""The map of a school, the ports of its switches, and where a device hangs: as pages say it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from web_estate import HOSTILE, World, browser, plain, sign_in
from web_network import LOST, STRANGER, fill_network


@pytest.fixture
def ids(empty: World) -> dict[str, str]:
    """A school with a network."""
    return fill_network(empty)


@pytest.fixture
async def reader(empty: World, ids: dict[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who is signed in there."""
    async with browser(empty) as client:
        await sign_in(empty, client)
        yield client


async def the_map(empty: World, reader: httpx.AsyncClient) -> str:
    answer = await reader.get(f"/schools/{empty.school_ids['elm']}/map")
    assert answer.status_code == 200
    return answer.text


async def test_the_map_has_a_box_for_every_switch_that_leads_to_its_page(
    empty: World, ids: dict[str, str], reader: httpx.AsyncClient
) -> None:
    page = await the_map(empty, reader)
    drawing = page.partition('<div class="map"')[2].partition("</div>")[0]
    switches = {ids[name] for name in ids if name not in ("laptop", "lost")}
    assert set(re.findall(r'<a href="/devices/([^"]+)">', drawing)) == switches
    assert drawing.count('<svg class="box') == len(switches) + 1  # and what stands between three of them
    assert "something that</text>" in drawing
    assert re.search(r">&lt;img src=x[^<]*</text>\s*<text class=\"count\"[^>]*>2 devices<", drawing)
    assert "No link is known of" in drawing
    assert "style=" not in page


async def test_wires_show_what_they_are(empty: World, reader: httpx.AsyncClient) -> None:
    page = (await the_map(empty, reader)).partition('<div class="map"')[2]
    wires = dict(re.findall(r'<path class="([^"]*)" d="[^"]*"><title>([^<]*)', page))
    kinds: list[str] = re.findall(r'<path class="([^"]*)" d="[^"]*"><title>', page)
    assert kinds.count("wire w1 standby") == 4
    assert kinds.count("wire w1 reasoned") == 1
    assert kinds.count("wire w2") == 1
    assert wires["wire w2"] == "core-1 Po1 – core-2 Po1: 2 ports together, told by its ends"
    assert kinds.count("wire w1") == 4 + 3


async def test_the_map_says_the_same_in_words_and_who_was_only_heard_of(
    empty: World, reader: httpx.AsyncClient
) -> None:
    page = await the_map(empty, reader)
    words = plain(page)
    assert "8 switches and routers, 13 links." in words
    assert "core-1 switch 0 Po1 → core-2 Po1 2 ports together, told by its ends; they hear each other" in words
    assert f"→ {HOSTILE} GigabitEthernet1/0/1 one port, reasoned from what was learned" in words
    assert "alone switch 0 none known" in words
    assert f"Heard at {HOSTILE} core-1 GigabitEthernet1/0/2" in words
    assert HOSTILE not in page


async def test_a_school_leads_to_its_map_and_one_without_switches_says_so(
    world: World, visitor: httpx.AsyncClient
) -> None:
    school = await visitor.get(f"/schools/{world.school_ids['elm']}")
    assert f'href="/schools/{world.school_ids["elm"]}/map"' in school.text
    nothing = await visitor.get(f"/schools/{world.school_ids['ash']}/map")
    assert "No switch of this school has been seen yet" in plain(nothing.text)
    assert (await visitor.get("/schools/nowhere/map")).status_code == 404


async def test_a_device_says_where_it_hangs_and_why(ids: dict[str, str], reader: httpx.AsyncClient) -> None:
    page = (await reader.get(f"/devices/{ids['laptop']}")).text
    (section,) = re.findall(r'<section aria-labelledby="hangs">.*?</section>', page, re.DOTALL)
    assert f'href="/devices/{ids["desk"]}"' in section
    assert (
        f"{HOSTILE} GigabitEthernet1/0/2 behind a phone 10, 20 b8:27:eb:00:00:01 "
        "learned at desk alone; a phone is heard" in plain(section)
    )


async def test_a_device_whose_port_is_not_known_says_why_not(ids: dict[str, str], reader: httpx.AsyncClient) -> None:
    page = plain((await reader.get(f"/devices/{ids['lost']}")).text)
    assert f"Why unknown unknown unknown unknown {LOST} learned at two ports of which neither leads" in page


async def test_the_ports_of_a_switch_say_what_hangs_there(ids: dict[str, str], reader: httpx.AsyncClient) -> None:
    page = (await reader.get(f"/devices/{ids['desk']}")).text
    (section,) = re.findall(r'<section aria-labelledby="ports">.*?</section>', page, re.DOTALL)
    rows = [plain(row) for row in re.findall(r"<tr role=\"row\">.*?</tr>", section, re.DOTALL)][1:]
    assert [row.split()[0] for row in rows] == [f"GigabitEthernet1/0/{number}" for number in range(1, 5)]
    assert "1 Gbit/s – floor-1 GigabitEthernet1/0/3 one port, reasoned" in rows[0]
    assert rows[1].startswith("GigabitEthernet1/0/2 patch up 1 Gbit/s – Raspberry Pi")
    assert rows[1].endswith("VLAN 10, 20, behind a phone")
    assert rows[2].endswith(STRANGER)
    assert rows[3].endswith("1 Gbit/s – –")
    core = plain((await reader.get(f"/devices/{ids['core-1']}")).text)
    assert "Po1 – – – core-2 Po1 2 ports together, told by its ends" in core
