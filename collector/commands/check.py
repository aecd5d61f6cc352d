"""Commands that begin a physical check. It is walked and signed on the pages, by the people whom it names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from collector import access, checking, journal, schools
from collector.access import RIGHTS, Right, Scope
from collector.checking import Wish
from collector.commands.desk import Desk
from collector.errors import CollectorError
from collector.shelf_check import Method
from collector.store import Transaction
from collector.store.people import Account
from collector.store.shelf_checks import Check

ACTOR = "console"


def begin(  # noqa: PLR0913 - what a check is made of
    desk: Desk, school: str, by: str, second: str, *, method: str, size: int, rooms: int, seed: str = "",
    declared: bool = False,
) -> str:  # fmt: skip
    """Draw a sample and hand it to who checks; `second`: an account, or who has none and is `declared` to keep nothing.

    CollectorError where either cannot be it, or nothing can be drawn.
    """
    now, trust_id = desk.clock(), desk.trust_id

    def work(connection: Transaction) -> Check:
        where = schools.named(connection, trust_id, school)
        checker = access.find(connection, trust_id, by)
        if not _may_check(checker, where.school_id, now):
            raise CollectorError(
                f"{checker.name} may not check at {where.name}: their role, their schools or their last day forbid it"
            )
        other = _account(access.everybody(connection, trust_id), second)
        if other is not None and other.account_id == checker.account_id:
            raise CollectorError("the second person is somebody else than who checks")
        wish = Wish(
            where.school_id, Method(method), size, rooms, other.account_id if other else "", "" if other else second,
            declared, seed,
        )  # fmt: skip
        made = checking.begin(connection, trust_id, wish, actor=ACTOR, now=now, checker=checker.account_id)
        detail = {"check": made.check_id, "account": checker.account_id}
        journal.append(connection, trust_id, actor=ACTOR, action="check_handed", detail=detail, now=now)
        return made

    made = desk.store.write(work)
    return f"check {made.check_id} of {made.drawn} devices is begun: {by} walks it at /check/{made.check_id}"


def _may_check(account: Account, school_id: str, now: datetime) -> bool:
    sees = account.schools is None or school_id in account.schools
    stays = account.until is None or account.until > now
    return sees and stays and Right.CHECK_SHELVES in RIGHTS[Scope(account.role)]


def _account(everybody: Iterable[Account], name: str) -> Account | None:
    wanted = name.strip()
    fitting = (each for each in everybody if wanted.casefold() == each.name.casefold() or wanted == each.account_id)
    return next(fitting, None)


COMMANDS: dict[str, Callable[..., str]] = {"check_begin": begin}
