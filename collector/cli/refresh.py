"""Commands of refresh plans: show one, and say what it is made of."""

from __future__ import annotations

import argparse
import base64
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from collector import schools, show
from collector.cli.frame import Arguments, add, command, execute, trust_of
from collector.config import Config
from collector.errors import CollectorError
from collector.plan_asks import FIELDS, POLICY_FIELDS, SCHOOL_KINDS, SCOPES, Field
from collector.plan_content import content
from collector.plan_files import Content, forms
from collector.planning.gather import gather
from collector.planning.making import make
from collector.planning.shelf import HORIZONS
from collector.refresh import totals
from collector.refresh.plan import Plan
from collector.refresh.years import label
from collector.store import Store, places
from collector.store.planning import Kind

SIZE_LIMIT = 5 * 2**20  # octets, as records take
_SCHOOL = "the school by its name, URN or id; without it, the trust"


def _made(settings: Config, arguments: Arguments) -> tuple[Content, Plan]:
    """The plan of a school or the trust, as it stands now."""
    now = datetime.now(UTC)
    with Store.glance(settings.store_url) as connection:
        trust_id, name = places.trust_ids(connection)[0] if trust_of(connection) else ("", "")
        gathered = gather(connection, trust_id, now, arguments.years)
        chosen = schools.named(connection, trust_id, arguments.school).school_id if arguments.school else ""
    made = make(gathered)
    rows = [row for row in made.rows if not chosen or row.school_id == chosen]
    return content(gathered, rows, name, now, frozenset({chosen}) if chosen else None), made


def _show(settings: Config, arguments: Arguments) -> int:
    """Sums by year and class, with what did not enter; or everything as JSON."""
    told, made = _made(settings, arguments)
    if arguments.json:
        forms.FORMS["json"].write(sys.stdout.buffer, told)
        return 0
    headings = ("class", *(label(year) for year in told.years), "all", "from", "to", "assumed")
    by_year = totals.table(told.rows, lambda row: row.device_class, made.first, made.last)
    over = totals.by(told.rows, lambda row: row.device_class, made.first, made.last)
    lines = [
        (name or "lines without a device", *(_pounds(by_year[name][year].cost) for year in told.years),
         *_told(over[name]))
        for name in sorted(over, key=lambda name: -over[name].cost) if over[name].rows
    ]  # fmt: skip
    every = totals.by_year(told.rows, made.first, made.last)
    whole = _told(totals.total(told.rows, made.first, made.last))
    lines.append(("all", *(_pounds(every[year].cost) for year in told.years), *whole))
    print(f"{told.title}, pounds without VAT\n{show.table(headings, lines)}")
    for remark in told.remarks:
        print(f"not seen: {remark}")
    return 0


def _told(one: totals.Total) -> tuple[str, ...]:
    return _pounds(one.cost), _pounds(one.low), _pounds(one.high), f"{one.share:.0%}"


def _pounds(pence: int) -> str:
    return f"{(pence + 50) // 100:,}"


def _export(settings: Config, arguments: Arguments) -> int:
    told, _ = _made(settings, arguments)
    try:
        with arguments.file.open("xb") as out:
            forms.FORMS[arguments.form].write(out, told)
    except FileExistsError:
        raise CollectorError(f"{arguments.file} is there already: name another file") from None
    except OSError as error:
        raise CollectorError(f"{arguments.file} cannot be written: {error.strerror}") from None
    said = {"form": arguments.form, "rows": len(told.rows), "school": arguments.school}
    print(f"{arguments.file}: {execute(settings, 'plan_exported', said)}")
    return 0


def _bring(settings: Config, arguments: Arguments) -> int:
    try:
        if arguments.file.stat().st_size > SIZE_LIMIT:
            raise CollectorError(f"{arguments.file} is larger than {SIZE_LIMIT // 2**20} MB: split it")
        content = arguments.file.read_bytes()
    except OSError as error:
        raise CollectorError(f"{arguments.file} cannot be read: {error.strerror}") from None
    print(execute(settings, "plan_import", {"content": base64.b64encode(content).decode()}))
    return 0


def _set_policy(settings: Config, arguments: Arguments) -> int:
    fields = dict(arguments.fields)
    said = {"scope": arguments.scope, "named": arguments.named, "fields": fields, "school": arguments.school,
            "source": arguments.source}  # fmt: skip
    print(execute(settings, "plan_policy_set", said))
    return 0


def _written(fields: Sequence[Field], arguments: Arguments) -> dict[str, str]:
    """What options say, as text: flags are yes."""
    said = {field.name: getattr(arguments, field.name) for field in fields}
    return {name: "yes" if value is True else value for name, value in said.items() if value not in (None, False)}


def _adding(kind: Kind) -> Callable[[Config, Arguments], int]:
    def run(settings: Config, arguments: Arguments) -> int:
        written = _written(FIELDS[kind], arguments)
        print(execute(settings, "plan_add", {"kind": kind.value, "written": written, "school": arguments.school}))
        return 0

    return run


def _removing(kind: Kind) -> Callable[[Config, Arguments], int]:
    def run(settings: Config, arguments: Arguments) -> int:
        print(execute(settings, "plan_remove", {"kind": kind.value, "said": arguments.id}))
        return 0

    return run


def _deciding(action: str) -> Callable[[Config, Arguments], int]:
    def run(settings: Config, arguments: Arguments) -> int:
        written = {"reason": arguments.reason, "year": getattr(arguments, "year", None) or "",
                   "until": getattr(arguments, "until", None) or ""}  # fmt: skip
        said = {"action": action, "device": arguments.device, "written": written, "school": arguments.school,
                "room": arguments.room}  # fmt: skip
        print(execute(settings, "plan_decide", said))
        return 0

    return run


def _set_terms(settings: Config, arguments: Arguments) -> int:
    written = {"start_month": arguments.start, "vat": arguments.vat, "maintained": arguments.kind}
    print(execute(settings, "plan_terms_set", {"written": written, "school": arguments.school}))
    return 0


def pair(text: str) -> tuple[str, str]:
    """A figure of a policy from the command line: life=60."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(f"{text!r} is no FIELD=VALUE, such as life=60")
    return name, value


# ------------------------------------------------------------------------------------------------ the parser


def add_to(group: Any) -> None:
    """Add these commands to the parser."""
    what = "what is replaced when, for how much: show the plan, and say what it is made of"
    topic = group.add_parser("plan", help=what, description=what)
    inner = topic.add_subparsers(required=True, metavar="WHAT", title="what to do")
    shown = add(inner, "show", _show, "what each year asks for, by class, and what did not enter")
    shown.add_argument("--json", action="store_true", help="every row, for programs")
    taken = add(inner, "export", _export, f"write the plan as a file: {', '.join(forms.FORMS)}")
    taken.add_argument("form", choices=tuple(forms.FORMS))
    taken.add_argument("file", type=Path, metavar="FILE")
    for each in (shown, taken):
        each.add_argument("--school", default="", help=_SCHOOL)
        each.add_argument("--years", type=int, choices=HORIZONS, default=HORIZONS[0])
    _add_policies(inner)
    for kind, said in ((Kind.BUDGET, "how much may be spent in a year"), (Kind.FUND, "money with a last day"),
                       (Kind.NEED, "what a school asks for beside what it has"),
                       (Kind.LINE, "a line without a device: a licence, broadband, cabling, a lease")):  # fmt: skip
        _add_kind(inner, kind, said)
    _add_decisions(inner)
    bring = add(inner, "import", _bring, "take in caps, funds, needs and lines from a list, CSV or XLSX")
    bring.add_argument("file", type=Path, metavar="FILE")


def _add_policies(inner: Any) -> None:
    what = "how long a class, model or use is kept and what it costs"
    acts = inner.add_parser("policy", help=what, description=what).add_subparsers(required=True, metavar="ACT")
    new = add(acts, "set", _set_policy, f"set figures of it: {', '.join(field.name for field in POLICY_FIELDS)}")
    old = add(acts, "unset", command("plan_policy_unset", "scope", "named", "school"), "go back to what comes with it")
    for each in (new, old):
        each.add_argument("scope", choices=SCOPES)
        each.add_argument("named", metavar="NAME", help="the class, words of the model, or the tag")
        each.add_argument("--school", default="", help=_SCHOOL)
    new.add_argument("fields", nargs="+", type=pair, metavar="FIELD=VALUE", help="life=60 cost=575 inflation=5")
    new.add_argument("--source", default="", help="who says so: a quote, a decision")
    terms = add(inner, "terms", _set_terms, "say when a school's year begins, and how much VAT is added")
    terms.add_argument("--start", required=True, choices=("4", "9"), help="1 April or 1 September")
    terms.add_argument("--vat", default="0", metavar="PERCENT", help="20 where VAT cannot be reclaimed (default 0)")
    terms.add_argument(
        "--kind",
        default=SCHOOL_KINDS[0],
        choices=SCHOOL_KINDS,
        help="an academy is in its trust’s BFR, a maintained school makes the CFR (default academy)",
    )
    terms.add_argument("--school", default="", help=_SCHOOL)


def _add_kind(inner: Any, kind: Kind, what: str) -> None:
    acts = inner.add_parser(kind.value, help=what, description=what).add_subparsers(required=True, metavar="ACT")
    verb = "set" if kind is Kind.BUDGET else "add"
    new = add(acts, verb, _adding(kind), what)
    for field in FIELDS[kind]:
        option = f"--{field.name.replace('_', '-')}"
        told = f"{field.label}{f' ({field.help})' if field.help else ''}".replace("%", "%%")
        if field.absent is False:
            new.add_argument(option, dest=field.name, action="store_true", help=told)
        else:
            new.add_argument(option, dest=field.name, required=field.needed, metavar="X", help=told)
    new.add_argument("--school", default="", help=_SCHOOL)
    old = add(acts, "remove", _removing(kind), f"take back: {what}")
    old.add_argument("id", metavar="ID", help="as it was printed when it was said")


def _add_decisions(inner: Any) -> None:
    acts = (("pin", "replace a device, or all of a room, in a year"), ("extend", "keep it until a day"),
            ("retire", "let it go without replacement"))  # fmt: skip
    for action, what in acts:
        one = add(inner, action, _deciding(action), what)
        _add_what(one)
        one.add_argument("--reason", required=True, help="why: it stands in the plan")
        if action != "extend":
            one.add_argument("--year", required=action == "pin", help="as 2027/28")
        else:
            one.add_argument("--until", required=True, metavar="DAY", help="as 2028-08-31")
    back = add(inner, "release", command("plan_release", "device", "school", "room"), "let its dates decide again")
    _add_what(back)


def _add_what(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("device", nargs="?", default="", metavar="DEVICE", help="its id")
    parser.add_argument("--room", default="", help="all devices of this room, in place of one device")
    parser.add_argument("--school", default="", help="of the room")
