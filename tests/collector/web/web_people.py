"""People of every role at two schools of `web_estate`, and one of everything that a path can name, at Elm."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import httpx
from web_estate import NOW, World, browser
from web_identity import doubt

from collector import access, checking, corrections, identity, records, rooms, wishes
from collector.access import Person, Scope
from collector.records import files
from collector.shelf_check import Method
from collector.store import Transaction, people, places, questions, reconcile
from collector.store import rooms as room_rows
from collector.web.door import COOKIE

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001"
    "e221bc330000000049454e44ae426082"
)
UNTIL = date(2027, 3, 31)
#: roles of named schools, each once at Elm and once at Oak; the others see the whole trust
NARROW = (Scope.TECHNICIAN, Scope.PROVIDER, Scope.SCHOOL_VIEWER, Scope.AUDITOR)
WIDE = (Scope.OWNER, Scope.IT_LEAD, Scope.FINANCE, Scope.BENCHMARK_VIEWER)
TOKENS = (Scope.READ, Scope.WRITE, Scope.METRICS)


@dataclass(frozen=True)
class Caller:
    """Somebody who asks. `at`: the key of their school, empty for the whole trust; `out`: they are let in no more."""

    scope: Scope
    at: str = ""
    out: str = ""
    headers: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_token(self) -> bool:
        return self.scope in TOKENS

    def __str__(self) -> str:
        return " ".join(filter(None, (self.out, str(self.scope), f"at {self.at}" if self.at else "")))


def cookie(session: str) -> dict[str, str]:
    return {"Cookie": f"{COOKIE}={session}"}


def enter(world: World, account_id: str) -> dict[str, str]:
    """The headers of somebody who came in by a link."""
    link = access.make_link(world.store, world.trust_id, account_id, world.now)
    session = access.redeem_link(world.store, world.trust_id, link, world.now)
    assert session is not None
    return cookie(session)


def account(world: World, role: Scope, at: str = "", name: str = "", until: date | None = UNTIL) -> str:
    schools = frozenset({world.school_ids[at]}) if at else frozenset()
    last = until if role in access.UNTIL_A_DAY or until != UNTIL else None
    person = Person(name or f"{role} {at}", role, schools, last)
    return world.store.write(
        lambda connection: access.invite(connection, world.trust_id, person, actor=world.owner, now=world.now)
    )


def callers(world: World) -> list[Caller]:
    """Every kind of caller, signed in."""
    found = [Caller(Scope.OWNER, headers=enter(world, world.owner))]
    found += [Caller(role, headers=enter(world, account(world, role))) for role in WIDE[1:]]
    for at in ("elm", "oak"):
        found += [Caller(role, at, headers=enter(world, account(world, role, at))) for role in NARROW]
        found += [Caller(scope, at, headers=token(world, scope, at)) for scope in TOKENS]
    found += [Caller(scope, headers=token(world, scope)) for scope in TOKENS]
    return found + gone(world)


def token(  # what it is for
    world: World, scope: Scope, at: str = "", account_id: str = "", days: int = 365, name: str = "a program"
) -> dict[str, str]:
    schools = frozenset({world.school_ids[at]}) if at else None
    secret = access.make_token(
        world.store, world.trust_id, name, scope, account_id=account_id or world.owner,
        life=timedelta(days=days), now=world.now, schools=schools,
    )  # fmt: skip
    return {"Authorization": f"Bearer {secret}"}


def gone(world: World) -> list[Caller]:
    """Callers who were let in once: past their last day, removed, or with a token that ended."""
    store, trust_id = world.store, world.trust_id
    found = []
    for role, out in ((Scope.AUDITOR, "expired"), (Scope.IT_LEAD, "removed")):
        account_id = account(world, role, "elm" if role is Scope.AUDITOR else "", name=f"{out} {role}")
        found.append(Caller(role, out=out, headers=enter(world, account_id)))
        if role is Scope.IT_LEAD:
            made = token(world, Scope.WRITE, account_id=account_id)
            found.append(Caller(Scope.WRITE, out="of somebody removed", headers=made))
            store.write(lambda c, gone=account_id: access.remove(c, trust_id, gone, actor=world.owner, now=NOW))
        else:
            store.write(lambda c, gone=account_id: people.change_account(c, trust_id, gone, until=NOW))
    revoked = token(world, Scope.READ, name="revoked")
    for known in access.tokens(store, trust_id):
        if known.name == "revoked":
            access.revoke(store, trust_id, known.token_id, account_id=world.owner, now=NOW)
    found.append(Caller(Scope.READ, out="revoked", headers=revoked))
    world.now = NOW - timedelta(days=2)
    found.append(Caller(Scope.READ, out="expired", headers=token(world, Scope.READ, days=1)))
    world.now = NOW
    return found


def furnish(world: World) -> dict[str, str]:
    """One of everything that a path can name, all of it at Elm; ids by the name of the parameter."""
    asked, _, _ = doubt(world, "room-13-pc")
    core, trust_id, owner = world.device("elm-core"), world.trust_id, world.owner

    def write(connection: Transaction) -> dict[str, str]:
        by = {"actor": owner, "now": NOW}
        said = records.read_said({"room": "R7", "asset_tag": "ELMTAG-77", "local_name": "elmcore cupboard"})
        records.enter(connection, trust_id, core.device_id, said, source="page", **by)
        record_id = records.record_of(connection, trust_id, core.device_id, **by)
        document = files.keep(connection, trust_id, record_id, "photo", "elm.png", PNG, **by)
        made = corrections.correct(connection, trust_id, core.device_id, {"name": "elm-core-renamed"}, "said", **by)
        site = next(p for p in places.places(connection, trust_id) if p.school_name.startswith("Elm"))
        room = rooms.add_room(connection, trust_id, site.site_id, "R7", **by)
        rooms.tie_location(connection, trust_id, room.room_id, "elm cupboard", **by)
        wish = wishes.look_at_device(connection, trust_id, core.school_id, core.address, core.device_id, **by)
        (change,) = _changes(connection, world)
        (tie,) = room_rows.ties(connection, trust_id, core.school_id)
        return {
            "device_id": core.device_id, "document_id": document.document_id, "wish_id": wish.wish_id,
            "correction_id": made.corrections[0].correction_id, "change_id": change, "tie": tie.tie_id,
            "site": site.site_id, "record": record_id, "school_id": core.school_id,
            "form": "csv", "export_id": "none", "rule": "access_ports",
            "reconciliation_id": _bring_register(connection, world, core.school_id),
            "check_id": _begin_check(connection, world, core.school_id),
        }  # fmt: skip

    ids = world.store.write(write) | {"question_id": str(asked.question_id), "acknowledgement_id": "none"}
    ids |= {"evidence_id": str(world.evidence_id("elm-core", "system")), "name": "stocktake.css", "secret": "x"}
    return ids | _decide(world, world.device("b8:27:eb:12:34:56").device_id, world.device("00:80:77").device_id)


def _begin_check(connection: Transaction, world: World, school_id: str) -> str:
    """A physical check of the school that nobody has walked yet."""
    wish = checking.Wish(school_id, Method.SIMPLE, 5, 1, second_name="Ms Kaur", declared=True)
    return checking.begin(connection, world.trust_id, wish, actor=world.owner, now=NOW).check_id


def _bring_register(connection: Transaction, world: World, school_id: str) -> str:
    """A register of the school, brought and not compared yet."""
    made = reconcile.Brought("a-register", school_id, "elm.csv", b"d" * 32, 10, NOW, world.owner)
    reconcile.add(connection, world.trust_id, made, [(1, {"Serial": "FOC2016X0AB"})])
    return made.reconciliation_id


def _changes(connection: Transaction, world: World) -> list[str]:
    from collector.store import acts  # noqa: PLC0415 - beside its one use

    return [change.change_id for change in acts.latest(connection, world.trust_id)]


def _decide(world: World, one: str, two: str) -> dict[str, str]:
    """A person says that two devices are one: a word, and a decision."""
    from collector.store import kinship  # noqa: PLC0415 - beside its one use

    def write(connection: Transaction) -> dict[str, str]:
        kept = identity.say_one(connection, world.trust_id, one, two, "I looked", world.owner, NOW)
        found = kinship.of_device(connection, world.trust_id, kept)
        return {"word_id": found.words[0].word_id, "decision_id": str(found.decided[0].decision_id)}

    return world.store.write(write)


def asked(world: World) -> int:
    """How many questions there are."""
    with world.store.reader() as connection:
        return questions.open_count(connection, world.trust_id)


async def ask(world: World, method: str, path: str, headers: dict[str, str], **sent: object) -> httpx.Response:
    async with browser(world) as client:
        return await client.request(method, path, headers=headers, **sent)  # type: ignore[arg-type]
