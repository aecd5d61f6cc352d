"""What stands in the second row of the navigation: what is looked at now and then. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from collector.access import Right


@dataclass(frozen=True, slots=True)
class Item:
    """One page. `here`: what a template that is that page calls itself; `right`: of whoever is shown the way there."""

    path: str
    name: str
    here: str
    right: Right = Right.SEE_REGISTER


MORE = (
    Item("/calendar", "Term calendar", "calendar"),
    Item("/corrections", "Corrections", "corrections"),
    Item("/register/history", "Register at an earlier day", "history"),
    Item("/records/import#latest", "Changes of records", "records", Right.EDIT_RECORDS),
    Item("/privacy", "Privacy", "privacy", Right.ERASE),
)
