"""Which device is which, in a real browser: a question is answered, a device split and put together again.

With STOCKTAKE_SCREENSHOTS=FOLDER every page is kept there as a picture, for people to look at.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from chromium import PHONE, fits, visit
from playwright.sync_api import Browser, Page
from web_estate import HOSTILE, World, fill, set_up
from web_identity import doubt
from web_server import served

from fresh_store import fresh_store

pytestmark = pytest.mark.needs("chromium")
DESK = {"viewport": {"width": 1280, "height": 900}}
MORE = ("/calendar", "/corrections", "/register/history", "/records/import", "/places", "/devices")


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[World]:
    """An estate of its own: these tests write."""
    store = fresh_store(tmp_path / "store.db")
    yield fill(set_up(store))
    store.close()


def look(page: Page, name: str) -> None:
    """The page fits its window, no word of a button is broken, and a hostile name made nothing of its own."""
    fits(page, name)
    tall = "[...document.querySelectorAll('button, .bar nav > ul > li > a')].filter(b => b.offsetHeight > 60).length"
    assert page.evaluate(tall) == 0, name
    assert page.locator("main img, script, [onerror]").count() == 0
    if folder := os.environ.get("STOCKTAKE_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(
    ("name", "options"),
    [("desk", DESK), ("phone", PHONE | {"color_scheme": "dark"}), ("no-script", DESK | {"java_script_enabled": False})],
)
def test_a_question_is_answered_and_a_device_split_and_put_together_again(
    busy: World, chromium: Browser, tmp_path: Path, name: str, options: dict[str, Any]
) -> None:
    doubt(busy)
    seen = look if name != "no-script" else lambda *_: None
    with served(busy, tmp_path) as address, visit(chromium, busy, address, **options) as (page, complaints):
        page.get_by_role("link", name="Questions 1").click()
        assert HOSTILE in page.get_by_role("main").inner_text()
        seen(page, f"{name}-questions")
        page.get_by_label("Because").fill("the labels on their backs are the same")
        busy.now += timedelta(minutes=1)
        page.get_by_role("button", name="They are one").click()
        assert "Nothing is asked" in page.get_by_role("main").inner_text()
        seen(page, f"{name}-questions-none")
        page.goto(f"{address}/devices?q=6TWIN42")
        page.get_by_role("rowheader").get_by_role("link").click()
        page.get_by_role("link", name="Why it is one device").click()
        seen(page, f"{name}-identity")
        page.get_by_text("Undo this").first.click()
        page.get_by_label("Why this is wrong").first.fill("one is in the attic")
        busy.now += timedelta(minutes=1)
        page.get_by_role("button", name="Undo").first.click()
        assert "One became two" in page.get_by_role("main").inner_text()
        page.goto(f"{address}/devices?q=elm-core")
        page.get_by_role("rowheader").get_by_role("link").click()
        page.get_by_role("link", name="Why it is one device").click()
        page.get_by_role("checkbox").last.check()
        page.get_by_label("Why these are two").fill("another card")
        busy.now += timedelta(minutes=1)
        page.get_by_role("button", name="Split off what is ticked").click()
        assert "another card" in page.get_by_role("main").inner_text().lower()
        seen(page, f"{name}-split")
        busy.now += timedelta(minutes=1)
        page.get_by_role("button", name="Take it back").first.click()
        assert "Nobody has said anything about it" in page.get_by_role("main").inner_text()
        assert complaints == []


@pytest.mark.parametrize("options", [DESK, PHONE | {"color_scheme": "dark"}], ids=["desk", "phone"])
def test_the_second_row_of_the_navigation_leads_everywhere(
    busy: World, chromium: Browser, tmp_path: Path, options: dict[str, Any]
) -> None:
    with served(busy, tmp_path) as address, visit(chromium, busy, address, **options) as (page, complaints):
        for path in MORE:
            page.goto(address + path)
            look(page, f"{len(options)}{path.replace('/', '-')}")
        for name in ("Term calendar", "Corrections", "Register at an earlier day", "Changes of records", "Privacy"):
            page.get_by_text("More", exact=True).click()
            box = page.locator(".menu ul").bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= options["viewport"]["width"]
            page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True).click()
            page.wait_for_load_state()
            assert page.locator(".menu summary.here").count() == 1
        assert complaints == []
