"""Coming in by an identity provider through the pages, with a real issuer on the loopback."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from issuer import CLIENT, OBJECT, REDIRECT, SECRET, TENANT, Issuer
from web_estate import HOST, NOW, World, plain

from collector import access
from collector.access import Person, Scope, oidc
from collector.web.application import application
from collector.web.door import COOKIE
from collector.web.pages.entering import AWAY_COOKIE
from collector.web.visit import Settings, Ways

SUBJECT = f"{TENANT}/{OBJECT}"


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    made = Issuer(int(NOW.timestamp()))
    yield made
    made.close()


@pytest.fixture
def linked(empty: World, issuer: Issuer) -> World:
    """A collector with somebody whose login the owner linked."""

    def work(connection: object) -> None:
        person, by = Person("Head", Scope.IT_LEAD), {"actor": empty.owner, "now": NOW}
        account_id = access.invite(connection, empty.trust_id, person, **by)  # type: ignore[arg-type]
        access.link_login(connection, empty.trust_id, account_id, issuer.address, SUBJECT, **by)  # type: ignore[arg-type]

    empty.store.write(work)
    return empty


def open_browser(world: World, issuer: Issuer | None) -> httpx.AsyncClient:
    settings = Settings(allowed_hosts=(HOST,), trust_name="Three Trees Trust")
    said = issuer and oidc.Settings(oidc.ENTRA, issuer.address, CLIENT, SECRET, (TENANT,), REDIRECT)
    ways = Ways(None, oidc.Provider(said) if said else None)
    app = application(world.store, world.trust_id, clock=world.clock, settings=settings, ways=ways)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=f"https://{HOST}")


async def away(client: httpx.AsyncClient, issuer: Issuer) -> dict[str, str]:
    """A person goes to the issuer, signs in there, and is sent back with this query."""
    gone = await client.get("/oidc/go")
    assert gone.status_code == 303
    code, state = issuer.visit(gone.headers["location"])
    return {"code": code, "state": state}


async def test_who_is_linked_comes_in_and_out_of_the_cookie_of_the_journey(linked: World, issuer: Issuer) -> None:
    async with open_browser(linked, issuer) as client:
        assert "Sign in with Microsoft" in plain((await client.get("/sign-in")).text)
        gone = await client.get("/oidc/go")
        kept = gone.headers["set-cookie"].lower()
        assert kept.startswith(AWAY_COOKIE.lower())
        assert {"httponly", "secure", "path=/", "samesite=lax", "max-age=600"} <= {p.strip() for p in kept.split(";")}
        code, state = issuer.visit(gone.headers["location"])
        answer = await client.get("/oidc/back", params={"code": code, "state": state})
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert (COOKIE in client.cookies, AWAY_COOKIE in client.cookies) == (True, False)
        assert (await client.get("/shares")).status_code == 200
        again = await client.get("/oidc/back", params={"code": code, "state": state})
        assert again.status_code == 403


async def test_an_unknown_person_reads_what_to_tell_the_owner_and_is_not_let_in(
    linked: World, issuer: Issuer
) -> None:  # fmt: skip
    issuer.lie = {"oid": "another-object"}
    async with open_browser(linked, issuer) as client:
        answer = await client.get("/oidc/back", params=await away(client, issuer))
        assert answer.status_code == 403
        assert f"{TENANT}/another-object" in answer.text
        assert COOKIE not in client.cookies


async def test_a_return_in_another_browser_opens_nothing_there(linked: World, issuer: Issuer) -> None:
    async with open_browser(linked, issuer) as client, open_browser(linked, issuer) as other:
        back = await away(client, issuer)
        answer = await other.get("/oidc/back", params=back)
        assert (answer.status_code, "begin again" in plain(answer.text)) == (403, True)
        assert COOKIE not in other.cookies


@pytest.mark.parametrize(
    "query", [{}, {"error": "access_denied"}, {"state": "x", "code": "y"}, {"state": "é\0", "code": "a" * 3000}]
)
async def test_a_return_that_nobody_awaits_is_a_sentence(linked: World, issuer: Issuer, query: dict[str, str]) -> None:
    async with open_browser(linked, issuer) as client:
        answer = await client.get("/oidc/back", params=query)
        assert (answer.status_code, "begin again" in plain(answer.text)) == (403, True)
        await away(client, issuer)
        refused = await client.get("/oidc/back", params=query | {"state": client.cookies[AWAY_COOKIE], "code": ""})
        assert (refused.status_code, "did not let you in" in plain(refused.text)) == (403, True)


async def test_an_issuer_that_is_down_is_said_with_another_way_in(linked: World, issuer: Issuer) -> None:
    issuer.close()
    async with open_browser(linked, issuer) as client:
        answer = await client.get("/oidc/go")
        assert (answer.status_code, "come in by a link" in plain(answer.text)) == (502, True)


async def test_without_a_provider_there_is_no_such_page(empty: World) -> None:
    async with open_browser(empty, None) as client:
        assert [(await client.get(path)).status_code for path in ("/oidc/go", "/oidc/back")] == [404, 404]
