"""SNMP v1 and v2c with one device, over a guarded datagram endpoint and the strict reader of `stocktake.ber`.

An answer is taken only if it comes from the address and port that were asked (the kernel sees to it), and has the same
version, community and request id; anything else is waited past. The request id is random and new for each question, and
stays the same when a question is repeated: so a late answer to the first attempt is an answer. How long it waits
before it repeats one goes by how fast the device was so far, and grows with each silence; a second session with a
device, such as one for the view of a VLAN, begins with what the first one knows. This module knows nothing of tables:
it asks one question at a time, as it is told.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from os import urandom
from typing import NamedTuple

from agent.budget import Budget, Endpoint
from agent.snmp.session import DATAGRAM_OCTETS, Malformed, Silent, checked, missing, refused, same_names
from agent.snmp.turns import Turns
from stocktake import ber
from stocktake.values import Binding, Credential

TIMEOUT_SECONDS = 1.5  # the longest wait for an answer, and the first
TRIES = 2
_QUICK = 1 / 4  # of it is waited for a device that is quick
_MARGIN = 4.0  # times as long as its slowest answer so far is waited for any
_GROWTH = 1.5  # times as long is waited after each silence: four of them make as long as two of the longest
_FORGETTING = 0.9  # of the slowest answer's time counts with the next one
_HEADER_OCTETS = 29  # of an answer that fills a frame, besides the community

_NAMES = {ber.VERSION_1: "snmp v1", ber.VERSION_2C: "snmp v2c"}


class Waits(NamedTuple):
    """Seconds for which a device was waited: for its slowest answer of late (0: for none), and in all."""

    slowest: float
    together: float


NO_WAITS = Waits(0.0, 0.0)


class CommunitySession:
    """A `Session` by community; `open_session` makes one."""

    def __init__(
        self,
        endpoint: Endpoint,
        version: int,
        community: bytes,
        *,
        timeout_seconds: float = TIMEOUT_SECONDS,
        request_ids: Callable[[], int] = lambda: int.from_bytes(urandom(4), "big") >> 1,
        turns: Turns | None = None,
        waits: Waits = NO_WAITS,
    ) -> None:
        """`waits`: what another session with the same device knows."""
        self._endpoint = endpoint
        self._version = version
        self._community = community
        self._timeout_seconds = timeout_seconds
        self._slowest_seconds, self._waited_seconds = waits
        self._patience_seconds = self._wanted_seconds() if self._slowest_seconds else timeout_seconds
        self._turns = turns or Turns()
        self._request_ids = request_ids
        self.room = DATAGRAM_OCTETS - _HEADER_OCTETS - len(community)

    @property
    def waits(self) -> Waits:
        """What another session with the same device may begin with."""
        return Waits(self._slowest_seconds, self._waited_seconds)

    async def get(self, oids: Sequence[str]) -> tuple[Binding, ...]:
        """See `Session.get`."""
        return same_names(oids, await self._ask_each(ber.GET, oids))

    async def next(self, oids: Sequence[str], repetitions: int) -> tuple[Binding, ...]:
        """See `Session.next`."""
        if repetitions == 0 or self._version == ber.VERSION_1:
            return await self._ask_each(ber.GET_NEXT, oids)
        answer = await self._exchange(ber.GET_BULK, oids, repetitions)
        if answer.error_status:
            raise refused(answer.error_status)
        return checked(oids, repetitions, answer.bindings)

    async def close(self) -> None:
        """See `Session.close`."""
        await self._endpoint.close()

    async def _ask_each(self, pdu_type: int, oids: Sequence[str]) -> tuple[Binding, ...]:
        """GET or GETNEXT. Where v1 fails them all for one name (RFC 1157 4.1.2), the others are asked again."""
        left = list(range(len(oids)))
        found = {number: missing(oid, pdu_type) for number, oid in enumerate(oids)}
        while left:
            asked = [oids[number] for number in left]
            answer = await self._exchange(pdu_type, asked)
            if answer.error_status == 0:
                found.update(zip(left, checked(asked, 0, answer.bindings), strict=True))
                break
            if answer.error_status != ber.NO_SUCH_NAME or not 1 <= answer.error_index <= len(left):
                raise refused(answer.error_status)
            del left[answer.error_index - 1]
        return tuple(found.values())

    async def _exchange(self, pdu_type: int, oids: Sequence[str], repetitions: int = 0) -> ber.Message:
        """The device's answer to one question, asked twice at most."""
        request_id = self._request_ids()
        request = ber.encode_request(
            self._version, self._community, pdu_type, request_id, oids, max_repetitions=repetitions
        )
        rubbish = ""
        with await self._turns.enter(self._waited_seconds) as turn:
            async with self._endpoint.budget.device(self._endpoint.address):
                for _ in range(TRIES):
                    await self._endpoint.send(request, _NAMES[self._version])
                    turn.over()
                    answer, heard = await self._await_answer(request_id)
                    if answer is not None:
                        return answer
                    rubbish = heard or rubbish
        if rubbish:
            raise Malformed(f"the device answers what is no SNMP: {rubbish}")
        raise Silent(f"no answer to {TRIES} requests")

    async def _await_answer(self, request_id: int) -> tuple[ber.Message | None, str]:
        """The answer to a request, if it comes in time; and what was wrong with other things that came."""
        begun = time.monotonic()
        answer, rubbish = await self._hear(request_id, begun + self._patience_seconds)
        seconds = time.monotonic() - begun
        self._waited_seconds += seconds
        if answer is None:
            self._patience_seconds = min(_GROWTH * self._patience_seconds, self._timeout_seconds)
        else:  # of two requests most likely the second was answered; if it was the first, the margin covers it
            self._slowest_seconds = max(seconds, self._slowest_seconds * _FORGETTING)
            self._patience_seconds = self._wanted_seconds()
        return answer, rubbish

    def _wanted_seconds(self) -> float:
        """How long to wait for a device that was so fast until now."""
        return min(max(_MARGIN * self._slowest_seconds, _QUICK * self._timeout_seconds), self._timeout_seconds)

    async def _hear(self, request_id: int, deadline: float) -> tuple[ber.Message | None, str]:
        rubbish = ""
        while (left := deadline - time.monotonic()) > 0:
            try:
                message = ber.decode_message(await self._endpoint.receive(left))
            except ber.BerError as error:
                rubbish = str(error)
                continue
            except TimeoutError:
                break
            except OSError as error:
                raise Silent("nothing listens at the SNMP port", closed=True) from error
            if self._belongs(message, request_id):
                return message, ""
        return None, rubbish

    def _belongs(self, message: ber.Message, request_id: int) -> bool:
        return (message.pdu_type, message.request_id) == (ber.RESPONSE, request_id) and (
            message.version == self._version and message.community == self._community
        )


async def open_session(
    budget: Budget, address: str, port: int, credential: Credential, turns: Turns | None = None,
    waits: Waits = NO_WAITS,
) -> CommunitySession:  # fmt: skip
    """A session with a v1 or v2c credential. Nothing is sent yet; Silent where there is no way to the address.

    `waits`: what another session with the same device knows.
    """
    version = ber.VERSION_1 if credential.version == "1" else ber.VERSION_2C
    try:
        endpoint = await budget.open_endpoint(address, port)
    except OSError as error:
        raise Silent(f"there is no way to {address}: {error.strerror}", closed=True) from error
    return CommunitySession(endpoint, version, credential.community.reveal().encode(), turns=turns, waits=waits)
