"""Commands that write: each takes the store and plain arguments, and returns what to print.

They run where the store is open for writing: in the command line's own process, or inside a running collector that was
asked through its console. A command is a public function of this module that takes `Desk` first; its name is the
command's.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from collector import access, journal, reinterpret, schools, wishes
from collector.access import Scope
from collector.age import snapshot, support_rows
from collector.config import Config
from collector.errors import CollectorError
from collector.intake import relay
from collector.intake.certificates import Authority
from collector.intake.vault import Vault
from collector.reinterpret import Moved
from collector.store import Store, Transaction, agents, places, references, register
from stocktake import tokens
from stocktake.values import Credential, Secret

ENROLMENT_LIFE = timedelta(hours=72)
DAY = timedelta(days=1)
MOST_SENTENCES = 50  # of what a snapshot changes, printed


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command works with. `trust_id` is empty before `init`."""

    config: Config
    store: Store
    trust_id: str
    trust_name: str = ""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


def open_desk(config: Config, store: Store) -> Desk:
    """The desk of the store's trust."""
    with store.reader() as connection:
        known = places.trust_ids(connection)
    return Desk(config, store, *(known[0] if known else ("", "")))


def execute(desk: Desk, command: str, arguments: dict[str, Any]) -> str:
    """Run a command by its name; CollectorError where there is none of that name."""
    if command not in COMMANDS:
        raise CollectorError(f"there is no command {command!r}")
    if not desk.trust_id and command != "init":
        raise CollectorError("this collector has no trust yet: run 'stocktake-collector init' first")
    return COMMANDS[command](desk, **arguments)


def init(desk: Desk, trust: str, school: str, urn: str = "", owner: str = "owner") -> str:
    """Make the trust, its first school and the owner's account. Does nothing twice."""
    now = desk.clock()
    if desk.trust_id:
        return f"already set up; sign in with: {link(desk)}"
    trust_id = desk.store.write(lambda connection: places.add_trust(connection, trust, now))
    fresh = Desk(desk.config, desk.store, trust_id, trust, desk.clock)
    add_school(fresh, school, urn)
    access.make_owner(desk.store, trust_id, owner, now)
    Authority.open(desk.config.authority_folder, now)
    Vault(desk.config.key_file)
    return f"{trust} is set up with its first school, {school}; sign in within 15 minutes with: {link(fresh)}"


def link(desk: Desk) -> str:
    """A one-time link with which the owner signs in, good for 15 minutes."""
    secret = access.make_link(desk.store, desk.trust_id, access.owner(desk.store, desk.trust_id), desk.clock())
    return f"https://{desk.config.web_listen}/enter/{secret}"


def add_school(desk: Desk, name: str, urn: str = "") -> str:
    """Make a school with its first site."""
    now = desk.clock()
    place = desk.store.write(lambda c: schools.find_or_add(c, desk.trust_id, name, urn, now))
    return f"{place.school_name} ({place.site_name}) is school {place.school_id}"


def add_network(desk: Desk, school: str, cidr: str) -> str:
    """Name a network for a school's agents to sweep, inside the limits their technicians set."""
    now = desk.clock()

    def write(connection: Transaction) -> str:
        place = schools.find(connection, desk.trust_id, school)
        schools.add_network(connection, desk.trust_id, place, cidr, now)
        return f"{place.school_name}: agents will sweep {cidr} from their next Sync, where their own limits allow it"

    return desk.store.write(write)


def token(desk: Desk, school: str) -> str:
    """A one-time enrolment token for an agent at a school, good for 72 hours."""
    now = desk.clock()
    made = tokens.make(secrets.token_bytes(tokens.SECRET_BYTES), Authority.open(desk.config.authority_folder, now).der)

    def write(connection: Transaction) -> None:
        place = schools.find(connection, desk.trust_id, school)
        digest = tokens.secret_hash(made.secret)
        agents.add_token(connection, desk.trust_id, digest, place.site_id, now=now, expires=now + ENROLMENT_LIFE)
        detail = {"site": place.site_id, "token": digest.hex()[:12]}
        journal.append(
            connection, desk.trust_id, actor="console", action="enrolment_token_made", detail=detail, now=now
        )

    desk.store.write(write)
    return made.text()


def api_token(desk: Desk, name: str, scope: str, days: int = 365) -> str:
    """A token for programs: `read` for the API, `metrics` for Prometheus. Shown this once."""
    owner = access.owner(desk.store, desk.trust_id)
    life = timedelta(days=days)
    return access.make_token(
        desk.store, desk.trust_id, name, Scope(scope), account_id=owner, life=life, now=desk.clock()
    )


def revoke_agent(desk: Desk, agent_id: str) -> str:
    """Shut an agent out: nothing it brings is taken any more. What it brought stays."""
    now = desk.clock()

    def write(connection: Transaction) -> str:
        if not agents.revoke(connection, desk.trust_id, agent_id, now):
            raise CollectorError(
                f"there is no agent {agent_id} that could be revoked: see 'stocktake-collector agents'"
            )
        journal.append(
            connection, desk.trust_id, actor="console", action="agent_revoked", detail={"agent": agent_id}, now=now
        )
        return f"the agent {agent_id} is shut out"

    return desk.store.write(write)


def add_credential(desk: Desk, credential: dict[str, Any], school: str = "") -> str:
    """Keep a device credential for the trust or one school; it goes, sealed, to the agents in scope."""
    now = desk.clock()
    hidden = ("community", "auth_key", "privacy_key")
    parts: dict[str, Any] = {name: Secret(value) if name in hidden else value for name, value in credential.items()}
    parts["networks"] = tuple(parts.get("networks", ()))
    made = Credential(**parts)

    def write(connection: Transaction) -> str:
        school_id = schools.find(connection, desk.trust_id, school).school_id if school else ""
        stored = Vault(desk.config.key_file).encrypt(made, school_id)
        credential_id = agents.add_credential(connection, desk.trust_id, stored, now)
        detail = {"credential": credential_id, "school": school_id}
        journal.append(connection, desk.trust_id, actor="console", action="credential_added", detail=detail, now=now)
        return f"{made.name} is kept; agents of {school or 'every school'} receive it, sealed, at their next Sync"

    return desk.store.write(write)


def remove_credential(desk: Desk, name: str) -> str:
    """Forget the device credentials of a name; agents drop them at their next Sync."""
    now = desk.clock()

    def write(connection: Transaction) -> str:
        if not agents.remove_credential(connection, desk.trust_id, name):
            raise CollectorError(f"there is no credential {name!r}")
        journal.append(connection, desk.trust_id, actor="console", action="credential_removed", detail={}, now=now)
        return f"{name} is forgotten; agents drop it at their next Sync"

    return desk.store.write(write)


def reinterpretation(desk: Desk) -> str:
    """Read all kept evidence again with today's rules; one line for each cell of the register that changed."""
    moved = reinterpret.reinterpret(desk.store, desk.trust_id, desk.clock())
    return "\n".join([*_cells(moved), f"{len(moved):,} cells of the register changed"])


def _cells(moved: Iterable[Moved]) -> Iterator[str]:
    return (f"{m.device_id}  {m.column}: {m.before or 'unknown'} → {m.after or 'unknown'}" for m in moved)


def import_file(desk: Desk, path: str, school: str) -> str:
    """Take in evidence that an agent saved to a file; it is marked as relayed."""
    taken = relay.take_in(desk.store, desk.trust_id, Path(path), school, desk.clock())
    return f"{taken:,} reports were new in {path}" if taken else f"nothing in {path} was new"


def import_support(desk: Desk, path: str) -> str:
    """Take in a newer snapshot of endoflife.date and assess every device by it; what changed in table and register."""
    text, now = _text(Path(path)), desk.clock()

    def write(connection: Transaction) -> tuple[str, ...]:
        known = references.support(connection, desk.trust_id)
        latest = now.date() + DAY  # it may be tomorrow already where the snapshot was taken
        rows, changes = snapshot.import_snapshot(text, known, latest)
        fresh = snapshot.brought(rows)
        kept = references.Reference(support_rows.to_text(fresh), now)
        references.keep(connection, desk.trust_id, references.SUPPORT, kept)
        detail = {"rows": len(fresh), "changes": len(changes)}
        journal.append(connection, desk.trust_id, actor="console", action="support_imported", detail=detail, now=now)
        return changes

    try:
        changes = desk.store.write(write)
    except snapshot.SnapshotError as error:
        raise CollectorError(f"{path}: {error}; nothing was changed") from None
    return "\n".join(_supported(changes, reinterpret.reassess(desk.store, desk.trust_id, now)))


def _text(path: Path) -> str:
    """The text of a file that may be a snapshot; CollectorError where it is none."""
    try:
        if not path.is_file():
            raise CollectorError(f"{path} is no file that the collector can see")
        if path.stat().st_size > snapshot.LONGEST:
            raise CollectorError(f"{path} is larger than any snapshot of endoflife.date")
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise CollectorError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CollectorError(f"{path} is no text in UTF-8: if it is compressed, unpack it first") from None


def _supported(changes: Sequence[str], moved: Sequence[Moved]) -> Iterator[str]:
    yield from changes[:MOST_SENTENCES]
    if len(changes) > MOST_SENTENCES:
        yield f"… and {len(changes) - MOST_SENTENCES:,} more"
    yield from _cells(moved)
    devices = {m.device_id for m in moved if m.column in reinterpret.SUPPORT}
    yield f"{len(changes):,} ends of support changed in the table, and of {len(devices):,} devices in the register"


# ------------------------------------------------------------------------------------------------ a person's hand


def try_credential(desk: Desk, name: str, address: str, school: str) -> str:
    """Have an agent of a school ask one device by one credential."""
    now = desk.clock()

    def write(connection: Transaction) -> wishes.Wish:
        place = schools.find(connection, desk.trust_id, school)
        return wishes.try_credential(
            connection, desk.trust_id, place.school_id, address, name, actor="console", now=now
        )

    return desk.store.write(write).wish_id


def look(desk: Desk, what: str, school: str = "") -> str:
    """Have a device (by its id) or a network looked at now."""
    now = desk.clock()

    def write(connection: Transaction) -> wishes.Wish:
        if "/" in what:
            place = schools.find(connection, desk.trust_id, school).school_id if school else ""
            return wishes.look_at_network(connection, desk.trust_id, place, what, actor="console", now=now)
        found = register.device(connection, desk.trust_id, what)
        if found is None:
            raise CollectorError(f"{what!r} is neither a network nor the id of a device")
        row = found.row
        return wishes.look_at_device(
            connection, desk.trust_id, row.school_id, row.address, row.device_id, actor="console", now=now
        )

    return desk.store.write(write).wish_id


def pause(desk: Desk, school: str, until: str) -> str:
    """Have nothing sent to a school's devices until a time (ISO 8601)."""
    now, end = desk.clock(), datetime.fromisoformat(until).astimezone(UTC)

    def write(connection: Transaction) -> str:
        place = schools.find(connection, desk.trust_id, school)
        told = wishes.pause(connection, desk.trust_id, place.school_id, end, actor="console", now=now)
        return f"{place.school_name} is paused until {end:%Y-%m-%d %H:%M} UTC; {_agents_hear(told)}"

    return desk.store.write(write)


def resume(desk: Desk, school: str) -> str:
    """End the pause of a school."""
    now = desk.clock()

    def write(connection: Transaction) -> str:
        place = schools.find(connection, desk.trust_id, school)
        told = wishes.resume(connection, desk.trust_id, place.school_id, actor="console", now=now)
        return f"{place.school_name} is no longer paused; {_agents_hear(told)}"

    return desk.store.write(write)


def _agents_hear(told: Sequence[wishes.Wish]) -> str:
    return f"its {len(told)} agents hear it at once where they are connected, else at their next Sync"


def wish(desk: Desk, wish_id: str) -> str:
    """How a wish stands: `open` or `done`, and on the lines after it what is to be said of it."""
    now = desk.clock()
    with desk.store.reader() as connection:
        found = wishes.get(connection, desk.trust_id, wish_id)
        if found is None:
            raise CollectorError(f"there is no wish {wish_id}")
        told = wishes.told(connection, desk.trust_id, found, now)
    return "\n".join(["open" if told.standing.open else "done", told.standing.sentence, *told.changes])


COMMANDS: dict[str, Callable[..., str]] = {
    "try_credential": try_credential,
    "look": look,
    "pause": pause,
    "resume": resume,
    "wish": wish,
    "init": init,
    "link": link,
    "add_school": add_school,
    "add_network": add_network,
    "token": token,
    "api_token": api_token,
    "revoke_agent": revoke_agent,
    "add_credential": add_credential,
    "remove_credential": remove_credential,
    "reinterpret": reinterpretation,
    "import": import_file,
    "support": import_support,
}
