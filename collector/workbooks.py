"""Workbooks whose one large sheet is written as its rows are taken: memory does not grow with them. Pure.

A workbook (ECMA-376) is a ZIP of parts. It knows no row and no style: whoever writes one hands over both.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from typing import IO

_STAMP = (1980, 1, 1, 0, 0, 0)  # of every part: the first that ZIP knows, so that the same content is the same file
_LEVEL = 3  # of compression: the next ones take twice as long for a tenth less


def write(out: IO[bytes], sheet: str, pieces: Iterable[bytes], frame: Callable[[], bytes]) -> None:
    """Write the sheet piece by piece, then the other parts of the frame: a workbook made once the rows are known."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        with archive.open(_part(sheet), "w", force_zip64=True) as part:
            for piece in pieces:
                part.write(piece)
        with zipfile.ZipFile(io.BytesIO(frame())) as made:
            for name in made.namelist():
                if name != sheet:
                    archive.writestr(_part(name), made.read(name))


def _part(name: str) -> zipfile.ZipInfo:
    part = zipfile.ZipInfo(name, _STAMP)
    part.compress_type = zipfile.ZIP_DEFLATED
    part.external_attr = 0o600 << 16
    return part
