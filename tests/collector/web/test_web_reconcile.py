"""A register is reconciled on the pages: brought, columns confirmed, shown by kind, settled, taken back."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from web_estate import SAME_ORIGIN, World, browser, fill, set_up, sign_in

from collector.store import register
from fresh_store import fresh_store

HOSTILE = "<img src=x onerror=alert(1)>"
BOOK = (
    "Elm register\n"
    "Asset no,Serial No,Room,Assigned to,Odd column\n"
    f"ELM-1,FOC2016X0AB,{HOSTILE},Kim,x\n"
    "ELM-2,7XKQ2P8,12,,x\n"
    "ELM-9,GONE123456,=1+1,,x\n"
)


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[World]:
    """An estate of its own: these tests write."""
    store = fresh_store(tmp_path / "store.db")
    yield fill(set_up(store))
    store.close()


@pytest.fixture
async def ada(busy: World) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(busy) as client:
        await sign_in(busy, client)
        yield client


async def hidden(client: httpx.AsyncClient, page: str, path: str) -> dict[str, str]:
    """The hidden fields of the form of a page that leads to a path."""
    found = (await client.get(page)).text
    form = found[found.index(f'action="{path}') :]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[: form.index("</form>")]))


def devices(world: World) -> int:
    with world.store.reader() as connection:
        return len(register.devices(connection, world.trust_id))


async def bring(client: httpx.AsyncClient, world: World) -> str:
    """The path of a book that was brought, and compared with the columns as they were guessed."""
    data = await hidden(client, "/reconcile", "/reconcile") | {"school": world.school_ids["elm"]}
    files = {"file": ("book.csv", BOOK.encode())}
    answer = await client.post("/reconcile", data=data, files=files, headers=SAME_ORIGIN)
    assert answer.status_code == 303
    columns = answer.headers["location"]
    path = columns.removesuffix("/columns")
    page = (await client.get(columns)).text
    chosen = re.findall(r'<select id="c(\d+)".*?</select>', page)
    data = await hidden(client, columns, f"{path}/compare")
    for place in chosen:
        select = page[page.index(f'id="c{place}"') :]
        field = re.search(r'value="(\w*)" selected', select[: select.index("</select>")])
        data[f"column{place}"] = field[1] if field else ""
    answer = await client.post(f"{path}/compare", data=data, headers=SAME_ORIGIN)
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    return path


async def test_a_register_is_brought_compared_and_shown_by_kind(busy: World, ada: httpx.AsyncClient) -> None:
    path = await bring(ada, busy)
    page = (await ada.get(path)).text
    assert HOSTILE not in page
    assert "&lt;img src=x" not in page or "onerror=alert(1)&gt;" in page
    ghosts = (await ada.get(f"{path}?kind=ghost")).text
    assert "GONE123456" in ghosts or "ELM-9" in ghosts
    assert "ELM-1" not in ghosts
    assert "book.csv" in (await ada.get("/reconcile")).text
    assert (await ada.get(f"{path}?kind=nonsense")).status_code == 400
    assert (await ada.get(f"{path}?field=nonsense")).status_code == 400
    assert (await ada.get("/reconcile/nonsense")).status_code == 404
    assert "ELM-9" in (await ada.get(f"{path}?q=gone1234")).text
    assert "No row answers" in (await ada.get(f"{path}?q=kim")).text  # whom it is assigned to is not searched


async def test_rows_are_settled_and_taken_back(busy: World, ada: httpx.AsyncClient) -> None:
    path = await bring(ada, busy)
    count = devices(busy)
    data = await hidden(ada, f"{path}?kind=ghost", f"{path}/settle")
    expect = data | {"action": "expect", "which": "all"}
    answer = await ada.post(f"{path}/settle?kind=ghost", data=expect, headers=SAME_ORIGIN)
    assert answer.status_code == 303
    assert devices(busy) == count + 1
    page = (await ada.get(path)).text
    assert "Expect the device" in page
    undo = await hidden(ada, path, f"{path}/undo")
    assert (await ada.post(f"{path}/undo", data=undo, headers=SAME_ORIGIN)).status_code == 303
    assert devices(busy) == count


async def test_ticked_rows_alone_are_settled_and_what_cannot_be_is_said(busy: World, ada: httpx.AsyncClient) -> None:
    path = await bring(ada, busy)
    data = await hidden(ada, path, f"{path}/settle") | {"which": "ticked"}
    nothing = await ada.post(f"{path}/settle", data=data | {"action": "leave", "reason": "x"}, headers=SAME_ORIGIN)
    assert nothing.status_code == 400
    page = (await ada.get(f"{path}?kind=ghost")).text
    line = re.search(r'name="(line\d+)"', page)
    assert line
    wrong = await ada.post(f"{path}/settle", data=data | {line[1]: "1", "action": "record"}, headers=SAME_ORIGIN)
    assert wrong.status_code == 409
    assert "cannot be settled so" in wrong.text
    without = await ada.post(f"{path}/settle", data=data | {line[1]: "1", "action": "leave"}, headers=SAME_ORIGIN)
    assert (without.status_code, "Say why" in without.text) == (400, True)


async def test_the_differences_are_a_file_that_a_spreadsheet_leaves_alone(busy: World, ada: httpx.AsyncClient) -> None:
    path = await bring(ada, busy)
    answer = await ada.get(f"{path}/differences.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "ghost" in answer.text
    assert not re.search(r"(^|,)[=+@-]", answer.text, re.MULTILINE)


async def test_a_form_of_somewhere_else_is_refused(busy: World, ada: httpx.AsyncClient) -> None:
    path = await bring(ada, busy)
    for to in ("settle", "undo", "forget", "compare"):
        assert (await ada.post(f"{path}/{to}", data={"token": "x"}, headers=SAME_ORIGIN)).status_code == 403
    data = await hidden(ada, "/reconcile", "/reconcile")
    nothing = await ada.post("/reconcile", data=data, files={"file": ("x.csv", b"")}, headers=SAME_ORIGIN)
    assert nothing.status_code == 400
    picture = {"file": ("x.csv", b"%PDF-1.7")}
    refused = await ada.post("/reconcile", data=data, files=picture, headers=SAME_ORIGIN)
    assert (refused.status_code, "no table" in refused.text) == (400, True)


async def test_a_book_is_let_go(busy: World, ada: httpx.AsyncClient) -> None:
    path = await bring(ada, busy)
    data = await hidden(ada, "/reconcile", f"{path}/forget")
    assert (await ada.post(f"{path}/forget", data=data, headers=SAME_ORIGIN)).status_code == 303
    assert (await ada.get(path)).status_code == 404
