"""The register on pages: rows, filters, orders, files with their manifests, movements, rules and the annual review."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode

import httpx
from web_estate import NOW, SAME_ORIGIN, World, browser, plain, sign_in

from collector import access

DAY = NOW.date().isoformat()


async def test_the_register_is_chosen_sorted_and_paged_by_addresses(visitor: httpx.AsyncClient) -> None:
    page = await visitor.get("/register")
    words = plain(page.text)
    assert page.status_code == 200
    assert "elm-core" in words
    assert "FOC2016X0AB" in words
    assert "Capitalised from £1,000.00" in words
    assert "<img src=x" not in page.text
    one = plain((await visitor.get("/register?q=foc2016&class=unknown&sort=serial&down=yes")).text)
    assert "1 device as known" in one
    down = (await visitor.get("/register?sort=serial")).text
    assert 'aria-sort="ascending"' in down
    assert "sort=serial&amp;down=yes" in down
    for wrong in (
        "class=boat",
        "view=all",
        "sort=colour",
        "life=lost",
        "as_known=2030-01-01",
        "as_known=soon",
        "from=x",
    ):
        assert (await visitor.get(f"/register?{wrong}")).status_code == 400, wrong


async def test_a_file_comes_with_its_hash_its_manifest_and_an_entry_in_the_journal(
    world: World, visitor: httpx.AsyncClient
) -> None:
    answer = await visitor.get("/register/export.csv")
    digest = hashlib.sha256(answer.content).digest()
    assert b64decode(answer.headers["repr-digest"].removeprefix("sha-256=:").removesuffix(":")) == digest
    told = (await visitor.get(answer.headers["link"].split(">")[0].removeprefix("<"))).json()
    assert (told["sha256"], told["form"], told["made_by"]) == (digest.hex(), "csv", world.owner)
    assert answer.headers["stocktake-journal"] == f"{told['journal']['position']} {told['journal']['hash']}"
    assert digest.hex()[:16] in (await visitor.get("/register/book")).text
    assert (await visitor.get("/register/export.exe")).status_code == 404
    assert (await visitor.get("/register/exports/none")).status_code == 404


async def test_a_token_pulls_the_same_but_not_whom_devices_are_assigned_to(world: World) -> None:
    token = {"Authorization": f"Bearer {world.token(access.Scope.READ)}"}
    async with browser(world, headers=token) as program:
        told = json.loads((await program.get("/register/export.json")).content)
        assert "assigned_to" not in {column["name"] for column in told["columns"]}
        assert (await program.get("/register")).status_code == 401
    async with browser(world) as stranger:
        assert (await stranger.get("/register/export.json")).status_code == 401


async def test_movements_between_two_days_open_to_their_rows(visitor: httpx.AsyncClient) -> None:
    assert "Opening Bought" not in plain((await visitor.get("/register/movements")).text)
    asked = f"from=2026-11-01&to={DAY}T09:31&by=class"
    words = plain((await visitor.get(f"/register/movements?{asked}")).text)
    assert "Opening Bought Found" in words
    assert "desktop" in words
    opened = plain((await visitor.get(f"/register/movements?{asked}&group=unknown&line=found")).text)
    assert "elm-core" in opened
    for wrong in ("from=2026-11-01&to=2026-10-01", "from=2026-11-01&to=2026-11-02&by=x", "from=x"):
        assert (await visitor.get(f"/register/movements?{wrong}")).status_code == 400, wrong


async def test_the_book_takes_rules_and_signatures_from_its_own_forms_alone(empty: World) -> None:
    async with browser(empty) as client:
        await sign_in(empty, client)
        page = (await client.get("/register/book")).text
        tokens = {
            part.split('"')[0]: part.split('name="token" value="')[1][:64]
            for part in page.split('action="/register/book/')[1:]
        }
        rules = {"threshold": "£500", "months.other": "36", "month": "after", "months.laptop": "48",
                 "residual.laptop": "12.5", "portable.tablet": "yes"}  # fmt: skip

        async def post(path: str, **form: str) -> httpx.Response:
            return await client.post(f"/register/book/{path}", data=form, headers=SAME_ORIGIN)

        assert (await post("rules", **rules, token="0" * 64)).status_code == 403
        wrong = {"threshold": "5,00", "residual.laptop": "101", "months.<b>": "4", "months.tablet": "<b>"}
        again = await post("rules", **rules | wrong, token=tokens["rules"])
        assert again.status_code == 400
        assert "Nothing was changed: 3 fields cannot be so." in again.text
        for said in ("write it with a full stop, as 1249.99", "a percentage from 0 to 100", "whole months, from 1 to"):
            assert said in again.text
        for kept in ('value="5,00"', 'value="101"', 'value="&lt;b&gt;"', 'value="36"', 'value="after" selected'):
            assert kept in again.text
        assert again.text.count(" checked>") == 1
        assert "Capitalised from £1,000.00" in again.text
        assert (await post("rules", **rules, token=tokens["rules"])).status_code == 303
        assert (await post("reviews", signed_by="", post="x", token=tokens["reviews"])).status_code == 400
        said = {"signed_by": "Siân <Ŵyn>", "post": "digital lead", "note": "all", "token": tokens["reviews"]}
        assert (await post("reviews", **said)).status_code == 303
        page = (await client.get("/register/book")).text
        assert "Capitalised from £500.00" in page
        assert "from the month after purchase, over months: laptop 48, all else 36" in page
        assert 'type="text" name="residual.laptop" value="12.5"' in page
        assert "Siân &lt;Ŵyn&gt;" in page
        review = page.split('name="review" value="')[1].split('"')[0]
        token = page.split('action="/register/book/reviews/withdraw"')[1].split('value="')[1][:64]
        assert (await post("reviews/withdraw", review="other", token=token)).status_code == 400
        assert (await post("reviews/withdraw", review=review, token=token)).status_code == 303
        assert "withdrawn" in (await client.get("/register/book")).text
