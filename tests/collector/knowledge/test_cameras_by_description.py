"""Cameras and recorders that have no MIB of their own name themselves in their description."""

from __future__ import annotations

import pytest

from collector.facts import choose
from collector.knowledge import DESCRIPTION, OBJECT_ID, Walk, study
from stocktake import ber
from stocktake.values import Binding


@pytest.mark.parametrize(
    ("number", "description", "told"),
    [
        ("36849.1.2", "Hanwha Techwin XNV-8080R Network Camera", ("camera", "Hanwha", "XNV-8080R")),
        ("3967.1.1.3", "FLEXIDOME IP 5000i", ("camera", "Bosch", "FLEXIDOME IP 5000i")),
        ("3967.1.1.3", "DIVAR IP 5000", ("video recorder", "Bosch", "DIVAR IP 5000")),
        ("3967.1.1.3", "Bosch Security Systems", (None, "Bosch", None)),
        ("23465", "VIVOTEK FD8136", ("camera", "Vivotek", "FD8136")),
        ("122.8.1", "SONY Network Camera SNC-CH110", ("camera", "Sony", "SNC-CH110")),
        ("1004849.2", "Dahua IPC-HDW5231", ("camera", "Dahua", None)),
        ("368.4.4", ";AXIS S3008;Network Video Recorder;10.4.3;day;7d2;1;", ("video recorder", "Axis", "AXIS S3008")),
        ("368.1.1", "AXIS 5470e Network Print Server V6.21 Dec  5 2000", ("printer", "Axis", "AXIS 5470e")),
        ("368.4.4", "; AXIS C1310-E; Network Speaker; 10.12.104; Jan 1 2022; 7d2; 1;", (None, "Axis", "AXIS C1310-E")),
    ],
)  # fmt: skip
def test_a_camera_is_told_by_its_words(number: str, description: str, told: tuple[str | None, ...]) -> None:
    object_id = Binding(OBJECT_ID, ber.OBJECT_IDENTIFIER, ber.encode_oid(f"1.3.6.1.4.1.{number}"))
    facts, _ = study(Walk({"system": (Binding(DESCRIPTION, ber.OCTET_STRING, description.encode()), object_id)}))
    values = {fact.name: fact.value for fact in choose(facts) if not fact.component}
    assert tuple(values.get(name) for name in ("class", "maker", "model")) == told
