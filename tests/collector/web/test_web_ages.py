"""How old a device is and why: on its page, in the interface for programs, on the terminal, and for Prometheus."""

from __future__ import annotations

import re

import httpx
from web_estate import NOW, World, browser, fill, plain, sign_in

from collector import show
from collector.access import Scope
from collector.store import register, schema
from collector.store.register import DeviceDetail


async def section(world: World, visitor: httpx.AsyncClient, search: str) -> str:
    """The part of a device's page that is about its age."""
    page = (await visitor.get(f"/devices/{world.device(search).device_id}")).text
    (found,) = re.findall(r'<section aria-labelledby="age".*?</section>', page, re.DOTALL)
    return str(found)


def rows(section: str, kind: str) -> list[str]:
    """The rows of the body of one of its tables."""
    (table,) = re.findall(rf'<table class="list {kind}".*?</table>', section, re.DOTALL)
    return re.findall(r"<tr .*?</tr>", table.partition("<tbody")[2], re.DOTALL)


def detail(world: World, search: str) -> DeviceDetail:
    with world.store.reader() as connection:
        found = register.device(connection, world.trust_id, world.device(search).device_id)
    assert found is not None
    return found


# ------------------------------------------------------------------------------------------------ the page


async def test_a_dated_device_says_in_one_sentence_how_old_it_is_and_why(
    world: World, visitor: httpx.AsyncClient
) -> None:
    words = plain(await section(world, visitor, "elm-core"))
    assert words.startswith("How old is it April 2016, 10.6 years old high confidence")
    assert "week 16 of 2016 (documented rule, FOC2016X0AB)" in words


async def test_every_piece_of_evidence_is_on_one_scale_of_years(world: World, visitor: httpx.AsyncClient) -> None:
    page = await section(world, visitor, "elm-server")
    found = detail(world, "elm-server").assessment
    assert found is not None
    estimated, *lines = rows(page, "timeline")
    assert estimated.count('class="span"') == 1
    assert estimated.count('class="best"') == 1
    assert len(lines) == len(found.estimate.case) >= 6
    for row, weighed in zip(lines, found.estimate.case, strict=True):
        assert row.count('class="span"') == len(weighed.clue.spans)
        assert weighed.clue.words in plain(row)
        assert weighed.clue.rule in plain(row)
    assert re.findall(r"<text [^>]*>(\d{4})</text>", page) == sorted(re.findall(r"<text [^>]*>(\d{4})</text>", page))
    assert len(re.findall(r"<text ", page)) >= 4
    assert "style=" not in page


async def test_a_serial_number_without_a_date_says_so_on_the_time_line(
    world: World, visitor: httpx.AsyncClient
) -> None:
    (silent,) = [
        row for row in rows(await section(world, visitor, "elm-server"), "timeline") if 'class="silent"' in row
    ]
    assert "7XKQ2P3" in plain(silent)
    assert "no date" in plain(silent)
    assert 'class="span"' not in silent


async def test_parts_have_ages_of_their_own(world: World, visitor: httpx.AsyncClient) -> None:
    words = plain(await section(world, visitor, "elm-server"))
    assert "Part Made Confidence Why monitor/card0-DP-1 May 2019, 7.5 years old high" in words
    assert "its EDID tells year and week" in words


async def test_the_support_of_the_system_is_shown_with_its_source(world: World, visitor: httpx.AsyncClient) -> None:
    system, windows = rows(await section(world, visitor, "elm-server"), "support")
    assert re.match(r"Debian 12 extended support 11 Jul 2026, LTS 30 Jun 2028 .* endoflife.date/debian", plain(system))
    assert re.search(r"checked \d+ \w+ 20\d\d", plain(system))
    assert plain(windows).startswith("Windows 11 not fixable its processor is not supported")


async def test_a_switch_has_no_verdict_on_windows_11(world: World, visitor: httpx.AsyncClient) -> None:
    page = await section(world, visitor, "elm-core")
    assert "Windows" not in page
    assert "Catalyst 2960-X" in plain(page)


async def test_what_is_not_known_is_said_to_be_unknown(world: World, visitor: httpx.AsyncClient) -> None:
    page = await section(world, visitor, "10.1.0.9")
    words = plain(page)
    assert words.startswith("How old is it unknown nothing that it tells has a date .")
    assert "Estimate unknown not dated" in words
    assert "an agent saw it for the first time" in words
    estimated, *_ = rows(page, "timeline")
    assert "<rect" not in estimated
    assert "confidence" not in words


async def test_the_list_tells_when_each_device_was_made_as_far_as_is_known(
    world: World, visitor: httpx.AsyncClient
) -> None:
    words = plain((await visitor.get(f"/schools/{world.school_ids['elm']}")).text)
    assert "FOC2016X0AB Apr 2016 10.1.0.1" in words
    assert "7XKQ2P3 about 2017 10.1.0.2" in words
    assert "Raspberry Pi unknown unknown 10.1.0.50" in words


async def test_a_device_that_was_never_assessed_has_a_page_without_ages(empty: World) -> None:
    fill(empty).store.write(lambda connection: connection.execute(schema.ages.delete()))
    async with browser(empty) as client:
        await sign_in(empty, client)
        page = await client.get(f"/devices/{empty.device('elm-core').device_id}")
        answer = await client.get(f"/api/v1/devices/{empty.device('elm-core').device_id}")
    assert page.status_code == 200
    assert "How old" not in page.text
    assert answer.json()["device"]["assessment"] is None
    assert "how old" not in show.device(detail(empty, "elm-core"), NOW.date())


# ------------------------------------------------------------------------------------------------ the terminal


async def test_the_terminal_says_the_same_words_as_the_page(world: World, visitor: httpx.AsyncClient) -> None:
    for search in ("elm-core", "elm-server", "10.1.0.9"):
        page = plain(await section(world, visitor, search))
        found = detail(world, search).assessment
        assert found is not None
        lines = show.device(detail(world, search), NOW.date()).splitlines()
        (told,) = [line.removeprefix("how old: ").partition(" (")[0] for line in lines if line.startswith("how old: ")]
        (because,) = [line.removeprefix("  because ") for line in lines if line.startswith("  because ")]
        assert told in page
        assert because in page
        for weighed in found.estimate.case:
            assert any(weighed.clue.words in line and weighed.clue.rule in line for line in lines)
        for line in lines:
            if line.startswith("Windows 11: "):
                verdict, _, reasons = line.removeprefix("Windows 11: ").partition("; ")
                assert f"Windows 11 {verdict} {reasons}" in page
        assert sum(line.startswith("supported: ") for line in lines) == len(found.support)


# ------------------------------------------------------------------------------------------------ programs


async def test_programs_get_the_whole_assessment_in_words_and_iso_dates(
    world: World, visitor: httpx.AsyncClient
) -> None:
    device_id = world.device("elm-core").device_id
    answer = (await visitor.get(f"/api/v1/devices/{device_id}")).json()["device"]
    estimate = answer["assessment"]["estimate"]
    assert (estimate["earliest"], estimate["best"], estimate["latest"]) == ("2016-04-04", "2016-04-21", "2016-05-08")
    assert estimate["confidence"] == "high"
    case = {weighed["clue"]["rule"]: weighed for weighed in estimate["case"]}
    serial = case["serial.cisco"]
    assert (serial["verdict"], serial["clue"]["says"], serial["clue"]["grade"]) == ("stands", "made", "documented")
    assert serial["clue"]["raw"] == "FOC2016X0AB"
    assert serial["clue"]["told"]["locator"] == "1.3.6.1.2.1.47.1.1.1.1.11.1"
    assert (case["first sighting"]["clue"]["says"], case["first sighting"]["clue"]["grade"]) == ("not after", "seen")
    assert answer["assessment"]["parts"]["chassis/1"]["best"] == estimate["best"]
    assert answer["assessment"]["readiness"] is None
    row = answer["row"]
    assert (row["made_best"], row["made_confidence"], row["made_contradicted"]) == (estimate["best"], "high", False)


async def test_programs_get_support_and_readiness_too(world: World, visitor: httpx.AsyncClient) -> None:
    device_id = world.device("elm-server").device_id
    answer = (await visitor.get(f"/api/v1/devices/{device_id}")).json()["device"]["assessment"]
    (system,) = answer["support"]
    assert (system["release"], system["ends"], system["known"]) == ("Debian 12", "2026-07-11", True)
    assert answer["readiness"]["verdict"] == "not fixable"
    assert answer["readiness"]["reasons"]
    assert answer["bought"] is None


async def test_an_age_that_is_unknown_is_null_to_programs(world: World, visitor: httpx.AsyncClient) -> None:
    device_id = world.device("10.1.0.9").device_id
    answer = (await visitor.get(f"/api/v1/devices/{device_id}")).json()["device"]
    assert (answer["row"]["made_earliest"], answer["row"]["made_best"]) == (None, None)
    assert answer["assessment"]["estimate"]["best"] is None
    assert answer["assessment"]["estimate"]["confidence"] == "none"


# ------------------------------------------------------------------------------------------------ Prometheus


async def test_a_schools_page_for_prometheus_has_its_devices_and_no_others(
    world: World, stranger: httpx.AsyncClient
) -> None:
    bearer = {"Authorization": f"Bearer {world.token(Scope.METRICS)}"}
    answer = await stranger.get(f"/metrics/schools/{world.school_ids['elm']}", headers=bearer)
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    made = re.findall(r"^stocktake_device_manufacture_timestamp_seconds\{(.*)\} (\S+)$", answer.text, re.MULTILINE)
    assert len(made) == 2
    assert all('school="100001"' in labels for labels, _ in made)
    assert answer.text.count("\nstocktake_device_info{") == 4
    oak = await stranger.get(f"/metrics/schools/{world.school_ids['oak']}", headers=bearer)
    assert oak.text.count("\nstocktake_device_info{") == 1
    ash = await stranger.get(f"/metrics/schools/{world.school_ids['ash']}", headers=bearer)
    assert (ash.status_code, ash.text) == (200, "")


async def test_a_school_that_is_not_there_has_no_page_for_prometheus(world: World, stranger: httpx.AsyncClient) -> None:
    bearer = {"Authorization": f"Bearer {world.token(Scope.METRICS)}"}
    for path in ("/metrics/schools/nowhere", "/metrics/schools/%22", "/metrics/schools/" + "x" * 500):
        answer = await stranger.get(path, headers=bearer)
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/plain")
