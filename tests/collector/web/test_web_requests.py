"""Signing in and out, forms, hosts, headers and errors: what every request goes through, whatever it asks for."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import httpx
import pytest
from web_estate import HOST, SAME_ORIGIN, World, browser, form_token, sign_in

from collector.access import Scope
from collector.web.application import application
from collector.web.door import COOKIE
from collector.web.perimeter import bare_host
from collector.web.visit import Settings


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
