"""Every page that the table of routes has, against WCAG 2.2 AA as axe checks it, light and dark, desk and phone."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Any

import pytest
from chromium import visit
from playwright.sync_api import Browser, Error, Page, ViewportSize
from web_estate import World

from collector.web.door import By
from collector.web.routes import ENTRIES

pytestmark = pytest.mark.needs("chromium")
PARTS = 4  # each has the time of one test
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
VIEWS: list[tuple[ViewportSize, Any]] = [
    ({"width": 1280, "height": 900}, "light"), ({"width": 390, "height": 844}, "dark"),
]  # fmt: skip
ASK = """async rules => {
    const found = await axe.run({runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']});
    const where = v => v.nodes.slice(0, 3).map(n => n.target.join(' ')).join('; ');
    return found.violations.map(v => `${v.id}: ${v.help} (${where(v)})`);
}"""


def pages(world: World) -> list[str]:
    """An address of every page that can be looked at without having made something first."""
    ids = {
        "device_id": world.device("elm-server").device_id, "school_id": world.school_ids["elm"],
        "evidence_id": str(world.evidence_id("elm-server", "smbios")),
    }  # fmt: skip
    shown = [
        e.path for e in ENTRIES if e.method == "GET" and e.by is By.SESSION and not e.path.endswith(("csv", "raw"))
    ]
    fitting = [path for path in shown if set(re.findall(r"\{(\w+)\}", path)) <= ids.keys()]
    return [path.format(**ids) for path in fitting]


def opens(page: Page, address: str) -> bool:
    """Open an address; whether there is a page, and not a file."""
    try:
        answer = page.goto(address)
    except Error as error:
        if "Download is starting" not in error.message:
            raise
        return False
    return answer is not None and "text/html" in answer.headers.get("content-type", "")


@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_violates_wcag(world: World, chromium: Browser, address: str, part: int) -> None:
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    found: dict[str, list[str]] = {}
    with visit(chromium, world, address, bypass_csp=True) as (page, _):
        for path in pages(world)[part::PARTS]:
            if not opens(page, address + path):
                continue  # a file, not a page
            page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
            page.evaluate(axe)
            for size, colours in VIEWS:
                page.set_viewport_size(size)
                page.emulate_media(color_scheme=colours)
                if violations := page.evaluate(ASK, RULES):
                    found[f"{path} ({colours})"] = violations
    assert not found, "\n".join(f"{path} {said}" for path, all_said in found.items() for said in all_said)
