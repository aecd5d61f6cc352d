"""Commands that decide the rules of the trust's own set, and have schools judged at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from collector import auditing, judging_now, schools
from collector.commands.desk import Desk
from collector.errors import CollectorError


def decide(desk: Desk, rule: str, name: str, value: Any, reason: str) -> str:
    """Decide a parameter of a rule, its severity, or whether it is included."""
    now = desk.clock()
    desk.store.write(
        lambda connection: auditing.decide(
            connection, desk.trust_id, rule, name, value, reason=reason, actor="console", now=now
        )
    )
    return f"{name} of {rule} is {value} in the trust's own rule set"


def undecide(desk: Desk, rule: str, name: str) -> str:
    """Go back to what comes with Stocktake."""
    now = desk.clock()
    desk.store.write(
        lambda connection: auditing.undecide(connection, desk.trust_id, rule, name, actor="console", now=now)
    )
    return f"{name} of {rule} is as it comes with Stocktake again"


def judge(desk: Desk, school: str = "") -> str:
    """Have a school, or all of the trust, judged at once; CollectorError names those that could not be."""
    now, trust_id = desk.clock(), desk.trust_id
    with desk.store.reader() as connection:
        wanted = {schools.named(connection, trust_id, school).school_id} if school else None
    asked = desk.store.write(lambda connection: judging_now.ask(connection, trust_id, wanted, actor="console", now=now))
    failed = [name for key, name in asked.items() if not judging_now.judge(desk.store, trust_id, key, now)]
    done, what = len(asked) - len(failed), "school is" if len(asked) - len(failed) == 1 else "schools are"
    if failed:
        raise CollectorError(f"{done} {what} judged, and these could not be (the log says why): {', '.join(failed)}")
    return f"{done} {what} judged: the pages show what was found"


COMMANDS: dict[str, Callable[..., str]] = {"audit_decide": decide, "audit_undecide": undecide, "audit_judge": judge}
