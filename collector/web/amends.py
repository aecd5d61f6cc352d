"""What pages need to offer corrections: the tokens of their forms, and what the evidence says.

Who may not correct is offered nothing, and sees what is corrected all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from collector.access import Right
from collector.store.corrections import ALL_ALIKE, Clash, Correction
from collector.store.rows import DeviceDetail
from collector.web import forms
from collector.web.visit import Visit

MAKE, UNDO = "correct", "correction_undo"  # purposes of forms


@dataclass(frozen=True, slots=True)
class Amends:
    """Corrections as a page shows them. `tokens` by purpose, empty for who may not correct.

    `alike`: the words by which others are alike; empty where nothing tells that.
    """

    corrections: tuple[Correction, ...]
    tokens: Mapping[str, str]
    alike: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A correction in a list: of what, in words, and whether `device_id` leads somewhere."""

    correction: Correction
    of: str
    by: str


def offered(visit: Visit, detail: DeviceDetail) -> Amends:
    """What the page of a device shows and offers."""
    row = detail.row
    read = {"class": row.device_class, "maker": row.maker, "model": row.model} | dict(row.as_read)
    alike = described(read) if read["model"] and visit.schools is None else ""
    return Amends(detail.corrections, tokens(visit), alike)


def tokens(visit: Visit) -> dict[str, str]:
    """The tokens of the forms, for who may correct."""
    if visit.visitor is None or not visit.visitor.may(Right.CORRECT):
        return {}
    return {purpose: forms.token(visit.secret, purpose) for purpose in (MAKE, UNDO)}


def described(pattern: Mapping[str, str]) -> str:
    """What all alike have in common, in words."""
    words = (pattern.get(name, "") for name in ("class", "maker", "model"))
    return " ".join(word for word in words if word and word != "unknown")


def listing(found: Iterable[Correction], titles: Callable[[str], str], names: Mapping[str, str]) -> list[Listed]:
    """Corrections in words; `titles` says what a device is called, `names` who has an account."""
    return [
        Listed(
            one,
            f"every {described(one.pattern)}" if one.scope == ALL_ALIKE else titles(one.device_id),
            names.get(one.actor, one.actor),
        )
        for one in found
    ]


def sides(clash: Clash) -> tuple[Correction, Correction]:
    """Both words of a clash: what stands, and what waits."""
    return clash.standing, clash.waiting
