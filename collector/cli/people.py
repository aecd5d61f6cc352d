"""Commands about people: `people list`, `invite`, `change`, `remove`, `reset`, `login`."""

from __future__ import annotations

from typing import Any

from collector import access, london
from collector.cli.frame import Arguments, add, command, day_of, trust_of
from collector.config import Config
from collector.store import Store, school_lives


def _list(settings: Config, arguments: Arguments) -> int:
    del arguments
    with Store.glance(settings.store_url) as connection:
        trust_id = trust_of(connection)
        known = access.everybody(connection, trust_id)
        named = {school.school_id: school.name for school in school_lives.schools(connection, trust_id)}
    for one in known:
        where = "the whole trust" if one.schools is None else ", ".join(sorted(named.get(s, s) for s in one.schools))
        until = f", until the end of {london.last_day(one.until)}" if one.until else ""
        print(f"{one.name}: {one.role}, {where}{until}")
    return 0


def add_to(group: Any) -> None:
    """Add these commands to the parser."""
    people = group.add_parser("people", help="who has an account, what they may do, where and until when")
    actions = people.add_subparsers(required=True, metavar="ACTION")
    add(actions, "list", _list, "list who has an account")
    _add_changes(actions)
    removed = add(actions, "remove", command("people_remove", "name"), "shut somebody out at once")
    removed.add_argument("name")
    reset = add(
        actions, "reset", command("people_reset", "name"),
        "forget somebody's password and second factor, and print a link by which they come in",
    )  # fmt: skip
    reset.add_argument("name")
    login = add(
        actions, "login", command("people_login", "name", "subject"), "say whose a login at the identity provider is"
    )
    login.add_argument("name")
    login.add_argument("subject", help="what they read when they signed in there")


def _add_changes(actions: Any) -> None:
    invited = add(
        actions, "invite", command("people_invite", "name", "role", "at", "until"),
        "make an account, and print the one-time link by which they come in",
    )  # fmt: skip
    changed = add(
        actions, "change", command("people_change", "name", "role", "at", "until"),
        "say otherwise what somebody may do, where and until when",
    )  # fmt: skip
    for each in (invited, changed):
        each.add_argument("name")
        each.add_argument("--role", choices=[str(role) for role in access.ROLES], required=True)
        each.add_argument("--at", action="append", default=[], metavar="SCHOOL",
                          help="a school that they see, for roles of named schools; may be repeated")  # fmt: skip
        each.add_argument("--until", default="", type=_day, metavar="DAY", help="their last day")


def _day(said: str) -> str:
    """A day that is one; argparse gives the default here, too."""
    return day_of(said).isoformat() if said else ""
