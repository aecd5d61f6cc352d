"""Who gets in, who does not, and what every answer wears on its way out."""

from __future__ import annotations

import io
from datetime import timedelta
from urllib.parse import quote

import httpx
import pytest
from starlette.routing import Route
from web_estate import HOST, SAME_ORIGIN, World, browser, form_token, sign_in

from collector import access, exports
from collector.access import Scope
from collector.ledger import Asked
from collector.web import Settings, application
from collector.web.bounds import Bound
from collector.web.door import COOKIE, By, Door, Entry
from collector.web.perimeter import bare_host
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
    "GET /check/{check_id}": "session see_register check",
    "POST /check/{check_id}/mark": "session check_shelves check",
    "POST /check/{check_id}/room": "session check_shelves check",
    "GET /check/{check_id}/sheet": "session see_register check",
    "GET /check/{check_id}/result": "session see_register check",
    "POST /check/{check_id}/sign": "session see_register check",
    "POST /check/{check_id}/withdraw": "session check_shelves check",
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


# ------------------------------------------------------------------------------------------------ signing in


async def test_looking_at_a_link_does_not_use_it_up(world: World, stranger: httpx.AsyncClient) -> None:
    link = f"/enter/{world.link()}"
    for _ in range(3):
        assert "Sign in" in (await stranger.get(link)).text
    assert (await stranger.get("/")).status_code == 401


async def test_a_link_signs_in_once_and_says_so_after(world: World, stranger: httpx.AsyncClient) -> None:
    link = f"/enter/{world.link()}"
    token = form_token((await stranger.get(link)).text)
    first = await stranger.post(link, data={"token": token}, headers=SAME_ORIGIN)
    assert first.status_code == 303
    assert (await stranger.get("/")).status_code == 200
    async with browser(world) as other:
        second = await other.post(link, data={"token": token}, headers=SAME_ORIGIN)
        assert second.status_code == 404
        assert "does not open any more" in second.text
        assert "stocktake-collector link" in (await other.get(link)).text
        assert (await other.get("/")).status_code == 401


async def test_the_session_cookie_is_bound_to_host_and_tls_and_hidden_from_scripts(
    world: World, stranger: httpx.AsyncClient
) -> None:
    link = f"/enter/{world.link()}"
    token = form_token((await stranger.get(link)).text)
    answer = await stranger.post(link, data={"token": token}, headers=SAME_ORIGIN)
    name, _, attributes = answer.headers["set-cookie"].partition("=")
    parts = {part.strip().lower() for part in attributes.split(";")[1:]}
    assert name == "__Host-stocktake"
    assert parts == {"httponly", "secure", "path=/", "samesite=lax", "max-age=28800"}


async def test_signing_in_again_ends_the_session_before(world: World, visitor: httpx.AsyncClient) -> None:
    before = visitor.cookies[COOKIE]
    await sign_in(world, visitor)
    assert visitor.cookies[COOKIE] != before
    async with browser(world, cookies={COOKIE: before}) as old:
        assert (await old.get("/")).status_code == 401


async def test_a_session_ends_by_itself(world: World, visitor: httpx.AsyncClient) -> None:
    world.now += timedelta(minutes=31)
    answer = await visitor.get("/")
    assert answer.status_code == 401
    assert "stocktake-collector link" in answer.text


async def test_signing_out_ends_the_session(world: World, visitor: httpx.AsyncClient) -> None:
    session = visitor.cookies[COOKIE]
    token = form_token((await visitor.get("/")).text)
    answer = await visitor.post("/leave", data={"token": token}, headers=SAME_ORIGIN)
    assert "You are signed out" in answer.text
    assert COOKIE not in visitor.cookies
    async with browser(world, cookies={COOKIE: session}) as old:
        assert (await old.get("/")).status_code == 401


@pytest.mark.parametrize("secret", ["x", "%00", "a" * 200, "%E2%80%AE", "<script>", "%ff"])
async def test_a_made_up_link_opens_nothing(stranger: httpx.AsyncClient, secret: str) -> None:
    answer = await stranger.get(f"/enter/{secret}")
    assert answer.status_code == 404
    assert "<script>" not in answer.text


# ------------------------------------------------------------------------------------------------ forms


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": f"http://{HOST}"},
        {"Origin": f"https://{HOST}.evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": f"https://{HOST}"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
    ],
)
async def test_a_form_of_another_site_is_refused(
    world: World, visitor: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    token = form_token((await visitor.get("/")).text)
    assert (await visitor.post("/leave", data={"token": token}, headers=headers)).status_code == 403
    link = f"/enter/{world.link()}"
    token = form_token((await visitor.get(link)).text)
    assert (await visitor.post(link, data={"token": token}, headers=headers)).status_code == 403
    assert (await visitor.get("/")).status_code == 200


@pytest.mark.parametrize("headers", [SAME_ORIGIN, {"Sec-Fetch-Site": "same-origin"}, {"Origin": f"https://{HOST}"}])
async def test_our_own_form_is_taken_from_browsers_new_and_old(
    world: World, visitor: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    token = form_token((await visitor.get("/")).text)
    assert (await visitor.post("/leave", data={"token": token}, headers=headers)).status_code == 200


async def test_a_form_needs_the_token_of_its_page_and_session(world: World, visitor: httpx.AsyncClient) -> None:
    link = f"/enter/{world.link()}"
    of_link = form_token((await visitor.get(link)).text)
    async with browser(world) as other:
        await sign_in(world, other)
        of_other = form_token((await other.get("/")).text)
    for token in ("", "0" * 64, of_link, of_other, "é"):
        assert (await visitor.post("/leave", data={"token": token}, headers=SAME_ORIGIN)).status_code == 403
    assert (await visitor.post("/leave", data={}, headers=SAME_ORIGIN)).status_code == 400
    assert (await visitor.get("/")).status_code == 200


@pytest.mark.parametrize("entry", [e for e in ENTRIES if e.method == "GET"], ids=lambda e: e.path)
async def test_a_reading_address_takes_no_form(world: World, visitor: httpx.AsyncClient, entry: Entry) -> None:
    taken = {other.method for other in ENTRIES if other.path == entry.path}
    for method in {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"} - taken:
        answer = await visitor.request(method, address(entry, world).replace("{name}", "stocktake.css"))
        assert answer.status_code == 405


async def test_a_form_is_small_and_a_form(visitor: httpx.AsyncClient) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    large = await visitor.post("/leave", content=b"token=" + b"a" * 5000, headers=SAME_ORIGIN | kind)
    assert large.status_code == 413
    huge = await visitor.post("/leave", content=b"token=" + b"a" * 70_000, headers=SAME_ORIGIN | kind)
    assert huge.status_code == 413
    for content, headers in ((b"{}", {"Content-Type": "application/json"}), (b"\xff=\xff", kind), (b"a=1&" * 40, kind)):
        answer = await visitor.post("/leave", content=content, headers=SAME_ORIGIN | headers)
        assert answer.status_code == 400


async def test_a_body_that_does_not_say_its_length_is_cut_off_all_the_same(visitor: httpx.AsyncClient) -> None:
    async def pieces():  # type: ignore[no-untyped-def]  # a generator for httpx
        for _ in range(100):
            yield b"a" * 1000

    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await visitor.post("/leave", content=pieces(), headers=SAME_ORIGIN | kind)).status_code == 413


# ------------------------------------------------------------------------------------------------ hosts and headers


@pytest.mark.parametrize(
    "host", ["evil.example", f"{HOST}.evil.example", "", f"{HOST}@evil.example", "[::2]", "127.0.0.2"]
)
async def test_a_name_that_is_not_ours_is_refused(visitor: httpx.AsyncClient, host: str) -> None:
    answer = await visitor.get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("host", [f"{HOST}:8443", HOST.upper(), "[::1]:8443", "[::1]", "127.0.0.1:1", "localhost"])
async def test_our_names_are_ours_with_any_port(visitor: httpx.AsyncClient, host: str) -> None:
    assert (await visitor.get("/", headers={"Host": host})).status_code in (200, 401)


def test_a_host_is_read_without_port_and_brackets() -> None:
    assert [bare_host(h) for h in ("A.b:1", "[::1]:2", "[::1]", "a", "")] == ["a.b", "::1", "::1", "a", ""]


async def test_two_host_headers_are_refused(world: World) -> None:
    async with browser(world) as client:
        request = client.build_request("GET", "/")
        request.headers = httpx.Headers([("Host", HOST), ("Host", "evil.example")])
        assert (await client.send(request)).status_code == 400


async def test_health_says_ok_to_anybody_and_nothing_more(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.get("/healthz", headers={"Host": "10.2.3.4"})
    assert (answer.status_code, answer.text) == (200, "ok\n")


@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/healthz", "/api/v1/schools", "/metrics", "/evidence/1/raw", "/enter/x"]
)
@pytest.mark.parametrize("signed_in", [True, False])
async def test_every_answer_wears_the_security_headers(
    visitor: httpx.AsyncClient, stranger: httpx.AsyncClient, path: str, signed_in: bool
) -> None:
    answer = await (visitor if signed_in else stranger).get(path)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    # who pages through the interface may keep an answer for themselves, and asks whether it changed before each use
    kept = path.startswith("/api/") and answer.status_code == 200
    assert answer.headers["cache-control"] == ("private, no-cache" if kept else "no-store")
    assert ("etag" in answer.headers) == kept
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
async def test_transport_security_is_not_demanded_of_names_that_others_use_too(
    stranger: httpx.AsyncClient, host: str
) -> None:
    assert "strict-transport-security" not in (await stranger.get("/healthz", headers={"Host": host})).headers


async def test_the_style_is_kept_by_browsers_and_nothing_else_is_served(stranger: httpx.AsyncClient) -> None:
    style = await stranger.get("/static/stocktake.css")
    assert style.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in style.headers["cache-control"]
    for name in ("../base.html", "..%2f__init__.py", "%2e%2e", "stocktake.css.bak", ".", "base.html"):
        assert (await stranger.get(f"/static/{name}")).status_code == 404


# ------------------------------------------------------------------------------------------------ errors


@pytest.mark.parametrize(
    "path",
    [
        "/nothing", "/schools/none", "/schools/", "/devices/none", "/devices/%00", "/devices/" + "a" * 99,
        "/devices/é", "/devices/x/y", "/x//", "/agents/", "/evidence/0", "/evidence/-1", "/evidence/1e3",
        "/evidence/9223372036854775808", "/evidence/٣", "/evidence/x/raw", "/api/v1/devices/none",
        "/api/v1/evidence/99999999999999999999", "/api/v1/",
    ],
)  # fmt: skip
async def test_what_is_not_there_is_not_found(visitor: httpx.AsyncClient, path: str) -> None:
    answer = await visitor.get(path)
    assert answer.status_code == 404
    assert ("json" in answer.headers["content-type"]) == path.startswith("/api/")


async def test_a_failure_of_ours_is_a_page_without_details(world: World, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> None:
        raise RuntimeError("a secret in a message")

    settings = Settings(allowed_hosts=(HOST,))
    app = application(world.store, world.trust_id, clock=world.clock, settings=settings, counts=broken)  # type: ignore[arg-type]
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=f"https://{HOST}") as client:
        answer = await client.get("/metrics", headers={"Authorization": f"Bearer {world.token(Scope.METRICS)}"})
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["cache-control"] == "no-store"


async def test_a_very_long_address_is_refused(visitor: httpx.AsyncClient) -> None:
    assert (await visitor.get("/devices?q=" + "a" * 5000)).status_code == 414
    assert (await visitor.get("/devices?q=" + quote("<b>" * 300))).status_code == 200
