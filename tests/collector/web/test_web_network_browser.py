"""The map in a real browser: what can be read, in light and dark, on a desk and on a phone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import PHONE, fits, visit
from playwright.sync_api import Browser, Page
from web_estate import World
from web_network import fill_network
from web_server import served

pytestmark = pytest.mark.needs("chromium")
DESK = {"viewport": {"width": 1440, "height": 900}}
FLOORS = 56


@pytest.fixture
def address(empty: World, tmp_path: Path) -> Iterator[str]:
    fill_network(empty, FLOORS)
    with served(empty, tmp_path) as found:
        yield found


def boxes(page: Page, selector: str) -> list[dict[str, float]]:
    """The rectangles of elements on the screen."""
    script = "all => all.map(e => e.getBoundingClientRect()).map(r => ({x: r.x, y: r.y, w: r.width, h: r.height}))"
    return list(page.locator(selector).evaluate_all(script))


def apart(one: dict[str, float], other: dict[str, float]) -> bool:
    across = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
    return across or one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]


def test_sixty_switches_can_be_read_on_a_desk_and_on_a_phone(empty: World, chromium: Browser, address: str) -> None:
    for options in (DESK | {"color_scheme": "light"}, PHONE | {"color_scheme": "dark"}):
        _look(empty, chromium, address, options)


def _look(world: World, chromium: Browser, address: str, options: dict[str, Any]) -> None:
    with visit(chromium, world, address, **options) as (page, complaints):
        page.goto(f"{address}/schools/{world.school_ids['elm']}/map")
        fits(page)
        texts, frames = boxes(page, ".map text"), boxes(page, ".map .box > rect")
        assert len(frames) == FLOORS + 5
        assert all(text["h"] >= 11 for text in texts)
        assert all(apart(one, other) for one, other in itertools.combinations(texts, 2))
        inside = [text for text in boxes(page, ".map .name") if text["x"] + text["w"] <= _end(text, frames)]
        assert len(inside) == len(frames)
        assert page.locator(".map svg :not(svg, a, rect, text, path, title)").count() == 0
        page.locator(".map a").first.click()
        page.wait_for_url("**/devices/*")
        assert complaints == []


def _end(text: dict[str, float], frames: list[dict[str, float]]) -> float:
    """Where the box that a text begins in ends."""
    (frame,) = [frame for frame in frames if not apart(text | {"w": 1}, frame)]
    return frame["x"] + frame["w"]
