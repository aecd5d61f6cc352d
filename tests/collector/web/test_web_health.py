"""Pages of health: the wall counts what its lists show, a device's page says why, and a person may know of it."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
import web_estate
from sqlalchemy import Connection, update
from web_estate import HOSTILE, SAME_ORIGIN, browser, plain, sign_in
from web_people import account, enter

from collector import acknowledging, london
from collector.access import Scope
from collector.store import conditions
from collector.store import schema as t
from collector.store.conditions import ConditionCount, Trouble
from collector.store.readings import DayRow
from collector.web import sparklines, wall
from fresh_store import fresh_store
from health_estate import World, set_up

LINK = re.compile(r'<a class="state ([a-z]+)" href="([^"]+)" aria-label="([^"]*)">\D*([\d,]+)</a>')
ROW = re.compile(r'<th scope="row"[^>]*><a href="/devices/([0-9a-z]{12})"')


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Path]:
    """Two schools in which much is wrong, made once in a folder; tests have copies of it."""
    folder = tmp_path_factory.mktemp("health")
    store = fresh_store(folder / "store.db")
    world = set_up(store)
    world.break_all()
    world.cycle(4)
    store.close()
    return world, folder


@contextmanager
def copied(made: tuple[World, Path], folder: Path) -> Iterator[World]:
    """The estate in a file of its own."""
    shutil.copytree(made[1], folder, dirs_exist_ok=True)
    store = fresh_store(folder / "store.db")
    yield replace(made[0], store=store)
    store.close()


@pytest.fixture(scope="module")
def broken(made: tuple[World, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The estate, in which somebody knows of one thing; to be looked at alone."""
    with copied(made, tmp_path_factory.mktemp("broken")) as world:
        know(world, "nas", "disk", reason=f"ordered {HOSTILE}", owner="Site & team")
        yield world


def know(world: World, name: str, aspect: str, *, reason: str = "known", owner: str = "Sam") -> str:
    """Acknowledge a condition for some days."""
    device_id, until = world.device_id(name), london.day_of(world.now) + timedelta(days=3)
    return world.store.write(
        lambda c: acknowledging.acknowledge(
            c, world.trust_id, device_id, aspect, "", reason=reason, owner=owner, until=until, actor=world.owner,
            now=world.now,
        )
    )  # fmt: skip


@pytest.fixture
async def visitor(broken: World) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(broken) as client:  # type: ignore[arg-type]  # what it needs of a world, this one has
        await sign_in(broken, client)  # type: ignore[arg-type]
        yield client


async def page(client: httpx.AsyncClient, path: str) -> str:
    answer = await client.get(path)
    assert answer.status_code == 200, (path, answer.text)
    return answer.text


# ------------------------------------------------------------------------------------------------ the wall


async def test_every_number_of_the_wall_is_the_length_of_its_list(visitor: httpx.AsyncClient) -> None:
    found = LINK.findall(await page(visitor, "/health?aspects=all"))
    assert len(found) > 15
    assert {kind for kind, *_ in found} == set(wall.KINDS)
    for kind, path, words, count in found:
        listed = set(ROW.findall(await page(visitor, html.unescape(path))))
        assert len(listed) == int(count), path
        assert f"{kind}: " in words


async def test_the_devices_of_a_school_are_each_counted_once_by_their_worst(visitor: httpx.AsyncClient) -> None:
    found = re.findall(
        r'<a class="(critical|warning)" href="(/devices[^"]+)">(\d+) device', await page(visitor, "/health")
    )
    assert len(found) >= 2
    for kind, path, count in found:
        assert f"state={kind}" in path
        assert len(set(ROW.findall(await page(visitor, html.unescape(path))))) == int(count)


async def test_the_wall_says_first_what_to_know_and_leaves_calm_aspects_out(visitor: httpx.AsyncClient) -> None:
    shown = await page(visitor, "/health")
    words = plain(shown)
    assert "2 of 2 schools have something critical." in words
    heads = re.findall(r'class="aspect"><span>([^<]+)<', shown)
    assert "UPS" in heads
    assert "Memory" not in heads
    assert "Nothing is wrong anywhere with:" in words
    assert len(re.findall(r'class="aspect"><span>', await page(visitor, "/health?aspects=all"))) == 19


async def test_a_list_of_an_aspect_says_why_and_keeps_its_filter(visitor: httpx.AsyncClient) -> None:
    shown = await page(visitor, "/devices?aspect=ups&state=critical&acknowledged=no")
    assert "It has run on its battery".lower() in plain(shown).lower()
    assert '<input type="hidden" name="aspect" value="ups">' in shown
    assert (await visitor.get("/devices?aspect=ups&acknowledged=maybe")).status_code == 400


def test_the_worst_school_comes_first_and_what_told_nothing_before_the_well() -> None:
    schools = [("a", "Ash"), ("b", "Birch"), ("c", "Cedar"), ("d", "Damson"), ("e", "Elder")]
    counts = [
        ConditionCount("a", "switch", "fan", "ok", 9), ConditionCount("b", "switch", "fan", "warning", 1),
        ConditionCount("c", "switch", "fan", "critical", 2), ConditionCount("d", "switch", "fan", "critical", 1),
    ]  # fmt: skip
    troubles = [
        Trouble("1", "b", "fan", "warning", False), Trouble("2", "c", "fan", "critical", False),
        Trouble("3", "c", "fan", "critical", True), Trouble("4", "d", "fan", "critical", True),
    ]  # fmt: skip
    built = wall.build(schools, counts, troubles)
    assert [row.name for row in built.rows] == ["Cedar", "Birch", "Damson", "Elder", "Ash"]
    assert [row.worst for row in built.rows] == ["critical", "warning", "acknowledged", "", "ok"]
    assert built.head == "1 of 5 schools has something critical."
    assert built.more == (
        "Of the others 1 has a warning at worst, 1 has nothing wrong that nobody knows of, 1 has nothing wrong,"
        " 1 has told nothing yet."
    )
    (cedar,) = built.rows[0].cells
    assert [(number.kind, number.count) for number in cedar.numbers] == [("critical", 1), ("acknowledged", 1)]
    assert cedar.numbers[0].path == "/devices?school=c&aspect=fan&state=critical&acknowledged=no"
    assert wall.build([], [], []).head == "There is no school yet."


# ------------------------------------------------------------------------------------------------ one device


async def test_the_health_of_a_device_shows_what_each_condition_rests_on(
    broken: World, visitor: httpx.AsyncClient
) -> None:
    edge = broken.device_id("edge")
    shown = await page(visitor, f"/devices/{edge}/health")
    words = plain(shown)
    assert re.search(r"Ports critical since \d", words)
    assert "faulty frames a minute arriving" in words
    assert re.search(r"Errors in interface 1 [\d,]+ before: [\d,]+ , ", words)
    assert re.search(r"Consumption power over ethernet/1 171 watts", words)
    evidence = re.search(r'href="(/evidence/\d+)"', shown)
    assert evidence is not None
    await page(visitor, evidence[1])
    own = plain(await page(visitor, f"/devices/{edge}"))
    assert "Is it well What is wrong with it Aspect State Why Since Ports critical" in own
    assert f'href="/devices/{edge}/health#ports"' in await page(visitor, f"/devices/{edge}")


async def test_a_sparkline_has_words_and_a_table(broken: World, visitor: httpx.AsyncClient) -> None:
    shown = await page(visitor, f"/devices/{broken.device_id('printer')}/health")
    drawn = re.search(r'<svg class="spark"[^>]*role="img" aria-label="([^"]+)"', shown)
    assert drawn is not None
    assert re.fullmatch(r"1 day told of the last 30: always 3 %", drawn[1])
    assert "Day by day" in plain(shown)
    assert re.search(r'<th scope="row">\d+ \w+ 20\d\d</th><td>3 %</td><td>3 %</td><td>3 %</td>', shown)
    assert "style=" not in shown


def test_days_without_numbers_are_gaps_and_the_scale_holds_everything() -> None:
    today = date(2026, 11, 22)
    told = [(0, 4, 9, 5), (1, 3, 8, 6), (4, 1, 2, 2), (40, 0, 99, 50)]
    rows = [DayRow("", "temperature", today - timedelta(days=ago), *map(float, n)) for ago, *n in told]
    drawn = sparklines.draw(rows, today, "celsius")
    assert drawn is not None
    assert len(drawn.stretches) == 2
    assert drawn.words == (
        "3 days told of the last 30: lowest 1 °C on 18 Nov 2026, highest 9 °C on 22 Nov 2026, last 5 °C"
    )
    assert [day.most for day in drawn.days] == ["9 °C", "8 °C", "2 °C"]
    places = [tuple(map(float, point.split(","))) for part in drawn.stretches for point in part.band.split()]
    assert all(0 <= x <= sparklines.WIDTH and 0 <= y <= sparklines.HEIGHT for x, y in places)
    assert drawn.end == (sparklines.WIDTH - sparklines.MARGIN, 16.0)
    assert sparklines.draw([], today) is None
    flat = sparklines.draw([DayRow("", "x", today, 7.0, 7.0, 7.0)], today)
    assert flat is not None
    assert flat.end[1] == sparklines.HEIGHT / 2


# ------------------------------------------------------------------------------------------------ people know


async def test_what_is_acknowledged_is_marked_and_never_hidden(broken: World, visitor: httpx.AsyncClient) -> None:
    nas = broken.device_id("nas")
    for path in (f"/devices/{nas}", f"/devices/{nas}/health"):
        words = plain(await page(visitor, path))
        assert "critical, acknowledged" in words, path
        assert f"Site & team looks after it: ordered {HOSTILE}" in words
        assert "said by Ada" in words
    front = await page(visitor, "/health")
    assert f"ordered {HOSTILE}" in plain(front)
    assert HOSTILE not in front
    assert nas in await page(visitor, "/devices?state=acknowledged")
    assert nas in await page(visitor, "/devices?aspect=disk&state=critical")
    assert nas not in await page(visitor, "/devices?aspect=disk&state=critical&acknowledged=no")


async def send(client: httpx.AsyncClient, page: str, path: str, **fields: str) -> httpx.Response:
    """Fill in the form of a page that leads to a path."""
    found = (await client.get(page)).text
    form = found[found.index(f'action="{path}"') :]
    token = form[form.index('name="token" value="') + 20 :][:64]
    return await client.post(path, data={"token": token} | fields, headers=SAME_ORIGIN)


@pytest.fixture
def ailing(made: tuple[World, Path], tmp_path: Path) -> Iterator[World]:
    """The estate for a test that writes."""
    with copied(made, tmp_path) as world:
        yield world


async def test_a_person_says_that_they_know_and_takes_it_back(ailing: World) -> None:
    device = ailing.device_id("switch")
    here, until = f"/devices/{device}/health", london.day_of(ailing.now) + timedelta(days=2)
    async with browser(ailing) as client:  # type: ignore[arg-type]  # as above
        await sign_in(ailing, client)  # type: ignore[arg-type]
        said = {"aspect": "fan", "reason": "spare is on its way", "owner": "Sam", "until": until.isoformat()}
        answer = await send(client, here, f"/devices/{device}/acknowledge", **said)
        assert (answer.status_code, answer.headers["location"]) == (303, here)
        shown = await page(client, here)
        assert "Sam looks after it: spare is on its way" in plain(shown)
        assert 'name="aspect" value="fan"' not in shown
        end = re.search(r'action="(/devices/\w+/acknowledgements/\w+/end)"', shown)
        assert end is not None
        other = end[1].replace(device, ailing.device_id("ups"))
        token = re.search(r'/end"><input type="hidden" name="token" value="(\w+)"', shown)
        assert token is not None
        refused = await client.post(other, data={"token": token[1]}, headers=SAME_ORIGIN)
        assert refused.status_code == 400
        assert (await send(client, here, end[1])).status_code == 303
        shown = await page(client, here)
        assert 'name="aspect" value="fan"' in shown
        assert "Acknowledgements that ended" in plain(shown)
    with ailing.store.reader() as connection:
        assert conditions.known_of(connection, ailing.trust_id, until, 10) == []


async def test_what_cannot_be_taken_is_told_beside_what_was_typed(ailing: World) -> None:
    device = ailing.device_id("switch")
    here, path = f"/devices/{device}/health", f"/devices/{device}/acknowledge"
    async with browser(ailing) as client:  # type: ignore[arg-type]  # as above
        await sign_in(ailing, client)  # type: ignore[arg-type]
        answer = await send(client, here, path, aspect="fan", reason=" ", owner=HOSTILE, until="tomorrow")
        words = plain(answer.text)
        assert answer.status_code == 400
        assert "Nothing was changed: see what is said beside each field." in words
        assert "Say why: a condition is acknowledged with a reason." in words
        assert "Say until when: a day from today on, and within a year" in words
        assert "Say who looks after it" not in words
        assert f'value="{html.escape(HOSTILE)}"' in answer.text
        assert 'value="tomorrow"' in answer.text
        assert answer.text.count('aria-invalid="true"') == 2
        assert answer.text.count('class="offer" open') == 1
        said = {"reason": "r", "owner": "o", "until": london.day_of(ailing.now).isoformat()}
        lost = await send(client, here, path, aspect="no such", **said)
        assert lost.status_code == 400
        assert "the device has no such condition now" in plain(lost.text)
        forged = await client.post(path, data={"token": "0" * 64, "aspect": "fan", **said}, headers=SAME_ORIGIN)
        assert forged.status_code == 403


async def test_what_a_device_calls_its_parts_is_text_and_nothing_else(ailing: World) -> None:
    def rename(connection: Connection) -> None:
        c = t.conditions.c
        where = (c.trust_id == ailing.trust_id) & c.state.in_(("warning", "critical"))
        connection.execute(update(t.conditions).where(where).values(sentence=f"{HOSTILE} \u202e\x1b[31m {{{{7*7}}}}"))
        connection.execute(update(t.schools).values(name=HOSTILE))

    ailing.store.write(rename)
    know(ailing, "switch", "fan", reason=HOSTILE, owner=HOSTILE)
    device = ailing.device_id("switch")
    async with browser(ailing) as client:  # type: ignore[arg-type]  # as above
        await sign_in(ailing, client)  # type: ignore[arg-type]
        for path in ("/health", f"/devices/{device}/health", f"/devices/{device}", "/devices?state=critical"):
            shown = await page(client, path)
            assert HOSTILE not in shown, path
            assert "\u202e" not in shown
            assert "\x1b" not in shown
            assert HOSTILE in plain(shown)


async def test_people_of_one_school_see_its_wall_alone_and_who_only_looks_is_offered_no_form(ailing: World) -> None:
    know(ailing, "nas", "disk", reason="of Oak")
    office, nas = ailing.device_id("office"), ailing.device_id("nas")
    for role, may in ((Scope.TECHNICIAN, True), (Scope.SCHOOL_VIEWER, False)):
        headers = enter(ailing, account(ailing, role, "beech"))  # type: ignore[arg-type]  # as above
        async with browser(ailing, headers=headers) as client:  # type: ignore[arg-type]  # as above
            shown = await page(client, "/health?aspects=all")
            assert "1 of 1 school" in plain(shown) or "The school has something critical." in plain(shown)
            assert "Oak" not in shown
            for kind, path, _, count in LINK.findall(shown):
                assert len(set(ROW.findall(await page(client, html.unescape(path))))) == int(count), (kind, path)
            own = await page(client, f"/devices/{office}/health")
            assert ("/acknowledge" in own) is may
            assert (await client.get(f"/devices/{nas}/health")).status_code == 404


async def test_no_token_of_a_program_opens_these_pages(ailing: World) -> None:
    device = ailing.device_id("switch")
    async with browser(ailing) as client:  # type: ignore[arg-type]  # as above
        headers = {"Authorization": f"Bearer {ailing.token(Scope.READ)}"}
        for path in ("/health", "/health/limits", f"/devices/{device}/health"):
            assert (await client.get(path, headers=headers)).status_code == 401


# ------------------------------------------------------------------------------------------------ limits


async def test_every_limit_is_shown_with_its_source_and_the_trusts_own_marked(ailing: World) -> None:
    ailing.store.write(
        lambda c: acknowledging.set_limit(
            c, ailing.trust_id, "ups", "runtime_warning_minutes", "*", 45.0, reason=f"slow {HOSTILE}",
            actor=ailing.owner, now=ailing.now,
        )
    )  # fmt: skip
    ailing.store.write(
        lambda c: acknowledging.set_limit(
            c, ailing.trust_id, "storage", "warning", "nas", 70.0, reason="", actor="console", now=ailing.now
        )
    )
    async with browser(ailing) as client:  # type: ignore[arg-type]  # as above
        await sign_in(ailing, client)  # type: ignore[arg-type]
        shown = await page(client, "/health/limits")
        words = plain(shown)
        assert "2 limits are the trust’s own" in words
        assert f"runtime_warning_minutes every class 45 minutes instead of 30 the trust’s own slow {HOSTILE}" in words
        assert "warning NAS 70 percent the trust’s own no reason is given set by console" in words
        assert "Ups" not in words
        assert "30 minutes of power for servers and network" not in words
        assert HOSTILE not in shown


async def test_an_estate_without_a_school_has_a_page(empty: web_estate.World) -> None:
    async with browser(empty) as client:
        await sign_in(empty, client)
        assert "There is no school yet." in plain(await page(client, "/health"))
