"""What a file of a plan is made of, taken from what was gathered: of the whole trust, or of some schools and no other.

It makes no plan and writes no file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from collector.plan_files import Content
from collector.planning.gather import Gathered
from collector.refresh.policies import Policies
from collector.refresh.values import Row


def content(
    gathered: Gathered, rows: Sequence[Row], trust: str, made: datetime, schools: frozenset[str] | None,
    remarks: Iterable[str] = (),
) -> Content:  # fmt: skip
    """What a file of a plan is made of: of some schools nothing of any other is in it. None: the whole trust."""
    names = {key: name for key, name in gathered.schools.items() if schools is None or key in schools}
    own = set(names) | ({""} if schools is None else set())
    estate = gathered.estate
    kept = replace(
        estate, kit=tuple(one for one in estate.kit if one.school_id in own),
        needs=tuple(one for one in estate.needs if one.school_id in own),
        spending=tuple(one for one in estate.spending if one.school_id in own),
        decisions=() if schools is not None else estate.decisions,
        terms={key: one for key, one in estate.terms.items() if key in own or not key},
    )  # fmt: skip
    policies = Policies(one for one in gathered.overrides if one.school_id in own or not one.school_id)
    caps = {(one.school_id, one.year): one.cap for one in gathered.budgets if one.school_id in own}
    title = next(iter(names.values())) if schools is not None and len(names) == 1 else trust
    out = [f"{sum(counts.get(key, 0) for key in names):,} in no plan: {rule}"
           for rule, counts in gathered.out.items() if any(key in names for key in counts)]  # fmt: skip
    unjudged = [
        f"not judged yet, so without ends of support: {names[key]}" for key in gathered.unjudged if key in names
    ]
    return Content(trust, f"Plan of {title}", made, kept, policies, rows, names, gathered.maintained & set(names), caps,
                   (*remarks, *out, *unjudged))  # fmt: skip
