"""Commands of health: acknowledge a condition, list and end acknowledgements, list and set the trust's own limits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from collector import health, london, show
from collector.cli.frame import Arguments, add, command, day_of, execute, trust_of
from collector.config import Config
from collector.facts import CLASSES
from collector.store import Store, conditions

MOST = 10_000


def _acknowledge(settings: Config, arguments: Arguments) -> int:
    names = ("device", "aspect", "part", "reason", "owner")
    said = {name: getattr(arguments, name) for name in names} | {"until": arguments.until.isoformat()}
    print(execute(settings, "acknowledge", said))
    return 0


def _acknowledgements(settings: Config, arguments: Arguments) -> int:
    """What stands today."""
    del arguments
    with Store.glance(settings.store_url) as connection:
        today = london.day_of(datetime.now(UTC))
        found = conditions.known_of(connection, trust_of(connection), today, MOST)
    headings = ("id", "device", "aspect", "part", "until", "owner", "reason", "said_by", "said")
    rows = [(one.acknowledgement_id, one.device_id, one.aspect, one.component, one.until.isoformat(), one.owner,
             one.reason, one.made_by, one.made) for one in found]  # fmt: skip
    print(show.table(headings, rows) if rows else "nothing is acknowledged")
    return 0


def _limits(settings: Config, arguments: Arguments) -> int:
    """Every limit, the trust's own marked; or those alone."""
    with Store.glance(settings.store_url) as connection:
        own = {(row.aspect, row.name, row.device_class): row for row in
               conditions.overrides(connection, trust_of(connection))}  # fmt: skip
    rows: list[tuple[object, ...]] = [
        (one.aspect, one.name, one.device_class, f"{one.value:g}", f"the trust: {one.reason or 'no reason is given'}")
        for one in own.values()
    ]
    if not arguments.own:
        rows += [
            (one.aspect, one.name, one.device_class, f"{one.value:g} {one.unit}", one.source)
            for one in health.threshold_rows() if (one.aspect, one.name, one.device_class) not in own
        ]  # fmt: skip
    rows.sort(key=lambda row: tuple(map(str, row[:3])))
    headings = ("aspect", "limit", "class", "value", "source")
    print(show.table(headings, rows) if rows else "the trust has no limit of its own")
    return 0


def _set_limit(settings: Config, arguments: Arguments) -> int:
    names = ("aspect", "name", "value", "device_class", "reason")
    print(execute(settings, "limit_set", {name: getattr(arguments, name) for name in names}))
    return 0


def add_to(group: Any) -> None:
    """Add these commands to the parser."""
    known = add(group, "acknowledge", _acknowledge,
                "say that a condition is known: until a day it notifies nobody, and is counted apart")  # fmt: skip
    known.add_argument("device", metavar="DEVICE", help="a device's id")
    known.add_argument("aspect", metavar="ASPECT", choices=health.ASPECTS, help="such as fan, 'power supply' or ups")
    known.add_argument("--part", default="", help="one part alone, such as fan/2; the aspect as a whole stays counted")
    known.add_argument("--reason", required=True, help="why it can wait")
    known.add_argument("--owner", required=True, help="who looks after it")
    known.add_argument("--until", type=day_of, required=True, metavar="DAY", help="the last day, as 2026-08-31")
    add(group, "acknowledgements", _acknowledgements, "list the conditions that people know of")
    one = group.add_parser("acknowledgement", help="end an acknowledgement before its day")
    acts = one.add_subparsers(required=True, metavar="ACT", title="acts")
    end = add(acts, "end", command("acknowledgement_end", "acknowledgement"), "have the condition notify again")
    end.add_argument("acknowledgement", metavar="ID", help="see 'stocktake-collector acknowledgements'")
    limits = group.add_parser("limits", help="list the limits of health, and set the trust's own")
    acts = limits.add_subparsers(required=True, metavar="ACT", title="acts")
    listed = add(acts, "list", _limits, "list every limit and where it comes from")
    listed.add_argument("--own", action="store_true", help="only the trust's own")
    made = add(acts, "set", _set_limit, "decide a limit for the trust, and judge by it")
    unset = add(acts, "unset", command("limit_unset", "aspect", "name", "device_class"),
                "go back to the limit that comes with Stocktake")  # fmt: skip
    for act in (made, unset):
        act.add_argument("aspect", metavar="ASPECT", choices=health.ASPECTS)
        act.add_argument("name", metavar="LIMIT", help="see 'stocktake-collector limits list'")
        act.add_argument("--class", dest="device_class", default=health.EVERY, choices=(*CLASSES, health.EVERY),
                         metavar="CLASS", help="of this class of devices alone")  # fmt: skip
    made.add_argument("value", type=float, metavar="VALUE")
    made.add_argument("--reason", default="", help="why the trust decides otherwise")
