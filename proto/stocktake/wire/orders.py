"""What a collector gives its agents, to bytes and back: walk plans, credentials, values to erase."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from stocktake import values as v
from stocktake.v1 import control_service_pb2, plan_pb2
from stocktake.wire.contents import fill, value_of
from stocktake.wire.parts import WireError, digest, parse

_ERASED_LIMIT = 500  # values of one order


def encode_plan(plan: v.WalkPlan) -> bytes:
    """The serialised WalkPlan, without its digest."""
    message = plan_pb2.WalkPlan()
    for group in plan.groups:
        item = message.groups.add(number=group.number, name=group.name, scalars=group.scalars, tables=group.tables)
        item.cadence = group.cadence.value  # type: ignore[assignment]  # as above
        if group.condition != v.Condition():
            fill(item.condition, group.condition)
        if group.expansion is not None:
            item.expansion.SetInParent()
            fill(item.expansion, group.expansion)
    return message.SerializeToString(deterministic=True)


def plan_digest(plan: v.WalkPlan) -> bytes:
    """The digest that names a plan in reports."""
    return digest(encode_plan(plan))


def decode_plan(raw: bytes) -> v.WalkPlan:
    """The plan of its bytes, with its digest. Groups of a cadence that is not known are left out."""
    message = parse(plan_pb2.WalkPlan, raw)
    known = {cadence.value for cadence in v.Cadence}
    return v.WalkPlan(tuple(_plan_group(g) for g in message.groups if g.cadence in known), digest(raw))


def _plan_group(message: plan_pb2.PlanGroup) -> v.PlanGroup:
    return v.PlanGroup(
        number=message.number,
        name=message.name,
        cadence=v.Cadence(message.cadence),
        scalars=tuple(message.scalars),
        tables=tuple(message.tables),
        condition=value_of(v.Condition, message.condition),
        expansion=value_of(v.Expansion, message.expansion) if message.HasField("expansion") else None,
    )


_SECRETS = frozenset({"community", "auth_key", "privacy_key"})


def encode_credential(credential: v.Credential) -> bytes:
    """The serialised DeviceCredential, secrets in the clear: only to be sealed or encrypted."""
    message = control_service_pb2.DeviceCredential(networks=credential.networks)
    for field in dataclasses.fields(credential):
        item = getattr(credential, field.name)
        if field.name != "networks":
            setattr(message, field.name, item.reveal() if isinstance(item, v.Secret) else item)
    return message.SerializeToString(deterministic=True)


def decode_credential(raw: bytes) -> v.Credential:
    """The credential of its bytes."""
    message = parse(control_service_pb2.DeviceCredential, raw)
    fields: dict[str, Any] = {f.name: getattr(message, f.name) for f in dataclasses.fields(v.Credential)}
    fields |= {name: v.Secret(fields[name]) for name in _SECRETS} | {"networks": tuple(message.networks)}
    return v.Credential(**fields)


def encode_erased(items: Iterable[tuple[str, bytes]]) -> bytes:
    """Values that are to be taken out of a spool, (kind, octets) as in `notations.Item`: only to be sealed."""
    message = control_service_pb2.ErasedValues()
    for kind, octets in sorted(set(items)):
        if kind == "mac":
            message.macs.append(octets)
        elif kind == "uuid":
            message.uuids.append(octets)
        else:
            message.texts.append(octets.decode("utf-8", "replace"))
    return message.SerializeToString(deterministic=True)


def decode_erased(raw: bytes) -> tuple[tuple[str, bytes], ...]:
    """The values of their bytes; WireError where they are none, or too many."""
    message = parse(control_service_pb2.ErasedValues, raw)
    found = [
        *(("mac", octets) for octets in message.macs),
        *(("uuid", octets) for octets in message.uuids),
        *(("text", text.upper().encode()) for text in message.texts),
    ]
    sound = all(len(octets) == {"mac": 6, "uuid": 16}.get(kind, len(octets)) > 0 for kind, octets in found)
    if not sound or len(found) > _ERASED_LIMIT:
        raise WireError("these are no values that can be looked for")
    return tuple(found)
