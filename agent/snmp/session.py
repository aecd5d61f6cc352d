"""The seam of SNMP: what a session with one device is, and every way in which it can fail.

Two questions and a farewell; the forms are `community` (v1, v2c), `usm` (v3) and their recorded twin `recorded`. This
module knows no transport, no plan and no table. The errors, all of them the device's:

    SnmpError
    ├── Silent       no answer came, or none that belongs to what was asked
    ├── Refused      it answered, and the answer is no: an error status, or wrong credentials (SNMPv3)
    └── Malformed    it answered something that is no SNMP, or not an answer to what was asked
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from stocktake import ber
from stocktake.values import Binding, Credential


class SnmpError(Exception):
    """A device did not answer as it should; the text is a sentence for people and never has a secret."""


class Silent(SnmpError):
    """No answer came in time. `closed`: the device itself (ICMP) said that nothing listens there."""

    def __init__(self, text: str, *, closed: bool = False) -> None:
        super().__init__(text)
        self.closed = closed


class Refused(SnmpError):
    """The answer is no. `status` is the error-status of RFC 3416, 0 where it was refused before it came to that."""

    def __init__(self, text: str, status: int = 0) -> None:
        super().__init__(text)
        self.status = status


class Malformed(SnmpError):
    """The answer is no SNMP, or answers something else."""


class Session(Protocol):
    """A way to ask one device, one question at a time. All forms answer alike: v1 says what v2c would say.

    Both questions raise `SnmpError` for what the device does, and `agent.budget.Forbidden` where nothing may be sent.
    """

    @property
    def room(self) -> int:
        """Octets of bindings that an answer can have and still leave the device in one Ethernet frame."""
        ...

    async def get(self, oids: Sequence[str]) -> tuple[Binding, ...]:
        """One binding for each OID, in order; the tag is NO_SUCH_OBJECT or NO_SUCH_INSTANCE where there is no value."""
        ...

    async def next(self, oids: Sequence[str], repetitions: int) -> tuple[Binding, ...]:
        """What follows each OID: by GETNEXT where `repetitions` is 0, else that many rows by GETBULK, perhaps fewer.

        The bindings come row by row; the tag is END_OF_MIB_VIEW where nothing follows. SNMPv1 answers one row.
        """
        ...

    async def close(self) -> None:
        """Give back what the session holds; it is not used again."""
        ...


#: what one Ethernet frame carries of UDP, over IPv6 as over IPv4: octets
DATAGRAM_OCTETS = 1_500 - 40 - 8

#: opens a session: address, port, credential, and the SNMPv3 context ("" is the default one; ignored by v1 and v2c)
Opener = Callable[[str, int, Credential, str], Awaitable[Session]]

_STATUS = {
    1: "tooBig", 2: "noSuchName", 3: "badValue", 4: "readOnly", 5: "genErr", 6: "noAccess", 13: "resourceUnavailable",
    16: "authorizationError",
}  # fmt: skip


def refused(status: int) -> Refused:
    """The refusal for an error-status."""
    return Refused(f"the device answered {_STATUS.get(status, f'error {status}')}", status)


def checked(asked: Sequence[str], repetitions: int, found: tuple[Binding, ...]) -> tuple[Binding, ...]:
    """The bindings of an answer, or Malformed where their number cannot belong to the question.

    0 repetitions (GET, GETNEXT): one binding each; a device may leave out the end of a GETBULK, and may repeat a bit
    more than it was asked, but not four times as much.
    """
    if repetitions == 0 and len(found) != len(asked):
        raise Malformed(f"the device answered {len(found)} objects where {len(asked)} were asked for")
    if len(found) > 4 * len(asked) * max(1, repetitions):
        raise Malformed(f"the device answered {len(found)} objects, over four times what was asked for")
    return found


def same_names(asked: Sequence[str], found: tuple[Binding, ...]) -> tuple[Binding, ...]:
    """The bindings of the answer to a GET, or Malformed where they are other objects than asked for."""
    if any(binding.oid != oid for oid, binding in zip(asked, found, strict=True)):
        raise Malformed("the device answered other objects than it was asked for")
    return found


def missing(oid: str, pdu_type: int) -> Binding:
    """What v2c says where v1 says noSuchName."""
    return Binding(oid, ber.NO_SUCH_OBJECT if pdu_type == ber.GET else ber.END_OF_MIB_VIEW, b"")
