"""Health in a real browser: from the wall to a device, to the form, and back, on a desk, a phone and without script.

With STOCKTAKE_SCREENSHOTS=FOLDER every page is kept there as a picture, for people to look at.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import PHONE, visit
from playwright.sync_api import Browser, Page
from test_web_identity_browser import DESK, look
from web_server import served

from fresh_store import fresh_store
from health_estate import World, set_up

pytestmark = pytest.mark.needs("chromium")


@pytest.fixture(scope="module")
def ailing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two schools in which much is wrong."""
    store = fresh_store(tmp_path_factory.mktemp("health") / "store.db")
    world = set_up(store)
    world.break_all()
    world.cycle(3)
    yield world
    store.close()


def target_sizes(page: Page) -> list[float]:
    """How high the numbers of the wall are, where they can be seen (WCAG 2.2, 2.5.8: with what is around them)."""
    heights: list[float] = page.evaluate("[...document.querySelectorAll('.wall td a')].map(a => a.offsetHeight)")
    return [height for height in heights if height]


@pytest.mark.parametrize(
    ("name", "options", "aspect"),
    [
        ("desk", DESK, "UPS"),
        ("narrow", {"viewport": {"width": 1130, "height": 800}}, "ports"),  # the narrowest wall that is a table
        ("phone", PHONE | {"color_scheme": "dark"}, "printer"),
        ("no-script", DESK | {"java_script_enabled": False}, "fan"),
    ],
)
def test_a_visit_leads_from_the_wall_to_what_is_wrong_and_says_that_it_is_known(
    ailing: World, chromium: Browser, tmp_path: Path, name: str, options: dict[str, Any], aspect: str
) -> None:
    seen = look if name != "no-script" else lambda *_: None
    with served(ailing, tmp_path) as address, visit(chromium, ailing, address, **options) as (page, complaints):  # type: ignore[arg-type]  # what it needs of a world, this one has
        page.get_by_role("link", name="Health", exact=True).click()
        assert "2 of 2 schools have something critical." in page.get_by_role("main").inner_text()
        seen(page, f"{name}-wall")
        if name != "no-script":
            assert min(target_sizes(page)) >= 18
        capital = aspect[:1].upper() + aspect[1:]
        page.get_by_role("link", name=f"1 device critical: {aspect}, Oak Lane Primary").click()
        seen(page, f"{name}-list")
        page.locator("tbody a.state").first.click()
        assert page.get_by_role("heading", name=capital, exact=True).is_visible()
        seen(page, f"{name}-health")
        page.get_by_text(f"Acknowledge {aspect}", exact=True).click()
        form = page.locator("details[open] form")
        form.get_by_label("Why it can wait").fill("the spare is on its way")
        form.get_by_label("Who looks after it").fill(" ")
        form.get_by_role("button", name="Acknowledge").click()
        assert "Say who looks after it" in page.get_by_role("main").inner_text()
        assert form.get_by_label("Why it can wait").input_value() == "the spare is on its way"
        seen(page, f"{name}-problem")
        form.get_by_label("Who looks after it").fill("Sam")
        form.get_by_role("button", name="Acknowledge").click()
        assert "Sam looks after it: the spare is on its way" in page.get_by_role("main").inner_text()
        seen(page, f"{name}-known")
        page.get_by_role("link", name="Health", exact=True).first.click()
        assert page.get_by_role("link", name=f"1 device acknowledged: {aspect}, Oak Lane Primary").is_visible()
        page.goto(f"{address}/health/limits")
        seen(page, f"{name}-limits")
        expected = ["400 (Bad Request)"]
        assert [each for each in complaints if not any(known in each for known in expected)] == []


def test_a_sparkline_is_drawn_and_its_table_opens_by_keyboard(ailing: World, chromium: Browser, tmp_path: Path) -> None:
    with served(ailing, tmp_path) as address, visit(chromium, ailing, address, **DESK) as (page, complaints):  # type: ignore[arg-type]  # as above
        page.goto(f"{address}/devices/{ailing.device_id('printer')}/health")
        drawn = page.get_by_role("img", name="1 day told of the last 30").first
        box = drawn.bounding_box()
        assert box is not None
        assert box["width"] > 100
        page.get_by_text("Day by day").first.focus()
        page.keyboard.press("Enter")
        assert page.get_by_role("columnheader", name="Lowest").first.is_visible()
        assert complaints == []
