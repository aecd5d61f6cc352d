"""SNMPv3 with one device: pysnmp's engine for security (USM, RFC 3414), our strict reader for the bindings inside.

This is the only module that imports pysnmp; it costs some 25 MB and a tenth of a second, so it belongs into a worker
process. What pysnmp does: engine discovery, keys, authentication, encryption, time windows. What it does not do: it
opens no socket (datagrams go through the guarded endpoint), it repeats nothing by itself (so the budget sees every
packet), it looks up no names, and it does not read bindings: they are cut out of the decrypted PDU before it decodes
the rest, and read by `stocktake.ber`. So tag and octets stay as sent, and hostile values never reach a general decoder.

Kept here:
1. Every datagram passes `stocktake.ber` for its frame before pysnmp sees it.
2. An unauthenticated message is believed once, as the answer to discovery. Later ones only end the question; engine
   boots and time are never taken from them.
3. At most 2 rounds of discovery or time synchronisation for one question, and 2 tries of 1.5 s in each: so a wrong key
   costs at most 9 s, whatever is lost on the way.
4. One engine for all credentials of a process; another only where two credentials name the same user.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pyasn1.error import PyAsn1Error
from pysnmp.carrier.base import AbstractTransport, AbstractTransportDispatcher
from pysnmp.entity import config
from pysnmp.entity.engine import SnmpEngine
from pysnmp.error import PySnmpError
from pysnmp.proto import errind, rfc1905
from pysnmp.proto.api import v2c
from pysnmp.proto.error import StatusInformation
from pysnmp.proto.secmod.rfc3414.priv.base import AbstractEncryptionService
from pysnmp.proto.secmod.rfc3414.service import SnmpUSMSecurityModel

from agent.budget import Budget, Endpoint
from agent.snmp.frames import Scoped, read_frame, read_scoped
from agent.snmp.session import DATAGRAM_OCTETS, Malformed, Refused, Silent, SnmpError, checked, refused, same_names
from stocktake import ber
from stocktake.values import Binding, Credential

TIMEOUT_SECONDS = 1.5
TRIES = 2
DISCOVERY_ROUNDS = 2
KEY_OCTETS = 8  # RFC 3414 11.2: passwords are at least as long
_HEADER_OCTETS = 150  # of an answer that fills a frame, besides user and context; of most devices
_DOMAIN = (1, 3, 6, 1, 6, 1, 1)  # snmpUDPDomain; each session adds a number, so that no two share a discovered engine
_NO_AUTHENTICATION, _AUTHENTICATION, _PRIVACY = 1, 2, 3  # securityLevel, RFC 3411

AUTH_PROTOCOLS = {
    "MD5": config.USM_AUTH_HMAC96_MD5,
    "SHA": config.USM_AUTH_HMAC96_SHA,
    "SHA-224": config.USM_AUTH_HMAC128_SHA224,
    "SHA-256": config.USM_AUTH_HMAC192_SHA256,
    "SHA-384": config.USM_AUTH_HMAC256_SHA384,
    "SHA-512": config.USM_AUTH_HMAC384_SHA512,
}
#: AES-192 and AES-256 lengthen short keys as net-snmp does; with "-C", as Cisco and others do
PRIVACY_PROTOCOLS = {
    "DES": config.USM_PRIV_CBC56_DES,
    "AES": config.USM_PRIV_CFB128_AES,
    "AES-192": config.USM_PRIV_CFB192_AES_BLUMENTHAL,
    "AES-256": config.USM_PRIV_CFB256_AES_BLUMENTHAL,
    "AES-192-C": config.USM_PRIV_CFB192_AES,
    "AES-256-C": config.USM_PRIV_CFB256_AES,
}
_PDUS = {
    ber.GET: rfc1905.GetRequestPDU,
    ber.GET_NEXT: rfc1905.GetNextRequestPDU,
    ber.GET_BULK: rfc1905.GetBulkRequestPDU,
}
#: RFC 3414 5: what the counter in an unauthenticated Report says of us
_REPORTS = {
    "1.3.6.1.6.3.15.1.1.1.0": "the device does not offer this security level to the user",
    "1.3.6.1.6.3.15.1.1.3.0": "the device does not know the user",
    "1.3.6.1.6.3.15.1.1.5.0": "the authentication key is wrong",
    "1.3.6.1.6.3.15.1.1.6.0": "the privacy key is wrong",
}
_RESYNCHRONISE = (errind.unknownEngineID, errind.notInTimeWindow)

_log = logging.getLogger(__name__)


class _Cutting(AbstractEncryptionService):  # type: ignore[misc]  # pysnmp has no types
    """A privacy protocol of pysnmp's that keeps the bindings of a response back."""

    def __init__(self, service: AbstractEncryptionService, keep: Callable[[Scoped], None]) -> None:
        self._service = service
        self._keep = keep

    def __getattr__(self, name: str) -> Any:
        return getattr(self._service, name)

    def hash_passphrase(self, *arguments: Any) -> Any:
        """As the protocol does."""
        return self._service.hash_passphrase(*arguments)

    def localize_key(self, *arguments: Any) -> Any:
        """As the protocol does."""
        return self._service.localize_key(*arguments)

    def encrypt_data(self, *arguments: Any) -> Any:
        """As the protocol does."""
        return self._service.encrypt_data(*arguments)

    def decrypt_data(self, *arguments: Any) -> Any:
        """The decrypted scoped PDU without its bindings; a wrong key shows here, as what comes out is no BER."""
        plain = bytes(self._service.decrypt_data(*arguments))
        try:
            scoped = read_scoped(plain)
        except ber.BerError as error:
            raise StatusInformation(errorIndication=errind.decryptionError) from error
        if scoped.pdu_type != ber.RESPONSE:
            return plain
        self._keep(scoped)
        return scoped.rest


class _Transport(AbstractTransport):  # type: ignore[misc]  # pysnmp has no types
    """What pysnmp sends through: the session takes the datagram and sends it when the budget lets it go."""

    def __init__(self) -> None:
        self.outgoing: bytes = b""

    def send_message(self, message: Any, _: Any) -> None:
        """Keep the datagram."""
        self.outgoing = bytes(message)

    def deliver(self, data: bytes, source: tuple[str, int]) -> None:
        """Hand pysnmp a datagram."""
        self._callback_function(self, source, data)


class _Engine:
    """One pysnmp engine and the users it knows: they are unique by name within an engine."""

    def __init__(self) -> None:
        self.engine = SnmpEngine()
        self.dispatcher = AbstractTransportDispatcher()
        self.cut: dict[int, bytes] = {}  # request id → bindings of its response; for open questions
        self.sessions = 0
        self._users: dict[str, tuple[object, ...]] = {}
        self.engine.register_transport_dispatcher(self.dispatcher)
        model = SnmpUSMSecurityModel()
        services = SnmpUSMSecurityModel.PRIV_SERVICES
        cutting = {which: _Cutting(services[which], self.keep) for which in PRIVACY_PROTOCOLS.values()}
        model.PRIV_SERVICES = {**services, **cutting}
        self.engine.security_models[SnmpUSMSecurityModel.SECURITY_MODEL_ID] = model

    def keep(self, scoped: Scoped) -> None:
        """Keep the bindings of a response somebody waits for."""
        if scoped.request_id in self.cut:
            self.cut[scoped.request_id] = scoped.bindings

    def suits(self, credential: Credential) -> bool:
        """Whether the name of the credential's user is free here, or the user's own."""
        return self._users.get(credential.user, _user(credential)) == _user(credential)

    def learn(self, credential: Credential) -> None:
        """Know the user of a credential; Refused where pysnmp cannot."""
        if credential.user in self._users:
            return
        try:
            config.add_v3_user(
                self.engine,
                credential.user,
                AUTH_PROTOCOLS[credential.auth_protocol],
                credential.auth_key.reveal().encode(),
                PRIVACY_PROTOCOLS.get(credential.privacy_protocol, config.USM_PRIV_NONE),
                (credential.privacy_key if credential.privacy_protocol else credential.auth_key).reveal().encode(),
            )
        except (PySnmpError, PyAsn1Error):
            raise Refused("pysnmp does not take user or keys of this credential") from None  # its text may have them
        self._users[credential.user] = _user(credential)


def _user(credential: Credential) -> tuple[object, ...]:
    """What makes a user of USM."""
    protocols = credential.auth_protocol, credential.privacy_protocol
    return credential.user, *protocols, credential.auth_key, credential.privacy_key


def _refuse_unusable(credential: Credential) -> None:
    """Refused where the credential names a protocol that there is not, or has too short a key."""
    if credential.auth_protocol not in AUTH_PROTOCOLS:
        raise Refused(
            f"SNMPv3 needs one of {', '.join(AUTH_PROTOCOLS)} to authenticate, not {credential.auth_protocol!r}"
        )
    if credential.privacy_protocol not in ("", *PRIVACY_PROTOCOLS):
        raise Refused(f"the privacy protocols are {', '.join(PRIVACY_PROTOCOLS)}, not {credential.privacy_protocol!r}")
    keys = [credential.auth_key.reveal().encode()]
    if credential.privacy_protocol:
        keys.append(credential.privacy_key.reveal().encode())
    if min(map(len, keys)) < KEY_OCTETS:
        raise Refused(f"the keys of an SNMPv3 credential have at least {KEY_OCTETS} characters")


class Engines:
    """The engines of this process, made when first needed (each takes a tenth of a second): one, if it can be."""

    def __init__(self) -> None:
        self._engines: list[_Engine] = []

    def __len__(self) -> int:
        return len(self._engines)

    def of(self, credential: Credential) -> _Engine:
        """An engine that knows the user of a credential; Refused where the credential is none that SNMPv3 can use."""
        _refuse_unusable(credential)
        engine = next((engine for engine in self._engines if engine.suits(credential)), None)
        if engine is None:
            engine = _Engine()
            self._engines.append(engine)
        engine.learn(credential)
        return engine


# ------------------------------------------------------------------------------------------------ the session


@dataclass(slots=True)
class _Answer:
    """How one question ended, as pysnmp tells it: a PDU, or why not."""

    pdu: Any = None
    why: Any = None
    failure: SnmpError | None = None

    def arrived(self) -> bool:
        """Whether there is an end."""
        return self.pdu is not None or self.why is not None or self.failure is not None


class UsmSession:
    """A `Session` by SNMPv3; `open_session` makes one."""

    def __init__(
        self,
        endpoint: Endpoint,
        engine: _Engine,
        credential: Credential,
        context: str,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._endpoint = endpoint
        self._engine = engine
        self._level = _PRIVACY if credential.privacy_protocol else _AUTHENTICATION
        self._user = v2c.OctetString(credential.user.encode())  # pysnmp looks both up by its own type
        self._context = v2c.OctetString(context.encode())
        self._timeout_seconds = timeout_seconds
        self.room = DATAGRAM_OCTETS - _HEADER_OCTETS - len(credential.user) - len(context)
        self._source = (endpoint.address, endpoint.port)
        engine.sessions += 1
        self._domain = (*_DOMAIN, engine.sessions)
        self._transport = _Transport()
        engine.dispatcher.register_transport(self._domain, self._transport)
        self._known = False  # whether the device's engine is discovered

    async def get(self, oids: Sequence[str]) -> tuple[Binding, ...]:
        """See `Session.get`."""
        return same_names(oids, checked(oids, 0, await self._ask(ber.GET, oids, 0)))

    async def next(self, oids: Sequence[str], repetitions: int) -> tuple[Binding, ...]:
        """See `Session.next`."""
        pdu_type = ber.GET_BULK if repetitions else ber.GET_NEXT
        return checked(oids, repetitions, await self._ask(pdu_type, oids, repetitions))

    async def close(self) -> None:
        """See `Session.close`."""
        self._engine.dispatcher.unregister_transport(self._domain)
        await self._endpoint.close()

    async def _ask(self, pdu_type: int, oids: Sequence[str], repetitions: int) -> tuple[Binding, ...]:
        """The bindings that answer one question."""
        request_id = secrets.randbits(31)
        pdu = _pdu(pdu_type, request_id, oids, repetitions)
        self._engine.cut[request_id] = b""
        try:
            async with self._endpoint.budget.device(self._endpoint.address):
                answer = await self._exchange(pdu)
            if v2c.apiPDU.get_request_id(answer) != request_id:
                raise Malformed("the device answered another question")
            if status := int(v2c.apiPDU.get_error_status(answer)):
                raise refused(status)
            return ber.decode_bindings(self._engine.cut[request_id])
        except ber.BerError as error:
            raise Malformed(f"the device answers what is no SNMP: {error}") from error
        except (PySnmpError, PyAsn1Error) as error:
            raise Refused(f"SNMPv3: pysnmp cannot ask this ({type(error).__name__})") from error
        finally:
            del self._engine.cut[request_id]

    async def _exchange(self, pdu: Any) -> Any:
        """The response PDU, after at most 2 rounds of discovery or synchronisation, in at most 2 tries each."""
        answer = _Answer()
        handles: list[tuple[int, int]] = []
        tries = rounds = 0
        try:
            while tries < TRIES and rounds <= DISCOVERY_ROUNDS:
                handles.append(self._prepare(pdu, answer))
                await self._endpoint.send(self._transport.outgoing, "snmp v3")
                await self._listen(answer, handles)
                if answer.pdu is not None:
                    return answer.pdu
                tries, rounds = self._count(answer, tries, rounds)
        finally:
            for handle, _ in handles:
                self._engine.engine.message_dispatcher.release_state_information(self._engine.engine, handle, 3)
        if rounds > DISCOVERY_ROUNDS:
            raise Refused("the device does not come to terms on its engine or its clock")
        raise Silent(f"no answer in {TRIES} x {self._timeout_seconds:g} s{self._hint()}")

    def _hint(self) -> str:
        return ", though it answers discovery: the privacy key may be wrong" if self._known else ""

    def _prepare(self, pdu: Any, answer: _Answer) -> tuple[int, int]:
        """Have pysnmp write the message: the handle of the question, and the id of the message."""
        handle = self._engine.engine.message_dispatcher.send_pdu(
            self._engine.engine, self._domain, self._source, 3, 3, self._user, self._level, None, self._context, 1, pdu,
            expectResponse=True, cbFun=_answered, cbCtx=answer,
        )  # fmt: skip
        return handle, read_frame(self._transport.outgoing).message_id

    def _count(self, answer: _Answer, tries: int, rounds: int) -> tuple[int, int]:
        """Tries in this round, and rounds so far; raises where trying again will not help."""
        if answer.failure is not None:
            raise answer.failure
        if answer.why is None:
            return tries + 1, rounds
        if answer.why not in _RESYNCHRONISE:
            raise Refused(f"SNMPv3: {answer.why}")
        answer.why = None
        self._known = True
        return 0, rounds + 1

    async def _listen(self, answer: _Answer, handles: list[tuple[int, int]]) -> None:
        """Let pysnmp hear what comes, until the question has an end or time is up."""
        deadline = time.monotonic() + self._timeout_seconds
        while not answer.arrived() and (left := deadline - time.monotonic()) > 0:
            try:
                self._hear(await self._endpoint.receive(left), answer, {message_id for _, message_id in handles})
            except ber.BerError as error:
                _log.debug("%s sent no SNMPv3: %s", self._endpoint.address, error)
            except TimeoutError:
                return
            except OSError as error:
                raise Silent("nothing listens at the SNMP port", closed=True) from error

    def _hear(self, data: bytes, answer: _Answer, message_ids: set[int]) -> None:
        """Believe one datagram as far as the rules of this module let it; BerError where it is none."""
        frame = read_frame(data)
        if frame.message_id not in message_ids:
            return
        if not frame.authenticated and self._known:
            answer.failure = _report(frame.plain)
            return
        if frame.plain and (scoped := read_scoped(frame.plain)).pdu_type == ber.RESPONSE:
            self._engine.keep(scoped)  # authNoPriv: pysnmp tells below whether it is authentic
        try:
            self._transport.deliver(data, self._source)
        except Exception as error:  # noqa: BLE001  pysnmp raises far more than its own errors on hostile octets
            _log.debug("%s sent what pysnmp cannot read: %s", self._endpoint.address, type(error).__name__)


def _report(plain: bytes) -> SnmpError | None:
    """Why the device did not answer, by an unauthenticated Report; None where it is not one."""
    scoped = read_scoped(plain)
    if scoped.pdu_type != ber.REPORT:
        return None
    counter = next(iter(ber.decode_bindings(scoped.bindings)), Binding("", 0, b"")).oid
    return Refused(_REPORTS.get(counter, f"the device refuses the message (report {counter})"))


def _pdu(pdu_type: int, request_id: int, oids: Sequence[str], repetitions: int) -> Any:
    pdu = _PDUS[pdu_type]()
    if pdu_type == ber.GET_BULK:
        v2c.apiBulkPDU.set_defaults(pdu)
        v2c.apiBulkPDU.set_max_repetitions(pdu, repetitions)
    else:
        v2c.apiPDU.set_defaults(pdu)
    v2c.apiPDU.set_request_id(pdu, request_id)
    v2c.apiPDU.set_varbinds(pdu, [(v2c.ObjectIdentifier(oid), v2c.null) for oid in oids])
    return pdu


def _answered(*arguments: Any) -> None:
    """What pysnmp calls when a question has an end; its last four arguments are PDU, why not, handle and our answer."""
    pdu, why, _, answer = arguments[-4:]
    if why is None:
        answer.pdu = pdu
    else:
        answer.why = why.get("errorIndication", "the device sent an empty report")


async def open_session(
    budget: Budget, address: str, port: int, credential: Credential, context: str, engines: Engines
) -> UsmSession:
    """A session with a v3 credential (authPriv, or authNoPriv where it names no privacy protocol). Nothing is sent yet.

    Refused where the credential is none that SNMPv3 can use, Silent where there is no way to the address.
    """
    engine = engines.of(credential)
    try:
        endpoint = await budget.open_endpoint(address, port)
    except OSError as error:
        raise Silent(f"there is no way to {address}: {error.strerror}", closed=True) from error
    return UsmSession(endpoint, engine, credential, context)
