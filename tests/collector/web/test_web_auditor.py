"""An auditor's whole visit in a real browser, from the invitation to the journal that shows each step of it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from chromium import visit
from playwright.sync_api import Browser, BrowserContext, Page
from web_estate import NOW, World, fill, plain, set_up
from web_server import served

from fresh_store import fresh_store

pytestmark = pytest.mark.needs("chromium")
DESK = {"viewport": {"width": 1280, "height": 900}}
THEN = "2026-11-22"  # the day of which the auditor pulls the register
LAST_DAY = "2027-03-31"


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[World]:
    """An estate of its own, two days after it was seen."""
    store = fresh_store(tmp_path / "store.db")
    world = fill(set_up(store))
    world.now = NOW + timedelta(days=2)
    yield world
    store.close()


def invited(page: Page, address: str) -> str:
    """The owner lets an auditor in to one school until a day; the link, as the page shows it once."""
    page.goto(f"{address}/people")
    form = page.locator("form[action='/people/invite']")
    form.get_by_label("Name").fill("Grace of Audit & Co")
    form.get_by_label("Role").select_option("auditor")
    form.get_by_label("Last day").fill(LAST_DAY)
    form.get_by_label("Elm Primary School").check()
    form.get_by_role("button").click()
    return page.locator("pre.command").inner_text().strip()


def corrected(page: Page, address: str, device_id: str) -> None:
    """After the day of the register, somebody renames a device."""
    page.goto(f"{address}/devices/{device_id}")
    page.get_by_text("Correct what the register says").click()
    page.get_by_role("searchbox", name="Name", exact=True).fill("renamed since")
    page.get_by_role("searchbox", name="Why").fill("a new label")
    page.get_by_role("button", name="Correct", exact=True).click()


def pulled(page: Page, address: str) -> list[dict[str, str]]:
    """The register as it stood then, seen on the page and pulled as a file."""
    page.goto(f"{address}/register")
    page.get_by_label("As known on").fill(THEN)
    page.get_by_role("button", name="Show").click()
    assert "4 devices as known at the end of" in page.get_by_role("main").inner_text()
    page.get_by_text("Take it with you").click()
    with page.expect_download() as downloading:
        page.locator("a[href*='/register/export.plain']").click()
    text = Path(downloading.value.path()).read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def refused(page: Page, address: str, world: World) -> None:
    """What is of another school, or of the owner alone, is not there."""
    foreign = world.device("onerror").device_id
    for path in (f"/devices/{foreign}", f"/schools/{world.school_ids['oak']}", "/people", "/journal", "/privacy"):
        answer = page.goto(address + path)
        assert answer is not None
        assert answer.status == 404, path
        assert "Oak" not in page.content()


def test_an_auditors_whole_visit(busy: World, chromium: Browser, tmp_path: Path) -> None:
    device = busy.device("elm-core").device_id
    with served(busy, tmp_path) as address, visit(chromium, busy, address, **DESK) as (owner, complaints):
        link = invited(owner, address)
        corrected(owner, address, device)
        context = chromium.new_context(ignore_https_errors=True, locale="en-GB", **DESK)  # type: ignore[arg-type]
        page = entered(context, re.sub(r"^https?://[^/]+", address, link))
        rows = pulled(page, address)
        assert {row["school"] for row in rows} == {"Elm Primary School"}
        assert "renamed since" not in str(rows)
        assert "renamed since" in page.request.get(f"{address}/devices/{device}").text()
        page.goto(f"{address}/devices/{device}")
        page.locator("tr", has_text="Serial number").get_by_role("link").first.click()
        assert "/evidence/" in page.url
        page.goto(f"{address}/audit")
        assert page.locator("form[method=post]").count() == 1  # to sign out: an auditor accepts nothing
        refused(page, address, busy)
        busy.now = datetime.fromisoformat(f"{LAST_DAY}T23:59:00").replace(tzinfo=UTC) + timedelta(hours=1)
        assert getattr(page.goto(f"{address}/register"), "status", 0) == 401
        context.close()
        busy.now = NOW + timedelta(days=2, minutes=20)
        shown = journal_of(owner, address, "Grace of Audit & Co")
        assert complaints == []
    steps = ("signed in", "page /register", "exported", f"page /devices/{device}", "page /evidence/", "page /audit")
    assert [step for step in steps if step not in shown] == []


def entered(context: BrowserContext, link: str) -> Page:
    page = context.new_page()
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    assert "Elm Primary School" in page.get_by_role("main").inner_text()
    assert "Oak" not in page.content()
    return page


def journal_of(page: Page, address: str, name: str) -> str:
    """What the owner reads of somebody in the journal."""
    page.goto(f"{address}/journal")
    page.get_by_label("Who").select_option(label=name)
    page.get_by_role("button", name="Show").click()
    return plain(page.content())
