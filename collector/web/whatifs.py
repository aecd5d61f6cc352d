"""What-ifs as pages ask for them: the plan as it stands, and those that people named, each reckoned once for all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial

from starlette.exceptions import HTTPException

from collector.errors import CollectorError
from collector.planning import shelf
from collector.planning.shelf import Made
from collector.planning.whatif import Changes, Result, reckon
from collector.store import Transaction
from collector.store import planning as rows
from collector.store.planning import Kind, Said
from collector.web import hands
from collector.web.visit import Visit

STANDS = "stands"  # the plan as it stands, where an address names a what-if
AS_IT_STANDS = "As it stands"


@dataclass(frozen=True, slots=True)
class Column:
    """One what-if as it is shown. `result` None: it is being reckoned, or `failed` for this reason."""

    said_id: str
    name: str
    changes: Changes
    result: Result | None
    failed: str = ""


def column(visit: Visit, made: Made, said: Said | None = None) -> Column:
    """What a person named, or the plan as it stands, reckoned in the background: begun by whoever asks first."""
    changes = Changes.from_json(json.loads(said.values["changes"])) if said else Changes()
    key = (made.mark, json.dumps(changes.to_json(), sort_keys=True))
    kept = shelf.what_ifs.of(visit.site.store, visit.site.trust_id)
    found = kept.take(key, partial(reckon, made.gathered, changes))
    failed = hands.sentence(found) if isinstance(found, CollectorError) else ""
    name, said_id = (said.values["name"], said.said_id) if said else (AS_IT_STANDS, STANDS)
    return Column(said_id, name, changes, found if isinstance(found, Result) else None, failed)


def find(visit: Visit, connection: Transaction, made: Made, said_id: str) -> Column:
    """The what-if that an address names; 404 where nobody asks it any more."""
    if said_id == STANDS:
        return column(visit, made)
    for said in rows.standing(connection, visit.site.trust_id, Kind.SCENARIO):
        if said.said_id == said_id:
            return column(visit, made, said)
    raise HTTPException(404)
