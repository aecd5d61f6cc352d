"""The pages that compare schools: who sees what, numbers that open, and the club of trusts."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from web_estate import SAME_ORIGIN, World, browser, form_token, plain, set_up
from web_people import account, enter

from collector.access import Scope
from collector.comparing import club
from compared_trusts import NOW, Compared
from fresh_store import fresh_store

NUMBERS = itertools.count()


@dataclass
class Two:
    """Elm's pages, and the file that Oak gave."""

    world: World
    elm: Compared
    given: bytes
    bye: bytes

    def headers(self, scope: Scope, at: str = "") -> dict[str, str]:
        return enter(self.world, account(self.world, scope, at, name=f"{scope} {at} {next(NUMBERS)}"))


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    folder = tmp_path_factory.mktemp("two")
    elm, oak = (fresh_store(folder / f"{name}.db") for name in ("elm", "oak"))
    world = set_up(elm)
    mine, theirs = Compared(elm, "Elm", 100100, 8, world.trust_id), Compared(oak, "Oak", 200100, 6)
    mine.bring(folder / "elm.csv")
    theirs.bring(folder / "oak.csv")
    world.school_ids.update({"elm": mine.schools[0], "oak": mine.schools[1]})
    note = "<script>alert(1)</script>\nOne model a class."
    oak.write(lambda c: club.consent(c, theirs.trust_id, "Oak Trust", note, actor="o", now=NOW))
    given = oak.write(lambda c: club.export(c, theirs.trust_id, actor="o", now=NOW))
    bye = oak.write(lambda c: club.leave(c, theirs.trust_id, actor="o", now=NOW))
    yield Two(world, mine, given, bye)
    elm.close()
    oak.close()


async def page(two: Two, path: str, scope: Scope = Scope.OWNER, at: str = "") -> httpx.Response:
    async with browser(two.world) as client:
        return await client.get(path, headers=two.headers(scope, at))


async def test_schools_stand_side_by_side_with_the_median_and_what_is_not_known(two: Two) -> None:
    answer = await page(two, "/compare")
    words = plain(answer.text)
    assert answer.status_code == 200
    for said in (
        "Schools by median age",
        "Elm 07",
        "8.0 years",
        "median of the trust",
        "5 % not known",
        "Models of switch",
    ):
        assert said in words, said
    assert f'href="/devices?school={two.elm.schools[3]}"' in answer.text
    by_class = await page(two, "/compare?measure=models:laptop&phase=primary")
    assert f"/devices?school={two.elm.schools[3]}&amp;class=laptop" in by_class.text
    assert (await page(two, "/compare?measure=x")).status_code == 400
    assert (await page(two, "/compare?phase=x")).status_code == 400


async def test_similar_schools_are_shown_with_distances_and_why(two: Two) -> None:
    answer = await page(two, f"/compare/similar/{two.elm.schools[2]}")
    words = plain(answer.text)
    for said in ("Schools like Elm 02", "the 60 nearest", "the school itself", "same region", "0.000",
                 "percentile 29 among 7 schools",
                 "Nearest in the trust"):  # fmt: skip
        assert said in words, said
    assert (await page(two, "/compare/similar/nowhere")).status_code == 404


async def test_who_sees_sums_alone_is_shown_no_device_and_no_way_to_one(two: Two) -> None:
    for path in ("/compare", "/compare?measure=printers", f"/compare/similar/{two.elm.schools[2]}", "/compare/club"):
        answer = await page(two, path, Scope.BENCHMARK_VIEWER)
        assert answer.status_code == 200
        inner = answer.text[answer.text.index("<main") : answer.text.index("</main")]
        for word in ("/devices", "/schools/", "SERIAL", "host-", "00:1b:21", '<form method="post"'):
            assert word not in inner, (path, word)


async def test_who_sees_one_school_compares_that_alone(two: Two) -> None:
    answer = await page(two, "/compare", Scope.SCHOOL_VIEWER, "elm")
    words = plain(answer.text)
    assert "Elm 00" in words
    assert "Elm 01" not in words
    assert "median of these" in words
    assert "/compare/club" not in answer.text
    alone = plain((await page(two, f"/compare/similar/{two.elm.schools[0]}", Scope.SCHOOL_VIEWER, "elm")).text)
    assert "too few to say" in alone
    assert (await page(two, f"/compare/similar/{two.elm.schools[1]}", Scope.SCHOOL_VIEWER, "elm")).status_code == 404
    assert (await page(two, "/compare/club", Scope.SCHOOL_VIEWER, "elm")).status_code == 404


async def test_the_owner_consents_exports_takes_in_sees_and_leaves(two: Two) -> None:
    async with browser(two.world, headers=two.headers(Scope.OWNER) | SAME_ORIGIN) as client:

        async def send(action: str, said: dict[str, str] | None = None, file: bytes | None = None) -> httpx.Response:
            token = form_token((await client.get("/compare/club")).text.partition("<main")[2])
            files = {"file": ("x.json", file)} if file is not None else None
            return await client.post(f"/compare/club/{action}", data={"token": token, **(said or {})}, files=files)

        assert "Nothing leaves" in plain((await client.get("/compare/club")).text)
        assert "did not consent" in (await send("export")).text
        assert (await send("consent", {"name": "Elm <b>", "note": "Less."})).status_code == 303
        exported = await send("export")
        assert exported.headers["content-disposition"] == 'attachment; filename="benchmark-2026-11-22.json"'
        assert b'"half"' in exported.content
        assert "of this trust itself" in (await send("import", file=exported.content)).text
        assert "not as its form has it" in (await send("import", file=b"{")).text
        assert (await send("import", {"called": "Neighbours"}, two.given)).status_code == 303
        shown = await client.get("/compare/club")
        assert "<script>alert" not in shown.text
        for said in ("Neighbours", "calls itself Oak Trust", "One model a class.", "Primary: quartiles of every trust",
                     "half are from 2.0 years to 4.5 years; 6 schools", "percentile 75 among 6 schools"):  # fmt: skip
            assert said in plain(shown.text), said
        assert not re.search(r"SERIAL|host-|00:1b:21", shown.text)
        assert (await send("import", file=two.bye)).status_code == 303
        assert "Neighbours" not in (await client.get("/compare/club")).text
        left = await send("leave")
        assert b'"kind": "left"' in left.content
        assert "Nothing leaves" in plain((await client.get("/compare/club")).text)


async def test_the_lead_sees_the_club_and_changes_nothing_there(two: Two) -> None:
    async with browser(two.world, headers=two.headers(Scope.IT_LEAD) | SAME_ORIGIN) as client:
        assert '<form method="post" action="/compare' not in (await client.get("/compare/club")).text
        for action in ("consent", "export", "leave", "remove"):
            assert (await client.post(f"/compare/club/{action}", data={"token": "x"})).status_code == 404


async def test_without_a_file_of_gias_the_pages_say_so(two: Two, tmp_path: Path) -> None:
    store = fresh_store(tmp_path / "bare.db")
    world = set_up(store)
    bare = Two(world, Compared(store, "Ash", 100, 1, world.trust_id), b"", b"")
    assert "No file of GIAS was brought yet" in plain((await page(bare, "/compare")).text)
    answer = plain((await page(bare, f"/compare/similar/{bare.elm.schools[0]}")).text)
    assert "nothing tells which schools are like this one" in answer
    store.close()
    assert two.given
