"""The file in which evidence travels where there is no link: a heading, then serialised reports, each with its length.

`stocktake-agent scan --save` writes it, `stocktake-collector import` reads it. What is in a report is unknown here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

HEADING = b"stocktake evidence 1\n"
REPORT_LIMIT = 16 * 2**20  # octets; a report of the largest recorded switch has 3 MB

_LENGTH = struct.Struct(">I")


class SaveFileError(ValueError):
    """The file is not what it should be; the text says what is wrong."""


def begin(file: BinaryIO) -> None:
    """Write the heading of a new file."""
    file.write(HEADING)


def add(file: BinaryIO, report: bytes) -> None:
    """Write one serialised report."""
    file.write(_LENGTH.pack(len(report)) + report)


def read(path: Path) -> Iterator[bytes]:
    """The serialised reports of a file, in order. SaveFileError also where the file ends in the middle of one."""
    with path.open("rb") as file:
        if file.read(len(HEADING)) != HEADING:
            raise SaveFileError("this is no file that 'stocktake-agent scan --save' wrote")
        while prefix := file.read(_LENGTH.size):
            length = _LENGTH.unpack(prefix)[0] if len(prefix) == _LENGTH.size else REPORT_LIMIT + 1
            report = file.read(length) if length <= REPORT_LIMIT else b""
            if len(report) != length:
                raise SaveFileError("the file is cut short or damaged: copy it again, whole")
            yield report
