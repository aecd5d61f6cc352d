"""The register: its rows as of a day, the files that it is pulled as, what moved between two days."""

from __future__ import annotations

import tempfile
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

from collector import exports, ledger, london
from collector.access import Right
from collector.errors import CollectorError
from collector.facts import CLASSES
from collector.ledger import Asked, Span
from collector.movements import BETWEEN, Step, add_up
from collector.register_rows import Line
from collector.residency import State
from collector.store import Transaction, coverage, register, school_lives
from collector.store import book as rows
from collector.web import words
from collector.web.unseen import Gap, gaps
from collector.web.visit import ID_LIMIT, Visit, json_answer

PAGE_ROWS = 100
OFFSET_LIMIT = 10_000_000
OPENED = 500  # devices of one figure that are listed
_PIECE = 2**18
LIVES = tuple(state.value for state in State)
#: the columns of the list: name of the column -> what it is sorted by, empty where it is not
SHOWN = (
    ("what", "name"), ("asset_tag", "asset_tag"), ("serial", "serial"), ("school", "school"),
    ("purchased", "purchased"), ("made_best", "made_best"), ("support_ends", "support_ends"), ("last_seen", ""),
    ("cost", "cost"), ("book_value", ""),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of rows: what is asked for, and the ways to other orders and to its neighbours."""

    asked: dict[str, str]
    rows: list[dict[str, Any]]
    first: int
    earlier: str
    later: str

    def at(self, path: str = "/register", **other: str) -> str:
        """The address of the same with something else."""
        query = {name: value for name, value in {**self.asked, **other}.items() if value}
        return f"{path}?{urlencode(query)}" if query else path

    def sorted_by(self, order: str) -> str:
        """The address of the same in another order; of the order that it has, the other way round."""
        down = "yes" if self.asked["sort"] == order and not self.asked["down"] else ""
        return self.at(sort=order, down=down)

    def way(self, order: str) -> str:
        """How it is sorted by a column, for `aria-sort`."""
        if not order or self.asked["sort"] != order:
            return ""
        return "descending" if self.asked["down"] else "ascending"


def page(visit: Visit) -> Response:
    """`GET /register`: rows, filters in the address, sorted by links."""
    asked, chosen = _asked(visit)
    offset = visit.count("from", 0, OFFSET_LIMIT)
    with visit.reader() as connection:
        pulled = _told(lambda: ledger.pull(connection, visit.site.trust_id, chosen))
        total, found = ledger.page(
            connection, pulled, order=asked["sort"], descending=bool(asked["down"]), limit=PAGE_ROWS + 1, offset=offset
        )  # fmt: skip
        schools, unseen = _schools(visit, connection), _gaps(visit, connection)
    names = [column.name for column in pulled.columns]
    listing = Listing(
        asked, [_row(names, line) for line in found[:PAGE_ROWS]], offset + 1,
        _address(asked, max(0, offset - PAGE_ROWS)) if offset else "",
        _address(asked, offset + PAGE_ROWS) if len(found) > PAGE_ROWS else "",
    )  # fmt: skip
    return visit.page(
        "register.html", listing=listing, total=total, day=pulled.day, rules=exports.rules_sentence(pulled.rules),
        headings=[(name, _heading(pulled.columns, name), order) for name, order in SHOWN], schools=schools,
        forms=[exports.form(word) for word in sorted(exports.forms())], lives=LIVES, gaps=unseen,
        today=london.day_of(visit.now), assignees=chosen.assignees,
    )  # fmt: skip


def export(visit: Visit) -> Response:
    """`GET /register/export.{form}`: the file; `Repr-Digest` (RFC 9530) has its hash, `Link` its manifest."""
    form = _told(lambda: exports.form(str(visit.request.path_params["form"])), 404)
    _, asked = _asked(visit)
    actor = visit.visitor.account_id if visit.visitor else ""
    out: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the answer is sent
    try:
        made = _told(lambda: exports.make(
            visit.site.store, visit.site.trust_id, form, asked, out, trust=visit.site.settings.trust_name, actor=actor,
            now=visit.now, sign=visit.site.sign,
        ))  # fmt: skip
    except BaseException:
        out.close()
        raise
    headers = {
        "Content-Disposition": f'attachment; filename="{exports.file_name(made)}"',
        "Content-Length": str(made.size_bytes),
        "Repr-Digest": f"sha-256=:{b64encode(bytes.fromhex(made.sha256)).decode()}:",
        "Link": f'</register/exports/{made.export_id}>; rel="describedby"',
        "Stocktake-Journal": f"{made.journal_position} {made.journal_hash}",
    }
    return StreamingResponse(_pieces(out), media_type=form.media_type, headers=headers)


def _pieces(out: IO[bytes]) -> Iterator[bytes]:
    with out:
        while piece := out.read(_PIECE):
            yield piece


def manifest(visit: Visit) -> Response:
    """`GET /register/exports/{export_id}`: what proves an export, to whoever made it and who sees the whole trust."""
    with visit.reader() as connection:
        made = rows.export(connection, visit.site.trust_id, visit.name("export_id"))
    mine = made is not None and visit.visitor is not None and made.made_by == visit.visitor.account_id
    if made is None or (visit.schools is not None and not mine):
        raise HTTPException(404)
    return json_answer(exports.manifest(made))


# ------------------------------------------------------------------------------------------------ movements


def movements(visit: Visit) -> Response:
    """`GET /register/movements?from=&to=`: a statement by school, class or fund; `group` and `line` open one figure."""
    span, days = _span(visit)
    group, line = visit.asked("group"), visit.asked("line")
    given: dict[str, Any] = {
        "span": span, "days": days, "groups": ledger.GROUPS, "steps": Step, "between": BETWEEN, "group": group,
        "line": line, "statement": None, "opened": None, "named": {}, "more": False,
    }  # fmt: skip
    if span is None:
        return visit.page("movements.html", **given)
    trust_id = visit.site.trust_id
    with visit.reader() as connection:
        found = ledger.movements(connection, trust_id, span)
        if not group:
            return visit.page("movements.html", **given | {"statement": add_up(found)})
        opened = ledger.first_of(found, group, line, OPENED + 1)
        for at in (span.since, span.until):
            named = ledger.named(connection, trust_id, at, frozenset(move.device_id for move in opened))
            given["named"] |= {key: entry.cells for key, entry in named.items()}
    return visit.page("movements.html", **given | {"opened": opened[:OPENED], "more": len(opened) > OPENED})


def _span(visit: Visit) -> tuple[Span | None, dict[str, str]]:
    asked = {name: visit.asked(name) for name in ("from", "to", "by", "view")}
    if not asked["from"]:
        return None, asked
    since, until = (_told(lambda n=name: ledger.time_of(asked[n], visit.now)) for name in ("from", "to"))
    by = asked["by"] or "school"
    return _told(lambda: Span(since, until, by, asked["view"], visit.schools)), asked


# ------------------------------------------------------------------------------------------------ shared


def _asked(visit: Visit) -> tuple[dict[str, str], Asked]:
    """What the address asks for, checked."""
    names = ("as_known", "school", "class", "life", "view", "q", "sort", "down")
    asked = {name: visit.asked(name) for name in names}
    at: datetime = _told(lambda: ledger.time_of(asked["as_known"], visit.now))
    if asked["class"] and asked["class"] not in CLASSES:
        raise HTTPException(400, f"There is no class “{asked['class']}”.")
    if asked["life"] and asked["life"] not in LIVES:
        raise HTTPException(400, f"“{asked['life']}” is not what becomes of a device: {', '.join(LIVES)}.")
    if asked["sort"] and asked["sort"] not in ledger.ORDERS:
        raise HTTPException(400, f"The register is sorted by {', '.join(ledger.ORDERS)}.")
    return asked, Asked(
        at, visit.schools, asked["school"][:ID_LIMIT], asked["class"], asked["life"], asked["q"], asked["view"],
        visit.may(Right.SEE_ASSIGNEES),
    )  # fmt: skip


def _told(work: Any, status: int = 400) -> Any:
    """What work returns; what cannot be done is answered with its sentence."""
    try:
        return work()
    except CollectorError as error:
        raise HTTPException(status, f"{words.sentence_case(str(error))}.") from None


def _address(asked: dict[str, str], offset: int) -> str:
    query = {name: value for name, value in asked.items() if value} | ({"from": str(offset)} if offset else {})
    return f"/register?{urlencode(query)}" if query else "/register"


def _row(names: list[str], line: Line) -> dict[str, Any]:
    told = dict(zip(names, line.values, strict=True))
    return told | {"why": line.worth.why, "shelf": line.worth.shelf.value}


def _heading(columns: Any, name: str) -> str:
    return next(str(column.heading) for column in columns if column.name == name)


def _schools(visit: Visit, connection: Transaction) -> list[tuple[str, str]]:
    known = school_lives.schools(connection, visit.site.trust_id)
    return sorted((school.name, school.school_id) for school in known if visit.sees(school.school_id))


def _gaps(visit: Visit, connection: Transaction) -> list[Gap]:
    trust_id = visit.site.trust_id
    schools = register.schools(connection, trust_id, visit.schools, known={})
    agents = register.agents(connection, trust_id, school_ids=visit.schools)
    return gaps(schools, agents, visit.now, coverage.coverage(connection, trust_id, visit.schools))
