"""The version of this program. A module of its own, because finding it costs memory that a resting agent can spare."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def agent_version() -> str:
    """The version of this package; empty where it is not installed."""
    try:
        return version("stocktake")
    except PackageNotFoundError:
        return ""
