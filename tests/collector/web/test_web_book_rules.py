"""The rules of the book as a form: what rules fill in says the same rules, and each wrong field is told apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.book import OTHERS, USUAL, Life, Rules
from collector.facts import CLASSES
from collector.web.book_rules import Sheet, filled, read

NAMES = st.sampled_from(sorted(CLASSES))
LIVES = st.builds(Life, st.integers(1, 600), st.integers(0, 10_000))
RULES = st.builds(
    Rules, st.integers(0, 10**9), st.booleans(),
    st.builds(lambda own, others: own | {OTHERS: others}, st.dictionaries(NAMES, LIVES), LIVES),
    st.frozensets(NAMES), st.booleans(),
)  # fmt: skip


def form(sheet: Sheet) -> dict[str, str]:
    """What a browser sends of a form."""
    said = {
        "threshold": sheet.threshold, "grouped": "yes" if sheet.grouped else "no",
        "month": "bought" if sheet.from_month_bought else "after",
    }  # fmt: skip
    for row in sheet.rows:
        said |= {f"months.{row.name}": row.months, f"residual.{row.name}": row.residual}
        said |= {f"portable.{row.name}": "yes"} if row.portable else {}
    return said


@given(RULES)
def test_what_rules_fill_in_says_the_same_rules(rules: Rules) -> None:
    said, again = read(form(filled(rules)))
    assert said == rules
    assert again == filled(rules)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("threshold", ""), ("threshold", "-1"), ("threshold", "10000001"), ("months.other", ""),
        ("months.laptop", "0"), ("months.laptop", "601"), ("months.laptop", "4.5"), ("months.laptop", "²"),
        ("residual.laptop", "100.01"), ("residual.laptop", "1.234"), ("residual.phone", "5"), ("residual.other", "x"),
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_so_is_told_and_nothing_typed_is_lost(name: str, typed: str) -> None:
    given_form = form(filled(USUAL)) | {name: typed}
    said, again = read(given_form)
    assert said is None
    assert again.wrong == 1
    assert {**form(again)} == given_form
