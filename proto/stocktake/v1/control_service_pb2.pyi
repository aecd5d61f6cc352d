import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from stocktake.v1 import plan_pb2 as _plan_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class WishState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    WISH_STATE_UNSPECIFIED: _ClassVar[WishState]
    WISH_STATE_BEGUN: _ClassVar[WishState]
    WISH_STATE_DONE: _ClassVar[WishState]
    WISH_STATE_REFUSED: _ClassVar[WishState]

class WishKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    WISH_KIND_UNSPECIFIED: _ClassVar[WishKind]
    WISH_KIND_TRY_CREDENTIAL: _ClassVar[WishKind]
    WISH_KIND_LOOK_AGAIN: _ClassVar[WishKind]
WISH_STATE_UNSPECIFIED: WishState
WISH_STATE_BEGUN: WishState
WISH_STATE_DONE: WishState
WISH_STATE_REFUSED: WishState
WISH_KIND_UNSPECIFIED: WishKind
WISH_KIND_TRY_CREDENTIAL: WishKind
WISH_KIND_LOOK_AGAIN: WishKind

class SyncRequest(_message.Message):
    __slots__ = ("version", "plan_digest", "credentials_revision", "numbers", "troubles", "networks", "wish_results", "credential_uses", "erased")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    PLAN_DIGEST_FIELD_NUMBER: _ClassVar[int]
    CREDENTIALS_REVISION_FIELD_NUMBER: _ClassVar[int]
    NUMBERS_FIELD_NUMBER: _ClassVar[int]
    TROUBLES_FIELD_NUMBER: _ClassVar[int]
    NETWORKS_FIELD_NUMBER: _ClassVar[int]
    WISH_RESULTS_FIELD_NUMBER: _ClassVar[int]
    CREDENTIAL_USES_FIELD_NUMBER: _ClassVar[int]
    ERASED_FIELD_NUMBER: _ClassVar[int]
    version: str
    plan_digest: bytes
    credentials_revision: str
    numbers: AgentNumbers
    troubles: _containers.RepeatedScalarFieldContainer[str]
    networks: _containers.RepeatedScalarFieldContainer[str]
    wish_results: _containers.RepeatedCompositeFieldContainer[WishResult]
    credential_uses: _containers.RepeatedCompositeFieldContainer[CredentialUse]
    erased: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, version: _Optional[str] = ..., plan_digest: _Optional[bytes] = ..., credentials_revision: _Optional[str] = ..., numbers: _Optional[_Union[AgentNumbers, _Mapping]] = ..., troubles: _Optional[_Iterable[str]] = ..., networks: _Optional[_Iterable[str]] = ..., wish_results: _Optional[_Iterable[_Union[WishResult, _Mapping]]] = ..., credential_uses: _Optional[_Iterable[_Union[CredentialUse, _Mapping]]] = ..., erased: _Optional[_Iterable[str]] = ...) -> None: ...

class CredentialUse(_message.Message):
    __slots__ = ("name", "devices", "refused", "silent")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DEVICES_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    SILENT_FIELD_NUMBER: _ClassVar[int]
    name: str
    devices: int
    refused: int
    silent: int
    def __init__(self, name: _Optional[str] = ..., devices: _Optional[int] = ..., refused: _Optional[int] = ..., silent: _Optional[int] = ...) -> None: ...

class WishResult(_message.Message):
    __slots__ = ("id", "state", "sentence", "answered")
    ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    SENTENCE_FIELD_NUMBER: _ClassVar[int]
    ANSWERED_FIELD_NUMBER: _ClassVar[int]
    id: str
    state: WishState
    sentence: str
    answered: bool
    def __init__(self, id: _Optional[str] = ..., state: _Optional[_Union[WishState, str]] = ..., sentence: _Optional[str] = ..., answered: _Optional[bool] = ...) -> None: ...

class AgentNumbers(_message.Message):
    __slots__ = ("agent_time", "spool_pending_reports", "spool_bytes", "spool_dropped_reports", "spool_oldest_seconds", "resident_memory_bytes", "processor_seconds", "sweeps", "last_sweep_time", "last_sweep_seconds", "last_sweep_sightings", "last_sweep_examinations", "last_sweep_silent", "packets_sent", "pause_until", "snmp_refused", "health_rounds", "last_health_round_seconds", "last_health_round_devices", "last_health_round_silent")
    AGENT_TIME_FIELD_NUMBER: _ClassVar[int]
    SPOOL_PENDING_REPORTS_FIELD_NUMBER: _ClassVar[int]
    SPOOL_BYTES_FIELD_NUMBER: _ClassVar[int]
    SPOOL_DROPPED_REPORTS_FIELD_NUMBER: _ClassVar[int]
    SPOOL_OLDEST_SECONDS_FIELD_NUMBER: _ClassVar[int]
    RESIDENT_MEMORY_BYTES_FIELD_NUMBER: _ClassVar[int]
    PROCESSOR_SECONDS_FIELD_NUMBER: _ClassVar[int]
    SWEEPS_FIELD_NUMBER: _ClassVar[int]
    LAST_SWEEP_TIME_FIELD_NUMBER: _ClassVar[int]
    LAST_SWEEP_SECONDS_FIELD_NUMBER: _ClassVar[int]
    LAST_SWEEP_SIGHTINGS_FIELD_NUMBER: _ClassVar[int]
    LAST_SWEEP_EXAMINATIONS_FIELD_NUMBER: _ClassVar[int]
    LAST_SWEEP_SILENT_FIELD_NUMBER: _ClassVar[int]
    PACKETS_SENT_FIELD_NUMBER: _ClassVar[int]
    PAUSE_UNTIL_FIELD_NUMBER: _ClassVar[int]
    SNMP_REFUSED_FIELD_NUMBER: _ClassVar[int]
    HEALTH_ROUNDS_FIELD_NUMBER: _ClassVar[int]
    LAST_HEALTH_ROUND_SECONDS_FIELD_NUMBER: _ClassVar[int]
    LAST_HEALTH_ROUND_DEVICES_FIELD_NUMBER: _ClassVar[int]
    LAST_HEALTH_ROUND_SILENT_FIELD_NUMBER: _ClassVar[int]
    agent_time: _timestamp_pb2.Timestamp
    spool_pending_reports: int
    spool_bytes: int
    spool_dropped_reports: int
    spool_oldest_seconds: float
    resident_memory_bytes: int
    processor_seconds: float
    sweeps: int
    last_sweep_time: _timestamp_pb2.Timestamp
    last_sweep_seconds: float
    last_sweep_sightings: int
    last_sweep_examinations: int
    last_sweep_silent: int
    packets_sent: int
    pause_until: _timestamp_pb2.Timestamp
    snmp_refused: int
    health_rounds: int
    last_health_round_seconds: float
    last_health_round_devices: int
    last_health_round_silent: int
    def __init__(self, agent_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., spool_pending_reports: _Optional[int] = ..., spool_bytes: _Optional[int] = ..., spool_dropped_reports: _Optional[int] = ..., spool_oldest_seconds: _Optional[float] = ..., resident_memory_bytes: _Optional[int] = ..., processor_seconds: _Optional[float] = ..., sweeps: _Optional[int] = ..., last_sweep_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_sweep_seconds: _Optional[float] = ..., last_sweep_sightings: _Optional[int] = ..., last_sweep_examinations: _Optional[int] = ..., last_sweep_silent: _Optional[int] = ..., packets_sent: _Optional[int] = ..., pause_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., snmp_refused: _Optional[int] = ..., health_rounds: _Optional[int] = ..., last_health_round_seconds: _Optional[float] = ..., last_health_round_devices: _Optional[int] = ..., last_health_round_silent: _Optional[int] = ...) -> None: ...

class SyncResponse(_message.Message):
    __slots__ = ("plan", "scope", "schedule", "credentials", "collector_time", "wishes", "pause_until", "bell_key", "erase_orders", "often")
    PLAN_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    SCHEDULE_FIELD_NUMBER: _ClassVar[int]
    CREDENTIALS_FIELD_NUMBER: _ClassVar[int]
    COLLECTOR_TIME_FIELD_NUMBER: _ClassVar[int]
    WISHES_FIELD_NUMBER: _ClassVar[int]
    PAUSE_UNTIL_FIELD_NUMBER: _ClassVar[int]
    BELL_KEY_FIELD_NUMBER: _ClassVar[int]
    ERASE_ORDERS_FIELD_NUMBER: _ClassVar[int]
    OFTEN_FIELD_NUMBER: _ClassVar[int]
    plan: _plan_pb2.WalkPlan
    scope: Scope
    schedule: Schedule
    credentials: SealedCredentials
    collector_time: _timestamp_pb2.Timestamp
    wishes: _containers.RepeatedCompositeFieldContainer[Wish]
    pause_until: _timestamp_pb2.Timestamp
    bell_key: str
    erase_orders: _containers.RepeatedCompositeFieldContainer[EraseOrder]
    often: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, plan: _Optional[_Union[_plan_pb2.WalkPlan, _Mapping]] = ..., scope: _Optional[_Union[Scope, _Mapping]] = ..., schedule: _Optional[_Union[Schedule, _Mapping]] = ..., credentials: _Optional[_Union[SealedCredentials, _Mapping]] = ..., collector_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., wishes: _Optional[_Iterable[_Union[Wish, _Mapping]]] = ..., pause_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., bell_key: _Optional[str] = ..., erase_orders: _Optional[_Iterable[_Union[EraseOrder, _Mapping]]] = ..., often: _Optional[_Iterable[bytes]] = ...) -> None: ...

class EraseOrder(_message.Message):
    __slots__ = ("id", "sealed")
    ID_FIELD_NUMBER: _ClassVar[int]
    SEALED_FIELD_NUMBER: _ClassVar[int]
    id: str
    sealed: bytes
    def __init__(self, id: _Optional[str] = ..., sealed: _Optional[bytes] = ...) -> None: ...

class ErasedValues(_message.Message):
    __slots__ = ("macs", "texts", "uuids")
    MACS_FIELD_NUMBER: _ClassVar[int]
    TEXTS_FIELD_NUMBER: _ClassVar[int]
    UUIDS_FIELD_NUMBER: _ClassVar[int]
    macs: _containers.RepeatedScalarFieldContainer[bytes]
    texts: _containers.RepeatedScalarFieldContainer[str]
    uuids: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, macs: _Optional[_Iterable[bytes]] = ..., texts: _Optional[_Iterable[str]] = ..., uuids: _Optional[_Iterable[bytes]] = ...) -> None: ...

class Wish(_message.Message):
    __slots__ = ("id", "kind", "address", "network", "credential")
    ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    NETWORK_FIELD_NUMBER: _ClassVar[int]
    CREDENTIAL_FIELD_NUMBER: _ClassVar[int]
    id: str
    kind: WishKind
    address: bytes
    network: str
    credential: str
    def __init__(self, id: _Optional[str] = ..., kind: _Optional[_Union[WishKind, str]] = ..., address: _Optional[bytes] = ..., network: _Optional[str] = ..., credential: _Optional[str] = ...) -> None: ...

class Scope(_message.Message):
    __slots__ = ("networks", "exclusions")
    NETWORKS_FIELD_NUMBER: _ClassVar[int]
    EXCLUSIONS_FIELD_NUMBER: _ClassVar[int]
    networks: _containers.RepeatedScalarFieldContainer[str]
    exclusions: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, networks: _Optional[_Iterable[str]] = ..., exclusions: _Optional[_Iterable[str]] = ...) -> None: ...

class Schedule(_message.Message):
    __slots__ = ("sweep_interval", "host_interval", "sync_interval")
    SWEEP_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    HOST_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    SYNC_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    sweep_interval: _duration_pb2.Duration
    host_interval: _duration_pb2.Duration
    sync_interval: _duration_pb2.Duration
    def __init__(self, sweep_interval: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., host_interval: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., sync_interval: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class SealedCredentials(_message.Message):
    __slots__ = ("revision", "sealed")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    SEALED_FIELD_NUMBER: _ClassVar[int]
    revision: str
    sealed: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, revision: _Optional[str] = ..., sealed: _Optional[_Iterable[bytes]] = ...) -> None: ...

class DeviceCredential(_message.Message):
    __slots__ = ("name", "version", "community", "user", "auth_protocol", "auth_key", "privacy_protocol", "privacy_key", "networks")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    COMMUNITY_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    AUTH_PROTOCOL_FIELD_NUMBER: _ClassVar[int]
    AUTH_KEY_FIELD_NUMBER: _ClassVar[int]
    PRIVACY_PROTOCOL_FIELD_NUMBER: _ClassVar[int]
    PRIVACY_KEY_FIELD_NUMBER: _ClassVar[int]
    NETWORKS_FIELD_NUMBER: _ClassVar[int]
    name: str
    version: str
    community: str
    user: str
    auth_protocol: str
    auth_key: str
    privacy_protocol: str
    privacy_key: str
    networks: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, name: _Optional[str] = ..., version: _Optional[str] = ..., community: _Optional[str] = ..., user: _Optional[str] = ..., auth_protocol: _Optional[str] = ..., auth_key: _Optional[str] = ..., privacy_protocol: _Optional[str] = ..., privacy_key: _Optional[str] = ..., networks: _Optional[_Iterable[str]] = ...) -> None: ...

class RenewCertificateRequest(_message.Message):
    __slots__ = ("certificate_signing_request",)
    CERTIFICATE_SIGNING_REQUEST_FIELD_NUMBER: _ClassVar[int]
    certificate_signing_request: bytes
    def __init__(self, certificate_signing_request: _Optional[bytes] = ...) -> None: ...

class RenewCertificateResponse(_message.Message):
    __slots__ = ("certificate", "certificate_authority")
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_AUTHORITY_FIELD_NUMBER: _ClassVar[int]
    certificate: bytes
    certificate_authority: bytes
    def __init__(self, certificate: _Optional[bytes] = ..., certificate_authority: _Optional[bytes] = ...) -> None: ...
