"""Corrections in a real browser, without a script: on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import PHONE, fits, visit
from playwright.sync_api import Browser
from web_estate import World, fill, set_up
from web_server import served

from fresh_store import fresh_store


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[World]:
    """An estate of its own: this test writes."""
    store = fresh_store(tmp_path / "store.db")
    yield fill(set_up(store))
    store.close()


@pytest.mark.needs("chromium")
def test_the_pages_fit_a_phone_and_a_desk_and_work_without_a_script(
    busy: World, tmp_path: Path, chromium: Browser
) -> None:
    device = busy.device("elm-core").device_id
    desk = {"viewport": {"width": 1280, "height": 900}}
    with served(busy, tmp_path) as address:
        for options in (desk, PHONE | {"color_scheme": "dark"}):
            with visit(chromium, busy, address, java_script_enabled=False, **options) as (page, complaints):
                page.goto(f"{address}/devices/{device}")
                page.get_by_text("Correct what the register says").click()
                page.get_by_label("Class").select_option("router")
                page.get_by_label("Made").fill("2012-09")
                page.get_by_role("searchbox", name="Why").fill("The label on its back says so, and so does the invoice")
                page.get_by_role("button", name="Correct", exact=True).click()
                page.wait_for_url(f"{address}/devices/{device}")
                assert "the evidence says nothing of it" in page.get_by_role("main").inner_text()
                for path in (f"/devices/{device}", "/corrections"):
                    page.goto(address + path)
                    fits(page, path)
                assert complaints == []
