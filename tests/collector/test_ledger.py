"""The ledger on both databases: movements of a real history balance and open to their rows; rules and reviews stay."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from past import BEGIN, Past

from collector import book, history, journal, ledger
from collector.book import USUAL
from collector.errors import CollectorError
from collector.ledger import Signature, Span
from collector.movements import Figures, Step, add_up
from collector.store import Store
from collector.store import book as rows

THEN, NOW = datetime(2026, 3, 31, 23, 0, tzinfo=UTC), datetime(2026, 8, 31, 23, 0, tzinfo=UTC)
BETWEEN = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def past(store: Store) -> Past:
    """By 31 March two switches; until 31 August one more is bought, one disposed of, and a printer found."""
    made = Past(store)
    made.device("a", BEGIN)
    made.device("b", BEGIN)
    _set(made, "a", BEGIN, cost="120000", purchased="2026-01-10")
    _set(made, "b", BEGIN, cost="240000", purchased="2025-01-10", funding="PTA")
    made.device("c", BETWEEN)
    _set(made, "c", BETWEEN, cost="600000", purchased="2026-05-05")
    made.device("d", BETWEEN)
    _set(made, "b", BETWEEN, cost="240000", purchased="2025-01-10", funding="PTA", disposed_on="2026-05-31")
    return made


def _set(past: Past, device_id: str, now: datetime, **cells: str) -> None:
    """Cells of a version, as records would have said them."""
    from sqlalchemy import update  # noqa: PLC0415 - only here

    from collector.store import schema as t  # noqa: PLC0415
    from collector.store.cells import booked, packed  # noqa: PLC0415
    from collector.store.history import cells_now  # noqa: PLC0415

    def work(connection: Any) -> None:
        mine = (t.register.c.trust_id == past.id) & (t.register.c.device_id == device_id)
        standing = mine & t.register.c.recorded_to.is_(None)
        told = {k: v for k, v in cells_now(connection, past.id, [device_id])[device_id].items() if v}
        new = told | {"class": "switch"} | cells
        row = connection.execute(t.register.select().where(standing)).one()
        if row.recorded_from == now:
            connection.execute(update(t.register).where(standing).values({"cells": packed(new)} | booked(new)))
            return
        connection.execute(update(t.register).where(standing).values(recorded_to=now))
        fresh = dict(row._mapping) | {"row_id": row.row_id + 1_000, "recorded_from": now, "cells": packed(new)}
        connection.execute(t.register.insert().values(fresh | booked(new)))

    past.store.write(work)


def test_movements_of_a_history_balance_and_each_figure_opens_to_its_rows(past: Past) -> None:
    span = Span(THEN, NOW, by="fund")
    with past.store.reader() as connection:
        found = list(ledger.movements(connection, past.id, span))
        statement = add_up(found)
        opened = ledger.first_of(iter(found), "PTA", "disposed", 10)
        named = ledger.named(connection, past.id, NOW, frozenset(move.device_id for move in opened))
    assert statement.unbalanced() == []
    total = statement.total
    # a: £1,200 at £20 a month, 3 months charged by March; b: £2,400 at £40 a month, 15 months
    assert total[Step.OPENING] == Figures(2, 360_000, 6_000 + 60_000)
    assert total[Step.BOUGHT] == Figures(1, 600_000, 0)
    assert total[Step.FOUND] == Figures(1, 0, 0)  # the printer costs nobody knows what
    # b went on 31 May with 17 months charged
    assert total[Step.DISPOSED] == Figures(-1, -240_000, -68_000)
    # a: 5 months more; b: 2; c: 4 months of £100
    assert total[Step.CHARGE] == Figures(0, 0, 10_000 + 8_000 + 40_000)
    assert total[Step.CLOSING] == Figures(3, 720_000, 16_000 + 40_000)
    assert [(move.device_id, move.figures.devices) for move in opened] == [("b", -1)]
    assert named["b"].cells["disposed_on"] == "2026-05-31"


def test_who_sees_other_schools_sees_no_movement_of_these(past: Past) -> None:
    with past.store.reader() as connection:
        assert list(ledger.movements(connection, past.id, Span(THEN, NOW, schools=frozenset({"elsewhere"})))) == []
        mine = Span(THEN, NOW, view="capitalised", schools=frozenset({past.school}))
        assert add_up(ledger.movements(connection, past.id, mine)).total[Step.CLOSING].devices == 2


@pytest.mark.parametrize("said", [{"by": "colour"}, {"view": "portable"}, {"since": NOW, "until": THEN}])
def test_a_statement_that_cannot_be_made_is_refused_with_a_sentence(said: dict[str, Any]) -> None:
    with pytest.raises(CollectorError):
        Span(**{"since": THEN, "until": NOW} | said)


def test_rules_hold_from_when_they_are_set_and_the_past_keeps_its_own(past: Past) -> None:
    changed = book.parse(book.written(USUAL) | {"threshold": 5_000_00})
    past.store.write(lambda c: history.history.asked(c, past.id, NOW))
    past.store.write(lambda c: ledger.set_rules(c, past.id, changed, actor="ada", now=BETWEEN))
    with past.store.reader() as connection:
        assert ledger.rules_at(connection, past.id, NOW) == USUAL  # somebody was told so
        assert ledger.rules_at(connection, past.id) == changed


def test_a_review_is_signed_by_a_named_person_and_says_which_register_was_meant(past: Past) -> None:
    with pytest.raises(CollectorError, match="named person"):
        past.store.write(lambda c: ledger.sign(c, past.id, NOW, Signature(" ", "Head"), actor="ada", now=NOW))
    signature = Signature("Siân Ŵyn", "digital lead", past.school, "all shelves seen")
    review = past.store.write(lambda c: ledger.sign(c, past.id, NOW, signature, actor="ada", now=NOW))
    exported = history.export_csv(past.store, past.id, NOW, NOW, actor="ada", school_id=past.school)
    assert (review.devices, review.sha256) == (exported.manifest.rows, exported.manifest.sha256)
    with past.store.reader() as connection:
        assert [one.signed_by for one in rows.reviews(connection, past.id, frozenset({past.school}))] == ["Siân Ŵyn"]
        assert rows.reviews(connection, past.id, frozenset({"elsewhere"})) == []
        assert "Ŵyn" not in "".join(entry.detail for entry in journal.rows.entries(connection, past.id))
    past.store.write(lambda c: ledger.withdraw(c, past.id, review.review_id, actor="ada", now=NOW))
    with pytest.raises(CollectorError, match="no such review"):
        past.store.write(lambda c: ledger.withdraw(c, past.id, review.review_id, actor="ada", now=NOW))
