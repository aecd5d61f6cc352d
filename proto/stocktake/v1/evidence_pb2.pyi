import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Evidence(_message.Message):
    __slots__ = ("sightings", "snmp_bindings", "smbios_table", "edid_blocks", "disks", "power", "operating_system", "load", "network_interfaces", "memory_and_processor", "platform_security", "imported_rows")
    SIGHTINGS_FIELD_NUMBER: _ClassVar[int]
    SNMP_BINDINGS_FIELD_NUMBER: _ClassVar[int]
    SMBIOS_TABLE_FIELD_NUMBER: _ClassVar[int]
    EDID_BLOCKS_FIELD_NUMBER: _ClassVar[int]
    DISKS_FIELD_NUMBER: _ClassVar[int]
    POWER_FIELD_NUMBER: _ClassVar[int]
    OPERATING_SYSTEM_FIELD_NUMBER: _ClassVar[int]
    LOAD_FIELD_NUMBER: _ClassVar[int]
    NETWORK_INTERFACES_FIELD_NUMBER: _ClassVar[int]
    MEMORY_AND_PROCESSOR_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_SECURITY_FIELD_NUMBER: _ClassVar[int]
    IMPORTED_ROWS_FIELD_NUMBER: _ClassVar[int]
    sightings: Sightings
    snmp_bindings: SnmpBindings
    smbios_table: SmbiosTable
    edid_blocks: EdidBlocks
    disks: Disks
    power: Power
    operating_system: OperatingSystem
    load: Load
    network_interfaces: NetworkInterfaces
    memory_and_processor: MemoryAndProcessor
    platform_security: PlatformSecurity
    imported_rows: ImportedRows
    def __init__(self, sightings: _Optional[_Union[Sightings, _Mapping]] = ..., snmp_bindings: _Optional[_Union[SnmpBindings, _Mapping]] = ..., smbios_table: _Optional[_Union[SmbiosTable, _Mapping]] = ..., edid_blocks: _Optional[_Union[EdidBlocks, _Mapping]] = ..., disks: _Optional[_Union[Disks, _Mapping]] = ..., power: _Optional[_Union[Power, _Mapping]] = ..., operating_system: _Optional[_Union[OperatingSystem, _Mapping]] = ..., load: _Optional[_Union[Load, _Mapping]] = ..., network_interfaces: _Optional[_Union[NetworkInterfaces, _Mapping]] = ..., memory_and_processor: _Optional[_Union[MemoryAndProcessor, _Mapping]] = ..., platform_security: _Optional[_Union[PlatformSecurity, _Mapping]] = ..., imported_rows: _Optional[_Union[ImportedRows, _Mapping]] = ...) -> None: ...

class Sightings(_message.Message):
    __slots__ = ("sightings", "swept")
    SIGHTINGS_FIELD_NUMBER: _ClassVar[int]
    SWEPT_FIELD_NUMBER: _ClassVar[int]
    sightings: _containers.RepeatedCompositeFieldContainer[Sighting]
    swept: bool
    def __init__(self, sightings: _Optional[_Iterable[_Union[Sighting, _Mapping]]] = ..., swept: _Optional[bool] = ...) -> None: ...

class Sighting(_message.Message):
    __slots__ = ("address", "mac", "interface")
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    MAC_FIELD_NUMBER: _ClassVar[int]
    INTERFACE_FIELD_NUMBER: _ClassVar[int]
    address: bytes
    mac: bytes
    interface: str
    def __init__(self, address: _Optional[bytes] = ..., mac: _Optional[bytes] = ..., interface: _Optional[str] = ...) -> None: ...

class SnmpBindings(_message.Message):
    __slots__ = ("bindings", "tables")
    BINDINGS_FIELD_NUMBER: _ClassVar[int]
    TABLES_FIELD_NUMBER: _ClassVar[int]
    bindings: _containers.RepeatedCompositeFieldContainer[VariableBinding]
    tables: _containers.RepeatedCompositeFieldContainer[TableWalk]
    def __init__(self, bindings: _Optional[_Iterable[_Union[VariableBinding, _Mapping]]] = ..., tables: _Optional[_Iterable[_Union[TableWalk, _Mapping]]] = ...) -> None: ...

class VariableBinding(_message.Message):
    __slots__ = ("oid", "type", "value")
    OID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    oid: str
    type: int
    value: bytes
    def __init__(self, oid: _Optional[str] = ..., type: _Optional[int] = ..., value: _Optional[bytes] = ...) -> None: ...

class TableWalk(_message.Message):
    __slots__ = ("root", "complete")
    ROOT_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_FIELD_NUMBER: _ClassVar[int]
    root: str
    complete: bool
    def __init__(self, root: _Optional[str] = ..., complete: _Optional[bool] = ...) -> None: ...

class SmbiosTable(_message.Message):
    __slots__ = ("entry_point", "table", "pieces")
    ENTRY_POINT_FIELD_NUMBER: _ClassVar[int]
    TABLE_FIELD_NUMBER: _ClassVar[int]
    PIECES_FIELD_NUMBER: _ClassVar[int]
    entry_point: bytes
    table: bytes
    pieces: _containers.RepeatedCompositeFieldContainer[SmbiosPiece]
    def __init__(self, entry_point: _Optional[bytes] = ..., table: _Optional[bytes] = ..., pieces: _Optional[_Iterable[_Union[SmbiosPiece, _Mapping]]] = ...) -> None: ...

class SmbiosPiece(_message.Message):
    __slots__ = ("name", "text")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    name: str
    text: str
    def __init__(self, name: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class EdidBlocks(_message.Message):
    __slots__ = ("blocks",)
    BLOCKS_FIELD_NUMBER: _ClassVar[int]
    blocks: _containers.RepeatedCompositeFieldContainer[EdidBlock]
    def __init__(self, blocks: _Optional[_Iterable[_Union[EdidBlock, _Mapping]]] = ...) -> None: ...

class EdidBlock(_message.Message):
    __slots__ = ("connector", "block")
    CONNECTOR_FIELD_NUMBER: _ClassVar[int]
    BLOCK_FIELD_NUMBER: _ClassVar[int]
    connector: str
    block: bytes
    def __init__(self, connector: _Optional[str] = ..., block: _Optional[bytes] = ...) -> None: ...

class Disks(_message.Message):
    __slots__ = ("disks",)
    DISKS_FIELD_NUMBER: _ClassVar[int]
    disks: _containers.RepeatedCompositeFieldContainer[Disk]
    def __init__(self, disks: _Optional[_Iterable[_Union[Disk, _Mapping]]] = ...) -> None: ...

class Disk(_message.Message):
    __slots__ = ("name", "model", "serial", "firmware", "size_bytes", "rotational", "smart_json")
    NAME_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    SERIAL_FIELD_NUMBER: _ClassVar[int]
    FIRMWARE_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    ROTATIONAL_FIELD_NUMBER: _ClassVar[int]
    SMART_JSON_FIELD_NUMBER: _ClassVar[int]
    name: str
    model: str
    serial: str
    firmware: str
    size_bytes: int
    rotational: bool
    smart_json: bytes
    def __init__(self, name: _Optional[str] = ..., model: _Optional[str] = ..., serial: _Optional[str] = ..., firmware: _Optional[str] = ..., size_bytes: _Optional[int] = ..., rotational: _Optional[bool] = ..., smart_json: _Optional[bytes] = ...) -> None: ...

class Power(_message.Message):
    __slots__ = ("batteries", "mains_online")
    BATTERIES_FIELD_NUMBER: _ClassVar[int]
    MAINS_ONLINE_FIELD_NUMBER: _ClassVar[int]
    batteries: _containers.RepeatedCompositeFieldContainer[Battery]
    mains_online: bool
    def __init__(self, batteries: _Optional[_Iterable[_Union[Battery, _Mapping]]] = ..., mains_online: _Optional[bool] = ...) -> None: ...

class Battery(_message.Message):
    __slots__ = ("name", "manufacturer", "model", "serial", "technology", "manufacture_date", "design_milliwatt_hours", "full_milliwatt_hours", "cycle_count", "charge_percent")
    NAME_FIELD_NUMBER: _ClassVar[int]
    MANUFACTURER_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    SERIAL_FIELD_NUMBER: _ClassVar[int]
    TECHNOLOGY_FIELD_NUMBER: _ClassVar[int]
    MANUFACTURE_DATE_FIELD_NUMBER: _ClassVar[int]
    DESIGN_MILLIWATT_HOURS_FIELD_NUMBER: _ClassVar[int]
    FULL_MILLIWATT_HOURS_FIELD_NUMBER: _ClassVar[int]
    CYCLE_COUNT_FIELD_NUMBER: _ClassVar[int]
    CHARGE_PERCENT_FIELD_NUMBER: _ClassVar[int]
    name: str
    manufacturer: str
    model: str
    serial: str
    technology: str
    manufacture_date: str
    design_milliwatt_hours: int
    full_milliwatt_hours: int
    cycle_count: int
    charge_percent: int
    def __init__(self, name: _Optional[str] = ..., manufacturer: _Optional[str] = ..., model: _Optional[str] = ..., serial: _Optional[str] = ..., technology: _Optional[str] = ..., manufacture_date: _Optional[str] = ..., design_milliwatt_hours: _Optional[int] = ..., full_milliwatt_hours: _Optional[int] = ..., cycle_count: _Optional[int] = ..., charge_percent: _Optional[int] = ...) -> None: ...

class OperatingSystem(_message.Message):
    __slots__ = ("product", "name", "version", "edition", "build", "kernel", "architecture", "host_name", "install_time")
    PRODUCT_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    EDITION_FIELD_NUMBER: _ClassVar[int]
    BUILD_FIELD_NUMBER: _ClassVar[int]
    KERNEL_FIELD_NUMBER: _ClassVar[int]
    ARCHITECTURE_FIELD_NUMBER: _ClassVar[int]
    HOST_NAME_FIELD_NUMBER: _ClassVar[int]
    INSTALL_TIME_FIELD_NUMBER: _ClassVar[int]
    product: str
    name: str
    version: str
    edition: str
    build: str
    kernel: str
    architecture: str
    host_name: str
    install_time: _timestamp_pb2.Timestamp
    def __init__(self, product: _Optional[str] = ..., name: _Optional[str] = ..., version: _Optional[str] = ..., edition: _Optional[str] = ..., build: _Optional[str] = ..., kernel: _Optional[str] = ..., architecture: _Optional[str] = ..., host_name: _Optional[str] = ..., install_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Load(_message.Message):
    __slots__ = ("averages", "processor_percent", "memory_used_bytes", "uptime_seconds", "volumes")
    AVERAGES_FIELD_NUMBER: _ClassVar[int]
    PROCESSOR_PERCENT_FIELD_NUMBER: _ClassVar[int]
    MEMORY_USED_BYTES_FIELD_NUMBER: _ClassVar[int]
    UPTIME_SECONDS_FIELD_NUMBER: _ClassVar[int]
    VOLUMES_FIELD_NUMBER: _ClassVar[int]
    averages: _containers.RepeatedScalarFieldContainer[float]
    processor_percent: float
    memory_used_bytes: int
    uptime_seconds: int
    volumes: _containers.RepeatedCompositeFieldContainer[Volume]
    def __init__(self, averages: _Optional[_Iterable[float]] = ..., processor_percent: _Optional[float] = ..., memory_used_bytes: _Optional[int] = ..., uptime_seconds: _Optional[int] = ..., volumes: _Optional[_Iterable[_Union[Volume, _Mapping]]] = ...) -> None: ...

class Volume(_message.Message):
    __slots__ = ("mount", "file_system", "size_bytes", "used_bytes")
    MOUNT_FIELD_NUMBER: _ClassVar[int]
    FILE_SYSTEM_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    USED_BYTES_FIELD_NUMBER: _ClassVar[int]
    mount: str
    file_system: str
    size_bytes: int
    used_bytes: int
    def __init__(self, mount: _Optional[str] = ..., file_system: _Optional[str] = ..., size_bytes: _Optional[int] = ..., used_bytes: _Optional[int] = ...) -> None: ...

class NetworkInterfaces(_message.Message):
    __slots__ = ("interfaces",)
    INTERFACES_FIELD_NUMBER: _ClassVar[int]
    interfaces: _containers.RepeatedCompositeFieldContainer[NetworkInterface]
    def __init__(self, interfaces: _Optional[_Iterable[_Union[NetworkInterface, _Mapping]]] = ...) -> None: ...

class NetworkInterface(_message.Message):
    __slots__ = ("name", "mac", "addresses", "kind", "up", "speed_megabits_per_second", "mtu", "driver", "permanent_mac")
    NAME_FIELD_NUMBER: _ClassVar[int]
    MAC_FIELD_NUMBER: _ClassVar[int]
    ADDRESSES_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    UP_FIELD_NUMBER: _ClassVar[int]
    SPEED_MEGABITS_PER_SECOND_FIELD_NUMBER: _ClassVar[int]
    MTU_FIELD_NUMBER: _ClassVar[int]
    DRIVER_FIELD_NUMBER: _ClassVar[int]
    PERMANENT_MAC_FIELD_NUMBER: _ClassVar[int]
    name: str
    mac: bytes
    addresses: _containers.RepeatedScalarFieldContainer[str]
    kind: str
    up: bool
    speed_megabits_per_second: int
    mtu: int
    driver: str
    permanent_mac: bytes
    def __init__(self, name: _Optional[str] = ..., mac: _Optional[bytes] = ..., addresses: _Optional[_Iterable[str]] = ..., kind: _Optional[str] = ..., up: _Optional[bool] = ..., speed_megabits_per_second: _Optional[int] = ..., mtu: _Optional[int] = ..., driver: _Optional[str] = ..., permanent_mac: _Optional[bytes] = ...) -> None: ...

class MemoryAndProcessor(_message.Message):
    __slots__ = ("memory_bytes", "processor", "processor_vendor", "sockets", "cores", "threads", "hypervisor")
    MEMORY_BYTES_FIELD_NUMBER: _ClassVar[int]
    PROCESSOR_FIELD_NUMBER: _ClassVar[int]
    PROCESSOR_VENDOR_FIELD_NUMBER: _ClassVar[int]
    SOCKETS_FIELD_NUMBER: _ClassVar[int]
    CORES_FIELD_NUMBER: _ClassVar[int]
    THREADS_FIELD_NUMBER: _ClassVar[int]
    HYPERVISOR_FIELD_NUMBER: _ClassVar[int]
    memory_bytes: int
    processor: str
    processor_vendor: str
    sockets: int
    cores: int
    threads: int
    hypervisor: str
    def __init__(self, memory_bytes: _Optional[int] = ..., processor: _Optional[str] = ..., processor_vendor: _Optional[str] = ..., sockets: _Optional[int] = ..., cores: _Optional[int] = ..., threads: _Optional[int] = ..., hypervisor: _Optional[str] = ...) -> None: ...

class PlatformSecurity(_message.Message):
    __slots__ = ("tpm_present", "tpm_version", "secure_boot", "firmware_mode")
    TPM_PRESENT_FIELD_NUMBER: _ClassVar[int]
    TPM_VERSION_FIELD_NUMBER: _ClassVar[int]
    SECURE_BOOT_FIELD_NUMBER: _ClassVar[int]
    FIRMWARE_MODE_FIELD_NUMBER: _ClassVar[int]
    tpm_present: bool
    tpm_version: str
    secure_boot: bool
    firmware_mode: str
    def __init__(self, tpm_present: _Optional[bool] = ..., tpm_version: _Optional[str] = ..., secure_boot: _Optional[bool] = ..., firmware_mode: _Optional[str] = ...) -> None: ...

class ImportedRows(_message.Message):
    __slots__ = ("rows",)
    ROWS_FIELD_NUMBER: _ClassVar[int]
    rows: _containers.RepeatedCompositeFieldContainer[ImportedRow]
    def __init__(self, rows: _Optional[_Iterable[_Union[ImportedRow, _Mapping]]] = ...) -> None: ...

class ImportedRow(_message.Message):
    __slots__ = ("columns",)
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    columns: _containers.RepeatedCompositeFieldContainer[ImportedColumn]
    def __init__(self, columns: _Optional[_Iterable[_Union[ImportedColumn, _Mapping]]] = ...) -> None: ...

class ImportedColumn(_message.Message):
    __slots__ = ("name", "text")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    name: str
    text: str
    def __init__(self, name: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...
