import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SubjectKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SUBJECT_KIND_UNSPECIFIED: _ClassVar[SubjectKind]
    SUBJECT_KIND_HOST: _ClassVar[SubjectKind]
    SUBJECT_KIND_ADDRESS: _ClassVar[SubjectKind]
    SUBJECT_KIND_NETWORK: _ClassVar[SubjectKind]
    SUBJECT_KIND_SOURCE: _ClassVar[SubjectKind]

class Method(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    METHOD_UNSPECIFIED: _ClassVar[Method]
    METHOD_HOST: _ClassVar[Method]
    METHOD_NEIGHBOUR_TABLE: _ClassVar[Method]
    METHOD_TOUCH: _ClassVar[Method]
    METHOD_ARP: _ClassVar[Method]
    METHOD_SNMP_V1: _ClassVar[Method]
    METHOD_SNMP_V2C: _ClassVar[Method]
    METHOD_SNMP_V3: _ClassVar[Method]
    METHOD_RECORDED: _ClassVar[Method]
    METHOD_IMPORTED: _ClassVar[Method]

class Outcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OUTCOME_UNSPECIFIED: _ClassVar[Outcome]
    OUTCOME_COMPLETE: _ClassVar[Outcome]
    OUTCOME_CUT: _ClassVar[Outcome]
    OUTCOME_REFUSED: _ClassVar[Outcome]
    OUTCOME_UNCHANGED: _ClassVar[Outcome]
SUBJECT_KIND_UNSPECIFIED: SubjectKind
SUBJECT_KIND_HOST: SubjectKind
SUBJECT_KIND_ADDRESS: SubjectKind
SUBJECT_KIND_NETWORK: SubjectKind
SUBJECT_KIND_SOURCE: SubjectKind
METHOD_UNSPECIFIED: Method
METHOD_HOST: Method
METHOD_NEIGHBOUR_TABLE: Method
METHOD_TOUCH: Method
METHOD_ARP: Method
METHOD_SNMP_V1: Method
METHOD_SNMP_V2C: Method
METHOD_SNMP_V3: Method
METHOD_RECORDED: Method
METHOD_IMPORTED: Method
OUTCOME_UNSPECIFIED: Outcome
OUTCOME_COMPLETE: Outcome
OUTCOME_CUT: Outcome
OUTCOME_REFUSED: Outcome
OUTCOME_UNCHANGED: Outcome

class Batch(_message.Message):
    __slots__ = ("stream_id", "entries", "send_time")
    STREAM_ID_FIELD_NUMBER: _ClassVar[int]
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    SEND_TIME_FIELD_NUMBER: _ClassVar[int]
    stream_id: str
    entries: _containers.RepeatedCompositeFieldContainer[Entry]
    send_time: _timestamp_pb2.Timestamp
    def __init__(self, stream_id: _Optional[str] = ..., entries: _Optional[_Iterable[_Union[Entry, _Mapping]]] = ..., send_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Entry(_message.Message):
    __slots__ = ("sequence", "report")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    REPORT_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    report: bytes
    def __init__(self, sequence: _Optional[int] = ..., report: _Optional[bytes] = ...) -> None: ...

class SignedBatch(_message.Message):
    __slots__ = ("batch", "certificate", "signature")
    BATCH_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    batch: bytes
    certificate: bytes
    signature: bytes
    def __init__(self, batch: _Optional[bytes] = ..., certificate: _Optional[bytes] = ..., signature: _Optional[bytes] = ...) -> None: ...

class Report(_message.Message):
    __slots__ = ("observe_time", "boot_seconds", "boot_id", "examination", "gap")
    OBSERVE_TIME_FIELD_NUMBER: _ClassVar[int]
    BOOT_SECONDS_FIELD_NUMBER: _ClassVar[int]
    BOOT_ID_FIELD_NUMBER: _ClassVar[int]
    EXAMINATION_FIELD_NUMBER: _ClassVar[int]
    GAP_FIELD_NUMBER: _ClassVar[int]
    observe_time: _timestamp_pb2.Timestamp
    boot_seconds: float
    boot_id: str
    examination: Examination
    gap: Gap
    def __init__(self, observe_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., boot_seconds: _Optional[float] = ..., boot_id: _Optional[str] = ..., examination: _Optional[_Union[Examination, _Mapping]] = ..., gap: _Optional[_Union[Gap, _Mapping]] = ...) -> None: ...

class Examination(_message.Message):
    __slots__ = ("subject", "method", "plan_digest", "groups", "relayed")
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    PLAN_DIGEST_FIELD_NUMBER: _ClassVar[int]
    GROUPS_FIELD_NUMBER: _ClassVar[int]
    RELAYED_FIELD_NUMBER: _ClassVar[int]
    subject: Subject
    method: Method
    plan_digest: bytes
    groups: _containers.RepeatedCompositeFieldContainer[GroupResult]
    relayed: bool
    def __init__(self, subject: _Optional[_Union[Subject, _Mapping]] = ..., method: _Optional[_Union[Method, str]] = ..., plan_digest: _Optional[bytes] = ..., groups: _Optional[_Iterable[_Union[GroupResult, _Mapping]]] = ..., relayed: _Optional[bool] = ...) -> None: ...

class Subject(_message.Message):
    __slots__ = ("kind", "address", "mac", "network", "source")
    KIND_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    MAC_FIELD_NUMBER: _ClassVar[int]
    NETWORK_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    kind: SubjectKind
    address: bytes
    mac: bytes
    network: str
    source: str
    def __init__(self, kind: _Optional[_Union[SubjectKind, str]] = ..., address: _Optional[bytes] = ..., mac: _Optional[bytes] = ..., network: _Optional[str] = ..., source: _Optional[str] = ...) -> None: ...

class GroupResult(_message.Message):
    __slots__ = ("group", "outcome", "content", "digest", "detail")
    GROUP_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    group: str
    outcome: Outcome
    content: bytes
    digest: bytes
    detail: str
    def __init__(self, group: _Optional[str] = ..., outcome: _Optional[_Union[Outcome, str]] = ..., content: _Optional[bytes] = ..., digest: _Optional[bytes] = ..., detail: _Optional[str] = ...) -> None: ...

class Gap(_message.Message):
    __slots__ = ("first_sequence", "last_sequence", "reason")
    FIRST_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    LAST_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    first_sequence: int
    last_sequence: int
    reason: str
    def __init__(self, first_sequence: _Optional[int] = ..., last_sequence: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...
