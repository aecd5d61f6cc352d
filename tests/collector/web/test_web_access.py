"""Who gets in and who does not: every address, with and without a session or a token."""

from __future__ import annotations

import io

import httpx
import pytest
from starlette.routing import Route
from web_estate import HOST, SAME_ORIGIN, World

from collector import access, exports
from collector.access import Scope
from collector.ledger import Asked
from collector.web.application import application
from collector.web.bounds import Bound
from collector.web.door import COOKIE, By, Door, Entry
from collector.web.routes import ENTRIES

#: held against the code by the first test: a route that is added has to be added here, by a person
TABLE = {
    "GET /healthz": "nobody",
    "GET /static/{name}": "nobody",
    "GET /enter/{secret}": "nobody",
    "POST /enter/{secret}": "nobody",
    "POST /leave": "session own_account nothing",
    "GET /sign-in": "nobody",
    "POST /sign-in": "nobody",
    "GET /oidc/go": "nobody",
    "GET /oidc/back": "nobody",
    "GET /account": "session own_account nothing",
    "POST /account/password": "session own_account nothing",
    "POST /account/second-factor": "session own_account nothing",
    "GET /people": "session manage_people trust",
    "POST /people/invite": "session manage_people trust",
    "POST /people/change": "session manage_people trust",
    "POST /people/reset": "session manage_people trust",
    "POST /people/login": "session manage_people trust",
    "POST /people/remove": "session manage_people trust",
    "GET /tokens": "session manage_tokens rows",
    "POST /tokens/make": "session manage_tokens rows",
    "POST /tokens/revoke": "session manage_tokens rows",
    "GET /shares": "session share_reports trust",
    "POST /shares/make": "session share_reports trust",
    "POST /shares/revoke": "session share_reports trust",
    "GET /shared/{secret}": "nobody",
    "GET /api/v1/openapi.json": "nobody",
    "GET /": "session see_sums rows",
    "GET /devices": "session see_register rows",
    "GET /devices/{device_id}": "session see_register device",
    "GET /schools/{school_id}": "session see_register school",
    "GET /schools/{school_id}/map": "session see_register school",
    "POST /devices/{device_id}/look": "session ask_agents device",
    "POST /devices/{device_id}/try": "session ask_agents device",
    "POST /schools/{school_id}/look": "session ask_agents school",
    "GET /consistency": "session see_register rows",
    "GET /consistency/devices": "session see_register rows",
    "GET /consistency/catalogue": "session see_register rows",
    "GET /consistency/catalogue.csv": "session_or_token see_register rows",
    "POST /consistency/catalogue/add": "session edit_cover trust",
    "POST /consistency/catalogue/remove": "session edit_cover trust",
    "POST /consistency/catalogue/import": "session edit_cover trust",
    "GET /schools/{school_id}/profile": "session see_register school",
    "POST /schools/{school_id}/facts": "session edit_places school",
    "GET /profiles": "session see_register rows",
    "GET /profiles.csv": "session_or_token see_register rows",
    "POST /profiles/import": "session edit_places trust",
    "POST /profiles/shared": "session edit_places trust",
    "POST /profiles/threshold": "session edit_cover trust",
    "GET /places": "session see_register rows",
    "POST /places/join": "session edit_places trust",
    "GET /schools/{school_id}/rooms": "session see_register school",
    "POST /schools/{school_id}/rooms/add": "session edit_places school",
    "POST /schools/{school_id}/rooms/tie": "session edit_places school",
    "POST /schools/{school_id}/rooms/remove": "session edit_places school",
    "POST /schools/{school_id}/rooms/accept": "session edit_places school",
    "POST /schools/{school_id}/change": "session edit_places trust",
    "GET /audit": "session see_register rows",
    "GET /audit/term": "session see_register rows",
    "POST /audit/judge": "session acknowledge rows",
    "GET /audit/{rule}": "session see_register rows",
    "POST /audit/{rule}/accept": "session acknowledge rows",
    "POST /audit/{rule}/end": "session acknowledge rows",
    "GET /calendar": "session see_register rows",
    "POST /calendar/import": "session edit_places trust",
    "POST /calendar/forget": "session edit_places trust",
    "POST /schools/{school_id}/pause": "session ask_agents school",
    "POST /schools/{school_id}/resume": "session ask_agents school",
    "GET /wishes/{wish_id}": "session ask_agents wish",
    "POST /devices/{device_id}/correct": "session correct device",
    "GET /corrections": "session see_register rows",
    "POST /corrections/{correction_id}/undo": "session correct correction",
    "GET /devices/{device_id}/record/edit": "session edit_money device",
    "POST /devices/{device_id}/record": "session edit_money device",
    "POST /devices/{device_id}/files": "session edit_records device",
    "GET /files/{document_id}": "session see_register file",
    "POST /files/{document_id}/remove": "session edit_records file",
    "GET /records/new": "session edit_records rows",
    "POST /records/enter": "session edit_records rows",
    "GET /records/import": "session edit_records trust",
    "POST /records/propose": "session edit_records trust",
    "GET /records/edit": "session edit_records rows",
    "POST /records/edit/propose": "session edit_records rows",
    "GET /records/changes/{change_id}": "session edit_records change",
    "POST /records/changes/{change_id}/read": "session edit_records trust",
    "POST /records/changes/{change_id}/confirm": "session edit_records change",
    "POST /records/changes/{change_id}/undo": "session edit_records change",
    "POST /api/v1/devices/{device_id}/record": "session_or_token edit_money device",
    "GET /agents": "session see_register rows",
    "GET /evidence/{evidence_id}": "session see_register evidence",
    "GET /evidence/{evidence_id}/raw": "session see_register evidence",
    "GET /api/v1/schools": "session_or_token see_register rows",
    "GET /api/v1/devices": "session_or_token see_register rows",
    "GET /api/v1/devices/{device_id}": "session_or_token see_register device",
    "GET /api/v1/evidence/{evidence_id}": "session_or_token see_register evidence",
    "GET /api/v1/register": "session_or_token see_register rows",
    "GET /register": "session see_register rows",
    "GET /register/export.{form}": "session_or_token see_register rows",
    "GET /register/exports/{export_id}": "session_or_token see_register rows",
    "GET /register/movements": "session see_register rows",
    "GET /register/book": "session see_register rows",
    "POST /register/book/rules": "session edit_money trust",
    "POST /register/book/reviews": "session edit_money rows",
    "POST /register/book/reviews/withdraw": "session edit_money rows",
    "GET /register/history": "session see_register rows",
    "GET /check": "session see_register rows",
    "POST /check": "session check_shelves nothing",
    "GET /compare": "session see_sums rows",
    "GET /compare/similar/{school_id}": "session see_sums school",
    "GET /compare/club": "session see_sums trust",
    "POST /compare/club/consent": "session exchange trust",
    "POST /compare/club/export": "session exchange trust",
    "POST /compare/club/leave": "session exchange trust",
    "POST /compare/club/import": "session exchange trust",
    "POST /compare/club/remove": "session exchange trust",
    "GET /check/{check_id}": "session see_register check",
    "POST /check/{check_id}/mark": "session check_shelves check",
    "POST /check/{check_id}/room": "session check_shelves check",
    "GET /check/{check_id}/sheet": "session see_register check",
    "GET /check/{check_id}/result": "session see_register check",
    "POST /check/{check_id}/sign": "session see_register check",
    "POST /check/{check_id}/withdraw": "session check_shelves check",
    "GET /plan": "session see_register rows",
    "GET /plan/export/{form}": "session see_register rows",
    "GET /plan/rows": "session see_register rows",
    "POST /devices/{device_id}/plan": "session edit_plan device",
    "GET /plan/policies": "session see_register rows",
    "POST /plan/policies": "session edit_plan trust",
    "POST /plan/policies/unset": "session edit_plan trust",
    "POST /plan/terms": "session edit_plan trust",
    "GET /plan/budgets": "session see_register rows",
    "POST /plan/budgets": "session edit_plan trust",
    "POST /plan/budgets/end": "session edit_plan trust",
    "GET /plan/whatif": "session see_register rows",
    "POST /plan/whatif": "session edit_plan trust",
    "POST /plan/whatif/end": "session edit_plan trust",
    "GET /labels": "session see_register rows",
    "GET /devices/{device_id}/dossier": "session see_register device",
    "GET /reconcile": "session see_register rows",
    "POST /reconcile": "session edit_records nothing",
    "GET /reconcile/{reconciliation_id}": "session see_register reconciliation",
    "GET /reconcile/{reconciliation_id}/differences.csv": "session see_register reconciliation",
    "GET /reconcile/{reconciliation_id}/columns": "session edit_records reconciliation",
    "POST /reconcile/{reconciliation_id}/compare": "session edit_records reconciliation",
    "POST /reconcile/{reconciliation_id}/settle": "session edit_records reconciliation",
    "POST /reconcile/{reconciliation_id}/undo": "session edit_records reconciliation",
    "POST /reconcile/{reconciliation_id}/forget": "session edit_records reconciliation",
    "GET /register/history.csv": "session see_register rows",
    "GET /cover": "session see_register rows",
    "GET /cover/devices": "session see_register rows",
    "GET /cover/renewals.ics": "session see_register rows",
    "GET /cover/contracts": "session see_register rows",
    "POST /cover/contracts": "session edit_cover trust",
    "POST /cover/contracts/end": "session edit_cover trust",
    "POST /cover/import": "session edit_cover trust",
    "GET /cover/services": "session see_register rows",
    "GET /cover/services/{school_id}": "session see_register school",
    "POST /cover/services": "session edit_cover trust",
    "POST /cover/services/end": "session edit_cover trust",
    "POST /cover/services/list": "session edit_cover trust",
    "GET /cover/marks": "session see_register rows",
    "POST /cover/marks": "session mark rows",
    "POST /cover/marks/take-back": "session mark rows",
    "GET /metrics": "session_or_token see_metrics rows",
    "GET /metrics/schools/{school_id}": "session_or_token see_metrics school",
    "GET /sd/schools": "session_or_token see_metrics rows",
    "GET /journal": "session see_journal trust",
    "GET /privacy": "session erase trust",
    "POST /privacy/preview": "session erase trust",
    "POST /privacy/erase": "session erase trust",
    "GET /health": "session see_register rows",
    "GET /health/limits": "session see_register nothing",
    "GET /devices/{device_id}/health": "session see_register device",
    "POST /devices/{device_id}/acknowledge": "session acknowledge device",
    "POST /devices/{device_id}/acknowledgements/{acknowledgement_id}/end": "session acknowledge device",
    "GET /questions": "session see_register rows",
    "POST /questions/{question_id}": "session decide_identity question",
    "GET /devices/{device_id}/identity": "session see_register device",
    "POST /devices/{device_id}/merge": "session decide_identity device",
    "POST /devices/{device_id}/split": "session decide_identity device",
    "POST /decisions/{decision_id}/undo": "session decide_identity decision",
    "POST /words/{word_id}/take-back": "session decide_identity word",
}
CLOSED = [entry for entry in ENTRIES if entry.by is not By.NOBODY]


def said(entry: Entry) -> str:
    return " ".join(
        [entry.by.name.lower(), *([entry.right.name.lower(), entry.bound.name.lower()] if entry.right else [])]
    )


def address(entry: Entry, world: World) -> str:
    """The path of an entry with ids that are there."""
    filled = entry.path.replace("{device_id}", world.device("elm-server").device_id)
    filled = filled.replace("{school_id}", world.school_ids["elm"]).replace("{form}", "json")
    if "{export_id}" in filled:
        asked = (world.store, world.trust_id, exports.form("json"), Asked(world.now), io.BytesIO())
        made = exports.make(*asked, trust="", actor=world.owner, now=world.now)
        filled = filled.replace("{export_id}", made.export_id)
    return filled.replace("{evidence_id}", str(world.evidence_id("elm-server", "smbios")))


def test_every_route_has_a_door_and_stands_in_the_table(world: World) -> None:
    routes = application(world.store, world.trust_id).routes
    doors = []
    for route in routes:
        assert isinstance(route, Route)
        door = route.endpoint.__self__
        assert isinstance(door, Door)
        doors.append(door.entry)
    assert {f"{entry.method} {entry.path}": said(entry) for entry in doors} == TABLE
    assert len(doors) == len(TABLE)


def test_an_entry_that_names_a_right_without_a_way_to_prove_it_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="go together"):
        Entry("GET", "/x", ENTRIES[0].answer, By.NOBODY, access.Right.SEE_REGISTER, Bound.NOTHING)
    with pytest.raises(ValueError, match="go together"):
        Entry("GET", "/x", ENTRIES[0].answer, By.SESSION, None, Bound.NOTHING)


@pytest.mark.parametrize(
    ("path", "bound"),
    [
        ("/devices/{device_id}", Bound.ROWS), ("/devices/{device_id}", Bound.NOTHING), ("/devices", Bound.DEVICE),
        ("/devices/{device_id}", Bound.SCHOOL), ("/x/{unheard_of}", Bound.ROWS), ("/x/{unheard_of}", Bound.NOTHING),
    ],
)  # fmt: skip
def test_an_entry_that_is_not_bounded_by_what_its_path_names_cannot_be_written(path: str, bound: Bound) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Entry("GET", path, ENTRIES[0].answer, By.SESSION, access.Right.SEE_REGISTER, bound)
    with pytest.raises(TypeError, match="bound"):
        Entry("GET", path, ENTRIES[0].answer, By.SESSION, access.Right.SEE_REGISTER)  # type: ignore[call-arg]


@pytest.mark.parametrize("entry", CLOSED, ids=lambda e: f"{e.method} {e.path}")
async def test_nobody_sees_anything_without_signing_in(world: World, stranger: httpx.AsyncClient, entry: Entry) -> None:
    headers = {**SAME_ORIGIN, "Content-Type": "application/x-www-form-urlencoded"}
    answer = await stranger.request(
        entry.method, address(entry, world), headers=headers if entry.method == "POST" else {}
    )
    assert answer.status_code == 401
    assert "elm" not in answer.text.lower()
    assert ("www-authenticate" in answer.headers) == (entry.by is By.SESSION_OR_TOKEN)


@pytest.mark.parametrize("entry", CLOSED, ids=lambda e: f"{e.method} {e.path}")
async def test_a_token_opens_what_its_scope_says_and_no_page(
    world: World, stranger: httpx.AsyncClient, entry: Entry
) -> None:
    if entry.method != "GET":
        return
    for scope in (Scope.READ, Scope.METRICS):
        bearer = {"Authorization": f"Bearer {world.token(scope)}"}
        answer = await stranger.get(address(entry, world), headers=bearer)
        if entry.by is By.SESSION:
            assert answer.status_code == 401
        elif scope is Scope.READ or entry.path.startswith(("/metrics", "/sd/")):
            assert answer.status_code == 200
        else:
            assert answer.status_code == 404


@pytest.mark.parametrize(
    "credentials", ["", "Bearer", "Bearer ", "Bearer stk_x", "Basic c3RrOng=", "Bearer " + "a" * 5000]
)
async def test_a_wrong_token_is_refused_even_beside_a_good_session(
    visitor: httpx.AsyncClient, credentials: str
) -> None:
    for path in ("/api/v1/schools", "/metrics"):
        assert (await visitor.get(path, headers={"Authorization": credentials})).status_code == 401


async def test_a_token_is_taken_from_the_header_alone(world: World, stranger: httpx.AsyncClient) -> None:
    token = world.token(Scope.READ)
    assert (await stranger.get(f"/api/v1/schools?token={token}&access_token={token}")).status_code == 401
    stranger.cookies.set(COOKIE, token, domain=HOST)
    assert (await stranger.get("/api/v1/schools")).status_code == 401


async def test_a_session_opens_the_interface_for_programs_too(visitor: httpx.AsyncClient) -> None:
    assert (await visitor.get("/api/v1/schools")).status_code == 200
    assert (await visitor.get("/metrics")).status_code == 200


@pytest.mark.parametrize("entry", [e for e in ENTRIES if e.method == "GET"], ids=lambda e: e.path)
async def test_a_reading_address_takes_no_form(world: World, visitor: httpx.AsyncClient, entry: Entry) -> None:
    taken = {other.method for other in ENTRIES if other.path == entry.path}
    for method in {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"} - taken:
        answer = await visitor.request(method, address(entry, world).replace("{name}", "stocktake.css"))
        assert answer.status_code == 405
