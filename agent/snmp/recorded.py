"""The recorded twin of a session: answers from a `.snmprec` recording as the device once did, with nothing sent.

It is shipped beside the real forms for tests, for demonstrations, and for examining a walk that somebody mailed. This
module knows no network and no plan.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from agent.snmp.session import DATAGRAM_OCTETS, Opener, Session, Silent
from stocktake import ber, snmprec
from stocktake.values import Binding, Credential


class RecordedSession:
    """A `Session` with the device that was recorded."""

    room = DATAGRAM_OCTETS

    def __init__(self, bindings: Iterable[Binding]) -> None:
        found: dict[tuple[int, ...], Binding] = {}
        for binding in bindings:
            found.setdefault(ber.oid_key(binding.oid), binding)
        self._keys = sorted(found)
        self._found = found

    @classmethod
    def from_file(cls, path: Path) -> RecordedSession:
        """The device in a `.snmprec` file; lines that cannot be read are as if they were not there."""
        return cls(snmprec.read_file(path).bindings)

    async def get(self, oids: Sequence[str]) -> tuple[Binding, ...]:
        """See `Session.get`."""
        return tuple(self._exact(oid) for oid in oids)

    async def next(self, oids: Sequence[str], repetitions: int) -> tuple[Binding, ...]:
        """See `Session.next`."""
        rows = [tuple(map(self._following, oids))]
        while len(rows) < repetitions and any(binding.tag != ber.END_OF_MIB_VIEW for binding in rows[-1]):
            rows.append(tuple(self._following(binding.oid) for binding in rows[-1]))
        return tuple(binding for row in rows for binding in row)

    async def close(self) -> None:
        """See `Session.close`."""

    def _exact(self, oid: str) -> Binding:
        """RFC 3416 4.2.1: noSuchInstance where the object has other instances, else noSuchObject."""
        key = ber.oid_key(oid)
        if key in self._found:
            return self._found[key]
        near = bisect_left(self._keys, key[:-1])
        known = near < len(self._keys) and self._keys[near][: len(key) - 1] == key[:-1]
        return Binding(oid, ber.NO_SUCH_INSTANCE if known else ber.NO_SUCH_OBJECT, b"")

    def _following(self, oid: str) -> Binding:
        at = bisect_right(self._keys, ber.oid_key(oid))
        return self._found[self._keys[at]] if at < len(self._keys) else Binding(oid, ber.END_OF_MIB_VIEW, b"")


def recordings(devices: Mapping[str, Path]) -> Opener:
    """An opener for examinations: address → recording; every other address is silent.

    A recording `switch.snmprec` answers every credential but those whose community or v3 context ends in `@` and
    something, such as `public@20`: these are answered by `switch@20.snmprec` beside it, or not at all. (Devices that
    name v3 contexts `vlan-20` are recorded as `switch@vlan-20.snmprec`.)
    """

    async def open_recording(address: str, port: int, credential: Credential, context: str) -> Session:
        path = devices.get(address)
        view = context or credential.community.reveal().partition("@")[2]
        if path is not None and view:
            path = path.with_name(f"{path.stem}@{view}{path.suffix}")
        if path is None or not path.is_file():
            raise Silent(f"nothing is recorded of {address}:{port}{f' in {view}' if view else ''}")
        return RecordedSession.from_file(path)

    return open_recording
