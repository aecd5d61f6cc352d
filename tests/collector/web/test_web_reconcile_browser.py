"""A register reconciled in a real browser, on a desk, on a phone and without script.

With STOCKTAKE_SCREENSHOTS=FOLDER every page is kept there as a picture, for people to look at.
"""

from __future__ import annotations

import os
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
BOOK = (
    "Elm Primary ICT register\n\n"
    "Asset no,Serial No.,Make,Model,Location,Date of Purchase,Cost (£),Qty\n"
    "ELM-0001,FOC2016X0AB,Cisco,Catalyst 2960-X,Server room,01/09/2016,1249,1\n"
    "ELM-0002,7XKQ2PB,Dell,OptiPlex 7010,R12,Summer 2018,650,1\n"
    "ELM-0003,GONE123456,HP,EliteBook 840,R3,01/09/2019,700,1\n"
    "ELM-0004,MXP556677,Elmo,MX-P2 Visualiser,R3,01/09/2019,199,1\n"
    ",,Lenovo,100e Chromebook,ICT 1,01/09/2021,210,30\n"
)


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[World]:
    store = fresh_store(tmp_path / "store.db")
    yield fill(set_up(store))
    store.close()


def look(page: Page, name: str) -> None:
    """The page fits its window; a picture is kept where somebody wants to look at it."""
    fits(page, name)
    if folder := os.environ.get("STOCKTAKE_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(
    ("name", "options"),
    [("desk", DESK), ("phone", PHONE | {"color_scheme": "dark"}), ("no-script", DESK | {"java_script_enabled": False})],
)
def test_a_register_is_brought_compared_settled_and_taken_back(
    busy: World, chromium: Browser, tmp_path: Path, name: str, options: dict[str, Any]
) -> None:
    listed = tmp_path / "register.csv"
    listed.write_text(BOOK, "utf-8")
    seen = look if name != "no-script" else lambda *_: None
    with served(busy, tmp_path) as address, visit(chromium, busy, address, **options) as (page, complaints):
        page.goto(f"{address}/reconcile")
        seen(page, f"reconcile-{name}-1-bring")
        page.get_by_label("File").set_input_files(listed)
        page.get_by_label("What it is the register of").select_option(label="Elm Primary School")
        page.get_by_role("button", name="Read it").click()
        seen(page, f"reconcile-{name}-2-columns")
        page.get_by_role("button", name="Compare").click()
        seen(page, f"reconcile-{name}-3-outcome")
        assert page.get_by_text("“visualiser”: such things are never on a network").count() == 1
        page.get_by_label("Choose ELM-0003").check(force=True)
        page.get_by_label("What is so").select_option(label="Note as disposed of")
        page.get_by_label("Disposed of on").fill("01/03/2026")
        page.get_by_role("button", name="Settle").click()
        seen(page, f"reconcile-{name}-4-settled")
        assert page.get_by_text("settled", exact=True).count() >= 1
        page.get_by_role("button", name="Undo").click()
        assert page.get_by_text("taken back by Ada").count() == 1
        assert not complaints
