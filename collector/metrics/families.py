"""What all pages of metrics share: families, their labels, and how they are written for Prometheus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from collector.facts import CLASSES, text
from collector.store.register import SchoolRow

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4  # what every Prometheus since 2014 reads
LABEL_LIMIT = 64  # characters
URN_LIMIT = 16  # characters
OTHER = "other"  # stands for a reason or class that is not in its closed list

Sample = tuple[tuple[str, ...], float]


@dataclass(frozen=True, slots=True)
class Family:
    """One metric: its name without `stocktake_`, its type, its labels beside `trust`, and what it says."""

    name: str
    kind: str
    labels: tuple[str, ...]
    help: str


def known_class(device_class: str) -> str:
    """A class as a label: a word of the closed list, or `other`."""
    return device_class if device_class in CLASSES else OTHER


def filled(family: Family, trust_id: str, samples: Iterable[Sample]) -> Metric:
    """A family with its samples."""
    metric = Metric(f"stocktake_{family.name.removesuffix('_info')}", family.help, family.kind)
    suffix = {"counter": "_total", "info": "_info"}.get(family.kind, "")
    for values, number in samples:
        labels = {"trust": trust_id} | dict(zip(family.labels, values, strict=True))
        metric.add_sample(f"{metric.name}{suffix}", labels, number)
    return metric


def page(found: Iterable[Metric], registry: CollectorRegistry | None = None) -> bytes:
    """Families in Prometheus' text format, after what the registry says already."""
    told = registry or CollectorRegistry()
    told.register(_Reading(tuple(found)))
    return generate_latest(told)


class _Reading(Collector):
    """Hands one reading to prometheus_client."""

    def __init__(self, found: Iterable[Metric]) -> None:
        self._found = found

    def collect(self) -> Iterable[Metric]:
        return self._found

    def describe(self) -> Iterable[Metric]:
        return ()


def school_labels(schools: Iterable[SchoolRow]) -> dict[str, str]:
    """School id → the URN where it is the school's alone, else the id: two schools never share a series."""
    urns = {school.school_id: text(school.urn, URN_LIMIT) for school in schools}
    holders = Counter(urns.values())
    return {school_id: urn if urn and holders[urn] == 1 else school_id for school_id, urn in urns.items()}
