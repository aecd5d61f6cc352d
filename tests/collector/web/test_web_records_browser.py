"""Records in a real browser: a list is brought, looked at, carried out and taken back, on a desk and on a phone.

With STOCKTAKE_SCREENSHOTS=FOLDER every page is kept there as a picture, for people to look at.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import PHONE, fits, visit
from playwright.sync_api import Browser, Page
from web_estate import World, fill, set_up
from web_server import served

from fresh_store import fresh_store

pytestmark = pytest.mark.needs("chromium")
DESK = {"viewport": {"width": 1280, "height": 900}}
LIST = (
    "Asset tag,Serial No,Make,Model,Date of purchase,Cost,Location,Vendor\n"
    'ELM-0001,FOC2016X0AB,Cisco,Catalyst 2960-X,01/09/2016,"£1,249.99",Server room,Ash Networks\n'
    "ELM-0002,7XKQ2P3,Dell,OptiPlex 7010,04/25/2018,650,R12,\n"
    "ELM-0003,2E+123456,HP,EliteBook,01/09/2026,700,,\n"
    "ELM-0004,5CG9301ABC,HP,EliteBook 840,01/09/2026,700,Store,Oak Supplies\n"
)


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[World]:
    store = fresh_store(tmp_path / "store.db")
    yield fill(set_up(store))
    store.close()


def picture_file(folder: Path) -> Path:
    """A green square as PNG (RFC 2083)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 32, 32, 8, 2, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\x28\x78\x64" * 32) * 32)
    made = folder / "dot.png"
    made.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b""))
    return made


def look(page: Page, name: str) -> None:
    """The page fits its window; a picture is kept where somebody wants to look at it."""
    page.evaluate("document.querySelectorAll('.record details').forEach(d => d.open = true)")
    fits(page, name)
    if folder := os.environ.get("STOCKTAKE_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(
    ("name", "options"),
    [("desk", DESK), ("phone", PHONE | {"color_scheme": "dark"}), ("no-script", DESK | {"java_script_enabled": False})],
)
def test_a_list_is_brought_looked_at_carried_out_and_taken_back(
    busy: World, chromium: Browser, tmp_path: Path, name: str, options: dict[str, Any]
) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text(LIST, "utf-8")
    seen = look if name != "no-script" else lambda *_: None
    with served(busy, tmp_path) as address, visit(chromium, busy, address, **options) as (page, complaints):
        page.goto(f"{address}/devices")
        page.get_by_role("link", name="Import a list").click()
        page.get_by_label("File", exact=True).set_input_files(listed)
        page.get_by_label("School of devices").select_option("Elm Primary School")
        seen(page, f"{name}-import")
        page.get_by_role("button", name="Show what it would change").click()
        assert "no month 25" in page.get_by_role("main").inner_text()
        assert "a spreadsheet took it for a number" in page.get_by_role("main").inner_text()
        seen(page, f"{name}-preview")
        page.get_by_role("button", name="Change 2 records").click()
        page.get_by_role("button", name="Undo").wait_for()
        seen(page, f"{name}-change")
        page.get_by_role("link", name="elm-core").click()
        assert "Server room" in page.get_by_role("main").inner_text()
        page.get_by_role("link", name="Edit the record").click()
        seen(page, f"{name}-form")
        page.get_by_label("Serial number").fill("FOC9999X0ZZ")
        page.get_by_label("Review due").fill("2027-09-01")
        page.get_by_label("Notes").fill("first line\nsecond line")
        page.get_by_role("button", name="Save the record").click()
        assert "the record says FOC9999X0ZZ, the device says FOC2016X0AB" in page.get_by_role("main").inner_text()
        page.get_by_label("File, at most 5 MB").set_input_files(picture_file(tmp_path))
        page.get_by_role("button", name="Add the file").click()
        picture = page.locator(".files img")
        picture.scroll_into_view_if_needed()
        assert picture.get_attribute("alt") == "Photo: dot.png"
        seen(page, f"{name}-device")
        page.goto(f"{address}/records/import")
        page.get_by_role("link", name="List list.csv").click()
        page.get_by_role("button", name="Undo").click()
        assert "Taken back by Ada" in page.get_by_role("main").inner_text()
        assert complaints == []


def test_many_are_edited_at_once_and_one_is_added_by_hand(busy: World, chromium: Browser, tmp_path: Path) -> None:
    with served(busy, tmp_path) as address, visit(chromium, busy, address, **DESK) as (page, complaints):
        page.goto(f"{address}/devices?q=elm")
        page.get_by_role("link", name="Edit the records of these devices").click()
        page.get_by_label("Funding source").first.fill("PTA")
        look(page, "desk-many")
        page.get_by_role("button", name="Show what changes").click()
        page.get_by_role("button", name="Change 2 records").click()
        page.get_by_role("button", name="Undo").click()
        look(page, "desk-undone")
        page.goto(f"{address}/records/new")
        page.get_by_label("Asset tag").fill("ELM-9")
        page.get_by_label("Cost").fill("12,5")
        page.get_by_role("button", name="Add the device").click()
        assert "comma before the pence" in page.get_by_role("alert").inner_text()
        look(page, "desk-new")
        page.get_by_label("Cost").fill("12.50")
        page.get_by_role("button", name="Add the device").click()
        assert "£12.50" in page.get_by_role("main").inner_text()
        look(page, "desk-unseen")
        assert [each for each in complaints if "400" not in each] == []
