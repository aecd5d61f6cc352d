"""A messy register of a made-up school, small: nearly all that was planted is found, and no serial number misleads."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

from messy_register import FORMS, PLANTED, make

sys.path.append(str(Path(__file__).parents[2] / "bench"))
import _reconcile as bench

from fresh_store import fresh_store


@pytest.mark.parametrize("seed", [3, 7])
def test_what_was_planted_is_found_and_nothing_is_changed(seed: int, tmp_path: Path) -> None:
    store = fresh_store(tmp_path / "store.db")
    done = bench.run(seed, 300, store)
    store.close()
    assert done.judged.share >= bench.LEAST_FOUND, done.judged.missed
    assert (done.judged.false_on_serial, done.judged.false_matches, done.changed) == (0, 0, False)


def test_a_book_is_the_same_for_the_same_seed_and_of_every_form() -> None:
    first, again, other = make(0, 200), make(0, 200), make(1, 200)
    assert first.content == again.content
    assert {mess.kind for mess in first.planted} == set(PLANTED)
    assert Counter(mess.kind for mess in first.planted) == Counter(mess.kind for mess in other.planted)
    assert {make(seed, 100).content[:2] == b"PK" for seed in range(len(FORMS))} == {True, False}
