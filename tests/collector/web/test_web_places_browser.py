"""The pages of places in a real browser, on a desk and on a phone, in light and dark."""

from __future__ import annotations

from pathlib import Path

import pytest
from chromium import PHONE, fits, visit
from playwright.sync_api import Browser
from web_estate import World, fill
from web_server import served

from collector import rooms
from collector.store import places

pytestmark = pytest.mark.needs("chromium")


def test_the_pages_of_places_fit_a_desk_and_a_phone(empty: World, chromium: Browser, tmp_path: Path) -> None:
    fill(empty)
    school = empty.school_ids["elm"]
    with empty.store.reader() as connection:
        place = next(p for p in places.places(connection, empty.trust_id) if p.school_id == school)
    empty.store.write(
        lambda c: rooms.add_room(c, empty.trust_id, place.site_id, "Library", "Block A", actor="me", now=empty.now)
    )
    with served(empty, tmp_path) as address:
        for options in ({"viewport": {"width": 1440, "height": 900}}, PHONE | {"color_scheme": "dark"}):
            with visit(chromium, empty, address, **options) as (page, complaints):
                for path in ("/places", "/calendar", f"/schools/{school}/rooms"):
                    page.goto(f"{address}{path}")
                    fits(page, path)
                    page.screenshot(path=tmp_path / f"{path.count('/')}{path[1:4]}{len(options)}.png", full_page=True)
                assert complaints == []
