"""How a route is bounded to the schools of whoever asks: a word of its line in the table, checked by the door.

What a path (or a field of a form) names has to be at schools that they see; else it is not there. `ROWS` answers with
lists and is given `visit.schools`, which every query takes.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Mapping

from collector.store import Transaction
from collector.store import bounds as where


class Bound(enum.Enum):
    """What of the estate a route is about."""

    NOTHING = "nothing of the estate"
    TRUST = "the whole trust: for those alone who see all of it"
    ROWS = "rows, which the answer narrows to `visit.schools`"
    SCHOOL = "school_id"
    DEVICE = "device_id"
    EVIDENCE = "evidence_id"
    FILE = "document_id"
    WISH = "wish_id"
    QUESTION = "question_id"
    DECISION = "decision_id"
    WORD = "word_id"
    CORRECTION = "correction_id"
    CHANGE = "change_id"
    RECONCILIATION = "reconciliation_id"
    CHECK = "check_id"
    PLACE = "place"  # in forms: a school by name, URN or id, or School/Site
    SITE = "site"  # in forms
    TIE = "tie"  # in forms
    RECORD = "record"  # in forms


_Where = Callable[[Transaction, str, str], frozenset[str]]

_WHERE: Mapping[Bound, _Where] = {
    Bound.SCHOOL: where.of_school,
    Bound.DEVICE: where.of_device,
    Bound.EVIDENCE: where.of_evidence,
    Bound.FILE: where.of_file,
    Bound.WISH: where.of_wish,
    Bound.QUESTION: where.of_question,
    Bound.DECISION: where.of_decision,
    Bound.WORD: where.of_word,
    Bound.CORRECTION: where.of_correction,
    Bound.CHANGE: where.of_change,
    Bound.RECONCILIATION: where.of_reconciliation,
    Bound.CHECK: where.of_check,
    Bound.PLACE: where.of_place,
    Bound.SITE: where.of_site,
    Bound.TIE: where.of_tie,
    Bound.RECORD: where.of_record,
}
#: what may stand in a path without naming anything of a school, or is looked for in what is bounded alone
_HARMLESS = frozenset({"name", "rule", "secret", "acknowledgement_id", "form", "export_id"})
_PARAMETER = re.compile(r"\{([a-z_]+)\}")


def fits(path: str, bound: Bound) -> bool:
    """Whether a bound is one for this path: what the path names is what is bounded, or the whole trust is."""
    named = set(_PARAMETER.findall(path)) - _HARMLESS
    if bound is Bound.TRUST:
        return True
    return named == ({bound.value} if bound in _WHERE else set())


def is_within(connection: Transaction, trust_id: str, bound: Bound, named: str, schools: frozenset[str]) -> bool:
    """Whether what is named is there, and wholly at these schools."""
    found = _WHERE[bound](connection, trust_id, named)
    return bool(found) and found <= schools
