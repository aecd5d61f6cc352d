"""What stands in the second row of the navigation: what is looked at now and then. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from collector.access import Right


@dataclass(frozen=True, slots=True)
class Item:
    """One page. `here`: what a template that is that page calls itself.

    `right`: of whoever is shown the way there; `whole`: it is for those alone who see the whole trust.
    """

    path: str
    name: str
    here: str
    right: Right = Right.SEE_REGISTER
    whole: bool = False


MORE = (
    Item("/audit", "Audit", "audit"),
    Item("/calendar", "Term calendar", "calendar"),
    Item("/compare", "Compare schools", "compare", Right.SEE_SUMS),
    Item("/corrections", "Corrections", "corrections"),
    Item("/consistency", "Consistency", "consistency"),
    Item("/profiles", "School profiles", "profiles"),
    Item("/check", "Physical checks", "check"),
    Item("/reconcile", "Reconcile a register", "reconcile"),
    Item("/cover", "Support cover", "cover"),
    Item("/cover/services", "Services", "services"),
    Item("/register", "Register", "register"),
    Item("/register/book", "Book and annual review", "book"),
    Item("/register/history", "Register at an earlier day", "history"),
    Item("/records/import#latest", "Changes of records", "records", Right.EDIT_RECORDS, whole=True),
    Item("/people", "People", "people", Right.MANAGE_PEOPLE, whole=True),
    Item("/tokens", "API tokens", "tokens", Right.MANAGE_TOKENS),
    Item("/shares", "Shared reports", "shares", Right.SHARE_REPORTS, whole=True),
    Item("/journal", "Journal", "journal", Right.SEE_JOURNAL, whole=True),
    Item("/privacy", "Privacy", "privacy", Right.ERASE),
)
