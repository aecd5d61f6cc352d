"""How many recorded devices are dated, by class and by maker: for the benchmark of age, and for `make corpus`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from collector.age import About, Says, serials
from collector.age.assess import abouts, assess, dossier
from collector.facts import Reading, maker_key

SEEN = date(2026, 8, 31)  # nothing recorded is younger
Counts = Mapping[str, list[bool]]


def _lists() -> dict[str, list[bool]]:
    return defaultdict(list)


@dataclass(slots=True)
class Dated:
    """Whether each device is dated: by class, by maker where it has a serial number, and by what that number is.

    `form` are devices whose serial number has the form that their maker dates; `other_forms` are of such makers, but
    their number is masked, or made by another rule.
    """

    classes: dict[str, list[bool]] = field(default_factory=_lists)
    makers: dict[str, list[bool]] = field(default_factory=_lists)
    form: list[bool] = field(default_factory=list)
    other_forms: list[bool] = field(default_factory=list)

    def count(self, name: str, reading: Reading) -> None:
        """Take in one device."""
        known = dossier(name, reading, SEEN)
        whole, _ = abouts(known)
        found = assess(known).estimate.best is not None
        self.classes[whole.kind].append(found)
        if whole.serial:
            self.makers[maker_key(whole.maker) or "unknown"].append(found)
        follows = _follows(whole)
        if follows is not None:
            (self.form if follows else self.other_forms).append(found)

    def tables(self) -> dict[str, Counts]:
        """Title → name → whether each is dated."""
        return {"Dated, by class": self.classes, "Dated, of devices with a serial number, by maker": self.makers}


def _follows(about: About) -> bool | None:
    """Whether a serial number has the form that its maker writes dates in; None where the maker writes none."""
    if not any(rule.dates for rule in serials.rules() if rule.applies(about)):
        return None
    said = list(serials.clues(about))
    return any(clue.says is Says.MADE for clue in said) if said else None
