"""Rows behind rounds of health: whom agents ask often, who was asked last and when, and what rounds leave behind.

A round brings evidence every five minutes. What of it matters is kept as readings, their days and conditions; the
evidence itself is superseded by the next round's, and forgotten soon.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, exists, select

from collector.store import schema as t
from collector.store.batches import OF_TRUST, among, chunks

#: classes of what a school stands on
OFTEN = ("switch", "ups", "server", "hypervisor", "nas", "storage")
MOST_OFTEN = 4_096  # addresses of a site
_MOST_AT_ONCE = 5_000  # rows of one transaction


def often(connection: Connection, trust_id: str, site_id: str) -> list[str]:
    """The addresses at a site of devices whose health is asked in every round; those seen last come first."""
    c = t.devices.c
    query = (
        select(c.address)
        .where(c.trust_id == trust_id, c.site_id == site_id, c.alias_of.is_(None), c["class"].in_(OFTEN))
        .where(c.address != "")
        .order_by(c.last_seen.desc(), c.device_id)
        .limit(MOST_OFTEN)
    )
    return list(dict.fromkeys(address for address in connection.execute(query).scalars() if _is_address(address)))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


_ASKED = (
    select(t.claims.c.device_id, t.lanes.c.last_observed)
    .join(t.lanes, (t.lanes.c.trust_id == t.claims.c.trust_id) & (t.lanes.c.lane_id == t.claims.c.lane_id))
    .where(t.claims.c.trust_id == OF_TRUST, among(t.claims.c.device_id), t.claims.c.recorded_to.is_(None))
    .where(~t.claims.c.told_of, t.lanes.c.kind == "ADDRESS", ~t.lanes.c.relayed)
    .order_by(t.claims.c.last_observed, t.claims.c.claim_id)
)


def asked(connection: Connection, trust_id: str, device_ids: Iterable[str]) -> dict[str, datetime]:
    """By device when it was asked last at the address at which it answered last, whether it answered or not."""
    found: dict[str, datetime] = {}
    for chunk in chunks(sorted(set(device_ids))):
        rows = connection.execute(_ASKED, {"of_trust": trust_id, "among": chunk})
        found |= {row.device_id: row.last_observed for row in rows}
    return found


def of_lane(connection: Connection, trust_id: str, lane_id: int) -> set[str]:
    """The devices that speak for themselves along a lane."""
    c = t.claims.c
    query = select(c.device_id).where(c.trust_id == trust_id, c.lane_id == lane_id, c.recorded_to.is_(None), ~c.told_of)
    return {device_id for device_id in connection.execute(query).scalars() if device_id}


def superseded(connection: Connection, trust_id: str, groups: Collection[str], before: datetime) -> list[int]:
    """The evidence of these groups that was seen last before then, and that newer evidence of its lane replaced."""
    e, later = t.evidence.c, t.evidence.alias()
    newer = exists().where(
        later.c.trust_id == e.trust_id, later.c.lane_id == e.lane_id, later.c.group_name == e.group_name,
        later.c.digest.is_not(None), later.c.evidence_id != e.evidence_id, later.c.last_observed > e.last_observed,
    )  # fmt: skip
    query = select(e.evidence_id).where(
        e.trust_id == trust_id, e.group_name.in_(sorted(groups)), e.last_observed < before, newer
    )
    return list(connection.execute(query.limit(_MOST_AT_ONCE)).scalars())


def forget_evidence(connection: Connection, trust_id: str, evidence_ids: Collection[int]) -> None:
    """Forget evidence, and its contents where nothing else points to them."""
    e, c = t.evidence.c, t.contents.c
    for chunk in chunks(sorted(evidence_ids)):
        mine = (e.trust_id == trust_id) & e.evidence_id.in_(chunk)
        digests = list(connection.execute(select(e.digest).where(mine, e.digest.is_not(None)).distinct()).scalars())
        connection.execute(delete(t.evidence).where(mine))
        held = exists().where(e.trust_id == c.trust_id, e.digest == c.digest)
        connection.execute(delete(t.contents).where(c.trust_id == trust_id, c.digest.in_(digests), ~held))


def forget_reports(connection: Connection, trust_id: str, before: datetime) -> int:
    """Forget reports that were understood and came before then; how many, some at a time. Their numbers stay taken."""
    r, s = t.reports.c, t.streams.c
    stream = (s.trust_id == r.trust_id) & (s.agent_id == r.agent_id) & (s.stream_id == r.stream_id)
    rows = connection.execute(
        select(r.agent_id, r.stream_id, r.sequence)
        .join(t.streams, stream)
        .where(r.trust_id == trust_id, r.state == "read", r.receive_time < before, r.sequence <= s.highest_contiguous)
        .limit(_MOST_AT_ONCE)
    ).all()
    by_stream: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        by_stream.setdefault((row.agent_id, row.stream_id), []).append(row.sequence)
    for (agent_id, stream_id), numbers in by_stream.items():
        for chunk in chunks(numbers):
            mine = (r.trust_id == trust_id) & (r.agent_id == agent_id) & (r.stream_id == stream_id)
            connection.execute(delete(t.reports).where(mine, r.sequence.in_(chunk)))
    return len(rows)
