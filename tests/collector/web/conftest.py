"""The estate of `web_estate`, made once, and browsers that look at it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from chromium import FLAGS
from playwright.sync_api import Browser, sync_playwright
from web_estate import NOW, World, browser, fill, set_up, sign_in
from web_server import served

from fresh_store import fresh_store


@pytest.fixture(scope="session")
def _estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    store = fresh_store(tmp_path_factory.mktemp("estate") / "store.db")
    yield fill(set_up(store))
    store.close()


@pytest.fixture
def world(_estate: World) -> World:
    """The estate; its clock is back at the start for each test."""
    _estate.now = NOW
    return _estate


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[World]:
    """A collector that was just set up."""
    store = fresh_store(tmp_path / "store.db")
    yield set_up(store)
    store.close()


@pytest.fixture
async def visitor(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that is signed in."""
    async with browser(world) as client:
        await sign_in(world, client)
        yield client


@pytest.fixture
async def stranger(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that is not."""
    async with browser(world) as client:
        yield client


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real browser."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def address(world: World, tmp_path: Path) -> Iterator[str]:
    """The estate's pages over real HTTPS."""
    with served(world, tmp_path) as found:
        yield found
