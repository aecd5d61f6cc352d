"""A real browser's way to the pages: the flags it is started with, and a visit that begins with a one-time link."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, TimeoutError  # noqa: A004 - it is Playwright's
from web_estate import World

FLAGS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
# one pixel of the screen for one of CSS: nothing that is measured depends on it, and painting nine is dear
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 1, "is_mobile": True, "has_touch": True}
WATCH = "document.addEventListener('securitypolicyviolation', e => console.error('violation', e.violatedDirective))"


@contextmanager
def visit(browser: Browser, world: World, address: str, **options: Any) -> Iterator[tuple[Page, list[str]]]:
    """A page that came in by a one-time link, and everything that browser and page complain of."""
    context = browser.new_context(ignore_https_errors=True, locale="en-GB", **options)
    complaints: list[str] = []
    context.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    if options.get("java_script_enabled", True):
        context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(f"{address}/enter/{world.link()}")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{address}/")
    yield page, complaints
    context.close()


def fits(page: Page, what: str = "") -> None:
    """Nothing of a page is wider than its window; a phone's inner width grows with what is too wide, so not that.

    What was clicked before may be loading still: then it is asked again of the page that comes.
    """
    window = page.viewport_size
    assert window is not None
    narrow = "most => document.readyState === 'complete' && document.documentElement.scrollWidth <= most"
    try:
        page.wait_for_function(narrow, arg=window["width"], timeout=10_000)
    except TimeoutError:
        raise AssertionError(f"{what or page.url} is wider than its window") from None
