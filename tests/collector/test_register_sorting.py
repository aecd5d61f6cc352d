"""What the register repeats of its cells so that lists can be sorted: bounded, in small letters, gone when they go."""

from __future__ import annotations

import pytest

from collector.store import schema as t
from collector.store.cells import SORTED, booked, packed, repeated
from collector.store.erasure import cleaned
from stocktake.notations import TEXT, item
from stocktake.redaction import Sought

LONG = "THE-LAPTOP-OF-KIM-WHO-TEACHES-PHYSICS-IN-ROOM-12"
CELLS = {
    "name": LONG, "serial": "2E123456", "asset_tag": "ŴŶ-7", "school": "Ysgol Ŵyn", "life": "in use",
    "cost": "44999", "status": "leased", "class": "laptop", "school_id": "s1",
}  # fmt: skip


def test_what_is_sorted_by_is_short_and_in_small_letters() -> None:
    told = booked(CELLS)
    assert (told["by_asset_tag"], told["by_school"], told["life"]) == ("ŵŷ-7", "ysgol ŵyn", "in use")
    for name, length in SORTED.items():
        assert len(str(told[f"by_{name}"])) <= length <= t.register.c[f"by_{name}"].type.length


def test_what_is_leased_is_sorted_by_its_cost_and_added_up_nowhere() -> None:
    told = booked(CELLS)
    assert (told["by_cost"], told["cost"], told["lot"]) == (44999, None, "")


@pytest.mark.parametrize("cost", ["", "²", "4.50", "-1", "9" * 40])
def test_a_cost_that_is_no_sum_is_none(cost: str) -> None:
    assert booked(CELLS | {"cost": cost})["by_cost"] is None


@pytest.mark.parametrize("kept", ["", "x", "[]", "5", "null", "[" * 5_000, '{"cost": 5, "name": ["a"]}'])
def test_what_cannot_be_read_repeats_nothing_and_never_raises(kept: str) -> None:
    told = repeated(kept)
    assert not told or (told["by_cost"], told["by_name"]) == (None, "")


def test_a_value_that_is_erased_leaves_no_beginning_of_itself() -> None:
    row = {"trust_id": "t", "row_id": 1, "device_id": "d", "cells": packed(CELLS), "cause": "evidence"} | booked(CELLS)
    left = cleaned(t.register, row, Sought([item(TEXT, LONG)]))
    assert left is not None
    assert left["by_name"] == ""
    assert LONG[:20].casefold() not in repr(left).casefold()
    assert (left["by_serial"], left["life"], left["by_cost"]) == ("2e123456", "in use", 44999)
