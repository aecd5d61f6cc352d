"""The pages in a real browser over HTTPS: no error, no violation, no side-scrolling, nothing that a device made."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from chromium import PHONE, fits, visit
from playwright.sync_api import Browser
from web_estate import HOSTILE, World

pytestmark = pytest.mark.needs("chromium")


def hostile_pages(world: World) -> list[str]:
    """Every kind of page that shows the device with the hostile name."""
    device, evidence = world.device("onerror").device_id, world.evidence_id("onerror", "system")
    return ["/devices", "/agents", f"/schools/{world.school_ids['oak']}", f"/devices/{device}", f"/evidence/{evidence}"]


def all_pages(world: World) -> list[str]:
    """One address of every kind of page in its larger form."""
    host, refused = world.device("elm-server").device_id, world.evidence_id("10.1.0.9", "system")
    others = [
        "/",
        "/devices?q=nothing",
        f"/schools/{world.school_ids['ash']}",
        f"/schools/{world.school_ids['elm']}/map",
        f"/devices/{host}",
        f"/devices/{world.device('elm-core').device_id}",
        f"/evidence/{refused}",
    ]
    return hostile_pages(world) + others


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_a_visit_leads_from_the_link_to_the_bytes(world: World, chromium: Browser, address: str, scripts: bool) -> None:
    with visit(chromium, world, address, java_script_enabled=scripts) as found:
        page, complaints = found
        page.get_by_role("link", name="Elm Primary School", exact=True).last.click()
        page.get_by_label("Class").select_option("desktop")
        page.get_by_label("Search").fill("7xkq2p3")
        page.get_by_role("button", name="Show").click()
        assert "class=desktop&life=&q=7xkq2p3" in page.url
        page.get_by_role("rowheader", name="elm-server").get_by_role("link").first.click()
        assert page.get_by_role("heading", level=1).inner_text() == "elm-server"
        page.locator("tr", has_text="Serial number").get_by_role("link").first.click()
        assert "7XKQ2P3" in page.get_by_role("main").inner_text()
        with page.expect_download() as downloading:
            page.get_by_role("link", name="Download").click()
        assert b"7XKQ2P3" in Path(downloading.value.path()).read_bytes()
        page.get_by_role("button", name="Sign out").click()
        assert page.get_by_role("heading", level=1).inner_text() == "You are signed out"
        assert complaints == []


def test_every_page_fits_a_phone_and_a_desk_in_light_and_dark(world: World, chromium: Browser, address: str) -> None:
    desk = {"viewport": {"width": 964, "height": 900}}  # the narrowest that still has tables
    for options in (PHONE | {"color_scheme": "dark"}, desk):
        with visit(chromium, world, address, **options) as (page, complaints):
            for path in all_pages(world):
                page.goto(address + path)
                page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
                fits(page, path)
            assert complaints == []


@pytest.mark.parametrize("options", [PHONE, {"viewport": {"width": 1280, "height": 900}}], ids=["phone", "desk"])
def test_a_time_line_is_drawn_to_one_scale_that_can_be_read(
    world: World, chromium: Browser, address: str, options: dict[str, Any]
) -> None:
    with visit(chromium, world, address, **options) as (page, _):
        page.goto(f"{address}/devices/{world.device('elm-core').device_id}")
        line = page.locator(".timeline")
        estimated = line.locator("tr.estimate .span").bounding_box()
        told = line.locator("tr", has_text="serial.cisco").locator(".span").bounding_box()
        seen = line.locator("tr", has_text="first sighting").locator(".span").bounding_box()
        assert estimated
        assert told
        assert seen
        assert abs(estimated["x"] - told["x"]) < 1
        assert seen["x"] < told["x"] < seen["x"] + seen["width"]
        assert seen["width"] > 200
        years = line.locator("text").all()
        assert [year.inner_html() for year in years] == sorted(year.inner_html() for year in years)
        boxes = [box for year in years if (box := year.bounding_box())]
        assert all(box["height"] >= 11 for box in boxes)
        assert all(left["x"] + left["width"] < right["x"] for left, right in pairwise(boxes))


def test_dark_and_light_follow_the_reader(world: World, chromium: Browser, address: str) -> None:
    for scheme, least, most in (("light", 200, 255), ("dark", 0, 60)):
        with visit(chromium, world, address, color_scheme=scheme) as (page, _):
            colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert all(least <= int(part) <= most for part in colour[4:-1].split(","))


def test_a_hostile_name_is_text_and_nothing_else(world: World, chromium: Browser, address: str) -> None:
    with visit(chromium, world, address) as (page, complaints):
        for path in hostile_pages(world):
            page.goto(address + path)
            assert page.locator("img").count() == 1
            assert page.locator("script, iframe, object, [onerror], [style], svg:not(.timeline svg)").count() == 0
            assert page.locator(".timeline svg :not(rect, line, text), .timeline svg [href]").count() == 0
        page.goto(f"{address}/devices/{world.device('onerror').device_id}")
        assert page.get_by_role("heading", level=1).inner_text() == HOSTILE
        assert complaints == []


def test_the_policy_stops_a_script_that_got_in_all_the_same(world: World, chromium: Browser, address: str) -> None:
    inject = "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"document.title=1\">')"
    with visit(chromium, world, address) as (page, complaints):
        page.evaluate(inject)
        page.wait_for_timeout(200)
        assert page.title() == "Estate · Stocktake"
        assert any("violation" in complaint for complaint in complaints)


def test_a_keyboard_is_enough(world: World, chromium: Browser, address: str) -> None:
    with visit(chromium, world, address) as (page, _):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"


def test_a_page_prints_without_its_controls(world: World, chromium: Browser, address: str) -> None:
    with visit(chromium, world, address) as (page, _):
        page.goto(f"{address}/schools/{world.school_ids['elm']}")
        page.emulate_media(media="print")
        assert not page.get_by_role("navigation", name="Main").is_visible()
        assert not page.get_by_role("button", name="Show").is_visible()
        assert page.get_by_text("OptiPlex 7010").is_visible()
        assert page.pdf(format="A4").startswith(b"%PDF")
