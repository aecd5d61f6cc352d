import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from stocktake.v1 import report_pb2 as _report_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RefusalReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REFUSAL_REASON_UNSPECIFIED: _ClassVar[RefusalReason]
    REFUSAL_REASON_UNREADABLE: _ClassVar[RefusalReason]
    REFUSAL_REASON_CONTENT_UNKNOWN: _ClassVar[RefusalReason]
    REFUSAL_REASON_TOO_LARGE: _ClassVar[RefusalReason]
REFUSAL_REASON_UNSPECIFIED: RefusalReason
REFUSAL_REASON_UNREADABLE: RefusalReason
REFUSAL_REASON_CONTENT_UNKNOWN: RefusalReason
REFUSAL_REASON_TOO_LARGE: RefusalReason

class SubmitReportsRequest(_message.Message):
    __slots__ = ("batch",)
    BATCH_FIELD_NUMBER: _ClassVar[int]
    batch: _report_pb2.SignedBatch
    def __init__(self, batch: _Optional[_Union[_report_pb2.SignedBatch, _Mapping]] = ...) -> None: ...

class SubmitReportsResponse(_message.Message):
    __slots__ = ("highest_contiguous_sequence", "refusals", "replay_from", "retry_after", "journal_checkpoint", "erasures")
    HIGHEST_CONTIGUOUS_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    REFUSALS_FIELD_NUMBER: _ClassVar[int]
    REPLAY_FROM_FIELD_NUMBER: _ClassVar[int]
    RETRY_AFTER_FIELD_NUMBER: _ClassVar[int]
    JOURNAL_CHECKPOINT_FIELD_NUMBER: _ClassVar[int]
    ERASURES_FIELD_NUMBER: _ClassVar[int]
    highest_contiguous_sequence: int
    refusals: _containers.RepeatedCompositeFieldContainer[Refusal]
    replay_from: int
    retry_after: _duration_pb2.Duration
    journal_checkpoint: JournalCheckpoint
    erasures: _containers.RepeatedCompositeFieldContainer[Erasure]
    def __init__(self, highest_contiguous_sequence: _Optional[int] = ..., refusals: _Optional[_Iterable[_Union[Refusal, _Mapping]]] = ..., replay_from: _Optional[int] = ..., retry_after: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., journal_checkpoint: _Optional[_Union[JournalCheckpoint, _Mapping]] = ..., erasures: _Optional[_Iterable[_Union[Erasure, _Mapping]]] = ...) -> None: ...

class Refusal(_message.Message):
    __slots__ = ("sequence", "reason", "message")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    reason: RefusalReason
    message: str
    def __init__(self, sequence: _Optional[int] = ..., reason: _Optional[_Union[RefusalReason, str]] = ..., message: _Optional[str] = ...) -> None: ...

class JournalCheckpoint(_message.Message):
    __slots__ = ("position", "hash", "signature")
    POSITION_FIELD_NUMBER: _ClassVar[int]
    HASH_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    position: int
    hash: bytes
    signature: bytes
    def __init__(self, position: _Optional[int] = ..., hash: _Optional[bytes] = ..., signature: _Optional[bytes] = ...) -> None: ...

class Erasure(_message.Message):
    __slots__ = ("digest",)
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    digest: bytes
    def __init__(self, digest: _Optional[bytes] = ...) -> None: ...
