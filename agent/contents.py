"""Which contents the collector holds already, so that only what changed travels.

Pure: it knows neither the spool, which remembers, nor the wire, which carries.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

from stocktake.values import Examination, GroupResult, Outcome
from stocktake.wire import digest, encode_content

#: where a content belongs: subject, method, group, and which of several results of that name it is
Key = bytes


def slimmed(examination: Examination, known: Callable[[Key], bytes | None]) -> tuple[Examination, dict[Key, bytes]]:
    """The examination with every complete content that is `known` replaced by its digest.

    Returns the new contents as well, key to digest: they are known once this examination is on its way. Contents that
    were cut short are sent as they are and change nothing of what is known.
    """
    fresh: dict[Key, bytes] = {}
    groups = []
    for key, group in _keyed(examination):
        if group.outcome is Outcome.COMPLETE and group.content is not None:
            found = digest(encode_content(group.content))
            if known(key) == found:
                group = GroupResult(group.group, Outcome.UNCHANGED, None, found, group.detail)  # noqa: PLW2901
            else:
                fresh[key] = found
        groups.append(group)
    return replace(examination, groups=tuple(groups)), fresh


def unchanged_keys(examination: Examination) -> list[Key]:
    """Where the examination relies on contents that were sent before."""
    return [key for key, group in _keyed(examination) if group.outcome is Outcome.UNCHANGED]


def holds(examination: Examination, digests: frozenset[bytes]) -> bool:
    """Whether one of these contents stands in the examination."""
    return any(group.digest in digests for group in examination.groups)


def _keyed(examination: Examination) -> Iterator[tuple[Key, GroupResult]]:
    subject = examination.subject
    parts = (
        str(subject.kind.value), subject.address, subject.mac, subject.network, subject.source,
        str(examination.method.value), str(examination.relayed),
    )  # fmt: skip
    seen: Counter[str] = Counter()
    for group in examination.groups:
        seen[group.group] += 1
        yield digest("\0".join((*parts, group.group, str(seen[group.group]))).encode()), group


def pieces(examination: Examination, limit_bytes: int) -> list[Examination]:
    """The examination in parts, each within the limit but for a group that is larger alone: no group is split."""
    parts: list[list[GroupResult]] = [[]]
    size = 0
    for group in examination.groups:
        length = len(encode_content(group.content)) if group.content is not None else 0
        if parts[-1] and size + length > limit_bytes:
            parts.append([])
            size = 0
        parts[-1].append(group)
        size += length
    return [replace(examination, groups=tuple(part)) for part in parts]
