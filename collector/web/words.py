"""How values are said on pages: times, sizes, counts, methods, classes. Pure, British and short.

Everything that comes out of a variable passes `plain` (the environment's `finalize`) and then Jinja's escaping, so that
no control or direction character and no markup of a device reaches a browser.
"""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo

from markupsafe import Markup

from collector.facts import Value
from collector.records.money import pounds
from collector.store.rows import DeviceRow

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_KEPT_CONTROLS = frozenset("\n\t")
_CAPITALS = {"ups": "UPS", "pdu": "PDU", "nas": "NAS", "kvm": "KVM", "pbx": "PBX"}
_METHODS = {
    "HOST": "on the machine itself", "NEIGHBOUR_TABLE": "neighbour table", "TOUCH": "touch and neighbour table",
    "ARP": "ARP sweep", "SNMP_V1": "SNMP v1", "SNMP_V2C": "SNMP v2c", "SNMP_V3": "SNMP v3",
    "RECORDED": "recorded walk", "IMPORTED": "imported",
}  # fmt: skip
_OUTCOMES = {
    "COMPLETE": "complete", "CUT": "stopped early", "REFUSED": "refused or no answer", "UNCHANGED": "unchanged",
}  # fmt: skip
_INITIALS = frozenset(
    (
        "bios",
        "cpu",
        "edid",
        "id",
        "ip",
        "json",
        "mac",
        "mtu",
        "oid",
        "os",
        "smart",
        "smbios",
        "snmp",
        "tpm",
        "ups",
        "uuid",
    )
)
_IDENTIFIERS = {
    "AGENT": "agent on it", "SERIAL": "maker and serial number", "UUID": "system UUID", "MAC": "MAC",
    "LOCAL_MAC": "local MAC, at its site", "ENGINE": "SNMP engine", "TAG": "asset tag",
}  # fmt: skip
_VERDICTS = {"NEW": "a device of its own", "MERGE": "two became one", "SPLIT": "one became two"}
_CAUSES = {
    "evidence": "new evidence", "late": "evidence that came late", "reinterpretation": "evidence read anew",
    "merge": "two became one", "split": "one became two", "record": "what people entered",
    "residency": "days that passed", "erase": "erased on request",
}  # fmt: skip
#: what the journal's actions are in words; the rest read well with spaces
_ACTIONS = {
    "saw": "looked at it", "share_made": "report shared", "share_opened": "shared report opened",
    "share_revoked": "shared report revoked",
    "acceptance_ended": "took back what was accepted", "account_changed": "person changed",
    "account_made": "person added", "account_removed": "person removed", "account_reset": "sign-in reset",
    "acknowledgement_ended": "acknowledgement taken back", "audit_rule_decided": "audit rule decided",
    "audit_rule_undecided": "decision on an audit rule taken back", "book_brought": "register uploaded",
    "book_compared": "uploaded register compared", "book_forgotten": "uploaded register forgotten",
    "book_rows_settled": "rows of an uploaded register settled", "book_rows_unsettled": "settled rows taken back",
    "catalogue_entry_removed": "line of the catalogue taken out",
    "catalogue_entry_set": "line of the catalogue set", "catalogue_imported": "standard catalogue imported",
    "profile_threshold_set": "threshold of profiles set",
    "profile_threshold_unset": "threshold of profiles taken back", "school_facts_said": "facts of a school said",
    "book_rules_set": "rules of the book set", "enrolment_token_made": "agent invited",
    "contract_withdrawn": "contract taken out", "mark_withdrawn": "mark taken back",
    "service_added": "provider of a service said",
    "service_changed": "provider of a service changed", "service_left_out": "service left out of the list",
    "service_listed": "service put on the list", "service_withdrawn": "provider of a service taken out",
    "erased": "erased on request", "erased_again": "erased again after a backup",
    "health_limit_set": "limit of health set", "health_limit_unset": "limit of health taken back",
    "club_consent_ended": "consent ended that sums leave", "club_consent_given": "consented that sums leave",
    "club_consent_reworded": "what goes with sums reworded", "club_file_brought": "sums of another trust taken in",
    "club_file_removed": "sums of another trust deleted", "club_sums_exported": "sums exported for other trusts",
    "gias_brought": "file of all schools taken in", "judging_asked": "asked for an audit at once",
    "link_made": "sign-in link made",
    "login_linked": "identity provider linked",
    "network_guest": "network of guests decided",
    "password_set": "password set", "records_changed": "records changed", "room_accepted": "suggested rooms accepted",
    "room_tied": "device put in a room", "room_untied": "device taken out of a room",
    "second_factor_set": "second factor set", "spool_erased": "erased at an agent",
    "strangers_forgotten": "devices that passed by forgotten", "support_imported": "dates of support imported",
    "terms_forgotten": "term dates forgotten", "terms_imported": "term dates imported", "token_made": "API token made",
    "token_revoked": "API token revoked", "wish_answered": "agent did what was asked", "wish_made": "agent was asked",
    "word_said": "which device it is decided", "word_taken_back": "which device it is left open again",
}  # fmt: skip
_DECIMAL = ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB"))
_BINARY = ((2**30, "GB"), (2**20, "MB"), (2**10, "kB"))
_LARGEST = 10**18  # beyond it (and for what is no number) a value is said as it is
_BITS = ((10**9, "Gbit/s"), (10**6, "Mbit/s"), (10**3, "kbit/s"))


def plain(value: object) -> object:
    """Text without control, direction or private characters; each becomes U+FFFD. Markup of ours passes as it is."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    if value.isascii() and value.isprintable():
        return value
    return "".join(c if c in _KEPT_CONTROLS or unicodedata.category(c)[0] != "C" else REPLACEMENT for c in value)


# ------------------------------------------------------------------------------------------------ times


def day(value: date) -> str:
    """A day as `22 Nov 2026`."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def dated(sentence: str) -> str:
    """A sentence of ours with its days as people write them: rules and conditions keep them as `2026-11-22`."""
    return _ISO_DAY.sub(_written_day, sentence)


def _written_day(found: re.Match[str]) -> str:
    try:
        return day(date.fromisoformat(found[0]))
    except ValueError:
        return found[0]


_ISO_DAY = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")


def made(row: DeviceRow) -> str:
    """When a row's device was made, as briefly as it is known; "" where it is not."""
    best = row.made_best
    if best is None:
        return ""
    if row.made_confidence == "told" and row.made_earliest and row.made_latest:  # as precisely as a person said it
        days = (row.made_latest - row.made_earliest).days
        return f"{MONTHS[best.month - 1]} {best.year}" if days < 31 else str(best.year)
    return f"{MONTHS[best.month - 1]} {best.year}" if row.made_confidence == "high" else f"about {best.year}"


def moment(zone: tzinfo) -> Callable[[datetime | None], str]:
    """A filter that says a time as `22 Nov 2026 09:31` where the readers are, and carries it in UTC."""

    def say(time: datetime | None) -> str:
        if time is None:
            return Markup('<span class="none">never</span>')
        local, utc = time.astimezone(zone), time.astimezone(UTC)
        exact = utc.strftime("%Y-%m-%dT%H:%M:%SZ")
        text = f"{local.day} {MONTHS[local.month - 1]} {local.year} {local:%H:%M}"
        return Markup('<time datetime="{}" title="{:%Y-%m-%d %H:%M:%S} UTC">{}</time>').format(exact, utc, text)

    return say


def ago(time: datetime, now: datetime) -> str:
    """How long ago, in one unit: `just now`, `4 minutes ago`, `3 days ago`; a time to come is `just now`."""
    return "just now" if now - time < timedelta(minutes=1) else f"{span((now - time).total_seconds())} ago"


def span(seconds: float) -> str:
    """A span of time in its largest whole unit."""
    for length, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= length:
            return plural(int(seconds // length), unit)
    return plural(int(seconds), "second")


# ------------------------------------------------------------------------------------------------ numbers


def number(value: float) -> str:
    """A number with thousands separators."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"


def money(pence: int) -> str:
    """Pence as pounds: £1,249.99."""
    return f"{'−' if pence < 0 else ''}£{pounds(abs(pence))}"


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun: `1 device`, `1,204 devices`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def size(octets: float, *, binary: bool = False) -> str:
    """A size in GB or what fits; `binary`: as memory is sold, where 16 GB are 16 × 2^30 octets."""
    return _scaled(octets, _BINARY if binary else _DECIMAL) or plural(int(octets), "byte")


def _scaled(value: float, steps: tuple[tuple[int, str], ...]) -> str:
    for step, unit in steps:
        if value >= step:
            return f"{round(value / step, 1):,g} {unit}"
    return ""


def stated(value: Value, unit: str = "", about: str = "") -> str:
    """The value of a fact with its unit; `about` is its component and name."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) or not -_LARGEST < value < _LARGEST:
        return str(value)
    match unit:
        case "bytes":
            return size(value, binary="memory" in about)
        case "seconds":
            return span(value)
        case "bits_per_second":
            return _scaled(value, _BITS) or f"{value:,g} bit/s"
        case "celsius":
            return f"{value:g} °C"
        case "percent":
            return f"{value:g} %"
    bare = number(value) if abs(value) >= 10_000 else f"{value:.10g}"
    return f"{bare} {unit.replace('_', ' ')}".strip()


# ------------------------------------------------------------------------------------------------ names


def sentence_case(text: str) -> str:
    """The same text with a capital in front."""
    return text[:1].upper() + text[1:]


def class_name(device_class: str) -> str:
    """A class as people write it."""
    return _CAPITALS.get(device_class, device_class)


def aspect_name(aspect: str) -> str:
    """An aspect of health as people write it."""
    return {"ups": "UPS", "poe": "PoE"}.get(aspect, aspect)


def method_name(method: str) -> str:
    """A method as people say it; one that is not known as it is."""
    return _METHODS.get(method.upper(), method)


def outcome_name(outcome: str) -> str:
    """How asking ended, as people say it."""
    return _OUTCOMES.get(outcome.upper(), outcome)


def fact_name(name: str) -> str:
    """The name of a fact as a heading: `os.name` becomes `OS name`."""
    words = name.replace(".", " ").replace("_", " ").split()
    return sentence_case(" ".join(word.upper() if word in _INITIALS else word for word in words))


def group_name(name: str) -> str:
    """A plan group as words: `memory_and_processor` becomes `memory and processor`."""
    return " ".join(word.upper() if word in _INITIALS else word for word in name.split("_"))


def quoted(name: str) -> str:
    """A name as one argument of a command that people copy into a shell."""
    return f'"{name}"' if re.fullmatch(r"[\w &'.,()-]+", name) else shlex.quote(name)


def identifier_name(kind: str) -> str:
    """A kind of identifier as people say it."""
    return _IDENTIFIERS.get(kind.upper(), kind)


def verdict_name(verdict: str) -> str:
    """What was decided, as people say it."""
    return _VERDICTS.get(verdict.upper(), verdict)


def cause_name(cause: str) -> str:
    """Why a row of the register changed, as people say it."""
    return _CAUSES.get(cause, cause)


def action_name(action: str) -> str:
    """What somebody did, as people say it: `signed_in` becomes `signed in`."""
    return _ACTIONS.get(action, action.replace("_", " "))


#: what templates may say; times need a zone and come with the environment
FILTERS: dict[str, Callable[..., object]] = {
    say.__name__: say
    for say in (
        action_name, ago, aspect_name, cause_name, class_name, dated, day, fact_name, group_name, identifier_name, made,
        method_name, money, number, outcome_name, plural, quoted, sentence_case, size, stated, verdict_name,
    )
}  # fmt: skip
