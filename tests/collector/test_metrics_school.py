"""The page of one school: ages as timestamps, nothing for what is not known, and labels that stay harmless."""

from __future__ import annotations

import dataclasses
import subprocess
from datetime import UTC, date, datetime

import pytest
from prometheus_client.parser import text_string_to_metric_families
from trusts import START, Trust, entity, system

from collector import metrics
from collector.metrics import school
from collector.metrics.school import School
from collector.store import Store
from collector.store.register import DeviceRow

SEEN = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
HOSTILE = '"} evil 1\n# HELP <img src=x onerror=alert(1)> \x1b[31m\u202e=cmd|' + "x" * 100
SAFE = '"} evil 1 # HELP <img src=x onerror=alert(1)> [31m=cmd|' + "x" * 100
KNOWN = DeviceRow(
    "d1", "elm", "Elm", "switch", "Cisco", "WS-C2960X-24TS-L", "FOC2016X0AB", "", "core", "10.1.0.1", "", "",
    SEEN, SEEN, "a1", "SNMP_V2C", date(2016, 4, 1), date(2016, 5, 11), date(2016, 4, 21), "high",
    support_known=True, support_ends=date(2027, 10, 31),
)  # fmt: skip
UNKNOWN = dataclasses.replace(
    KNOWN, device_id="d2", device_class="unknown", maker="", model="", name="", made_earliest=None, made_latest=None,
    made_best=None, made_confidence="none", support_known=False, support_ends=None,
)  # fmt: skip


def page(*rows: DeviceRow) -> str:
    return metrics.page(school.families(School("100001", rows), "trust")).decode()


def samples(text: str) -> dict[tuple[str, str], float]:
    """(name, device) → number."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            assert {"trust": "trust", "school": "100001"}.items() <= sample.labels.items()
            found[sample.name, sample.labels["device"]] = sample.value
    return found


def at(year: int, month: int, day: int) -> float:
    return datetime(year, month, day, tzinfo=UTC).timestamp()


def test_dates_are_timestamps_at_midnight_utc() -> None:
    assert samples(page(KNOWN)) == {
        ("stocktake_device_info", "d1"): 1,
        ("stocktake_device_last_seen_timestamp_seconds", "d1"): SEEN.timestamp(),
        ("stocktake_device_manufacture_timestamp_seconds", "d1"): at(2016, 4, 21),
        ("stocktake_device_manufacture_earliest_timestamp_seconds", "d1"): at(2016, 4, 1),
        ("stocktake_device_manufacture_latest_timestamp_seconds", "d1"): at(2016, 5, 11),
        ("stocktake_device_support_end_timestamp_seconds", "d1"): at(2027, 10, 31),
    }


def test_what_is_not_known_of_a_device_has_no_series() -> None:
    found = samples(page(KNOWN, UNKNOWN))
    assert {name for name, device in found if device == "d2"} == {
        "stocktake_device_info", "stocktake_device_last_seen_timestamp_seconds",
    }  # fmt: skip


def test_what_a_device_says_is_a_label_of_its_info_alone_plain_and_short() -> None:
    hostile = dataclasses.replace(KNOWN, device_class=HOSTILE, maker=HOSTILE, model=HOSTILE, name=HOSTILE, os=HOSTILE)
    text = page(hostile)
    lines = [line for line in text.splitlines() if "evil" in line]
    assert [line.partition("{")[0] for line in lines] == ["stocktake_device_info"]
    (info,) = [f for f in text_string_to_metric_families(text) if f.name == "stocktake_device_info"]
    labels = info.samples[0].labels
    assert labels["class"] == "other"
    assert labels["model"] == labels["maker"] == labels["name"] == SAFE[:64]
    assert samples(text).keys() == samples(page(KNOWN)).keys()


@pytest.mark.needs("promtool")
def test_promtool_has_nothing_to_say_of_one_school() -> None:
    hostile = dataclasses.replace(KNOWN, device_id="d3", model=HOSTILE)
    text = page(KNOWN, UNKNOWN, hostile)
    checked = subprocess.run(["promtool", "check", "metrics"], input=text.encode(), capture_output=True, check=False)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, b"", b"")


def test_the_page_is_made_from_the_register_and_of_no_other_school(store: Store) -> None:
    trust = Trust(store)
    trust.say(START, system("sw"), entity("FOC2016X0AB", "Cisco", "WS-C2960X-24TS-L"))
    (row,) = trust.devices()
    told = school.exposition(store, trust.id, row.school_id, SEEN.date())
    assert told is not None
    (made,) = [
        family.samples[0]
        for family in text_string_to_metric_families(told.decode())
        if family.name == "stocktake_device_manufacture_timestamp_seconds"
    ]
    assert made.labels == {"trust": trust.id, "school": "123456", "device": row.device_id}
    assert datetime.fromtimestamp(made.value, UTC).date() == row.made_best
    assert school.exposition(store, trust.id, "another", SEEN.date()) is None
    assert school.exposition(store, "another", row.school_id, SEEN.date()) is None


def test_every_school_is_found_where_it_was_asked_for(store: Store) -> None:
    trust = Trust(store)
    trust.say(START, system("sw"), entity("FOC2016X0AB", "Cisco", "WS-C2960X-24TS-L"))
    (row,) = trust.devices()
    labels = {"__metrics_path__": f"/metrics/schools/{row.school_id}", "school": "123456", "trust": trust.id}
    assert school.discovery(store, trust.id, "stock.example.org:443") == [
        {"targets": ["stock.example.org:443"], "labels": labels}
    ]
