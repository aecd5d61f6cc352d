"""Reports that somebody without an account may read by a link: made, opened, revoked. It does not know what they show.

A share is a pass of its own kind. It names one school or the whole trust, ends on a day, and opens only as long as
whoever made it may share reports, and sees as much. Each opening is journaled, once an hour.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from collector import journal, london
from collector.access.passes import NAME_LIMIT, Draw, is_here, pass_id, secret_hash, seen_by, stands
from collector.access.rights import RIGHTS, Right, Scope
from collector.errors import CollectorError
from collector.facts import text
from collector.store import Store, people, school_lives
from collector.store.people import Transaction

SHARE_DAYS = 90  # to come, for which a report is shared at most
KIND, SCOPE = "share", "report"
WHO = "shared link"  # whose the opening is in the journal: nobody knows who holds a link
NOTED_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Share:
    """A shared report as it may be listed: never its secret. `school_id`: empty for the whole trust."""

    share_id: str
    name: str
    school_id: str
    account_id: str
    created: datetime
    expires: datetime
    opened: datetime | None
    revoked: datetime | None

    @property
    def schools(self) -> frozenset[str] | None:
        """What it shows at most; None: the whole trust."""
        return frozenset({self.school_id}) if self.school_id else None


def make_share(  # noqa: PLR0913 - what is shared, until when, who does, and the world
    store: Store, trust_id: str, name: str, school_id: str, until: date, *, account_id: str, now: datetime,
    draw: Draw = secrets.token_urlsafe,
) -> str:  # fmt: skip
    """The secret of a new share, for the path `/shared/<secret>`, shown this once.

    `until`: its last day. CollectorError for what cannot be shared, or not by this person.
    """
    secret, today, ends = draw(32), london.day_of(now), london.end_of(until)
    if not today <= until <= today + timedelta(days=SHARE_DAYS):
        raise CollectorError(f"a report is shared until a day within {SHARE_DAYS} days")
    schools = frozenset({school_id}) if school_id else None

    def work(connection: Transaction) -> None:
        if school_id and school_id not in {one.school_id for one in school_lives.schools(connection, trust_id)}:
            raise CollectorError("this is no school of the trust")
        if not _may(people.account(connection, trust_id, account_id), schools, now):
            raise CollectorError("whoever shares a report may do so, and sees all that it shows")
        made = people.Pass(
            secret_hash(secret), KIND, account_id, text(name, NAME_LIMIT), SCOPE, now, ends, schools=schools
        )
        people.add_pass(connection, trust_id, made)
        detail = {"share": pass_id(made.pass_hash), "school": school_id, "until": until.isoformat()}
        journal.append(connection, trust_id, actor=account_id, action="share_made", detail=detail, now=now)

    store.write(work)
    return secret


def open_share(store: Store, trust_id: str, secret: str, now: datetime) -> Share | None:
    """The share that a secret opens, or None; that it was opened is in the journal before anything is shown."""
    with store.reader() as connection:
        held = _standing(connection, trust_id, secret, now)
    if held is None:
        return None
    if _is_noted(held, now):
        return _share(held)

    def work(connection: Transaction) -> Share | None:
        again = _standing(connection, trust_id, secret, now)
        if again is None:
            return None
        if not _is_noted(again, now):
            people.touch(connection, trust_id, again.pass_hash, now)
            detail = {"share": pass_id(again.pass_hash)}
            journal.append(connection, trust_id, actor=WHO, action="share_opened", detail=detail, now=now)
        return _share(again)

    return store.write(work)


def shares(connection: Transaction, trust_id: str, now: datetime) -> list[tuple[Share, bool]]:
    """Every share, newest first, and whether it opens now."""
    found = people.all_passes(connection, trust_id, KIND)
    return [(_share(held), stands(held, now) and _is_backed(connection, trust_id, held, now)) for held in found]


def revoke_share(connection: Transaction, trust_id: str, share_id: str, *, actor: str, now: datetime) -> None:
    """Shut a share for good; CollectorError where no share that could be has this id."""
    held = next((p for p in people.all_passes(connection, trust_id, KIND) if pass_id(p.pass_hash) == share_id), None)
    if held is None or not people.revoke_pass(connection, trust_id, held.pass_hash, now):
        raise CollectorError(f"there is no shared report {text(share_id, NAME_LIMIT)} that could be revoked")
    journal.append(connection, trust_id, actor=actor, action="share_revoked", detail={"share": share_id}, now=now)


# ------------------------------------------------------------------------------------------------ shared


def _standing(connection: Transaction, trust_id: str, secret: str, now: datetime) -> people.Pass | None:
    held = people.find_pass(connection, trust_id, KIND, secret_hash(secret))
    if held is None or not stands(held, now) or not _is_backed(connection, trust_id, held, now):
        return None
    return held


def _is_backed(connection: Transaction, trust_id: str, held: people.Pass, now: datetime) -> bool:
    """Whether who made a share could make it now."""
    return _may(people.account(connection, trust_id, held.account_id), held.schools, now)


def _may(maker: people.Account | None, schools: frozenset[str] | None, now: datetime) -> bool:
    if maker is None or not is_here(maker, now) or Right.SHARE_REPORTS not in RIGHTS[Scope(maker.role)]:
        return False
    mine = seen_by(maker)
    return mine is None or (schools is not None and schools <= mine)


def _is_noted(held: people.Pass, now: datetime) -> bool:
    return held.used is not None and now - held.used < NOTED_EVERY


def _share(held: people.Pass) -> Share:
    return Share(
        pass_id(held.pass_hash), held.name, next(iter(held.schools or ()), ""), held.account_id, held.created,
        held.expires, held.used, held.revoked,
    )  # fmt: skip
