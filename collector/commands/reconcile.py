"""The command that reconciles a register with reality: brought, compared and kept; nothing of the register changes."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping

from collector import schools
from collector.commands.desk import Desk
from collector.errors import CollectorError
from collector.reconcile import bringing, listing
from collector.reconcile.values import Kind
from collector.store import Transaction
from collector.store import reconcile as rows
from collector.store.reconcile import Asked

ACTOR = "console"
MOST_ROWS = 1_000_000  # all


def reconcile_book(desk: Desk, content: str, name: str, *, mapping: Mapping[str, str], school: str = "") -> str:
    """Reconcile a register (its content in base 64); JSON with what to print and the differences as CSV."""
    now = desk.clock()
    try:
        said = base64.b64decode(content, validate=True)
    except binascii.Error:
        raise CollectorError("the file did not arrive whole: try again") from None

    def bring(connection: Transaction) -> str:
        school_id = schools.named(connection, desk.trust_id, school).school_id if school else ""
        made = bringing.bring(connection, desk.trust_id, said, name, school_id=school_id, actor=ACTOR, now=now)
        return made.reconciliation_id

    key = desk.store.write(bring)
    try:
        with desk.store.reader() as connection:
            found = bringing.compare(connection, desk.trust_id, key, mapping, now)
    except CollectorError:
        desk.store.write(lambda connection: bringing.forget(connection, desk.trust_id, key, actor=ACTOR, now=now))
        raise
    desk.store.write(lambda connection: bringing.keep(connection, desk.trust_id, found, actor=ACTOR, now=now))
    with desk.store.reader() as connection:
        counts = rows.counts(connection, desk.trust_id, key)
        kept = rows.outcomes(connection, desk.trust_id, key, Asked(), MOST_ROWS)
    lines = [f"{counts.get(kind, (0, 0))[0]:>6,}  {kind}" for kind in Kind]
    told = "\n".join([*lines, f"nothing was changed; settle it on the pages: /reconcile/{key}"])
    return json.dumps({"told": told, "csv": listing.as_csv(kept)})


COMMANDS: dict[str, Callable[..., str]] = {"reconcile_book": reconcile_book}
