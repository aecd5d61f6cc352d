"""Decides which device evidence is of. Pure: it knows claims and what people said, no store, no network, no clock.

`partition` says which claims are of one device; `holders.assign` gives the groups to devices whose ids live for ever.
"""

from __future__ import annotations

from collector.resolve.claims import Claim, Group, Mark, Partition, Question, Span, Verdict, Word
from collector.resolve.partition import partition

__all__ = ["Claim", "Group", "Mark", "Partition", "Question", "Span", "Verdict", "Word", "partition"]
