"""The REST interface: what programs read, in pages, under ETags, and as its own description says."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from schemathesis import GenerationMode
from sqlalchemy import delete
from web_estate import HOST, HOSTILE, World, make_devices
from web_server import served

from asking import asked_at_random
from collector.access import Scope
from collector.store import schema as t
from collector.web.api import OPERATIONS
from collector.web.application import application
from collector.web.routes import ENTRIES
from collector.web.visit import Settings

CASES = 8  # of each operation and way


def bearer(world: World, scope: Scope = Scope.READ) -> dict[str, str]:
    return {"Authorization": f"Bearer {world.token(scope)}"}


async def test_programs_read_schools_and_devices(world: World, stranger: httpx.AsyncClient) -> None:
    key = bearer(world)
    schools = (await stranger.get("/api/v1/schools", headers=key)).json()["schools"]
    assert [(s["name"], s["devices"]) for s in schools] == [
        ("Ash Academy", 0), ("Elm Primary School", 4), ("Oak & Son's <School>", 1),
    ]  # fmt: skip
    assert schools[1]["last_report"] == "2026-11-22T09:27:00Z"
    asked = {"school": world.school_ids["elm"], "class": "desktop"}
    answer = (await stranger.get("/api/v1/devices", params=asked, headers=key)).json()
    (device,) = answer["devices"]
    assert (device["maker"], device["serial"], device["address"]) == ("Dell", "7XKQ2P3", "10.1.0.2")
    detail = (await stranger.get(f"/api/v1/devices/{device['device_id']}", headers=key)).json()["device"]
    assert detail["row"] == device
    memory = next(f for f in detail["facts"] if f["name"] == "memory")
    assert (memory["value"], memory["unit"]) == (16 * 2**30, "bytes")
    evidence = (await stranger.get(f"/api/v1/evidence/{memory['evidence_id']}", headers=key)).json()
    assert evidence["device_ids"] == [device["device_id"]]
    assert evidence["content"]


async def test_programs_read_in_pages(world: World, stranger: httpx.AsyncClient) -> None:
    key = bearer(world)
    for path in ("/api/v1/devices", "/api/v1/register"):
        found: list[str] = []
        after: str | None = ""
        while after is not None:
            answer = (await stranger.get(path, params={"limit": 2, "after": after}, headers=key)).json()
            found += [device["device_id"] for device in answer["devices"]]
            after = answer["next_after"]
        assert len(found) == 5
        assert found == sorted(set(found))
    for asked in ("limit=1001", "limit=-1", "limit=x", "class=toaster", "life=well", "aspect=mood", "state=sad"):
        refused = await stranger.get(f"/api/v1/devices?{asked}", headers=key)
        assert refused.status_code == 400
        assert refused.json()["error"]


async def test_a_long_pull_goes_on_where_it_stopped_though_devices_went(empty: World) -> None:
    make_devices(empty, 30)
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(application(empty.store, empty.trust_id, settings=Settings((HOST,)))),
        base_url=f"http://{HOST}", headers=bearer(empty),
    )  # fmt: skip
    first = (await client.get("/api/v1/devices?limit=10")).json()
    shown = [device["device_id"] for device in first["devices"]]
    gone = t.devices.c.device_id.in_(shown[:5])
    empty.store.write(lambda connection: connection.execute(delete(t.devices).where(gone)))
    rest = (await client.get("/api/v1/devices", params={"limit": 1000, "after": first["next_after"]})).json()
    assert len({*shown, *(device["device_id"] for device in rest["devices"])}) == 30


async def test_an_answer_that_is_known_is_not_sent_again(world: World, stranger: httpx.AsyncClient) -> None:
    key = bearer(world)
    first = await stranger.get("/api/v1/schools", headers=key)
    etag = first.headers["etag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}'):
        again = await stranger.get("/api/v1/schools", headers=key | {"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    other = await stranger.get("/api/v1/devices", headers=key | {"If-None-Match": etag})
    assert other.status_code == 200


async def test_a_hostile_name_comes_out_of_the_interface_as_it_is_and_in_ascii(
    world: World, visitor: httpx.AsyncClient
) -> None:
    del world
    answer = await visitor.get("/api/v1/devices", params={"q": "onerror"})
    assert answer.json()["devices"][0]["name"] == HOSTILE
    assert answer.content.isascii()
    assert answer.headers["content-type"] == "application/json"


# ------------------------------------------------------------------------------------------------ the description


def test_everything_under_the_interface_is_described() -> None:
    entries = {(entry.method, entry.path) for entry in ENTRIES if entry.path.startswith("/api/v1/")}
    assert entries - {("GET", "/api/v1/openapi.json")} == OPERATIONS.keys()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_the_interface_does_what_its_description_says(world: World, mode: GenerationMode, tmp_path: Path) -> None:
    with served(world, tmp_path) as address:
        assert asked_at_random(address, tmp_path / "cert.pem", world.token(Scope.WRITE), mode, CASES) == {
            f"{method} {path}" for method, path in OPERATIONS
        }
