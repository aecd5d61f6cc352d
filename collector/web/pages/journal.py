"""The journal: who changed, saw and exported what, the latest first, and whether its chain holds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from starlette.responses import Response

from collector import journal
from collector.store import journal as rows
from collector.store import people
from collector.web.visit import Visit

PAGE_ROWS = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One entry for people; `detail` is names and values, `who` a name where the actor is an account."""

    position: int
    time: datetime
    who: str
    action: str
    detail: dict[str, str]


def page(visit: Visit) -> Response:
    """`GET /journal`, filtered by `action` and `actor`, from the entry before `before` down."""
    trust_id = visit.site.trust_id
    before = visit.count("before", 0, 2**31)
    asked = {name: visit.asked(name) for name in ("actor", "action")}
    with visit.reader() as connection:
        found = rows.latest(connection, trust_id, limit=PAGE_ROWS + 1, before=before, **asked)
        names = {account.account_id: account.name for account in people.all_accounts(connection, trust_id)}
        kinds = rows.actions(connection, trust_id)
        end = journal.checkpoint(connection, trust_id)
        broken = journal.verify(connection, trust_id) if visit.asked("verify") else None
    query = {name: value for name, value in asked.items() if value}
    earlier = urlencode({**query, "before": found[PAGE_ROWS - 1].position}) if len(found) > PAGE_ROWS else ""
    return visit.page(
        "journal.html", lines=[_line(entry, names) for entry in found[:PAGE_ROWS]], asked=asked, kinds=kinds, end=end,
        broken=broken, earlier=earlier, names=names,
    )  # fmt: skip


def _line(entry: rows.Entry, names: dict[str, str]) -> Line:
    detail = {name: str(value) for name, value in json.loads(entry.detail).items() if value != ""}
    return Line(entry.position, entry.time, names.get(entry.actor, entry.actor), entry.action, detail)
