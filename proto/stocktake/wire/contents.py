"""Evidence contents to bytes and back.

Most evidence values have the same field names as their messages. Where text and octets differ (addresses, MACs), or a
field holds other values, the field is named in one of the tables below; all else is carried over as it is.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from stocktake import values as v
from stocktake.v1 import evidence_pb2
from stocktake.wire.parts import WireError, address_bytes, address_text, mac_bytes, mac_text, parse, reading, time_of

CASES: dict[type, str] = {
    v.Sightings: "sightings",
    v.SnmpBindings: "snmp_bindings",
    v.SmbiosTable: "smbios_table",
    v.EdidBlocks: "edid_blocks",
    v.Disks: "disks",
    v.Power: "power",
    v.OperatingSystem: "operating_system",
    v.Load: "load",
    v.NetworkInterfaces: "network_interfaces",
    v.MemoryAndProcessor: "memory_and_processor",
    v.PlatformSecurity: "platform_security",
    v.ImportedRows: "imported_rows",
}
_TYPES = {case: kind for kind, case in CASES.items()}

#: (value type, field) -> type of the values that the repeated field holds
NESTED: dict[tuple[type, str], type] = {
    (v.Sightings, "sightings"): v.Sighting,
    (v.EdidBlocks, "blocks"): v.EdidBlock,
    (v.Disks, "disks"): v.Disk,
    (v.Power, "batteries"): v.Battery,
    (v.Load, "volumes"): v.Storage,
    (v.NetworkInterfaces, "interfaces"): v.NetworkInterface,
    (v.ImportedRows, "rows"): v.ImportedRow,
}
#: (value type, field) -> names of the two message fields that hold a pair
_PAIRS: dict[tuple[type, str], tuple[str, str]] = {
    (v.SmbiosTable, "pieces"): ("name", "text"),
    (v.ImportedRow, "columns"): ("name", "text"),
}
_TEXT_AS_OCTETS: dict[tuple[type, str], tuple[Callable[[str], bytes], Callable[[bytes], str]]] = {
    (v.Sighting, "address"): (address_bytes, address_text),
    (v.Sighting, "mac"): (mac_bytes, mac_text),
    (v.NetworkInterface, "mac"): (mac_bytes, mac_text),
    (v.NetworkInterface, "permanent_mac"): (mac_bytes, mac_text),
}
_TIMES = {(v.OperatingSystem, "install_time")}


def encode_content(content: v.Content) -> bytes:
    """The serialised Evidence of one content: the same value always gives the same bytes."""
    message = evidence_pb2.Evidence()
    case = getattr(message, CASES[type(content)])
    case.SetInParent()
    if isinstance(content, v.SnmpBindings):
        _fill_bindings(case, content)
    else:
        fill(case, content)
    return message.SerializeToString(deterministic=True)


def decode_content(raw: bytes) -> v.Content:
    """The content of a serialised Evidence; WireError also where this version does not know the case."""
    message = parse(evidence_pb2.Evidence, raw)
    case = message.WhichOneof("content")
    if case is None:
        raise WireError("the evidence is of a kind that this version does not know")
    if case == "snmp_bindings":
        return _bindings(message.snmp_bindings)
    content: v.Content = reading(lambda m: value_of(_TYPES[case], m), getattr(message, case))
    return content


def fill(message: Any, value: Any) -> None:
    """Put the fields of a value into a message; what is empty is left out."""
    for field in dataclasses.fields(value):
        key, item = (type(value), field.name), getattr(value, field.name)
        if item is None or item in ("", b"", ()):
            continue
        if key in NESTED:
            for nested in item:
                fill(getattr(message, field.name).add(), nested)
        elif key in _PAIRS:
            first, second = _PAIRS[key]
            for pair in item:
                getattr(message, field.name).add(**{first: pair[0], second: pair[1]})
        elif key in _TIMES:
            getattr(message, field.name).FromDatetime(item)
        elif isinstance(item, tuple):
            getattr(message, field.name).extend(item)
        else:
            setattr(message, field.name, _TEXT_AS_OCTETS[key][0](item) if key in _TEXT_AS_OCTETS else item)


def value_of(kind: type, message: Any) -> Any:
    """The value of a kind that a message holds."""
    return kind(**{field.name: _field(kind, field.name, message) for field in dataclasses.fields(kind)})


def _field(kind: type, name: str, message: Any) -> Any:
    key = (kind, name)
    if key in NESTED:
        return tuple(value_of(NESTED[key], item) for item in getattr(message, name))
    if key in _PAIRS:
        first, second = _PAIRS[key]
        return tuple((getattr(item, first), getattr(item, second)) for item in getattr(message, name))
    if key in _TIMES:
        return time_of(message, name)
    descriptor = message.DESCRIPTOR.fields_by_name[name]
    if descriptor.has_presence and not message.HasField(name):
        return None
    item = getattr(message, name)
    if key in _TEXT_AS_OCTETS:
        return _TEXT_AS_OCTETS[key][1](item)
    return tuple(item) if descriptor.is_repeated else item


def _fill_bindings(message: Any, content: v.SnmpBindings) -> None:
    for binding in content.bindings:
        message.bindings.add(oid=binding.oid, type=binding.tag, value=binding.value)
    for table in content.tables:
        message.tables.add(root=table.root, complete=table.complete)


def _bindings(message: evidence_pb2.SnmpBindings) -> v.SnmpBindings:
    return v.SnmpBindings(
        bindings=tuple(v.Binding(b.oid, b.type, b.value) for b in message.bindings),
        tables=tuple(v.TableWalk(t.root, t.complete) for t in message.tables),
    )
