"""Where the programs that tests run are found."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

#: where Debian keeps programs that are not on everybody's PATH
FOLDERS = ("/usr/sbin", "/sbin", "/usr/local/sbin")


def find_program(name: str) -> str | None:
    """The path of a program on PATH, in the system folders, or in PostgreSQL's own; None where it is not installed."""
    postgres = sorted(str(folder) for folder in Path("/usr/lib/postgresql").glob("*/bin"))
    return shutil.which(name) or shutil.which(name, path=os.pathsep.join([*FOLDERS, *postgres]))
