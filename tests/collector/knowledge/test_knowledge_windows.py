"""Windows is told apart by role and build, in the wording of every generation of Microsoft's agent."""

from __future__ import annotations

import pytest

from collector.facts import choose
from collector.knowledge import DESCRIPTION, OBJECT_ID, Walk, study
from stocktake import ber
from stocktake.values import Binding

AGENT = (1, 3, 6, 1, 4, 1, 311, 1, 1, 3, 1)


def told(description: str, role: int | None = None) -> dict[str, object]:
    bindings = [Binding(DESCRIPTION, ber.OCTET_STRING, description.encode())]
    if role is not None:
        oid = ".".join(map(str, (*AGENT, role)))
        bindings.append(Binding(OBJECT_ID, ber.OBJECT_IDENTIFIER, ber.encode_oid(oid)))
    facts, unread = study(Walk({"system": bindings}))
    assert not unread
    return {fact.name: fact.value for fact in choose(facts) if not fact.component}


NEW = (
    "Hardware: Intel64 Family 6 Model 85 Stepping 7 AT/AT COMPATIBLE - "
    "Software: Windows Version 6.3 (Build {} Multiprocessor Free)"
)
OLD = (
    "Hardware: x86 Family 6 Model 8 Stepping 3 AT/AT COMPATIBLE  - "
    "Software: Windows NT Version 4.0  (Build Number: 1381 Uniprocessor Free )"
)


@pytest.mark.parametrize(
    ("role", "build", "name", "device_class"),
    [
        (1, 19045, "Windows 10 22H2", "desktop"),
        (1, 26100, "Windows 11 24H2", "desktop"),
        (2, 26100, "Windows Server 2025", "server"),
        (2, 17763, "Windows Server 2019", "server"),
        (3, 20348, "Windows Server 2022", "server"),
        (2, 99999, "Windows Server", "server"),
    ],
)
def test_a_build_means_one_release_of_a_workstation_and_another_of_a_server(
    role: int, build: int, name: str, device_class: str
) -> None:
    facts = told(NEW.format(build), role)
    assert (facts["os.name"], facts["os.build"], facts["class"]) == (name, str(build), device_class)


def test_the_wording_of_windows_nt_is_read() -> None:
    facts = told(OLD, 1)
    assert (facts["os.name"], facts["os.version"]) == ("Windows NT 4.0", "4.0")


def test_without_a_role_the_kind_of_computer_stays_open() -> None:
    facts = told(NEW.format(19045))
    assert (facts["class"], facts["os.name"]) == ("computer", "Windows")
