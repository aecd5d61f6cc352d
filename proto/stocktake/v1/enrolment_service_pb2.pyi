from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class EnrolRequest(_message.Message):
    __slots__ = ("token", "certificate_signing_request", "sealing_key", "host_name", "networks", "network_limits", "version")
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_SIGNING_REQUEST_FIELD_NUMBER: _ClassVar[int]
    SEALING_KEY_FIELD_NUMBER: _ClassVar[int]
    HOST_NAME_FIELD_NUMBER: _ClassVar[int]
    NETWORKS_FIELD_NUMBER: _ClassVar[int]
    NETWORK_LIMITS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    token: str
    certificate_signing_request: bytes
    sealing_key: bytes
    host_name: str
    networks: _containers.RepeatedScalarFieldContainer[str]
    network_limits: _containers.RepeatedScalarFieldContainer[str]
    version: str
    def __init__(self, token: _Optional[str] = ..., certificate_signing_request: _Optional[bytes] = ..., sealing_key: _Optional[bytes] = ..., host_name: _Optional[str] = ..., networks: _Optional[_Iterable[str]] = ..., network_limits: _Optional[_Iterable[str]] = ..., version: _Optional[str] = ...) -> None: ...

class EnrolResponse(_message.Message):
    __slots__ = ("certificate", "certificate_authority", "agent_id", "trust_name", "school_name", "site_name")
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_AUTHORITY_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    TRUST_NAME_FIELD_NUMBER: _ClassVar[int]
    SCHOOL_NAME_FIELD_NUMBER: _ClassVar[int]
    SITE_NAME_FIELD_NUMBER: _ClassVar[int]
    certificate: bytes
    certificate_authority: bytes
    agent_id: str
    trust_name: str
    school_name: str
    site_name: str
    def __init__(self, certificate: _Optional[bytes] = ..., certificate_authority: _Optional[bytes] = ..., agent_id: _Optional[str] = ..., trust_name: _Optional[str] = ..., school_name: _Optional[str] = ..., site_name: _Optional[str] = ...) -> None: ...
