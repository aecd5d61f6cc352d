"""Stores of tests that need no database of each kind: SQLite, and brought to today's schema once for all of them."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

from collector.store import Store


def fresh_store(path: Path | str) -> Store:
    """The store in a file, opened; where there is none yet, an empty one that has today's schema already."""
    path = Path(path)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(migrated_file(), path)
    return Store.open(f"sqlite:///{path}")


@functools.cache
def migrated_file() -> Path:
    """An empty store, migrated step by step once in each process that tests."""
    folder = Path(tempfile.mkdtemp(prefix="stocktake-migrated-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "stocktake.db"
    Store.open(f"sqlite:///{path}").close()
    return path
