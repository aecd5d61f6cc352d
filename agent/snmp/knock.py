"""Whether anything speaks SNMP at an address: asked once without a credential, and once with one.

Most addresses of a school speak no SNMP, and a wrong community is met by the same silence. So an address that never
answered gets two datagrams, whatever the number of credentials: an engine discovery (RFC 3414 4), which every device
with SNMPv3 answers to everybody and which tells it nothing, and a GET of sysObjectID. This module does not decide which
credential's turn it is, and believes an answer no further than that somebody is there.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Awaitable, Callable

from agent.budget import Budget, Endpoint
from agent.snmp.frames import read_frame
from agent.snmp.session import Silent
from stocktake import ber
from stocktake.values import Credential

WAIT_SECONDS = 1.5
_OBJECT_ID = "1.3.6.1.2.1.1.2.0"
_REPORTABLE, _USM = b"\x04", 3  # msgFlags without security; msgSecurityModel

#: address, port, credential: the credential that was heard ("" where it was the discovery), None where nobody answers
Knock = Callable[[str, int, Credential], Awaitable[str | None]]


def knocking(budget: Budget, wait_seconds: float = WAIT_SECONDS) -> Knock:
    """Knocks under a budget; Silent (closed) where nothing listens or no way leads, Forbidden where the contract is."""

    async def knock(address: str, port: int, credential: Credential) -> str | None:
        try:
            endpoint = await budget.open_endpoint(address, port)
        except OSError as error:
            raise Silent(f"there is no way to {address}: {error.strerror}", closed=True) from error
        try:
            if await _ask(endpoint, discovery, _is_discovered, "snmp discovery", wait_seconds):
                return ""
            if credential.version == "3":
                again = await _ask(endpoint, discovery, _is_discovered, "snmp discovery", wait_seconds)
                return "" if again else None
            name = f"snmp v{credential.version}"
            heard = await _ask(endpoint, lambda number: _get(credential, number), _is_answer, name, wait_seconds)
            return credential.name if heard else None
        finally:
            await endpoint.close()

    return knock


async def _ask(
    endpoint: Endpoint,
    question: Callable[[int], bytes],
    answers: Callable[[bytes, int], bool],
    what: str,
    wait_seconds: float,
) -> bool:
    """One datagram out, and whether an answer to it comes in time."""
    number = secrets.randbits(31)
    async with endpoint.budget.device(endpoint.address):
        await endpoint.send(question(number), what)
        deadline = time.monotonic() + wait_seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                if answers(await endpoint.receive(left), number):
                    return True
            except ber.BerError:
                continue
            except TimeoutError:
                break
            except OSError as error:
                raise Silent("nothing listens at the SNMP port", closed=True) from error
    return False


def discovery(number: int) -> bytes:
    """An engine discovery (RFC 3414 4): no engine, no user, no security, nothing asked."""
    empty = ber.encode_element(ber.OCTET_STRING, b"")
    header = (_integer(number), _integer(ber.MESSAGE_LIMIT), ber.encode_element(ber.OCTET_STRING, _REPORTABLE))
    security = _sequence(empty, _integer(0), _integer(0), empty, empty, empty)
    question = ber.encode_element(ber.GET, _integer(number) + _integer(0) + _integer(0) + _sequence())
    return _sequence(
        _integer(3),
        _sequence(*header, _integer(_USM)),
        ber.encode_element(ber.OCTET_STRING, security),
        _sequence(empty, empty, question),
    )


def _integer(value: int) -> bytes:
    return ber.encode_element(ber.INTEGER, ber.encode_integer(value))


def _sequence(*parts: bytes) -> bytes:
    return ber.encode_element(ber.SEQUENCE, b"".join(parts))


def _is_discovered(data: bytes, number: int) -> bool:
    return read_frame(data).message_id == number


def _get(credential: Credential, number: int) -> bytes:
    version = ber.VERSION_1 if credential.version == "1" else ber.VERSION_2C
    return ber.encode_request(version, credential.community.reveal().encode(), ber.GET, number, [_OBJECT_ID])


def _is_answer(data: bytes, number: int) -> bool:
    message = ber.decode_message(data)
    return (message.pdu_type, message.request_id) == (ber.RESPONSE, number)
