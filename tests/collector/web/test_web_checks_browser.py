"""A physical check in a real browser: a visit with a phone and without script, the sheet, labels and a dossier printed.

With STOCKTAKE_SCREENSHOTS=FOLDER every page is kept there as a picture, for people to look at.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import PHONE, fits, visit
from playwright.sync_api import Browser, Page
from web_estate import NOW, World, fill, set_up
from web_server import served

from collector import records, rooms
from collector.store import Transaction, places
from fresh_store import fresh_store

pytestmark = pytest.mark.needs("chromium")
DESK = {"viewport": {"width": 1280, "height": 900}}
SAID = {
    "elm-server": {"asset_tag": "ELM-0001", "room": "Server room", "purchased": "01/09/2018", "cost": "650"},
    "elm-core": {"asset_tag": "ELM-0002", "room": "Server room", "funding": "Devolved capital"},
    "10.1.0.50": {"asset_tag": "ELM-0003", "room": "ICT suite", "local_name": "Weather station"},
}


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[World]:
    store = fresh_store(tmp_path / "store.db")
    world = fill(set_up(store))

    def write(connection: Transaction) -> None:
        by: dict[str, Any] = {"actor": world.owner, "now": NOW}
        for search, said in SAID.items():
            device_id = world.device(search).device_id
            records.enter(connection, world.trust_id, device_id, records.read_said(said), source="page", **by)
        site = next(p for p in places.places(connection, world.trust_id) if p.school_name.startswith("Elm"))
        rooms.add_room(connection, world.trust_id, site.site_id, "Library", **by)

    world.store.write(write)
    yield world
    store.close()


def look(page: Page, name: str) -> None:
    """The page fits its window; a picture is kept where somebody wants to look at it."""
    fits(page, name)
    if folder := os.environ.get("STOCKTAKE_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def printed(page: Page, name: str) -> int:
    """How many pages of A4 it makes; nothing of it is wider than the paper."""
    page.set_viewport_size({"width": 794, "height": 1123})  # A4 at 96 dots an inch
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 794, name
    if folder := os.environ.get("STOCKTAKE_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}-paper.png", full_page=True)
    made = page.pdf(prefer_css_page_size=True, format="A4")
    page.emulate_media(media="screen")
    if folder := os.environ.get("STOCKTAKE_SCREENSHOTS"):
        (Path(folder) / f"{name}.pdf").write_bytes(made)
    return len(re.findall(rb"/Type\s*/Page\b", made))


def begin(page: Page, address: str) -> None:
    page.goto(f"{address}/check")
    page.get_by_label("School", exact=True).select_option(label="Elm Primary School")
    page.get_by_label("Rooms to walk").fill("2")
    page.get_by_label("Else their name").fill("Ms Kaur")
    page.get_by_label("declares not to keep").check()
    page.get_by_role("button", name="Draw and begin").click()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("light", PHONE),
        ("dark", PHONE | {"color_scheme": "dark"}),
        ("no-script", PHONE | {"java_script_enabled": False}),
    ],
)
def test_a_check_is_walked_with_a_phone_and_signed(
    busy: World, chromium: Browser, tmp_path: Path, name: str, options: dict[str, Any]
) -> None:
    seen = look if name != "no-script" else lambda *_: None
    with served(busy, tmp_path) as address, visit(chromium, busy, address, **options) as (page, complaints):
        page.goto(f"{address}/check")
        seen(page, f"check-{name}-1-begin")
        begin(page, address)
        seen(page, f"check-{name}-2-device")
        page.get_by_label("Note").fill("lid is scratched")
        page.get_by_role("button", name="Damaged").click()
        page.get_by_role("button", name="Elsewhere").click()
        assert page.get_by_role("alert").inner_text() == "Nothing was kept: Say in which room it was found."
        seen(page, f"check-{name}-3-problem")
        page.get_by_label("Room where it stands").fill("Hall")
        page.get_by_role("button", name="Elsewhere").click()
        page.get_by_role("button", name="Not found").click()
        while page.get_by_role("button", name="Found", exact=True).count():
            page.get_by_role("button", name="Found", exact=True).click()
        for _ in range(2):
            page.locator(".lines li", has_text="not walked yet").first.get_by_role("link").click()
            page.get_by_label("Tag or serial number").fill("elm 0001" if _ else "ABC-99")
            page.get_by_role("button", name="Write it down").click()
            seen(page, f"check-{name}-4-room-{_}")
            page.get_by_role("button", name="That is all in this room").click()
        page.get_by_role("link", name="Result and signatures").click()
        seen(page, f"check-{name}-5-result")
        page.get_by_role("button", name="Sign as who checked").click()
        page.get_by_label("I am Ms Kaur").check()
        page.get_by_role("button", name="Sign as second person").click()
        assert page.get_by_text("Closed, signed by both").count() == 1
        seen(page, f"check-{name}-6-closed")
        assert [said for said in complaints if "status of 400" not in said] == []  # the press without a room


def test_sheet_labels_and_dossier_fit_their_paper(busy: World, chromium: Browser, tmp_path: Path) -> None:
    with served(busy, tmp_path) as address, visit(chromium, busy, address, **DESK) as (page, complaints):
        begin(page, address)
        page.get_by_role("link", name="printable sheet").click()
        look(page, "check-desk-sheet")
        assert printed(page, "check-sheet") == 3  # the list, and a sheet for each room
        page.goto(f"{address}/labels")
        page.set_viewport_size(DESK["viewport"])
        look(page, "check-desk-labels")
        assert page.locator(".label").count() < 21
        assert printed(page, "check-labels") == 1
        page.goto(f"{address}/devices/{busy.device('elm-server').device_id}/dossier")
        page.set_viewport_size(DESK["viewport"])
        look(page, "check-desk-dossier")
        assert 2 <= printed(page, "check-dossier") <= 4
        assert not complaints
