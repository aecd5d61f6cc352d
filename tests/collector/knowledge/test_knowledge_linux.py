"""Linux computers are told from boards with a Linux inside, and what scripts print is read with care."""

from __future__ import annotations

import pytest

from collector.facts import Fact, Unread, choose
from collector.knowledge import DESCRIPTION, OBJECT_ID, Walk, study
from collector.knowledge.linux import ASKS, PLACES
from stocktake import ber
from stocktake.values import Binding

NET_SNMP = ber.encode_oid("1.3.6.1.4.1.8072.3.2.10")


def studied(description: str, **extended: str) -> tuple[dict[str, Fact], list[Unread]]:
    bindings = [
        Binding(DESCRIPTION, ber.OCTET_STRING, description.encode()),
        Binding(OBJECT_ID, ber.OBJECT_IDENTIFIER, NET_SNMP),
        *(Binding(PLACES[name][0], ber.OCTET_STRING, value.encode()) for name, value in extended.items()),
    ]
    facts, unread = study(Walk({"system": bindings}))
    return {fact.name: fact for fact in choose(facts) if not fact.component}, unread


@pytest.mark.parametrize(
    ("description", "device_class", "system"),
    [
        ("Linux a 4.18.0-513.el8.x86_64 #1 SMP x86_64", "server", "Red Hat Enterprise Linux or a rebuild"),
        ("Linux a 6.1.0-18-amd64 #1 SMP Debian 6.1.76-1 (2024-02-01) x86_64", "server", "Debian"),
        ("Linux a 5.15.0-91-generic #101-Ubuntu SMP x86_64", "server", "Ubuntu"),
        ("Linux a 6.8.4-2-pve #1 SMP PREEMPT_DYNAMIC PMX 6.8.4-2 x86_64", "hypervisor", "Proxmox VE"),
        ("Linux a 6.1.49-Unraid #1 SMP x86_64", "nas", "Unraid"),
    ],
)
def test_a_kernel_tells_its_distribution(description: str, device_class: str, system: str) -> None:
    chosen, _ = studied(description)
    assert (chosen["class"].value, chosen["os.name"].value) == (device_class, system)


def test_an_embedded_board_stays_unknown_and_its_kernel_is_no_firmware() -> None:
    chosen, _ = studied("Linux unit 3.10.14 #1 Mon Jan 1 00:00:00 UTC 2018 mips")
    assert "class" not in chosen
    assert "firmware" not in chosen


def test_the_kernel_of_a_computer_is_the_weakest_statement_of_its_firmware() -> None:
    chosen, _ = studied("Linux a 6.1.0-18-amd64 #1 SMP Debian 6.1.76-1 (2024-02-01) x86_64")
    assert (chosen["firmware"].value, chosen["firmware"].weight, chosen["firmware"].rule) == (
        "6.1.0-18-amd64",
        5,
        "linux",
    )


def test_what_dmidecode_printed_is_the_hardware() -> None:
    chosen, unread = studied(
        "Linux a 5.4.0 #1 SMP x86_64", hardware="PowerEdge T150", manufacturer="Dell Inc.", serial="ABC0003"
    )
    assert [chosen[name].value for name in ("maker", "model", "serial")] == ["Dell", "PowerEdge T150", "ABC0003"]
    assert not unread


@pytest.mark.parametrize("printed", ["12/05/2023", "Not Specified", "To be filled by O.E.M."])
def test_a_day_or_a_placeholder_is_no_serial(printed: str) -> None:
    chosen, unread = studied("Linux a 5.4.0 #1 SMP x86_64", serial=printed)
    assert "serial" not in chosen
    assert [u.rule for u in unread] == ["linux"]


def test_no_extension_is_asked_for_but_the_four_names() -> None:
    assert all(not ask.tables for ask in ASKS)
