"""What a person fills in who takes something on until the end of a day: why, who looks after it, and until when.

Conditions of health that are acknowledged and findings of audits that are accepted are both of that kind. It knows
neither, and no row: `store.undertakings` keeps them.
"""

from __future__ import annotations

from datetime import date, timedelta

from collector.facts import text

LONGEST = timedelta(days=366)  # what is known for longer than a year is not known, but forgotten
REASON_LIMIT, OWNER_LIMIT = 500, 80  # characters


def problems(
    reason: str, owner: str, until: date | None, today: date, *, what: str = "a condition is acknowledged",
    back: str = "the condition returns",
) -> dict[str, str]:  # fmt: skip
    """By field (`reason`, `owner`, `until`) what is wrong with what was filled in, in a sentence; empty: nothing.

    `what` is done, and what comes `back` after the day, are the words of its kind.
    """
    found = {}
    if not text(reason, REASON_LIMIT):
        found["reason"] = f"say why: {what} with a reason"
    if not text(owner, OWNER_LIMIT):
        found["owner"] = f"say who looks after it: {what} with an owner"
    if until is None or not today <= until <= today + LONGEST:
        found["until"] = f"say until when: a day from today on, and within a year; then {back}"
    return found
