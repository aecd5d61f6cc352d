"""Every route called as every kind of caller, against one table; and what somebody of Oak can learn of Elm: nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from test_web_access import TABLE
from web_estate import SAME_ORIGIN, World, browser, fill, set_up
from web_people import Caller, callers, furnish

from collector.access import Scope
from collector.store import register
from collector.web.door import By, Entry
from collector.web.forms import Kind
from collector.web.routes import ENTRIES
from fresh_store import fresh_store

#: who has which right, by heart: held against what the door does, not against how it does it
STAFF = "owner, IT lead, technician, provider"
READERS = f"{STAFF}, finance, school viewer, auditor"
GRANTED = {
    "own_account": f"{READERS}, benchmark viewer",
    "see_sums": f"{READERS}, benchmark viewer",
    "see_register": f"{READERS}, read, write",
    "see_metrics": f"{STAFF}, read, write, metrics",
    "ask_agents": STAFF,
    "correct": STAFF,
    "edit_places": STAFF,
    "decide_identity": STAFF,
    "acknowledge": STAFF,
    "edit_records": f"{STAFF}, write",
    "edit_cover": "owner, IT lead, finance",
    "edit_money": f"{STAFF}, finance, write",
    "manage_tokens": STAFF,
    "edit_plan": "owner, IT lead, finance",
    "manage_people": "owner",
    "share_reports": "owner, IT lead",
    "see_journal": "owner, IT lead",
    "check_shelves": f"{STAFF}, auditor",
    "erase": "owner",
    "mark": f"{STAFF}, school viewer",
    "exchange": "owner",
}
#: bounds of what is at Elm in `web_people.furnish`; `rows` and `nothing` are for whoever has the right
AT_ELM = {
    "school", "device", "evidence", "file", "wish", "question", "decision", "word", "correction", "change",
    "reconciliation", "check",
}  # fmt: skip
#: shown to whoever made it, and to who sees the whole trust: asked for where it is made
OF_WHO_MADE_IT = {"/register/exports/{export_id}"}
#: one of each kind of words that only what is at Elm bears
WORDS_OF_ELM = re.compile(
    r"elm-core|elm-server|elm-agent|elmcore|elmtag-77|elm\.png|FOC2016X0AB|7XKQ2P3|6NPD9V2|6TWIN42|room-1[23]-pc"
    r"|OptiPlex|C2960X|b8:27:eb|00:80:77|18:66:da|00:1b:21:00:00|00:1b:21:00:09|Elm Primary", re.IGNORECASE
)  # fmt: skip


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, dict[str, str], list[Caller]]]:
    store = fresh_store(tmp_path_factory.mktemp("people") / "store.db")
    world = fill(set_up(store))
    yield world, furnish(world), callers(world)
    store.close()


def is_let_in(caller: Caller, entry: Entry) -> bool:
    """What the table says of a caller at a route, for what is at Elm."""
    by, *rest = TABLE[f"{entry.method} {entry.path}"].split()
    if by == "nobody":
        return True
    right, bound = rest
    if caller.out or (caller.is_token and by == "session") or str(caller.scope) not in GRANTED[right].split(", "):
        return False
    if bound == "trust":
        return not caller.at
    assert bound in AT_ELM | {"rows", "nothing"}, f"{entry.path}: say where {bound} is"
    return caller.at in ("", "elm") or bound not in AT_ELM


def address(entry: Entry, ids: dict[str, str]) -> str:
    path = re.sub(r"\{(\w+)\}", lambda found: ids[found[1]], entry.path)
    return path + ("?school=" + ids["school_id"] if entry.path == "/calendar" else "")


def sent(entry: Entry) -> dict[str, object]:
    """A body of the kind that a route takes, with a form token that does not hold: past the door nothing happens."""
    if entry.method == "GET":
        return {}
    if entry.takes.kind is Kind.JSON:
        return {"json": {}}
    if entry.takes.kind is Kind.FILES:
        return {"data": {"token": "x"}, "files": {"file": ("x.csv", b"a,b\n")}}
    return {"data": {"token": "x"}}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.method} {entry.path}")
async def test_every_route_lets_in_whom_the_table_says(
    estate: tuple[World, dict[str, str], list[Caller]], entry: Entry
) -> None:
    world, ids, everybody = estate
    wrong = []
    async with browser(world) as client:
        for caller in [Caller(Scope.OWNER, out="signed out"), *everybody]:
            if entry.by is By.NOBODY or entry.path in OF_WHO_MADE_IT:
                continue
            headers = caller.headers | ({} if entry.method == "GET" else SAME_ORIGIN)
            answer = await client.request(entry.method, address(entry, ids), headers=headers, **sent(entry))  # type: ignore[arg-type]
            came_in = answer.status_code not in (401, 404)
            if came_in is not is_let_in(caller, entry) or answer.status_code >= 500:
                wrong.append(f"{caller}: {answer.status_code}")
            if entry.method == "GET" and came_in and answer.status_code not in (200, 303, 307, 400):
                wrong.append(f"{caller}: {answer.status_code}")
    assert wrong == []


# ------------------------------------------------------------------------------------------------ leaks


def known_ids(world: World, ids: dict[str, str]) -> Iterator[dict[str, str]]:
    """Everything that somebody could name: ids of each device, school and piece of evidence, wherever they are."""
    yield ids
    with world.store.reader() as connection:
        devices = [row.device_id for row in register.devices(connection, world.trust_id)]
        aliases = [
            alias for one in devices if (detail := register.device(connection, world.trust_id, one))
            for alias in detail.aliases
        ]  # fmt: skip
        numbers = sorted(
            {e.evidence_id for one in devices for e in register.device(connection, world.trust_id, one).evidence}  # type: ignore[union-attr]
        )
    assert aliases
    yield from (ids | {"device_id": one} for one in [*devices, *aliases])
    yield from (ids | {"school_id": one} for one in world.school_ids.values())
    yield from (ids | {"evidence_id": str(one)} for one in numbers)


@pytest.mark.parametrize("scope", [Scope.TECHNICIAN, Scope.AUDITOR, Scope.READ])
async def test_who_sees_oak_alone_reads_no_word_of_elm_anywhere(
    estate: tuple[World, dict[str, str], list[Caller]], scope: Scope
) -> None:
    world, ids, everybody = estate
    caller = next(one for one in everybody if (one.scope, one.at) == (scope, "oak") and not one.out)
    seen: set[str] = set()
    queries = ["", *(f"?{query}" for query in (
        "q=elm", "q=FOC2016X0AB", f"school={ids['school_id']}", f"day=2026-11-21&school={ids['school_id']}",
        "as_known=2026-11-21", "state=unknown",
    ))]  # fmt: skip
    async with browser(world) as client:
        for named in known_ids(world, ids):
            for entry in ENTRIES:
                path = re.sub(r"\{(\w+)\}", lambda found, named=named: named[found[1]], entry.path)
                if entry.method != "GET" or (path in seen):
                    continue
                seen.add(path)
                for query in queries if "{" not in entry.path or "school" in entry.path else ("",):
                    answer = await client.get(path + query, headers=caller.headers)
                    assert answer.status_code < 500, path
                    assert not _leaks(answer), f"{path}{query}: {_leaks(answer)}"
    assert len(seen) > 60


def _leaks(answer: httpx.Response) -> list[str]:
    """Words of Elm in an answer, but for those that were asked for and are shown in the box of the search."""
    text = re.sub(r'value="[^"]*"|[?&]q=[^"&]*', "", answer.content.decode("utf-8", "replace"))
    return [*WORDS_OF_ELM.findall(text), *WORDS_OF_ELM.findall(" ".join(answer.headers.values()))]


async def test_the_same_looks_find_plenty_where_the_whole_trust_is_seen(
    estate: tuple[World, dict[str, str], list[Caller]],
) -> None:
    world, ids, everybody = estate
    owner = everybody[0]
    async with browser(world) as client:
        for path in (
            "/devices",
            "/agents",
            "/questions",
            "/places",
            "/corrections",
            "/register/history.csv",
            "/metrics",
            "/api/v1/devices",
            "/api/v1/register",
            f"/devices/{ids['device_id']}",
            "/sd/schools",
        ):
            answer = await client.get(path, headers=owner.headers)
            assert _leaks(answer) or ids["school_id"] in answer.text, path
