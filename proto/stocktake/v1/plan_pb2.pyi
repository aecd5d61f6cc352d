from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Cadence(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CADENCE_UNSPECIFIED: _ClassVar[Cadence]
    CADENCE_HEALTH: _ClassVar[Cadence]
    CADENCE_INVENTORY: _ClassVar[Cadence]
    CADENCE_TABLES: _ClassVar[Cadence]
CADENCE_UNSPECIFIED: Cadence
CADENCE_HEALTH: Cadence
CADENCE_INVENTORY: Cadence
CADENCE_TABLES: Cadence

class WalkPlan(_message.Message):
    __slots__ = ("groups",)
    GROUPS_FIELD_NUMBER: _ClassVar[int]
    groups: _containers.RepeatedCompositeFieldContainer[PlanGroup]
    def __init__(self, groups: _Optional[_Iterable[_Union[PlanGroup, _Mapping]]] = ...) -> None: ...

class PlanGroup(_message.Message):
    __slots__ = ("number", "name", "cadence", "scalars", "tables", "condition", "expansion")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CADENCE_FIELD_NUMBER: _ClassVar[int]
    SCALARS_FIELD_NUMBER: _ClassVar[int]
    TABLES_FIELD_NUMBER: _ClassVar[int]
    CONDITION_FIELD_NUMBER: _ClassVar[int]
    EXPANSION_FIELD_NUMBER: _ClassVar[int]
    number: int
    name: str
    cadence: Cadence
    scalars: _containers.RepeatedScalarFieldContainer[str]
    tables: _containers.RepeatedScalarFieldContainer[str]
    condition: Condition
    expansion: Expansion
    def __init__(self, number: _Optional[int] = ..., name: _Optional[str] = ..., cadence: _Optional[_Union[Cadence, str]] = ..., scalars: _Optional[_Iterable[str]] = ..., tables: _Optional[_Iterable[str]] = ..., condition: _Optional[_Union[Condition, _Mapping]] = ..., expansion: _Optional[_Union[Expansion, _Mapping]] = ...) -> None: ...

class Condition(_message.Message):
    __slots__ = ("object_id_prefixes", "answered", "value_oid", "value_prefix")
    OBJECT_ID_PREFIXES_FIELD_NUMBER: _ClassVar[int]
    ANSWERED_FIELD_NUMBER: _ClassVar[int]
    VALUE_OID_FIELD_NUMBER: _ClassVar[int]
    VALUE_PREFIX_FIELD_NUMBER: _ClassVar[int]
    object_id_prefixes: _containers.RepeatedScalarFieldContainer[str]
    answered: str
    value_oid: str
    value_prefix: bytes
    def __init__(self, object_id_prefixes: _Optional[_Iterable[str]] = ..., answered: _Optional[str] = ..., value_oid: _Optional[str] = ..., value_prefix: _Optional[bytes] = ...) -> None: ...

class Expansion(_message.Message):
    __slots__ = ("column", "community_suffix", "context_prefix", "spelled", "name_separator", "left_out")
    COLUMN_FIELD_NUMBER: _ClassVar[int]
    COMMUNITY_SUFFIX_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_PREFIX_FIELD_NUMBER: _ClassVar[int]
    SPELLED_FIELD_NUMBER: _ClassVar[int]
    NAME_SEPARATOR_FIELD_NUMBER: _ClassVar[int]
    LEFT_OUT_FIELD_NUMBER: _ClassVar[int]
    column: str
    community_suffix: str
    context_prefix: str
    spelled: bool
    name_separator: str
    left_out: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, column: _Optional[str] = ..., community_suffix: _Optional[str] = ..., context_prefix: _Optional[str] = ..., spelled: _Optional[bool] = ..., name_separator: _Optional[str] = ..., left_out: _Optional[_Iterable[str]] = ...) -> None: ...
