"""SMBIOS (DMTF DSP0134): maker, model, serial, UUID, chassis, BIOS, processors and memory of a computer.

Reads the raw structure table, or the pieces that an unprivileged reader gets from the operating system. Firmware fills
the fields carelessly: placeholders are refused, the baseboard and the chassis stand in for a system that says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from collector.facts import identifier_text, maker_name, named_text, text, uuid
from collector.knowledge import Statement, Witness
from stocktake.values import SmbiosTable

READS = SmbiosTable
MOST_STRUCTURES = 2_048
MOST_PARTS = 64  # memory modules or processors
LITTLE_ENDIAN_SINCE = (2, 6)  # DSP0134 7.2.1: from then on the first three fields of the UUID are little-endian
END_OF_TABLE = 127

DESKTOP, LAPTOP, SERVER, TABLET = "desktop", "laptop", "server", "tablet"
#: chassis types (DSP0134 7.4.1) that tell a class
CHASSIS = {3: DESKTOP, 4: DESKTOP, 5: DESKTOP, 6: DESKTOP, 7: DESKTOP, 8: LAPTOP, 9: LAPTOP, 10: LAPTOP, 11: TABLET,
           13: DESKTOP, 14: LAPTOP, 15: DESKTOP, 16: DESKTOP, 17: SERVER, 23: SERVER, 24: DESKTOP, 25: SERVER,
           28: SERVER, 29: SERVER, 30: TABLET, 31: LAPTOP, 32: LAPTOP, 35: DESKTOP, 36: DESKTOP}  # fmt: skip
#: what virtual machines call themselves in maker, model or BIOS
VIRTUAL = re.compile(
    r"vmware|virtualbox|innotek|qemu|\bkvm\b|bochs|\bxen\b|hvm domu|virtual machine|parallels|google compute|amazon ec2"
    r"|openstack|ovirt|rhev|nutanix ahv|bhyve|proxmox|alibaba cloud|digitalocean|droplet|standard pc \(",
    re.IGNORECASE,
)
DESKTOP_MODELS = re.compile(r"^(imac|macmini|mac mini|macpro|mac pro)", re.IGNORECASE)  # Apple calls them laptops
SERVER_MODELS = re.compile(
    r"proliant|poweredge|primergy|thinksystem|system x\d|supermicro|\bsuper server", re.IGNORECASE
)
MEMORY_TYPES = {0x0F: "SDRAM", 0x12: "DDR", 0x13: "DDR2", 0x18: "DDR3", 0x1A: "DDR4", 0x1B: "LPDDR", 0x1C: "LPDDR2",
                0x1D: "LPDDR3", 0x1E: "LPDDR4", 0x20: "HBM", 0x22: "DDR5", 0x23: "LPDDR5"}  # fmt: skip
DATE = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})$")


@dataclass(frozen=True, slots=True)
class Structure:
    """One structure: its type, its formatted octets (header included) and its strings."""

    kind: int
    octets: bytes
    strings: tuple[bytes, ...]

    def number(self, offset: int, size: int = 1) -> int:
        """The little-endian number at an offset, or 0 where the structure is shorter."""
        return int.from_bytes(self.octets[offset : offset + size], "little") if len(self.octets) >= offset + size else 0

    def string(self, offset: int) -> str:
        """The string that the octet at an offset numbers, or ""."""
        index = self.number(offset)
        return text(self.strings[index - 1]) if 0 < index <= len(self.strings) else ""


@dataclass(frozen=True, slots=True)
class Board:
    """What one level (system, baseboard, chassis) says of itself, and where its maker, model and serial stand."""

    maker: str = ""
    model: str = ""
    version: str = ""
    serial: str = ""
    places: tuple[str, str, str] = ("", "", "")


def read(content: SmbiosTable, witness: Witness) -> Iterator[Statement]:
    """All that the table tells; the pieces where there is no table."""
    if not content.table:
        yield from _pieces(dict(content.pieces), witness)
        return
    structures = list(structures_of(content.table))
    if not structures:
        yield from witness.unread(f"no SMBIOS structure in {len(content.table)} octets")
    first = {s.kind: s for s in reversed(structures)}
    yield from _bios(first.get(0), witness)
    yield from _machine([_board(first.get(kind), kind) for kind in (1, 2, 3)], witness)
    yield from witness.fact("uuid", _uuid(first.get(1), version_of(content.entry_point)), "type 1 offset 8")
    yield from _system(first.get(1), first.get(3), witness)
    yield from _parts(structures, witness)


def structures_of(table: bytes) -> Iterator[Structure]:
    """The structures of a table in order, up to the end marker or to where they stop making sense."""
    at = 0
    for _ in range(MOST_STRUCTURES):
        length = table[at + 1] if at + 4 <= len(table) else 0
        end = table.find(b"\0\0", at + length)
        if length < 4 or at + length > len(table):
            return
        end = len(table) if end < 0 else end
        strings = tuple(table[at + length : end].split(b"\0"))
        yield Structure(table[at], table[at : at + length], strings)
        if table[at] == END_OF_TABLE:
            return
        at = end + 2


def version_of(entry_point: bytes) -> tuple[int, int]:
    """The SMBIOS version of an entry point (32 or 64 bit); (3, 0) where there is none, as every recent table is."""
    if entry_point.startswith(b"_SM3_") and len(entry_point) >= 9:
        return entry_point[7], entry_point[8]
    if entry_point.startswith(b"_SM_") and len(entry_point) >= 8:
        return entry_point[6], entry_point[7]
    return 3, 0


def _uuid(system: Structure | None, version: tuple[int, int]) -> str:
    raw = system.octets[8:24] if system else b""
    if len(raw) != 16:
        return ""
    if version >= LITTLE_ENDIAN_SINCE:
        raw = raw[3::-1] + raw[5:3:-1] + raw[7:5:-1] + raw[8:]
    digits = raw.hex()
    return uuid("-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])))


def _board(structure: Structure | None, kind: int) -> Board:
    """Types 1, 2 and 3 hold maker, model, version and serial from octet 4 on; type 3 has a type, no model."""
    if structure is None:
        return Board()
    model = "" if kind == 3 else structure.string(5)
    places = (f"type {kind} offset 4", f"type {kind} offset 5", f"type {kind} offset 7")
    return Board(structure.string(4), model, structure.string(6), structure.string(7), places)


def _piece_board(pieces: dict[str, str], maker: str, prefix: str) -> Board:
    model = "" if prefix == "chassis" else pieces.get(f"{prefix}_name", "")
    version, serial = pieces.get(f"{prefix}_version", ""), pieces.get(f"{prefix}_serial", "")
    return Board(pieces.get(maker, ""), model, version, serial, (maker, f"{prefix}_name", f"{prefix}_serial"))


def _machine(boards: list[Board], witness: Witness) -> Iterator[Statement]:
    """Maker, model and serial: the system's own, else the baseboard's or the chassis'."""
    system, baseboard, _ = boards
    for board, maker, model, serial in zip(boards, (70, 40, 30), (70, 30, 0), (80, 30, 50), strict=True):
        yield from witness.fact("maker", maker_name(board.maker), board.places[0], weight=maker)
        yield from witness.fact("model", _model(board), board.places[1], weight=model)
        yield from witness.fact("serial", identifier_text(board.serial), board.places[2], weight=serial)
    yield from witness.fact("baseboard", named_text(baseboard.model), baseboard.places[1])
    if VIRTUAL.search(f"{system.maker} {system.model}"):
        yield from witness.vote("virtual machine", 200, "virtual", system.places[1])
    elif SERVER_MODELS.search(f"{system.maker} {system.model} {baseboard.maker}"):
        yield from witness.vote("server", 90, "model", system.places[1])
    elif DESKTOP_MODELS.search(system.model):
        yield from witness.vote("desktop", 100, "model", system.places[1])


def _model(board: Board) -> str:
    """The model people know: Lenovo writes it into the version and the machine type into the product name."""
    model, version = named_text(board.model), named_text(board.version)
    if maker_name(board.maker) == "Lenovo" and re.search(r"[a-z]{3}", version, re.IGNORECASE) and len(version) > 5:
        return version.removeprefix("Lenovo ")
    return model


def _system(system: Structure | None, chassis: Structure | None, witness: Witness) -> Iterator[Statement]:
    if system:
        numbers = {"product_number": named_text(system.string(5)), "sku": named_text(system.string(0x19)),
                   "family": named_text(system.string(0x1A))}  # fmt: skip
        yield from witness.facts(numbers, "type 1")
    if chassis:
        yield from witness.fact("asset_tag", identifier_text(chassis.string(8)), "type 3 offset 8")
        yield from _chassis(chassis.number(5) & 0x7F, "type 3 offset 5", witness)


def _chassis(kind: int, place: str, witness: Witness) -> Iterator[Statement]:
    if kind in CHASSIS:
        yield from witness.vote(CHASSIS[kind], 80, "chassis", place)


def _bios(structure: Structure | None, witness: Witness) -> Iterator[Statement]:
    if structure:
        yield from _firmware(structure.string(4), structure.string(5), structure.string(8), witness)


def _firmware(vendor: str, version: str, day: str, witness: Witness) -> Iterator[Statement]:
    yield from witness.fact("firmware", named_text(version), "type 0 offset 5", weight=60)
    yield from witness.fact("bios_maker", maker_name(vendor), "type 0 offset 4")
    yield from witness.fact("bios_date", _day(day), "type 0 offset 8")


def _day(value: str) -> str:
    """A date as mm/dd/yy or mm/dd/yyyy (DSP0134 7.1) in ISO form, or ""."""
    match = DATE.match(value)
    if not match:
        return ""
    month, day, year = (int(part) for part in match.groups())
    try:
        return date(year if year > 99 else 1900 + year, month, day).isoformat()
    except ValueError:
        return ""


def _parts(structures: list[Structure], witness: Witness) -> Iterator[Statement]:
    """Processors that are there (status bit 6, type central) and memory modules that are (a size)."""
    processors = [s for s in structures if s.kind == 4 and s.number(0x18) & 0x40 and s.number(5) == 3]
    for position, structure in enumerate(processors[:MOST_PARTS]):
        yield from _processor(structure, f"processor/{position}", witness)
    yield from _memory([s for s in structures if s.kind == 17 and s.number(0xC, 2)][:MOST_PARTS], witness)


def _memory(modules: list[Structure], witness: Witness) -> Iterator[Statement]:
    """Every module, and the sum where the size of each is known."""
    sizes = [_size(structure) for structure in modules]
    for position, (structure, size) in enumerate(zip(modules, sizes, strict=True)):
        name = structure.string(0x10)[:64]
        yield from _module(structure, size, f"memory/{name or position}", witness)
    known = [size for size in sizes if size is not None]
    if known and len(known) == len(sizes):
        yield from witness.fact("memory", sum(known), "type 17", unit="bytes", weight=60)


def _processor(structure: Structure, component: str, witness: Witness) -> Iterator[Statement]:
    name = named_text(structure.string(0x10))
    yield from witness.fact("name", name, "type 4 offset 16", component=component)
    yield from witness.fact("processor", name, "type 4 offset 16", weight=40)
    cores = structure.number(0x23)
    yield from witness.facts({"maker": maker_name(structure.string(7)), "socket": named_text(structure.string(4)),
                              "cores": structure.number(0x2A, 2) if cores == 0xFF else cores or None},
                             "type 4", component=component)  # fmt: skip


def _size(module: Structure) -> int | None:
    """Octets of a memory module (DSP0134 7.18.1), or None where the firmware does not know."""
    size = module.number(0xC, 2)
    if size == 0xFFFF:
        return None
    if size == 0x7FFF:
        return (module.number(0x1C, 4) & 0x7FFFFFFF) << 20
    return (size & 0x7FFF) << (10 if size & 0x8000 else 20)


def _module(structure: Structure, size: int | None, component: str, witness: Witness) -> Iterator[Statement]:
    told = {
        "size [bytes]": size,
        "type": MEMORY_TYPES.get(structure.number(0x12)),
        "maker": maker_name(structure.string(0x17)),
        "serial": identifier_text(structure.string(0x18)),
        "model": named_text(structure.string(0x1A)),
    }
    yield from witness.facts(told, "type 17", component=component)


def _pieces(pieces: dict[str, str], witness: Witness) -> Iterator[Statement]:
    """The same from names as in /sys/class/dmi/id; serials and UUID are there only for a privileged reader."""
    bios = (pieces.get("bios_vendor", ""), pieces.get("bios_version", ""), pieces.get("bios_date", ""))
    yield from _firmware(*bios, witness)
    boards = (("sys_vendor", "product"), ("board_vendor", "board"), ("chassis_vendor", "chassis"))
    yield from _machine([_piece_board(pieces, *names) for names in boards], witness)
    yield from witness.fact("uuid", uuid(pieces.get("product_uuid", "")), "product_uuid")
    yield from witness.fact("asset_tag", identifier_text(pieces.get("chassis_asset_tag", "")), "chassis_asset_tag")
    for name, piece in (("product_number", "product_name"), ("sku", "product_sku"), ("family", "product_family")):
        yield from witness.fact(name, named_text(pieces.get(piece, "")), piece)
    kind = pieces.get("chassis_type", "")
    if kind.isdecimal() and len(kind) < 4:
        yield from _chassis(int(kind), "chassis_type", witness)
