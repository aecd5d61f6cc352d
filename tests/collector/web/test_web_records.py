"""Records on the pages and by the API: entered, imported, edited at once, taken back, with files; and who may not."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from web_estate import HOST, NOW, SAME_ORIGIN, World, browser, fill, plain, set_up, sign_in

from collector.access import Scope
from collector.store import acts, register
from fresh_store import fresh_store

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 60
HOSTILE = "<img src=x onerror=alert(1)>"


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


async def token(client: httpx.AsyncClient, page: str, path: str) -> dict[str, str]:
    """The hidden fields of the form of a page that leads to a path."""
    found = (await client.get(page)).text
    form = found[found.index(f'action="{path}"') :]
    form = form[: form.index("</form>")]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


async def send(client: httpx.AsyncClient, page: str, path: str, **fields: str) -> httpx.Response:
    return await client.post(path, data=await token(client, page, path) | fields, headers=SAME_ORIGIN)


async def bring(client: httpx.AsyncClient, content: bytes, school: str = "Elm Primary School") -> httpx.Response:
    hidden = await token(client, "/records/import", "/records/propose")
    data = hidden | {"school": school}
    return await client.post("/records/propose", data=data, files={"file": ("list.csv", content)}, headers=SAME_ORIGIN)


async def test_a_record_is_entered_shown_with_its_history_and_disputed_by_the_device(
    busy: World, ada: httpx.AsyncClient
) -> None:
    here = f"/devices/{busy.device('elm-core').device_id}"
    form = f"{here}/record/edit"
    answer = await send(
        ada, form, f"{here}/record", serial="OTHER123", room=HOSTILE, cost="£1,200", purchased="2023-09-01"
    )
    assert answer.headers["location"] == f"{here}#record"
    busy.now = NOW + timedelta(minutes=1)
    await send(ada, form, f"{here}/record", serial="OTHER123", room="R2", cost="1200.00", purchased="2023-09-01")
    page = (await ada.get(here)).text
    words = plain(page)
    assert "Serial: the record says OTHER123 , the device says FOC2016X0AB" in words
    assert "Cost £1,200.00 Ada" in words
    assert "Purchased 1 Sep 2023" in words
    assert f"{HOSTILE} since" in words
    assert HOSTILE not in page
    assert "the device itself says FOC2016X0AB" in plain((await ada.get(form)).text)


async def test_what_cannot_be_read_is_said_and_what_was_typed_is_kept(busy: World, ada: httpx.AsyncClient) -> None:
    here = f"/devices/{busy.device('elm-core').device_id}"
    answer = await send(ada, f"{here}/record/edit", f"{here}/record", cost="12,5", room="R9")
    assert answer.status_code == 400
    assert "Cost: “12,5” has a comma before the pence" in plain(answer.text)
    assert 'value="R9"' in answer.text
    assert "Nobody has said anything" in plain((await ada.get(here)).text)


async def test_two_people_do_not_overwrite_each_other(busy: World, ada: httpx.AsyncClient) -> None:
    here = f"/devices/{busy.device('elm-core').device_id}"
    hidden = await token(ada, f"{here}/record/edit", f"{here}/record")
    await send(ada, f"{here}/record/edit", f"{here}/record", room="R1")
    answer = await ada.post(f"{here}/record", data=hidden | {"room": "R2"}, headers=SAME_ORIGIN)
    assert answer.status_code == 400
    assert "Somebody changed this record while you did" in plain(answer.text)


async def test_a_list_is_shown_mapped_confirmed_and_taken_back(busy: World, ada: httpx.AsyncClient) -> None:
    content = b"Serial,Ort,Cost\nFOC2016X0AB,R1,100\nNEW98765,R2,1e\nNEW98766,,\n"
    address = (await bring(ada, content)).headers["location"]
    words = plain((await ada.get(address)).text)
    assert "Rows 3 Devices that change 1 Newly expected 1 Values 4" in words
    assert "Row 3 Cost “1e” is no sum in pounds: write it as 1249.99 row left out" in words
    assert "not taken: Ort" in words
    mapped = await send(
        ada, address, f"{address}/read", column0="serial", column1="room", column2="", school="Ash Academy"
    )
    assert mapped.headers["location"] == address
    words = plain((await ada.get(address)).text)
    assert "Devices that change 1 Newly expected 2" in words
    assert "Ash Academy" in words
    done = await send(ada, address, f"{address}/confirm")
    assert done.headers["location"] == address
    assert "3 records were changed" in plain((await ada.get(address)).text)
    assert busy.device("NEW98765").school_name == "Ash Academy"
    assert "“" not in (await ada.get(f"/devices/{busy.device('NEW98765').device_id}")).text
    await send(ada, address, f"{address}/undo")
    assert "Taken back by Ada" in plain((await ada.get(address)).text)
    here = f"/devices/{busy.device('elm-core').device_id}"
    assert "R1" not in plain((await ada.get(here)).text).partition("History")[0].partition("Record")[2]


async def test_a_proposal_that_would_do_something_else_by_now_is_shown_again(
    busy: World, ada: httpx.AsyncClient
) -> None:
    address = (await bring(ada, b"Serial,Room\nFOC2016X0AB,R1\n")).headers["location"]
    hidden = await token(ada, address, f"{address}/confirm")
    here = f"/devices/{busy.device('elm-core').device_id}"
    await send(ada, f"{here}/record/edit", f"{here}/record", room="R7")
    answer = await ada.post(f"{address}/confirm", data=hidden, headers=SAME_ORIGIN)
    assert answer.status_code == 409
    assert "Something changed since this was shown" in plain(answer.text)
    assert "R7 R1" in plain(answer.text)


async def test_a_filtered_list_is_edited_at_once_and_taken_back(busy: World, ada: httpx.AsyncClient) -> None:
    page = (await ada.get("/devices?q=elm")).text
    assert '/records/edit?school=&amp;class=&amp;life=&amp;q=elm"' in page
    form = f"/records/edit?class=&school={busy.school_ids['elm']}&q="
    answer = await send(ada, form, "/records/edit/propose", funding="PTA", empty_room="1")
    address = answer.headers["location"]
    with busy.store.reader() as connection:
        count = len(register.devices(connection, busy.trust_id, school_id=busy.school_ids["elm"]))
    assert f"Devices that change {count} Newly expected 0 Values {count}" in plain((await ada.get(address)).text)
    await send(ada, address, f"{address}/confirm")
    assert f"{count} records were changed" in plain((await ada.get(address)).text)
    here = f"/devices/{busy.device('elm-core').device_id}"
    assert "Funding source PTA" in plain((await ada.get(here)).text)
    await send(ada, address, f"{address}/undo")
    assert "Nobody has said anything" in plain((await ada.get(here)).text)
    nothing = await send(ada, form, "/records/edit/propose")
    assert "Nothing is to be changed" in plain(nothing.text)


async def test_a_device_is_added_by_hand_and_only_once(busy: World, ada: httpx.AsyncClient) -> None:
    fields = {"school": "Ash Academy", "asset_tag": "ASH-1", "local_name": "loan laptop", "status": "on loan"}
    answer = await send(ada, "/records/new", "/records/enter", **fields)
    assert "Status on loan" in plain((await ada.get(answer.headers["location"])).text)
    again = await send(ada, "/records/new", "/records/enter", **fields)
    assert again.status_code == 400
    assert "has this asset tag already: enter it there" in plain(again.text)


async def test_a_file_is_kept_served_as_what_it_is_and_removed(busy: World, ada: httpx.AsyncClient) -> None:
    here = f"/devices/{busy.device('elm-core').device_id}"
    hidden = await token(ada, here, f"{here}/files")
    for name, content, status in (("tag.png", PNG, 303), ("x.html", b"<script>", 400), ("x.png", b"", 400)):
        answer = await ada.post(
            f"{here}/files", data=hidden | {"kind": "photo"}, files={"file": (name, content)}, headers=SAME_ORIGIN
        )
        assert answer.status_code == status
    link = re.search(r'href="(/files/\w+)"', (await ada.get(here)).text)
    assert link
    served = await ada.get(link[1])
    assert served.content == PNG
    assert served.headers["content-type"] == "image/png"
    assert served.headers["content-disposition"] == "attachment; filename*=UTF-8''tag.png"
    assert (await send(ada, here, f"{link[1]}/remove")).headers["location"] == f"{here}#record"
    assert (await ada.get(link[1])).status_code == 404


# ------------------------------------------------------------------------------------------------ bounds


async def test_only_the_routes_that_say_so_take_large_bodies_and_only_so_large(
    busy: World, ada: httpx.AsyncClient
) -> None:
    large = b"Serial\n" + b"A" * 200_000
    assert (await bring(ada, large)).status_code == 400  # read, and no list
    assert (await bring(ada, b"x" * (6 * 2**20))).status_code == 413
    hidden = await token(ada, "/records/import", "/records/propose")
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    for path in ("/leave", "/records/enter", f"/devices/{busy.device('elm-core').device_id}/record"):
        body = b"token=" + hidden["token"].encode() + b"&room=" + b"a" * 200_000
        assert (await ada.post(path, content=body, headers=SAME_ORIGIN | kind)).status_code == 413
        answer = await ada.post(path, data=hidden, files={"file": ("x", b"x" * 9_000)}, headers=SAME_ORIGIN)
        assert answer.status_code in (400, 413)


async def test_nobody_may_send_a_large_body_who_is_not_let_in(busy: World) -> None:
    async def pieces():  # type: ignore[no-untyped-def]  # a generator for httpx
        yield b"a" * 1000
        raise AssertionError("the body was read")

    async with browser(busy) as stranger:
        kind = {"Content-Type": "multipart/form-data; boundary=x"}
        answer = await stranger.post("/records/propose", content=pieces(), headers=SAME_ORIGIN | kind)
        assert answer.status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        b"", b"--x", b"--x\r\n\r\n--x--", b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--",
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="\xff\x00"\r\n\r\na\r\n--x--\r\n',
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + b"a" * 9000 + b"\r\n--x--\r\n",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\na\r\n' * 200 + b"--x--\r\n",
        b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\na\r\n' * 3 + b"--x--\r\n",
    ],
)  # fmt: skip
async def test_a_broken_form_with_files_is_refused(ada: httpx.AsyncClient, body: bytes) -> None:
    for kind in ("multipart/form-data; boundary=x", "multipart/form-data", "text/plain"):
        answer = await ada.post("/records/propose", content=body, headers=SAME_ORIGIN | {"Content-Type": kind})
        assert answer.status_code in (400, 403)


async def test_a_form_without_the_token_of_its_page_changes_nothing(busy: World, ada: httpx.AsyncClient) -> None:
    here = f"/devices/{busy.device('elm-core').device_id}"
    address = (await bring(ada, b"Serial,Room\nFOC2016X0AB,R1\n")).headers["location"]
    for path in (f"{here}/record", "/records/enter", "/records/edit/propose", f"{address}/read", f"{address}/confirm",
                 f"{address}/undo", "/files/x/remove"):  # fmt: skip
        assert (await ada.post(path, data={"token": "0" * 64}, headers=SAME_ORIGIN)).status_code == 403
    for path in (f"{here}/files", "/records/propose"):
        answer = await ada.post(path, data={"token": ""}, files={"file": ("x", PNG)}, headers=SAME_ORIGIN)
        assert answer.status_code == 403
    with busy.store.reader() as connection:
        assert acts.latest(connection, busy.trust_id) == []


# ------------------------------------------------------------------------------------------------ API


async def test_a_program_says_things_with_a_token_that_may_write(busy: World) -> None:
    path = f"/api/v1/devices/{busy.device('elm-core').device_id}"
    async with browser(busy) as program:
        bearer = {"Authorization": f"Bearer {busy.token(Scope.WRITE)}"}
        said = {"room": "R1", "cost": 124999, "purchased": "2023-09-01", "tags": ["b", "a"], "assignee": "Grace"}
        answer = await program.post(f"{path}/record", json=said, headers=bearer)
        assert answer.status_code == 200
        fields = answer.json()["records"][0]["fields"]
        assert fields == {"room": "R1", "cost": 124999, "purchased": "2023-09-01", "tags": ["a", "b"]}
        assert (await program.post(f"{path}/record", json=said, headers=bearer)).json() == answer.json()
        emptied = (await program.post(f"{path}/record", json={"room": None}, headers=bearer)).json()
        assert "room" not in emptied["records"][0]["fields"]
        assert (await program.get(path, headers=bearer)).json()["records"] == emptied["records"]
        for body in (
            [],
            {},
            {"colour": "red"},
            {"cost": 1.5},
            {"room": 3},
            {"tags": [1]},
            {"status": "lost"},
            {"cost": -1},
        ):
            assert (await program.post(f"{path}/record", json=body, headers=bearer)).status_code == 400
        for content in (b"", b"[" * 20_000, b"\xff", b'{"a":'):
            kind = bearer | {"Content-Type": "application/json"}
            assert (await program.post(f"{path}/record", content=content, headers=kind)).status_code == 400
        for scope, status in ((Scope.READ, 404), (Scope.METRICS, 404)):
            other = {"Authorization": f"Bearer {busy.token(scope)}"}
            assert (await program.post(f"{path}/record", json=said, headers=other)).status_code == status
        assert (await program.post(f"{path}/record", json=said)).status_code in (401, 403)


async def test_whom_a_device_is_assigned_to_is_shown_to_those_who_may_see_it(
    busy: World, ada: httpx.AsyncClient
) -> None:
    device_id = busy.device("elm-core").device_id
    here = f"/devices/{device_id}"
    await send(ada, f"{here}/record/edit", f"{here}/record", assignee="Grace Hopper", room="R1")
    assert "Grace Hopper" in (await ada.get(here)).text
    assert (await ada.get(f"/api/v1{here}")).json()["records"][0]["fields"]["assignee"] == "Grace Hopper"
    async with browser(busy) as program:
        for scope in (Scope.READ, Scope.WRITE):
            bearer = {"Authorization": f"Bearer {busy.token(scope)}"}
            assert "Hopper" not in (await program.get(f"/api/v1{here}", headers=bearer)).text


async def test_a_session_writes_by_the_api_from_our_pages_alone(busy: World, ada: httpx.AsyncClient) -> None:
    path = f"/api/v1/devices/{busy.device('elm-core').device_id}/record"
    for headers in ({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert (await ada.post(path, json={"room": "R1"}, headers=headers)).status_code == 403
    assert (await ada.post(path, json={"room": "R1"}, headers={"Origin": f"https://{HOST}"})).status_code == 200
    assert busy.now == NOW
