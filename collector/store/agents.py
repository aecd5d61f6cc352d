"""Rows of agents, their one-time tokens, and device credentials."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, or_, select, update

from collector.store import ids
from collector.store.schema import agents, credentials, enrolment_tokens, schools, sites


@dataclass(frozen=True, slots=True)
class Agent:
    """What intake needs to know of an agent."""

    agent_id: str
    site_id: str
    school_id: str
    name: str
    sealing_key: bytes
    network_limits: tuple[str, ...]
    certificate_serial: str
    revoked: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """What an agent tells of itself; all but the version is JSON."""

    version: str
    numbers: str
    troubles: str
    networks: str
    credentials: str = "[]"


@dataclass(frozen=True, slots=True)
class Token:
    """A one-time enrolment token; `used` and `expires` decide whether it still opens."""

    site_id: str
    expires: datetime
    used: datetime | None


def add_token(
    connection: Connection, trust_id: str, token_hash: bytes, site_id: str, *, now: datetime, expires: datetime
) -> None:
    """Keep the hash of a new token."""
    connection.execute(
        insert(enrolment_tokens).values(
            trust_id=trust_id, token_hash=token_hash, site_id=site_id, created=now, expires=expires
        )
    )


def token(connection: Connection, token_hash: bytes) -> tuple[str, Token] | None:
    """The trust and token of a hash, or None where no such token was made."""
    row = connection.execute(select(enrolment_tokens).where(enrolment_tokens.c.token_hash == token_hash)).first()
    return (row.trust_id, Token(row.site_id, row.expires, row.used)) if row else None


def use_token(connection: Connection, trust_id: str, token_hash: bytes, agent_id: str, now: datetime) -> None:
    """Mark a token as used by an agent."""
    where = (enrolment_tokens.c.trust_id == trust_id) & (enrolment_tokens.c.token_hash == token_hash)
    connection.execute(update(enrolment_tokens).where(where).values(used=now, agent_id=agent_id))


def add(connection: Connection, trust_id: str, agent: Agent, *, version: str, expires: datetime, now: datetime) -> None:
    """Make an agent; `expires` is its certificate's."""
    connection.execute(
        insert(agents).values(
            trust_id=trust_id, agent_id=agent.agent_id, site_id=agent.site_id, name=agent.name, version=version,
            sealing_key=agent.sealing_key, network_limits=json.dumps(agent.network_limits), enrolled=now,
            certificate_serial=agent.certificate_serial, certificate_expires=expires,
            numbers="{}", troubles="[]", networks="[]",
        )
    )  # fmt: skip


def get(connection: Connection, trust_id: str, agent_id: str) -> Agent | None:
    """One agent with its school, or None."""
    row = connection.execute(
        select(agents, sites.c.school_id)
        .join(sites, (sites.c.trust_id == agents.c.trust_id) & (sites.c.site_id == agents.c.site_id))
        .where(agents.c.trust_id == trust_id, agents.c.agent_id == agent_id)
    ).first()
    if row is None:
        return None
    limits = tuple(json.loads(row.network_limits))
    return Agent(
        row.agent_id, row.site_id, row.school_id, row.name, row.sealing_key, limits, row.certificate_serial, row.revoked
    )


def place_names(connection: Connection, trust_id: str, site_id: str) -> tuple[str, str]:
    """Name of the school and the site of a site id."""
    row = connection.execute(
        select(schools.c.name.label("school"), sites.c.name)
        .join(sites, (schools.c.trust_id == sites.c.trust_id) & (schools.c.school_id == sites.c.school_id))
        .where(sites.c.trust_id == trust_id, sites.c.site_id == site_id)
    ).one()
    return row.school, row.name


def renew(connection: Connection, trust_id: str, agent_id: str, *, serial: str, expires: datetime) -> None:
    """Note the certificate that an agent holds from now on."""
    where = (agents.c.trust_id == trust_id) & (agents.c.agent_id == agent_id)
    connection.execute(update(agents).where(where).values(certificate_serial=serial, certificate_expires=expires))


def revoke(connection: Connection, trust_id: str, agent_id: str, now: datetime) -> bool:
    """Shut an agent out. False: there is no such agent, or it was shut out before."""
    where = (agents.c.trust_id == trust_id) & (agents.c.agent_id == agent_id) & agents.c.revoked.is_(None)
    return connection.execute(update(agents).where(where).values(revoked=now)).rowcount > 0


def note_sync(connection: Connection, trust_id: str, agent_id: str, told: Told, now: datetime) -> None:
    """Keep what an agent told of itself."""
    where = (agents.c.trust_id == trust_id) & (agents.c.agent_id == agent_id)
    connection.execute(update(agents).where(where).values(last_sync=now, **dataclasses.asdict(told)))


def note_report(connection: Connection, trust_id: str, agent_id: str, now: datetime) -> None:
    """Keep when an agent last brought reports."""
    where = (agents.c.trust_id == trust_id) & (agents.c.agent_id == agent_id)
    connection.execute(update(agents).where(where).values(last_report=now))


@dataclass(frozen=True, slots=True)
class StoredCredential:
    """A device credential as it lies in the database: encrypted under the key file. Empty school: the whole trust.

    `factory`: whether its community is one that everybody knows; None: not known.
    """

    credential_id: str
    name: str
    version: str
    school_id: str
    encrypted: bytes
    factory: bool | None = None


def add_credential(connection: Connection, trust_id: str, credential: StoredCredential, now: datetime) -> str:
    """Keep a device credential; returns its id."""
    credential_id = credential.credential_id or ids.new()
    connection.execute(
        insert(credentials).values(
            trust_id=trust_id, credential_id=credential_id, name=credential.name, version=credential.version,
            school_id=credential.school_id or None, encrypted=credential.encrypted, created=now,
            factory=credential.factory,
        )
    )  # fmt: skip
    return credential_id


def remove_credential(connection: Connection, trust_id: str, name: str) -> int:
    """Forget the credentials of a name; returns how many there were."""
    where = (credentials.c.trust_id == trust_id) & (credentials.c.name == name)
    return connection.execute(delete(credentials).where(where)).rowcount


def credentials_for(connection: Connection, trust_id: str, school_id: str = "") -> list[StoredCredential]:
    """The credentials in scope of a school, or all of the trust where no school is named, oldest first."""
    query = select(credentials).where(credentials.c.trust_id == trust_id).order_by(credentials.c.created)
    if school_id:
        query = query.where(or_(credentials.c.school_id.is_(None), credentials.c.school_id == school_id))
    return [
        StoredCredential(row.credential_id, row.name, row.version, row.school_id or "", row.encrypted, row.factory)
        for row in connection.execute(query)
    ]
