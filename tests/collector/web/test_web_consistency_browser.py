"""Consistency and profiles in a real browser: they fit a phone, and a profile prints on one sheet of A4."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import PHONE, fits, visit
from kit_estate import NOW, Made
from playwright.sync_api import Browser
from web_estate import World
from web_kit import as_new, with_kit
from web_server import served

from collector.profiling import saying
from collector.store import Transaction
from fresh_store import fresh_store

pytestmark = pytest.mark.needs("chromium")


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[tuple[World, Made]]:
    store = fresh_store(tmp_path / "store.db")
    world, made = with_kit(store)
    as_new(world, made)
    yield world, made
    store.close()


def test_pages_fit_a_phone_and_a_profile_prints_on_one_sheet_whatever_falls_short(
    kit: tuple[World, Made], chromium: Browser, tmp_path: Path
) -> None:
    world, made = kit

    def worst(connection: Transaction) -> None:
        long = "; ".join(f"a shared service number {n} of the trust" for n in range(7))
        said = {
            "pupils": "9000",
            "support_hours": "0.1",
            "shared": long,
            "provider": "P" * 60,
            "digital_lead": "L" * 60,
        }
        saying.say(connection, made.trust_id, made.school_ids[1], said, actor="ada", now=NOW)
        for measure, value in (("dated_share", 1.0), ("models_per_class", 0.0), ("unseen_share", 0.0),
                               ("old_share", 0.0), ("support_hours_per_100_devices", 90.0)):  # fmt: skip
            saying.set_threshold(connection, made.trust_id, measure, value, "w" * 90, actor="ada", now=NOW)

    world.store.write(worst)
    profile = f"/schools/{made.school_ids[1]}/profile"
    with served(world, tmp_path) as address:
        with visit(chromium, world, address, **PHONE) as (page, complaints):
            for path in ("/consistency", "/consistency/devices", "/consistency/catalogue", "/profiles", profile):
                page.goto(address + path)
                fits(page, path)
            assert complaints == []
        with visit(chromium, world, address) as (page, complaints):
            page.goto(address + profile)
            assert page.locator(".sorted-below li").count() >= 8
            paper = page.pdf(format="A4", prefer_css_page_size=True)
            assert complaints == []
    (tmp_path / "profile.pdf").write_bytes(paper)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
