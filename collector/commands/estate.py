"""Commands that set up the trust: schools, networks, agents' tokens, credentials of devices, tokens for programs."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from collector import access, journal, schools
from collector.access import Scope
from collector.commands.desk import Desk
from collector.errors import CollectorError
from collector.intake.certificates import Authority
from collector.intake.vault import Vault
from collector.store import Transaction, agents, places
from stocktake import tokens
from stocktake.values import Credential, Secret

ENROLMENT_LIFE = timedelta(hours=72)


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


def api_token(desk: Desk, name: str, scope: str, days: int = 365, school: Sequence[str] = ()) -> str:
    """A token for programs: `read` for the API, `write` for records too, `metrics` for Prometheus. Shown once.

    `school`: those that it sees; all of the trust where none is named.
    """
    owner = access.owner(desk.store, desk.trust_id)
    with desk.store.reader() as connection:
        seen = frozenset(schools.named(connection, desk.trust_id, one).school_id for one in school)
    return access.make_token(
        desk.store, desk.trust_id, name, Scope(scope), account_id=owner, life=timedelta(days=days), now=desk.clock(),
        schools=seen or None,
    )  # fmt: skip


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


COMMANDS: dict[str, Callable[..., str]] = {
    "init": init,
    "link": link,
    "add_school": add_school,
    "add_network": add_network,
    "token": token,
    "api_token": api_token,
    "revoke_agent": revoke_agent,
    "add_credential": add_credential,
    "remove_credential": remove_credential,
}
