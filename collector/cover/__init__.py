"""Support cover: who supports which device until when, who provides which service, and how people judge both. Pure.

It knows no store, clock or file: devices, contracts, services, marks and the day are parameters.
"""

from __future__ import annotations

from collector.cover.laying import lay
from collector.cover.values import Contract, Cover, Device, Kind, State, Wanted

__all__ = ["Contract", "Cover", "Device", "Kind", "State", "Wanted", "lay"]
