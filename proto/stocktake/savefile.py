"""The file that carries reports where no network does: a header, then each serialised report with length and checksum.

`stocktake-agent scan --save` writes it, `stocktake-collector import` reads it. It does not know what a report says. A
file that ends early or was damaged gives what stands before the damage, and then says where it is.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

MAGIC = b"stocktake evidence 1\n"
REPORT_LIMIT_BYTES = 64 * 1024 * 1024

_HEAD = struct.Struct(">II")  # length, CRC-32


class SaveFileError(ValueError):
    """The file is none of ours, or damaged; the text says where."""


class Writer:
    """Appends reports to a file that was opened for writing in binary mode, and is the caller's to close."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._file.write(MAGIC)

    def write(self, report: bytes) -> None:
        """Append one serialised report."""
        if len(report) > REPORT_LIMIT_BYTES:
            raise SaveFileError(f"a report of {len(report)} bytes is larger than {REPORT_LIMIT_BYTES}")
        self._file.write(_HEAD.pack(len(report), zlib.crc32(report)) + report)


def read(file: BinaryIO) -> Iterator[bytes]:
    """The serialised reports of a file, one by one; SaveFileError after the last one that can be read."""
    if file.read(len(MAGIC)) != MAGIC:
        raise SaveFileError("this is no file of evidence; one is written by: stocktake-agent scan --save FILE")
    place = len(MAGIC)
    while head := file.read(_HEAD.size):
        report = _report(file, head, place)
        yield report
        place += _HEAD.size + len(report)


def _report(file: BinaryIO, head: bytes, place: int) -> bytes:
    if len(head) < _HEAD.size:
        raise SaveFileError(f"the file ends in the middle of a report, at byte {place}")
    length, checksum = _HEAD.unpack(head)
    if length > REPORT_LIMIT_BYTES:
        raise SaveFileError(f"the file is damaged at byte {place}: a report of {length} bytes")
    report = file.read(length)
    if len(report) < length:
        raise SaveFileError(f"the file ends in the middle of a report, at byte {place}")
    if zlib.crc32(report) != checksum:
        raise SaveFileError(f"the file is damaged at byte {place}: the checksum does not match")
    return report
